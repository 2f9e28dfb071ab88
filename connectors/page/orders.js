// Orders with their lines and totals, how they are handed over, what happened to them so far.

import { el, icon, plain, price, words } from "./dom.js";

export const lines = (all) =>
  el(
    "ul",
    { class: "receipt-lines" },
    all.map((line) => el("li", {}, el("span", { class: "count" }, plain(line.quantity)), el("span", {}, line.title), el("span", { class: "sum" }, price(line.total)))),
  );

const PARTS = { items: "Items", discount: "Discount", delivery: "Delivery", deposit: "Deposit", tax: "Tax", fee: "Fee" };

/** Every part of a total that applies; tax the prices hold already is told below. */
export function totals(all, coupons = []) {
  const rows = Object.keys(PARTS).filter((name) => all[name] && (name !== "items" || all.items !== all.total));
  const amount = (name) => (name === "delivery" && Number(all[name]) === 0 ? "Free" : price(all[name]));
  return el(
    "dl",
    { class: "totals" },
    rows.map((name) => [el("dt", { class: name === "discount" ? "good" : null }, PARTS[name]), el("dd", { class: name === "discount" ? "good" : null }, amount(name))]),
    coupons.length ? [el("dt", {}, coupons.length > 1 ? "Coupons" : "Coupon"), el("dd", {}, coupons.map((code) => el("span", { class: "tag" }, code)))] : null,
    el("dt", { class: "sum" }, "Total"),
    el("dd", { class: "sum" }, price(all.total)),
    all.included_tax ? [el("dt", { class: "small" }, "Tax included"), el("dd", { class: "small" }, price(all.included_tax))] : null,
  );
}

const moment = (time) => new Date(time).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

function handover(order) {
  const rows = [
    ["When", order.slot?.label],
    ["Where", order.address ?? order.pickup_place],
    ["Contact", order.contact?.replace(/^\.\.(?=.)/, "ends in ")],
    ["Bring", order.age_limit ? `an ID, ${order.age_limit} or older` : null],
  ].filter(([, value]) => value);
  return rows.length ? el("dl", { class: "handover" }, rows.map(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])) : null;
}

const step = (event) =>
  el("li", {}, el("p", {}, el("strong", {}, words(event.status)), el("span", { class: "muted" }, ` ${moment(event.at)}${event.by === "you" ? " · by you" : ""}`)), event.note ? el("p", { class: "muted" }, event.note) : null);

const giveBack = (one) =>
  el(
    "li",
    {},
    el("p", {}, el("strong", {}, `Return ${one.status}`), el("span", { class: "muted" }, ` ${moment(one.requested_at)}`), one.refund ? el("span", { class: "tag good" }, `${price(one.refund)} back`) : null),
    el("p", { class: "muted" }, one.lines.map((line) => `${plain(line.value)} × ${line.name}`).join(", "), one.why ? ` · ${one.why}` : "", one.note ? ` · ${one.note}` : ""),
  );

const ENDED = new Set(["cancelled", "canceled", "refunded", "returned"]);

function article(order, say) {
  return el(
    "article",
    { class: "receipt order", "aria-label": `Order ${order.number}` },
    el("h3", {}, icon("receipt"), `Order ${order.number}`, el("span", { class: `tag ${ENDED.has(order.status) ? "ended" : "good"}` }, words(order.status))),
    el("p", { class: "muted" }, `${words(order.fulfilment)} · ${moment(order.placed_at)}`),
    handover(order),
    lines(order.lines),
    totals(order.totals),
    order.history?.length ? el("details", { class: "folded", open: order.history.length > 1 }, el("summary", {}, "What happened so far"), el("ol", { class: "history" }, order.history.map(step))) : null,
    order.returns?.length ? el("ul", { class: "history" }, order.returns.map(giveBack)) : null,
    order.can_cancel ? el("div", { class: "buttons" }, el("button", { class: "secondary", type: "button", onclick: () => say(`Cancel order ${order.number}`) }, "Cancel the order")) : null,
  );
}

export function orders(block, say) {
  if (!block.orders.length) return el("section", { class: "block" }, el("p", { class: "note" }, icon("receipt"), "You have no orders yet."));
  return el("section", { class: "block" }, block.orders.map((order) => article(order, say)));
}
