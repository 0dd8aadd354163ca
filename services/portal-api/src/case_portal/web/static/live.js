// Keeps the page of a case up to date. Without it the page works; it is only older.
"use strict";

const main = document.querySelector("main[data-live]");

function isInUse(part) {
  return part.contains(document.activeElement) || part.querySelector("details[open]") !== null;
}

async function refresh() {
  const answer = await fetch(location.pathname, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-part]")) {
    const now = fresh.getElementById(part.id);
    if (now === null || isInUse(part) || now.innerHTML === part.innerHTML) continue;
    part.className = now.className;
    part.replaceChildren(...now.childNodes);
  }
  // What a form says it saw moves along only where the reader sees the change.
  const seen = fresh.querySelector("input[name=seen]");
  if (seen === null) return;
  for (const input of document.querySelectorAll("#write input[name=seen]")) input.value = seen.value;
}

if (main !== null && "EventSource" in window) {
  const source = new EventSource(main.dataset.live);
  let waiting = null;
  source.addEventListener("changed", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => refresh().catch(() => {}), 150);
  });
  // A connection that was lost may have missed something.
  let opened = false;
  source.addEventListener("open", () => {
    if (opened) refresh().catch(() => {});
    opened = true;
  });
  addEventListener("pagehide", () => source.close());
}
