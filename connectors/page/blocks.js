// One renderer per block type of an answer; a type this page does not know is left out.

import { el, icon, plain, price, words } from "./dom.js";
import { lines, orders, totals } from "./orders.js";
import { choices, plan, recipe } from "./plans.js";
import { cards, comparison, detail, grade, swaps } from "./products.js";

const RULES = { similar: "something similar if it runs out", ask: "I ask you if it runs out", none: "nothing instead if it runs out" };
const VERDICTS = { yes: ["check", "Suits"], no: ["cross", "Does not suit"], unknown: ["question", "Not known"] };

function cartBlock(block) {
  const kinds = { added: "Added", changed: "Changed", removed: "Removed", swapped: "Swapped", restored: "Put back", substitution: "Noted" };
  const changes = block.changes ?? [];
  if (!changes.length && !block.warnings?.length) {
    if (!block.cart.lines.length) return el("section", { class: "block" }, el("p", { class: "note" }, icon("cart"), "Your cart is empty."));
    return el("section", { class: "block receipt" }, lines(block.cart.lines), totals(block.cart.totals, block.cart.coupons));
  }
  return el(
    "section",
    { class: "block" },
    el(
      "ul",
      { class: "changes" },
      changes.map((change) =>
        el(
          "li",
          { class: `change ${change.kind}` },
          icon(change.kind === "removed" ? "trash" : change.kind === "restored" ? "undo" : "check"),
          el("span", {}, `${kinds[change.kind]} `, el("strong", {}, change.title), change.replaced ? ` instead of ${change.replaced}` : "", change.kind === "substitution" ? `: ${RULES[change.substitution] ?? ""}` : change.quantity && change.kind !== "removed" ? ` · ${plain(change.quantity)}` : ""),
        ),
      ),
    ),
    (block.warnings ?? []).map((warning) => el("p", { class: "note warning" }, icon("warning"), warning)),
    (block.hints ?? []).map((hint) => el("p", { class: "note" }, icon("info"), hint)),
  );
}

const PERIODS = { trip: "this trip", week: "this week", month: "this month" };

/** The budget as a meter that also says everything in words. */
export function meter(budget) {
  const used = Number(budget.spent) + Number(budget.in_cart);
  const amount = Number(budget.amount);
  const share = amount > 0 ? Math.min(100, (used / amount) * 100) : 100;
  const left = Number(budget.left);
  const said = left < 0 ? `${price(String(-left))} over` : `${price(budget.left)} left`;
  const text = `${price(String(used.toFixed(2)))} of ${price(budget.amount)} ${PERIODS[budget.period]}, ${said}`;
  const bar = el("span", { class: "meter-bar" });
  bar.style.setProperty("--share", `${share}%`);
  return el(
    "div",
    { class: `budget ${budget.state}` },
    el("p", {}, el("span", {}, "Budget ", el("span", { class: "muted" }, PERIODS[budget.period])), el("strong", {}, said)),
    el("div", { class: "meter", role: "meter", "aria-label": "Budget", "aria-valuemin": "0", "aria-valuemax": budget.amount, "aria-valuenow": String(Math.min(used, Math.max(amount, 0))), "aria-valuetext": text }, bar),
    el("p", { class: "muted small" }, `${price(budget.in_cart)} in the cart`, Number(budget.spent) > 0 ? `, ${price(budget.spent)} spent` : "", `, of ${price(budget.amount)}`),
  );
}

function budgetBlock(block) {
  if (!block.budget) return el("section", { class: "block" }, el("p", { class: "note" }, icon("info"), "No budget is set."));
  return el(
    "section",
    { class: "block panel" },
    meter(block.budget),
    block.drop?.length ? el("p", { class: "muted" }, `Leaving out ${block.drop.map((line) => line.title).join(", ")} would bring it under.`) : null,
  );
}

function scoreBlock(block) {
  const heading = block.kind === "diet" ? "Diet check" : "Climate check";
  return el(
    "section",
    { class: "block panel" },
    el("h3", {}, heading, block.grade ? grade(block.grade, "Grade") : null, block.total_kg_co2e ? el("span", { class: "total" }, `about ${plain(block.total_kg_co2e)} kg CO2e`) : null),
    el(
      "ul",
      { class: "scores" },
      (block.items ?? []).map((item) =>
        el(
          "li",
          {},
          grade(item.grade, "Grade") ?? el("span", { class: "grade none" }, "–"),
          el("div", {}, el("p", {}, item.title), el("p", { class: "muted" }, [item.kg_co2e ? `about ${plain(item.kg_co2e)} kg CO2e` : "not known", ...(item.drivers ?? [])].join(" · "))),
        ),
      ),
      (block.verdicts ?? []).map((verdict) => {
        const [symbol, said] = VERDICTS[verdict.verdict];
        return el(
          "li",
          { class: `verdict ${verdict.verdict}` },
          el("span", { class: "verdict-mark" }, icon(symbol), el("span", { class: "hidden" }, said)),
          el("div", {}, el("p", {}, verdict.title, " ", el("span", { class: "tag" }, words(verdict.diet)), verdict.who ? el("span", { class: "tag who" }, `for ${verdict.who}`) : null), el("p", { class: "muted" }, verdict.because)),
        );
      }),
    ),
    block.note ? el("p", { class: "note" }, icon("info"), block.note) : null,
  );
}

const QUESTIONS = {
  place_order: "Place this order?",
  empty_cart: "Empty the cart?",
  over_budget: "Go over your budget?",
  change_cart: "Shall I do this?",
  cancel_order: "Cancel the order?",
  return_order: "Ask to return this?",
  forget_me: "Delete this for good?",
};

/** The question only the shopper can answer; `decide` is told "yes" or "no". */
export function confirmation(asked, decide) {
  const id = `confirmation-${asked.id}`;
  const answer = (given) => (event) => {
    for (const button of event.currentTarget.parentElement.children) button.disabled = true;
    decide(asked, given);
  };
  const paragraphs = asked.text.split(/\n+/).filter(Boolean);
  return el(
    "section",
    { class: "block confirmation", role: "alertdialog", tabindex: "-1", "aria-labelledby": `${id}-title`, "aria-describedby": `${id}-text`, "data-confirmation": asked.id },
    el("h3", { id: `${id}-title` }, QUESTIONS[asked.action] ?? "Please confirm"),
    el("div", { id: `${id}-text` }, paragraphs.map((paragraph) => el("p", {}, paragraph))),
    el("div", { class: "buttons" }, el("button", { class: "primary", type: "button", "data-answer": "yes", onclick: answer("yes") }, icon("check"), "Yes"), el("button", { class: "secondary", type: "button", "data-answer": "no", onclick: answer("no") }, "No")),
  );
}

const note = (block) => el("section", { class: "block" }, el("p", { class: `note ${block.level ?? "info"}` }, icon(block.level === "info" ? "info" : "warning"), block.text));

const RENDERERS = {
  products: (block, deed) => cards(block.title, block.products, deed.about, block),
  product: (block) => detail(block.product),
  comparison: (block, deed) => comparison(block, deed.about),
  swaps: (block, deed) => swaps(block, deed.say),
  cart: cartBlock,
  budget: budgetBlock,
  score: scoreBlock,
  order: (block, deed) => orders(block, deed.say),
  confirmation: (block, deed) => confirmation(block.confirmation, deed.decide),
  plan: (block, deed) => plan(block, deed.about),
  recipe,
  passages: (block) => el("section", { class: "block" }, block.passages.map((one) => el("blockquote", { class: "passage" }, el("p", { class: "source" }, icon("book"), `${one.policy} · ${one.section}`), el("p", {}, one.text)))),
  choices: (block, deed) => choices(block, deed.say),
  notice: note,
};

/** `deed` holds what buttons can do: `say(text)`, `about(product)`, `decide(confirmation, answer)`. */
export const render = (block, deed) => RENDERERS[block.type]?.(block, deed) ?? null;
