// The amount control of products and cart lines, and the toast that offers to take a change back.

import { el, icon, plain } from "./dom.js";
import { add, lineOf, setQuantity, undo } from "./store.js";

const toastPlace = document.getElementById("toast");
let toastTimer = 0;

/** Say something for a few seconds, with one thing to do about it. */
export function toast(text, action) {
  clearTimeout(toastTimer);
  toastPlace.replaceChildren(el("span", {}, text));
  if (action) {
    const run = () => {
      toastPlace.hidden = true;
      action.run();
    };
    toastPlace.append(el("button", { type: "button", onclick: run }, icon(action.icon ?? "undo"), action.label));
  }
  toastPlace.hidden = false;
  toastTimer = setTimeout(() => {
    toastPlace.hidden = true;
  }, 6000);
}

async function attempt(action, done) {
  try {
    await action();
    if (done) toast(done, { label: "Undo", run: () => attempt(undo) });
  } catch (error) {
    if (error.confirmation) document.dispatchEvent(new CustomEvent("shop:asks", { detail: error.confirmation }));
    else toast(error.message);
  }
}

const stepOf = (item) => Number(item.step ?? 1) || 1;
const shown = (item, quantity) => `${plain(quantity)}${item.unit && item.unit !== "piece" ? ` ${item.unit}` : ""}`;
const rounded = (number) => String(Math.round(number * 1000) / 1000);

/** Minus, amount, plus for a line of the cart; the last minus removes it. */
export function lineStepper(line, item = {}) {
  const step = stepOf(item);
  const amount = Number(line.quantity);
  const less = amount - step > 0 ? rounded(amount - step) : "0";
  const remove = less === "0";
  return el(
    "div",
    { class: "stepper", role: "group", "aria-label": `Amount of ${line.title}`, "data-line": line.id },
    el(
      "button",
      {
        type: "button",
        "data-step": "less",
        "aria-label": remove ? `Remove ${line.title}` : `Less ${line.title}`,
        onclick: () => attempt(() => setQuantity(line.id, less), remove ? `Removed ${line.title}` : null),
      },
      icon(remove ? "trash" : "minus"),
    ),
    el("output", { "aria-label": "Amount" }, shown(line, line.quantity)),
    el(
      "button",
      {
        type: "button",
        "data-step": "more",
        "aria-label": `More ${line.title}`,
        onclick: () => attempt(() => setQuantity(line.id, rounded(amount + step))),
      },
      icon("plus"),
    ),
  );
}

/** "Add" on a product card, which turns into a stepper while the product is in the cart. */
export function productControl(product) {
  const place = el("div", { class: "control", "data-product": product.id });
  place.draw = () => {
    const line = lineOf(product.id);
    if (line) {
      place.replaceChildren(lineStepper({ ...line, unit: line.unit ?? product.unit }, product));
    } else if (!product.in_stock) {
      place.replaceChildren(el("span", { class: "sold-out" }, "Sold out"));
    } else {
      const first = rounded(stepOf(product));
      place.replaceChildren(
        el(
          "button",
          {
            class: "add",
            type: "button",
            "aria-label": `Add ${product.title} to the cart`,
            onclick: () => attempt(() => add(product.id, first), `Added ${product.title}`),
          },
          icon("plus"),
          "Add",
        ),
      );
    }
  };
  place.draw();
  return place;
}

/** Redraw every control on the page after the cart changed, keeping the keyboard's place. */
export function redrawControls() {
  for (const place of document.querySelectorAll(".control")) keepingFocus(place, () => place.draw?.());
}

export function keepingFocus(place, draw) {
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  const step = focused?.dataset.step;
  const line = focused?.closest("[data-line]")?.dataset.line;
  draw();
  if (!focused || place.contains(document.activeElement)) return;
  const stepper = line && place.querySelector(`[data-line="${line}"]`);
  const target = stepper?.querySelector(`[data-step="${step ?? "more"}"]`) ?? place.querySelector('[data-step="more"], button.add');
  target?.focus();
}
