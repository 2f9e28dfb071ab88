// Talks to the shop: one anonymous session, JSON requests, and event streams read from fetch.

const TOKEN = "smartcart.token";
const CONVERSATION = "smartcart.conversation";

/** An answer that is not a success; `retry` says whether trying again can help. */
export class ShopError extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
    this.confirmation = null;
    this.retry = status === 0 || status >= 500 || status === 429 || status === 408;
  }
}

export const conversation = {
  get id() {
    return localStorage.getItem(CONVERSATION);
  },
  set id(value) {
    if (value) localStorage.setItem(CONVERSATION, value);
    else localStorage.removeItem(CONVERSATION);
  },
};

async function reach(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ShopError("The shop cannot be reached right now.", 0);
  }
}

async function problem(response) {
  let body = {};
  try {
    body = await response.json();
  } catch {
    /* not our own words: fall through */
  }
  const detail = body.detail ?? body.title ?? `The shop answered with an error (${response.status}).`;
  const error = new ShopError(detail, response.status);
  error.confirmation = body.confirmation ?? null;
  return error;
}

let opening = null;

/** The session token; opened once, however many requests wait for it. */
async function token() {
  const kept = localStorage.getItem(TOKEN);
  if (kept) return kept;
  opening ??= (async () => {
    const response = await reach("/api/v1/sessions", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    if (!response.ok) throw await problem(response);
    const session = await response.json();
    localStorage.setItem(TOKEN, session.token);
    return session.token;
  })().finally(() => {
    opening = null;
  });
  return opening;
}

async function authorised(path, options = {}, again = true) {
  const used = await token();
  const response = await reach(path, { ...options, headers: { ...options.headers, Authorization: `Bearer ${used}` } });
  if (response.status === 401 && again) {
    if (localStorage.getItem(TOKEN) === used) {
      localStorage.removeItem(TOKEN);
      conversation.id = null;
    }
    return authorised(path, options, false);
  }
  if (!response.ok) throw await problem(response);
  return response;
}

/** GET when there is no body to send; `key` makes a repeated change happen once. */
export async function call(method, path, body, key) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  if (key) options.headers["Idempotency-Key"] = key;
  const response = await authorised(`/api/v1${path}`, options);
  return response.status === 204 ? null : response.json();
}

/** Yield `{id, event}` of one server-sent stream until it ends. */
async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const frames = (rest + value).split(/\r?\n\r?\n/);
      rest = frames.pop();
      for (const frame of frames) {
        let id = null;
        const data = [];
        for (const line of frame.split(/\r?\n/)) {
          if (line.startsWith("id:")) id = line.slice(3).trim();
          else if (line.startsWith("data:")) data.push(line.slice(5).replace(/^ /, ""));
        }
        if (data.length) yield { id, event: JSON.parse(data.join("\n")) };
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

const ENDED = new Set(["RUN_FINISHED", "RUN_ERROR"]);
const wait = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Run one turn and yield its events; a broken connection is taken up where it broke. */
export async function* talk(input, signal) {
  let last = null;
  let run = null;
  let failures = 0;
  for (;;) {
    try {
      const response = run
        ? await authorised(`/api/v1/runs/${encodeURIComponent(run)}/events`, {
            headers: last ? { "Last-Event-ID": last } : {},
            signal,
          })
        : await authorised("/api/v1/chat", {
            method: "POST",
            headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
            body: JSON.stringify(input),
            signal,
          });
      run ??= response.headers.get("X-Run-Id");
      for await (const { id, event } of events(response)) {
        last = id ?? last;
        failures = 0;
        yield event;
        if (ENDED.has(event.type)) return;
      }
      throw new ShopError("The connection broke off.", 0);
    } catch (error) {
      // Before a run is known the same message id makes sending again safe.
      const broken = !(error instanceof ShopError) || error.status === 0;
      failures += 1;
      if (error.name === "AbortError" || !broken || failures > 4) {
        throw error instanceof ShopError || error.name === "AbortError"
          ? error
          : new ShopError("The connection broke off.", 0);
      }
      await wait(250 * 2 ** failures * (0.7 + Math.random() * 0.6));
    }
  }
}

export const cancel = (run) => call("POST", `/runs/${encodeURIComponent(run)}/cancel`).catch(() => null);
