// Builds elements from text and nodes only: nothing that came over the wire is ever parsed as HTML.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element; `on*` properties are listeners, the rest attributes. null children are left out. */
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function sprite(file, name, className) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/page/${file}.svg#${name}`);
  svg.append(use);
  return svg;
}

export const icon = (name) => sprite("icons", name, "icon");
export const picture = (name) => sprite("pictures", name, "picture");

/** Text with **bold**, `- ` lists and paragraphs as nodes; anything else stays as typed. */
export function prose(text) {
  const blocks = [];
  let list = null;
  for (const line of text.split(/\n/)) {
    const item = /^\s*(?:[-*•]|\d+[.)])\s+(.*)$/.exec(line);
    if (item) {
      const ordered = /^\s*\d/.test(line);
      if (!list || (list.tagName === "OL") !== ordered) {
        list = el(ordered ? "ol" : "ul");
        blocks.push(list);
      }
      list.append(el("li", {}, ...inline(item[1])));
    } else {
      list = null;
      if (line.trim()) blocks.push(el("p", {}, ...inline(line)));
    }
  }
  return blocks;
}

function inline(text) {
  return text
    .split(/(\*\*[^*]+\*\*)/)
    .filter(Boolean)
    .map((part) => (part.startsWith("**") && part.endsWith("**") && part.length > 4 ? el("strong", {}, part.slice(2, -2)) : part));
}

let money = null;

/** How this shop writes money; called once with what the shop says of itself. */
export function setMoney(locale, currency) {
  try {
    money = new Intl.NumberFormat(locale, { style: "currency", currency });
  } catch {
    money = null;
  }
}

export function price(amount) {
  if (amount === null || amount === undefined) return "";
  return money ? money.format(amount) : String(amount);
}

/** "2", "0.5": decimal strings without trailing zeros. */
export const plain = (decimal) => String(Number(decimal));
export const words = (name) => name.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());
