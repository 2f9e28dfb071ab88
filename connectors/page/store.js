// What the page knows of the shopper: cart, budget and the question that waits for an answer.

import { call } from "./api.js";

const listeners = new Set();

export const state = { cart: null, budget: null, confirmation: null, busy: false };

export function subscribe(listener) {
  listeners.add(listener);
  listener(state);
}

export function update(changes) {
  // Answers may overtake each other: an older cart never replaces a newer one.
  const next = { ...changes };
  if (next.cart && state.cart && next.cart.id === state.cart.id && next.cart.version < state.cart.version) delete next.cart;
  Object.assign(state, next);
  for (const listener of listeners) listener(state);
}

export async function refresh() {
  const [cart, budget] = await Promise.all([call("GET", "/cart"), call("GET", "/budget")]);
  update({ cart, budget });
}

export const lineOf = (product) => state.cart?.lines.find((line) => line.product === product) ?? null;

let changing = Promise.resolve();

/** Change the cart through the API, one change after the other; resolves to the new cart. */
export function change(method, path, body) {
  const key = crypto.randomUUID();
  const next = changing.then(async () => {
    const cart = await call(method, path, body, key);
    update({ cart, budget: await call("GET", "/budget") });
    return cart;
  });
  changing = next.catch(() => {});
  return next;
}

export const add = (product, quantity = "1") => change("POST", "/cart/items", { product, quantity });
export const setQuantity = (line, quantity) =>
  Number(quantity) > 0
    ? change("PATCH", `/cart/items/${encodeURIComponent(line)}`, { quantity })
    : change("DELETE", `/cart/items/${encodeURIComponent(line)}`);
export const undo = () => change("POST", "/cart/undo");

/** Apply an RFC 6902 patch to a copy; enough of it for what the shop sends. */
export function patched(document, operations) {
  const root = { root: structuredClone(document) };
  for (const { op, path, value } of operations) {
    const keys = ["root", ...path.split("/").slice(1).map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"))];
    const last = keys.pop();
    const target = keys.reduce((node, key) => node?.[key], root);
    if (!target) continue;
    if (Array.isArray(target)) {
      const at = last === "-" ? target.length : Number(last);
      if (op === "add") target.splice(at, 0, value);
      else if (op === "remove") target.splice(at, 1);
      else if (op === "replace") target[at] = value;
    } else if (op === "remove") delete target[last];
    else if (op === "add" || op === "replace") target[last] = value;
  }
  return root.root;
}
