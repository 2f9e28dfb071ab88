// Starts the page: who the shop is, what was said before, and one message at a time.

import { ShopError, call, cancel, conversation } from "./api.js";
import { closeCart, drawCart } from "./cart.js";
import { el, icon, setMoney } from "./dom.js";
import { redrawControls, toast } from "./stepper.js";
import { refresh, state, subscribe, update } from "./store.js";
import { AnswerView, closeQuestions, follow, mine } from "./talk.js";

const place = (id) => document.getElementById(id);
const box = place("message");
const log = place("log");

let running = null;
const waiting = [];

function suggest(texts) {
  // A question that is open has its own buttons.
  if (log.querySelector('[role="alertdialog"], .choices button:enabled')) texts = [];
  place("suggestions").replaceChildren(...texts.slice(0, 4).map((text) => el("button", { class: "chip", type: "button", onclick: () => say(text) }, text)));
}

function welcome(show) {
  place("welcome").hidden = !show;
}

const deed = {
  say: (text, shown) => say(text, null, shown),
  about: (product) => say(product.position ? `Tell me about #${product.position}` : `Tell me about ${product.title}`),
  decide: (asked, answer) => say(answer === "yes" ? "Yes" : "No", { id: asked.id, answer }),
};

function setBusy(busy) {
  place("send").setAttribute("aria-label", busy ? "Stop" : "Send");
  place("send").classList.toggle("busy", busy);
  update({ busy });
}

/** Send what the shopper said, `shown` as the button they pressed puts it; while an answer is on its way it waits for its turn. */
function say(text, decision = null, shown = text) {
  const message = text.trim();
  if (!message) return;
  closeCart();
  const one = { id: crypto.randomUUID(), text: message, decision };
  mine(shown.trim());
  welcome(false);
  suggest([]);
  if (decision) closeQuestions();
  waiting.push(one);
  if (!running) void next();
}

async function next() {
  const one = waiting.shift();
  if (!one) return;
  await send(one);
  await next();
}

async function send(one) {
  const view = new AnswerView(deed);
  view.begin();
  if (!navigator.onLine) await new Promise((resolve) => addEventListener("online", resolve, { once: true }));
  const stop = new AbortController();
  running = { run: null, stop };
  setBusy(true);
  const input = {
    threadId: conversation.id ?? "new",
    runId: one.id,
    state: {},
    messages: [{ id: one.id, role: "user", content: one.text }],
    tools: [],
    context: [],
    forwardedProps: {},
  };
  if (one.decision) {
    input.resume = [{ interruptId: one.decision.id, status: "resolved", payload: { approved: one.decision.answer === "yes" } }];
  }
  try {
    suggest(
      await follow(input, view, stop.signal, (run) => {
        running.run = run;
      }),
    );
  } catch (error) {
    if (error.name !== "AbortError") {
      const again = () => {
        view.node.remove();
        waiting.unshift(one);
        if (!running) void next();
      };
      view.fail(error instanceof ShopError ? error.message : "Something went wrong on this page.", error.retry === false ? null : again);
      if (!(error instanceof ShopError)) console.error(error);
    }
  } finally {
    view.end();
    running = null;
    setBusy(false);
  }
}

function stop() {
  if (!running) return;
  if (running.run) void cancel(running.run);
  else running.stop.abort();
}

/** Put a question that no message led to: of a button, or of an earlier visit. */
function ask(confirmation) {
  const view = new AnswerView(deed);
  view.begin();
  view.end(false);
  view.ask(confirmation);
}

/** Show the conversation of an earlier visit; true when there was one. */
async function restore() {
  if (!conversation.id) return false;
  let found;
  try {
    found = await call("GET", `/conversations/${encodeURIComponent(conversation.id)}`);
  } catch (error) {
    if (error.status !== 404) throw error;
    conversation.id = null;
    return false;
  }
  for (const turn of found.turns) {
    if (turn.user) mine(turn.user);
    const view = new AnswerView(deed);
    view.begin();
    view.set(turn.text);
    turn.blocks.forEach((block, index) => {
      if (block.type !== "confirmation") view.block(String(index), block);
    });
    view.end(false);
  }
  if (found.confirmation) ask(found.confirmation);
  suggest(found.suggestions ?? []);
  return found.turns.length > 0;
}

function introduce(shop) {
  document.title = shop.name;
  place("shop-name").textContent = shop.name;
  document.documentElement.lang = shop.locale.split("-")[0];
  setMoney(shop.locale, shop.currency);
  place("examples").replaceChildren(
    ...shop.examples.map((text) => el("li", {}, el("button", { class: "example", type: "button", onclick: () => say(text) }, el("span", {}, text), icon("arrow")))),
  );
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 160)}px`;
}

function submit() {
  say(box.value);
  box.value = "";
  grow();
}

place("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  if (running && !box.value.trim()) stop();
  else submit();
});
box.addEventListener("keydown", (event) => {
  // Enter that chooses a word of an input method is not the Enter that sends.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  if (box.value.trim()) submit();
});
box.addEventListener("input", grow);
place("new-chat").addEventListener("click", () => {
  if (running) return;
  conversation.id = null;
  log.replaceChildren();
  suggest([]);
  welcome(true);
  box.focus();
});

const connection = () => {
  place("offline").hidden = navigator.onLine;
};
addEventListener("online", connection);
addEventListener("offline", connection);
connection();

subscribe((known) => {
  drawCart(known, (text) => say(text));
  redrawControls();
});
document.addEventListener("shop:asks", (event) => {
  closeCart();
  welcome(false);
  ask(event.detail);
});
addEventListener("storage", (event) => {
  if (event.key === "smartcart.token") location.reload();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && !state.busy) refresh().catch(() => {});
});

async function start() {
  try {
    introduce(await call("GET", "/shop"));
    const [, talked] = await Promise.all([refresh(), restore()]);
    welcome(!talked);
    document.body.dataset.ready = "yes";
  } catch (error) {
    toast(error.message, { label: "Try again", icon: "undo", run: () => location.reload() });
  }
}

await start();
if (matchMedia("(min-width: 900px)").matches) box.focus();
