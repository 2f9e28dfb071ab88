// Proposals: a basket to say yes to, a recipe to cook from, and questions with ready answers.

import { el, icon, plain, price, words } from "./dom.js";
import { shelf } from "./shelf.js";

function planLine(product, quantity, about) {
  const per = product.sell_by !== "each" && product.unit ? ` ${product.unit}` : "";
  return el(
    "li",
    { class: "plan-line" },
    shelf(product, "thumb"),
    el(
      "div",
      { class: "plan-text" },
      el("button", { class: "title", type: "button", onclick: () => about(product) }, product.title),
      product.reason ? el("p", { class: "muted" }, product.reason) : null,
    ),
    el("p", { class: "plan-amount" }, el("strong", {}, `${plain(quantity)}${per}`), el("span", { class: "muted" }, ` × ${price(product.price)}`)),
  );
}

const cut = (change) =>
  el(
    "li",
    { class: `change ${change.kind}` },
    icon(change.kind === "removed" ? "trash" : "minus"),
    el("span", {}, el("strong", {}, change.title), change.kind === "removed" ? " goes" : ` ${plain(change.before ?? "")} → ${plain(change.quantity ?? "")}`),
  );

/** What would be bought; the yes comes with the confirmation that follows. */
export function plan(block, about) {
  return el(
    "section",
    { class: "block panel plan" },
    el("h3", {}, icon("cart"), block.title),
    block.products.length
      ? el("ul", { class: "plan-lines", "aria-label": block.title }, block.products.map((product, index) => planLine(product, block.quantities[index] ?? "1", about)))
      : null,
    block.cuts?.length ? el("ul", { class: "changes", "aria-label": "What shrinks or goes" }, block.cuts.map(cut)) : null,
    block.missing?.length ? el("p", { class: "note warning" }, icon("warning"), `Not found: ${block.missing.join(", ")}`) : null,
    el("dl", { class: "totals" }, el("dt", { class: "sum" }, "Together"), el("dd", { class: "sum" }, price(block.total))),
    block.note ? el("p", { class: "note" }, icon("info"), block.note) : null,
  );
}

// "2 tbsp, from your pantry" is an amount and a remark.
function ingredient(fact) {
  const [amount, ...remarks] = fact.value.split(", ");
  return el("li", {}, el("span", { class: "amount" }, amount), el("span", {}, fact.name, remarks.length ? el("span", { class: "muted" }, ` ${remarks.join(", ")}`) : null));
}

export function recipe(block) {
  const about = [`Serves ${block.servings}`, block.minutes ? `${block.minutes} min` : null].filter(Boolean).join(" · ");
  return el(
    "section",
    { class: "block panel recipe" },
    el("h3", {}, icon("book"), block.title, el("span", { class: "total" }, about)),
    el("ul", { class: "ingredients", "aria-label": `Ingredients of ${block.title}` }, block.ingredients.map(ingredient)),
    block.steps?.length ? el("details", { class: "folded" }, el("summary", {}, "How it is made"), el("ol", { class: "steps" }, block.steps.map((step) => el("li", {}, step)))) : null,
  );
}

/** Buttons that say what would be typed; they close once something was said. */
export function choices(block, say) {
  const choose = (option) => (event) => {
    event.currentTarget.classList.add("chosen");
    say(option.value, option.label);
  };
  return el(
    "section",
    { class: "block choices-block", role: "group", "aria-label": block.question },
    el("p", { class: "question" }, block.question),
    el(
      "div",
      { class: "choices" },
      block.options.map((option) => el("button", { class: "chip", type: "button", onclick: choose(option) }, words(option.label))),
    ),
  );
}
