// The conversation: what was said, what streams in, and what to do when it breaks.

import { call, conversation, talk } from "./api.js";
import { confirmation, render } from "./blocks.js";
import { el, icon, prose } from "./dom.js";
import { patched, refresh, state, update } from "./store.js";

const log = document.getElementById("log");
const scroll = document.getElementById("scroll");
const announcer = document.getElementById("announcer");

let said = null;
let following = true;
let placed = 0;

// Follow what arrives, but never push the shopper's own message off the top: a long answer is
// read from its beginning.
function toEnd() {
  if (!following) return;
  const end = scroll.scrollHeight - scroll.clientHeight;
  const top = said ? said.offsetTop - 14 : end;
  placed = Math.max(0, Math.min(end, top));
  scroll.scrollTo({ top: placed });
}

scroll.addEventListener("scroll", () => {
  if (Math.abs(scroll.scrollTop - placed) > 40) following = false;
});

export function mine(text) {
  // Answers to an older question would be taken for answers to a newer one.
  for (const button of log.querySelectorAll(".choices button")) button.disabled = true;
  said = el("article", { class: "turn mine", "aria-label": "You" }, el("p", {}, text));
  log.append(said);
  following = true;
  toEnd();
}

/** One answer of the shop, filled as it arrives. */
export class AnswerView {
  constructor(deed) {
    this.deed = deed;
    this.text = "";
    this.texts = new Map();
    this.blocks = new Map();
    this.said = el("div", { class: "said" });
    this.shown = el("div", { class: "blocks" });
    this.folds = el("div", { class: "folds" });
    this.typing = el("p", { class: "typing", role: "status" }, el("span", { class: "hidden" }, "The shop is answering"), el("i"), el("i"), el("i"));
    this.node = el("article", { class: "turn theirs", "aria-label": "Shop", "aria-busy": "true" }, this.said, this.shown, this.folds, this.typing);
  }

  begin() {
    log.append(this.node);
    toEnd();
  }

  write(id, delta) {
    this.texts.set(id, (this.texts.get(id) ?? "") + delta);
    this.set([...this.texts.values()].join("\n\n"));
  }

  set(text) {
    this.text = text;
    this.said.replaceChildren(...prose(text));
    toEnd();
  }

  block(id, content) {
    if (content.type === "confirmation" && this.shown.querySelector(`[data-confirmation="${CSS.escape(content.confirmation.id)}"]`)) return;
    const node = render(content, this.deed);
    if (!node) return;
    if (content.type === "cart" && content.changes?.length) this.foldLists();
    const before = this.blocks.get(id);
    if (before) before.replaceWith(node);
    else this.shown.append(node);
    this.blocks.set(id, node);
    toEnd();
  }

  // Once something was put into the cart, what it was chosen from matters less.
  foldLists() {
    for (const list of this.shown.querySelectorAll(":scope > .products")) {
      const title = list.querySelector("h3")?.textContent ?? "";
      list.querySelector("h3")?.remove();
      const more = title ? `More ${title[0].toLowerCase()}${title.slice(1)}` : "Other choices";
      this.folds.append(el("details", { class: "folded" }, el("summary", {}, more), list));
    }
  }

  ask(asked) {
    closeQuestions();
    const node = confirmation(asked, this.deed.decide);
    const known = log.querySelector(`[data-confirmation="${CSS.escape(asked.id)}"]`);
    if (known) known.replaceWith(node);
    else this.shown.append(node);
    // The card says it all; said twice it is only longer.
    if (this.text.includes(asked.text)) this.said.replaceChildren(...prose(this.text.replace(asked.text, "").trim()));
    node.scrollIntoView({ block: "nearest" });
    node.focus({ preventScroll: true });
  }

  fail(message, retry) {
    this.node.classList.add("failed");
    this.shown.append(
      el("div", { class: "note error", role: "alert" }, icon("warning"), el("span", {}, message), retry ? el("button", { class: "secondary", type: "button", onclick: retry }, "Try again") : null),
    );
    toEnd();
  }

  // What the answer says in its text needs no second telling below.
  tellOnce() {
    for (const told of this.shown.querySelectorAll(".note:not(.error), .question")) {
      const words = told.textContent.trim();
      // A warning stands out on purpose, unless it is the whole answer.
      if (told.classList.contains("warning") ? this.text.trim() !== words : !this.text.includes(words)) continue;
      const block = told.closest(".block");
      told.remove();
      if (!block.childElementCount) block.remove();
    }
  }

  end(announce = true) {
    this.typing.remove();
    this.node.removeAttribute("aria-busy");
    this.tellOnce();
    if (announce && this.text) announcer.textContent = this.text;
  }
}

function close(question) {
  question.removeAttribute("role");
  question.classList.add("closed");
  question.querySelector(".buttons")?.remove();
}

/** Take the buttons off questions that can no longer be answered. */
export function closeQuestions() {
  for (const node of log.querySelectorAll(".confirmation")) close(node);
}

/** A yes or no may have been typed: ask the shop which questions still wait. */
async function closeSettled() {
  for (const node of log.querySelectorAll(".confirmation:not(.closed)")) {
    const asked = await call("GET", `/confirmations/${encodeURIComponent(node.dataset.confirmation)}`).catch(() => null);
    if (asked && asked.status !== "pending") close(node);
  }
}

function sync(document) {
  update({ cart: document.cart ?? state.cart, budget: document.budget ?? null });
}

/** Feed one run's events into the view; returns the suggestions that came with it. */
export async function follow(input, view, signal, started) {
  let known = { cart: state.cart, budget: state.budget };
  let suggestions = [];
  for await (const event of talk(input, signal)) {
    switch (event.type) {
      case "RUN_STARTED":
        conversation.id = event.threadId;
        started(event.runId);
        break;
      case "TEXT_MESSAGE_CONTENT":
      case "TEXT_MESSAGE_CHUNK":
        view.write(event.messageId, event.delta ?? "");
        break;
      case "ACTIVITY_SNAPSHOT":
        view.block(event.messageId, { type: event.activityType, ...event.content });
        break;
      case "STATE_SNAPSHOT":
        known = event.snapshot ?? {};
        sync(known);
        break;
      case "STATE_DELTA":
        known = patched(known, event.delta);
        sync(known);
        break;
      case "CUSTOM":
        if (event.name === "smartcart.suggestions") suggestions = Array.isArray(event.value) ? event.value : (event.value?.suggestions ?? []);
        break;
      case "RUN_FINISHED":
        if (event.outcome?.type === "interrupt") {
          const asked = event.result?.confirmation;
          for (const one of event.outcome.interrupts) {
            view.ask(asked?.id === one.id ? asked : { id: one.id, text: one.message ?? "", action: one.reason });
          }
        }
        break;
      case "RUN_ERROR":
        view.fail(event.message || "Something went wrong.", null);
        break;
    }
  }
  await Promise.all([refresh(), closeSettled()]);
  return suggestions;
}
