// Product cards, the detail sheet of one product, comparison and swaps.

import { el, icon, plain, price, words } from "./dom.js";
import { shelf } from "./shelf.js";
import { productControl } from "./stepper.js";

export const grade = (letter, label) =>
  letter
    ? el("span", { class: `grade grade-${letter.toLowerCase()}`, title: `${label} ${letter}` }, el("span", { class: "hidden" }, `${label} `), letter)
    : null;

function unitPrice(product) {
  const unit = product.unit_price;
  if (!unit || (product.sell_by !== "each" && unit.unit === product.unit)) return null;
  return el("span", { class: "muted" }, `${price(unit.amount)} / ${unit.unit}`);
}

function facts(product) {
  const shown = product.diets?.includes("vegan") ? product.diets.filter((diet) => diet !== "vegetarian") : (product.diets ?? []);
  return el(
    "div",
    { class: "facts" },
    product.promotion ? el("span", { class: "tag offer" }, product.deal_price ? `${product.promotion}: ${price(product.deal_price)}` : product.promotion) : null,
    grade(product.nutri_score, "Nutri-Score"),
    product.eco_grade ? el("span", { class: "eco", title: `Eco grade ${product.eco_grade}` }, icon("leaf"), product.eco_grade) : null,
    product.rating
      ? el("span", { class: "rating", title: `Rated ${product.rating} of 5` }, icon("star"), plain(product.rating))
      : null,
    shown.slice(0, 2).map((diet) => el("span", { class: "tag" }, words(diet))),
    product.age_limit ? el("span", { class: "tag" }, `${product.age_limit}+`) : null,
  );
}

function amount(product) {
  const per = product.sell_by !== "each" && product.unit ? ` / ${product.unit}` : "";
  return el("strong", { class: "price" }, price(product.price), per ? el("small", {}, per) : null);
}

export function card(product, about) {
  const named = product.title.toLowerCase();
  const small = [product.brand, product.size].filter((part) => part && !named.includes(part.toLowerCase())).join(" · ");
  return el(
    "li",
    { class: "card" },
    shelf(product, "card-picture"),
    product.position ? el("span", { class: "position" }, el("span", { class: "hidden" }, "Number "), String(product.position)) : null,
    el(
      "div",
      { class: "card-text" },
      el("h4", {}, about ? el("button", { class: "title", type: "button", onclick: () => about(product) }, product.title) : product.title),
      small ? el("p", { class: "muted" }, small) : null,
      facts(product),
      product.reason ? el("p", { class: "reason" }, product.reason) : null,
    ),
    el("div", { class: "card-foot" }, el("div", { class: "amounts" }, amount(product), unitPrice(product)), productControl(product)),
  );
}

/** A grid on wide screens, a row to swipe through on phones. */
export function cards(title, products, about, extra = {}) {
  return el(
    "section",
    { class: "block products" },
    title ? el("h3", {}, words(title)) : null,
    products.length ? el("ul", { class: "cards", tabindex: products.length > 2 ? "0" : null, "aria-label": title }, products.map((one) => card(one, about))) : null,
    extra.total > products.length ? el("p", { class: "muted more" }, `${products.length} of ${extra.total} that fit`) : null,
    extra.note ? el("p", { class: "note" }, icon("info"), extra.note) : null,
  );
}

const list = (values) => (values === null || values === undefined ? "Not known" : values.length ? values.map(words).join(", ") : "None declared");

export function detail(product) {
  const rows = [
    ["Ingredients", product.ingredients ?? null],
    ["Allergens", product.allergens === undefined ? null : list(product.allergens)],
    ["May contain", product.traces === undefined ? null : list(product.traces)],
    ["Origin", product.origin],
    ["Labels", product.labels?.length ? product.labels.join(", ") : null],
    ["Packaging", product.packaging?.length ? product.packaging.map(words).join(", ") : null],
    ["Climate", product.sustainability?.kg_co2e_per_kg ? `about ${plain(product.sustainability.kg_co2e_per_kg)} kg CO2e per kg (${product.sustainability.quality})` : null],
    ...(product.facts ?? []).map((fact) => [words(fact.name), fact.value]),
  ].filter(([, value]) => value);
  const nutrition = Object.entries(product.nutrition ?? {}).filter(([, value]) => value !== null);
  return el(
    "section",
    { class: "block detail" },
    el("ul", { class: "cards one" }, card(product.card)),
    el(
      "div",
      { class: "detail-text" },
      product.description ? el("p", {}, product.description) : null,
      el("dl", {}, rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
      nutrition.length
        ? el(
            "details",
            {},
            el("summary", {}, "Nutrition per 100 g or ml"),
            el("dl", { class: "nutrition" }, nutrition.map(([name, value]) => [el("dt", {}, words(name)), el("dd", {}, name === "energy_kcal" ? `${plain(value)} kcal` : name.endsWith("percent") ? `${plain(value)} %` : `${plain(value)} g`)])),
          )
        : null,
    ),
  );
}

export function comparison(block, about) {
  const head = el(
    "tr",
    {},
    el("td", {}, el("span", { class: "hidden" }, "Attribute")),
    block.products.map((product) => el("th", { scope: "col" }, shelf(product, "thumb"), el("button", { class: "title", type: "button", onclick: () => about(product) }, product.title))),
  );
  const body = block.rows.map((row) =>
    el(
      "tr",
      {},
      el("th", { scope: "row" }, words(row.attribute)),
      row.values.map((value, index) => {
        const best = row.best.includes(index);
        return el("td", { class: best ? "best" : null }, value ?? el("span", { class: "muted" }, "not known"), best ? el("span", { class: "best-mark" }, icon("check"), el("span", { class: "hidden" }, " best")) : null);
      }),
    ),
  );
  const foot = el("tr", { class: "controls" }, el("td", {}), block.products.map((product) => el("td", {}, productControl(product))));
  return el(
    "section",
    { class: "block" },
    el("h3", {}, "Side by side"),
    el("div", { class: "table", tabindex: "0", role: "region", "aria-label": "Comparison" }, el("table", {}, el("thead", {}, head), el("tbody", {}, body, foot))),
  );
}

function difference(amount, better, format) {
  const value = Number(amount);
  if (!amount || Number.isNaN(value) || value === 0) return null;
  const sign = value > 0 ? "+" : "−";
  return el("span", { class: `difference ${value < 0 === better ? "good" : "bad"}` }, `${sign}${format(String(Math.abs(value)))}`);
}

function side(product, heading, letter) {
  return el(
    "div",
    { class: "swap-side" },
    shelf(product, "thumb"),
    el("div", {}, el("p", { class: "muted" }, heading), el("p", { class: "swap-title" }, product.title), el("p", { class: "swap-price" }, price(product.price), letter ? grade(letter, "Grade") : null)),
  );
}

/** What all swaps make together; one swap says it itself. */
function together(block) {
  if (block.swaps.length < 2) return null;
  const made = [difference(block.price_difference, true, price), difference(block.kg_co2e_difference, true, (value) => `${plain(value)} kg CO2e`)].filter(Boolean);
  return made.length ? el("p", { class: "together" }, el("span", {}, "All together"), made) : null;
}

export function swaps(block, say) {
  return el(
    "section",
    { class: "block" },
    el("h3", {}, { cheaper: "Cheaper choices", greener: "Greener choices", healthier: "Healthier choices" }[block.goal] ?? "Swaps"),
    el(
      "ul",
      { class: "swaps" },
      block.swaps.map((swap) =>
        el(
          "li",
          { class: "swap" },
          el("div", { class: "swap-sides" }, side(swap.instead_of, "Instead of", swap.grade_before), el("span", { class: "swap-arrow" }, icon("arrow")), side(swap.to, "Take", swap.grade_after)),
          el("p", { class: "reason" }, swap.reason),
          el(
            "div",
            { class: "swap-foot" },
            difference(swap.price_difference, true, price),
            difference(swap.kg_co2e_difference, true, (value) => `${plain(value)} kg CO2e`),
            swap.to.position
              ? el("button", { class: "secondary", type: "button", onclick: () => say(swap.line ? `Swap ${swap.instead_of.title} for #${swap.to.position}` : `Add #${swap.to.position}`), "aria-label": `Take ${swap.to.title} instead` }, swap.line ? "Swap" : "Take it")
              : null,
          ),
        ),
      ),
    ),
    together(block),
    block.note ? el("p", { class: "note" }, icon("info"), block.note) : null,
  );
}
