// Draws the API's reference from its own OpenAPI document.

import { el } from "./dom.js";

const METHODS = ["get", "post", "put", "patch", "delete"];

/** A schema as an outline in the manner of JSON; references are followed a few levels down. */
function outline(schema, document, depth = 0) {
  if (!schema) return "any";
  if (schema.$ref) {
    const name = schema.$ref.split("/").at(-1);
    return depth > 3 ? name : outline(document.components.schemas[name], document, depth);
  }
  const options = schema.anyOf ?? schema.oneOf;
  if (options) {
    const said = [...new Set(options.map((option) => (option.$ref && options.length > 3 ? option.$ref.split("/").at(-1) : outline(option, document, depth))))];
    return said.join(" | ");
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.type === "array") return `[${outline(schema.items, document, depth + 1)}, ...]`;
  if (schema.properties) {
    const pad = "  ".repeat(depth + 1);
    const required = new Set(schema.required ?? []);
    const lines = Object.entries(schema.properties).map(([name, property]) => `${pad}"${name}"${required.has(name) ? "" : "?"}: ${outline(property, document, depth + 1)}`);
    return lines.length ? `{\n${lines.join(",\n")}\n${"  ".repeat(depth)}}` : "{}";
  }
  return schema.format ? `${schema.type} (${schema.format})` : (schema.type ?? "any");
}

function parameters(operation, document) {
  if (!operation.parameters?.length) return null;
  return el(
    "table",
    {},
    operation.parameters.map((one) =>
      el("tr", {}, el("th", { scope: "row" }, el("code", {}, one.name), one.required ? "" : " (optional)"), el("td", {}, one.in), el("td", {}, outline(one.schema, document)), el("td", { class: "muted" }, one.description ?? "")),
    ),
  );
}

function body(content, document) {
  const [type, media] = Object.entries(content ?? {})[0] ?? [];
  return type ? el("pre", { tabindex: "0" }, type === "application/json" ? outline(media.schema, document) : `${type}\n${outline(media.schema, document)}`) : null;
}

function drawn(path, method, operation, document) {
  const fine = Object.entries(operation.responses).filter(([status]) => status < 300);
  const failures = Object.entries(operation.responses).filter(([status]) => status >= 300);
  const given = parameters(operation, document);
  const sent = body(operation.requestBody?.content, document);
  return el(
    "details",
    { class: "operation", id: operation.operationId },
    el("summary", {}, el("span", { class: `method ${method}` }, method.toUpperCase()), el("code", {}, path), el("span", { class: "muted" }, operation.summary ?? "")),
    el(
      "div",
      { class: "inside" },
      operation.description ? el("p", { class: "about" }, operation.description) : null,
      given ? [el("h3", {}, "Parameters"), given] : null,
      sent ? [el("h3", {}, "Request"), sent] : null,
      fine.map(([status, answer]) => [el("h3", {}, `Answer ${status}`), body(answer.content, document)]),
      failures.length ? [el("h3", {}, "Failures (problem details)"), el("p", { class: "muted" }, failures.map(([status, answer]) => `${status} ${answer.description}`).join(", "))] : null,
    ),
  );
}

const place = document.getElementById("reference");
const response = await fetch("/openapi.json");
const api = await response.json();
const groups = new Map();
for (const [path, operations] of Object.entries(api.paths)) {
  for (const method of METHODS) {
    if (!operations[method]) continue;
    const tag = operations[method].tags?.[0] ?? "other";
    groups.set(tag, [...(groups.get(tag) ?? []), drawn(path, method, operations[method], api)]);
  }
}
place.append(el("p", { class: "about" }, api.info.description.replace(/([^\n])\n(?!\n)/g, "$1 ")));
for (const [tag, operations] of groups) place.append(el("section", {}, el("h2", {}, tag), operations));
document.body.dataset.ready = "yes";
