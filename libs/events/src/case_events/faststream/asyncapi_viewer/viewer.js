// Shows an AsyncAPI 3.0 document on FastStream's page, under the name that the page calls.
"use strict";

function element(name, text, ...children) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

function nameOf(reference) {
  return reference.split("/").at(-1);
}

function linkTo(kind, name) {
  const link = element("a", name);
  link.href = `#${kind}-${name}`;
  return link;
}

function section(kind, name, ...children) {
  const made = element("section", "", element("h3", name), ...children);
  made.id = `${kind}-${name}`;
  return made;
}

// A schema in a few words, with links to those it refers to.
function typeOf(schema) {
  const shown = element("code");
  const several = schema.anyOf ?? schema.allOf ?? schema.oneOf;
  if (schema.$ref) shown.append(linkTo("schema", nameOf(schema.$ref)));
  else if (several) several.forEach((one, place) => shown.append(place ? " | " : "", typeOf(one)));
  else if (schema.const !== undefined) shown.append(JSON.stringify(schema.const));
  else if (schema.enum) shown.append(schema.enum.map((one) => JSON.stringify(one)).join(" | "));
  else if (schema.type === "array" && schema.items) shown.append("array of ", typeOf(schema.items));
  else shown.append([schema.type ?? "any", schema.format].filter(Boolean).join(", "));
  return shown;
}

function fieldsOf(schema) {
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) =>
    element(
      "tr",
      "",
      element("td", name + (schema.required?.includes(name) ? " *" : "")),
      element("td", "", typeOf(field)),
      element("td", field.description ?? ""),
    ),
  );
  return rows.length ? element("table", "", ...rows) : element("p", "No fields.");
}

function channel([name, described], operations) {
  const own = operations.filter((one) => nameOf(one.channel.$ref) === name);
  const messages = Object.keys(described.messages).map((one) =>
    element("li", "", linkTo("message", one)),
  );
  return section(
    "channel",
    name,
    element("p", described.description),
    element("ul", "", ...own.map((one) => element("li", one.summary))),
    element("ul", "", ...messages),
  );
}

function message([name, described]) {
  const data = described.payload.allOf[1].properties.data;
  return section(
    "message",
    name,
    element("p", "", element("code", described.name)),
    element("p", described.description),
    element("p", "", "Data: ", typeOf(data), ", in a ", linkTo("schema", "Record"), "."),
  );
}

function schema([name, described]) {
  return section("schema", name, element("p", described.description ?? ""), fieldsOf(described));
}

globalThis.AsyncApiStandalone = {
  render({ schema: text }, root) {
    const shown = typeof text === "string" ? JSON.parse(text) : text;
    const operations = Object.values(shown.operations);
    root.append(
      element("h1", `${shown.info.title} ${shown.info.version}`),
      element("p", shown.info.description),
      element("h2", "Topics"),
      ...Object.entries(shown.channels).map((one) => channel(one, operations)),
      element("h2", "Messages"),
      ...Object.entries(shown.components.messages).map(message),
      element("h2", "Schemas (* required)"),
      ...Object.entries(shown.components.schemas).map(schema),
    );
  },
};
