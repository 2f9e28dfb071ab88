// The cart panel: lines with steppers, budget meter, totals; a sheet from below on phones.

import { el, picture, price } from "./dom.js";
import { meter } from "./blocks.js";
import { totals } from "./orders.js";
import { shelf } from "./shelf.js";
import { keepingFocus, lineStepper } from "./stepper.js";

const place = (id) => document.getElementById(id);
const panel = place("cart");
const opener = place("open-cart");
const narrow = matchMedia("(max-width: 899px)");

const things = (cart) => cart.lines.length;

const RULES = { similar: "Similar if sold out", none: "Nothing instead" };

function remarks(line) {
  const tags = [
    line.for_members?.length ? `For ${line.for_members.join(", ")}` : null,
    RULES[line.substitution] ?? null,
    ...(line.adjustments ?? []).map((one) => `${one.title} · ${price(one.amount)}`),
  ].filter(Boolean);
  return tags.length ? el("p", { class: "remarks" }, tags.map((text) => el("span", { class: "tag" }, text))) : null;
}

function lineRow(line) {
  return el(
    "li",
    { class: `line${line.in_stock ? "" : " gone"}` },
    shelf(line, "thumb"),
    el(
      "div",
      { class: "line-text" },
      el("p", { class: "line-title" }, line.title),
      el("p", { class: "muted" }, price(line.unit_price), line.unit && line.unit !== "piece" ? ` / ${line.unit}` : Number(line.quantity) === 1 ? "" : " each", line.in_stock ? null : el("span", { class: "bad" }, " · sold out")),
      remarks(line),
      el("div", { class: "line-foot" }, lineStepper(line), el("strong", {}, price(line.total))),
    ),
  );
}

function empty() {
  return el("div", { class: "cart-empty" }, picture("basket"), el("p", {}, "Nothing in here yet."), el("p", { class: "muted" }, "What you add shows up here, with your budget."));
}

/** Draw what the store knows; `say` sends a message as if it had been typed. */
export function drawCart(state, say) {
  const { cart, budget } = state;
  const count = cart ? things(cart) : 0;
  const summary = count ? `${count} ${count === 1 ? "item" : "items"} · ${price(cart.totals.total)}` : "";
  place("cart-summary").textContent = summary;
  place("open-cart-label").textContent = summary ? `Cart, ${summary}` : "Cart, empty";
  place("cart-count").textContent = String(count);
  place("cart-count").hidden = count === 0;
  keepingFocus(place("cart-body"), () => {
    place("cart-body").replaceChildren(count ? el("ul", { class: "lines", "aria-label": "In your cart" }, cart.lines.map(lineRow)) : empty());
  });
  const checkout = el(
    "button",
    {
      class: "primary wide",
      type: "button",
      disabled: state.busy,
      onclick: () => {
        closeCart();
        say("Check out");
      },
    },
    "Check out",
    cart ? el("span", {}, price(cart.totals.total)) : null,
  );
  place("cart-foot").replaceChildren(...[budget ? meter(budget) : null, count ? totals(cart.totals, cart.coupons) : null, count ? checkout : null].filter(Boolean));
}

export function openCart() {
  panel.classList.add("open");
  place("shade").hidden = false;
  opener.setAttribute("aria-expanded", "true");
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-modal", "true");
  place("cart-title").focus();
}

export function closeCart() {
  if (!panel.classList.contains("open")) return;
  panel.classList.remove("open");
  place("shade").hidden = true;
  opener.setAttribute("aria-expanded", "false");
  panel.removeAttribute("role");
  panel.removeAttribute("aria-modal");
  opener.focus();
}

opener.addEventListener("click", openCart);
place("close-cart").addEventListener("click", closeCart);
place("shade").addEventListener("click", closeCart);
narrow.addEventListener("change", closeCart);
document.addEventListener("keydown", (event) => {
  if (!panel.classList.contains("open")) return;
  if (event.key === "Escape") closeCart();
  if (event.key !== "Tab") return;
  const stops = [...panel.querySelectorAll("button:not([disabled])")];
  const [first, last] = [stops[0], stops.at(-1)];
  if (event.shiftKey && (document.activeElement === first || document.activeElement === place("cart-title"))) {
    last.focus();
    event.preventDefault();
  } else if (!event.shiftKey && document.activeElement === last) {
    first.focus();
    event.preventDefault();
  }
});
