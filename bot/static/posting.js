// Posting: one message after the other, in order, each under one id until the server has stored it. What waits is kept
// over a reload of the page.

const TIMEOUT_MS = 20000;
const LONGEST_PAUSE_MS = 10000;
const MOST_FAULTS = 5; // A server that answers a message with an error of its own this often will not take it.

export function newId() {
  // crypto.randomUUID exists only under https; a phone in the same network comes by http.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What this browser calls itself; the server keeps a hash of it, to see when one browser checks in several people.
function deviceOf(store) {
  const known = store.getItem("gridbot.device") || newId();
  store.setItem("gridbot.device", known);
  return known;
}

export class Posting {
  // `on` has stored(message), waiting(message), refused(message, sentence) and sessionOver().
  constructor(token, store, key, on) {
    this.token = token;
    this.device = deviceOf(store);
    this.store = store;
    this.key = key;
    this.on = on;
    this.queue = JSON.parse(store.getItem(key) || "[]");
    this.stopped = false;
    this.running = false;
    this.hurry = null;
    this.wake = () => this.hurry && this.hurry();
    window.addEventListener("online", this.wake);
    this.run();
  }

  get waiting() {
    return [...this.queue];
  }

  add(message) {
    this.queue.push(message);
    this.save();
    this.run();
  }

  stop() {
    this.stopped = true;
    window.removeEventListener("online", this.wake);
    this.wake();
  }

  // The stream has shown the message, so that it is stored whatever became of the answer.
  confirmed(id) {
    if (this.queue.some((message) => message.id === id)) this.drop(id);
  }

  drop(id) {
    this.queue = this.queue.filter((message) => message.id !== id);
    this.save();
    this.wake();
  }

  save() {
    if (this.queue.length) this.store.setItem(this.key, JSON.stringify(this.queue));
    else this.store.removeItem(this.key);
  }

  async run() {
    if (this.running) return;
    this.running = true;
    let tries = 0;
    let faults = 0;
    while (this.queue.length && !this.stopped) {
      const message = this.queue[0];
      const answer = await this.post(message);
      if (this.stopped) break;
      if (answer.status === 500) faults += 1;
      if (answer.status === 401) {
        this.on.sessionOver();
        break;
      }
      const taken = answer.status >= 200 && answer.status < 300;
      const refused = answer.status >= 400 && answer.status < 500 && answer.status !== 408 && answer.status !== 429;
      if (taken || refused || faults >= MOST_FAULTS) {
        if (taken) this.on.stored(message);
        else this.on.refused(message, answer.sentence);
        this.drop(message.id);
        tries = faults = 0;
        continue;
      }
      this.on.waiting(message);
      await this.sleep(Math.max(answer.wait, Math.min(1000 * 2 ** tries, LONGEST_PAUSE_MS)));
      tries = this.queue[0] === message ? tries + 1 : 0;
    }
    this.running = false;
  }

  async post(message) {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), TIMEOUT_MS);
    try {
      const response = await fetch("api/messages", {
        method: "POST",
        headers: { Authorization: `Bearer ${this.token}`, "Content-Type": "application/json" },
        body: JSON.stringify({ ...message, device: this.device }),
        signal: limit.signal,
      });
      const body = response.ok ? {} : await response.json().catch(() => ({}));
      const wait = 1000 * (Number(response.headers.get("Retry-After")) || 0);
      return { status: response.status, sentence: body.error || "没发出去。", wait };
    } catch (error) {
      if (error.name !== "AbortError") console.warn("not posted", error);
      return { status: 0, sentence: "", wait: 0 };
    } finally {
      clearTimeout(timer);
    }
  }

  sleep(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
