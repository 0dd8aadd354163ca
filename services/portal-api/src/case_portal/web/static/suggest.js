// Shows articles that may answer a case while it is typed. Without it the form works as well.
"use strict";

const LULL = 300; // ms without a key before it is asked
const LEAST = 3; // characters
const MOST = { title: 200, text: 8000 }; // as the server takes them

const beside = document.querySelector("[data-suggestions]");

if (beside !== null) {
  const form = beside.closest("form");
  const title = form.elements["field.title"];
  const text = form.elements["field.description"];
  let pause = null;
  let asking = new AbortController();
  let asked = "";
  let fresh = null;

  const list = () => beside.querySelector("ul");

  // What somebody reads, or is about to press, stays where it is until they are done.
  const isInUse = () =>
    list().querySelector("details[open]") !== null ||
    list().contains(document.activeElement) ||
    list().matches(":hover");

  const show = () => {
    if (fresh === null || isInUse()) return;
    const said = fresh.querySelector("[role=status]").textContent;
    const told = beside.querySelector("[role=status]");
    if (told.textContent !== said) told.textContent = said;
    list().replaceWith(fresh.querySelector("ul"));
    fresh = null;
  };

  const ask = async () => {
    const typed = { title: title.value.slice(0, MOST.title), text: text.value.slice(0, MOST.text) };
    const now = JSON.stringify(typed);
    if (now === asked || (typed.title + typed.text).trim().length < LEAST) return;
    asked = now;
    asking.abort();
    asking = new AbortController();
    const body = new FormData();
    for (const name of ["form_token", "case_type"]) body.set(name, form.elements[name].value);
    for (const name of ["title", "text"]) body.set(name, typed[name]);
    const answer = await fetch(beside.dataset.suggestions, {
      method: "POST", body, credentials: "same-origin", signal: asking.signal,
    });
    if (!answer.ok || answer.redirected) return;
    fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    show();
  };

  const askSoon = () => {
    clearTimeout(pause);
    pause = setTimeout(() => ask().catch(() => {}), LULL);
  };

  for (const field of [title, text]) field.addEventListener("input", askSoon);
  beside.addEventListener("toggle", show, true);
  beside.addEventListener("pointerleave", show);
  beside.addEventListener("focusout", () => setTimeout(show));
  beside.hidden = false;
  askSoon(); // a form that came back has something in it already
}
