// The stream of what is said: server-sent events read with fetch, so that the token travels in a header and not in an
// address. It connects again by itself, from the cursor of the last event.

const SILENCE_MS = 40000; // The server says something at least every 15 s; after this the connection is dead.
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10000;
const HIDDEN_MS = 5000; // A browser gives one host six connections; a page that nobody sees must not hold one.
const LOOK_WHILE_HIDDEN_MS = 20000;

export class Stream {
  // `on` has saying(value), ready(), online(), offline() and refused().
  constructor(token, chats, on) {
    this.token = token;
    this.chats = chats;
    this.on = on;
    this.after = "";
    this.pause = FIRST_PAUSE_MS;
    this.stopped = false;
    this.timer = 0;
    this.hiding = 0;
    this.connection = null;
    this.wake = () => this.connectNow();
    this.look = () => this.lookedAt();
    window.addEventListener("online", this.wake);
    window.addEventListener("pageshow", this.wake);
    document.addEventListener("visibilitychange", this.look);
    this.connect();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    clearTimeout(this.hiding);
    window.removeEventListener("online", this.wake);
    window.removeEventListener("pageshow", this.wake);
    document.removeEventListener("visibilitychange", this.look);
    this.disconnect();
  }

  connectNow() {
    if (this.stopped || this.connection) return;
    this.pause = FIRST_PAUSE_MS;
    this.connect();
  }

  lookedAt() {
    clearTimeout(this.hiding);
    if (document.hidden) this.hiding = setTimeout(() => this.rest(), HIDDEN_MS);
    else this.connectNow();
  }

  // Let go of the connection, and come back for a look from time to time.
  rest() {
    if (this.stopped || !document.hidden) return;
    this.disconnect();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), LOOK_WHILE_HIDDEN_MS);
  }

  disconnect() {
    const connection = this.connection;
    this.connection = null;
    if (connection) connection.abort();
  }

  async connect() {
    clearTimeout(this.timer);
    const connection = new AbortController();
    this.connection = connection;
    let wait = 0;
    try {
      wait = await this.read(connection);
    } catch (error) {
      if (error.name !== "AbortError") console.warn("stream ended", error);
    }
    if (connection !== this.connection || this.stopped) return;
    this.connection = null;
    this.on.offline();
    this.timer = setTimeout(() => this.connect(), Math.max(wait, this.pause * (0.75 + Math.random() / 2)));
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
  }

  // Read until the connection ends; the milliseconds that the server asks to wait before the next.
  async read(connection) {
    const query = new URLSearchParams(this.chats.map((chat) => ["chat", chat]));
    if (this.after) query.set("after", this.after);
    let silence = setTimeout(() => connection.abort(), SILENCE_MS);
    try {
      const response = await fetch(`api/stream?${query}`, {
        headers: { Authorization: `Bearer ${this.token}` },
        cache: "no-store",
        signal: connection.signal,
      });
      if (response.status === 401) {
        if (connection === this.connection) this.on.refused();
        return 0;
      }
      if (response.status === 400) this.after = "";
      if (!response.ok) return 1000 * (Number(response.headers.get("Retry-After")) || 0);
      const reader = response.body.getReader();
      const decoder = new TextDecoder();
      let text = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done || connection !== this.connection) return 0;
        clearTimeout(silence);
        silence = setTimeout(() => connection.abort(), SILENCE_MS);
        const events = (text + decoder.decode(value, { stream: true })).split(/\r\n\r\n|\n\n/);
        text = events.pop();
        this.connected();
        for (const event of events) this.take(event);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  connected() {
    this.pause = FIRST_PAUSE_MS;
    this.on.online();
  }

  take(event) {
    const fields = { event: "message", data: "", id: "" };
    for (const line of event.split(/\r\n|\n/)) {
      const colon = line.indexOf(":");
      if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 1).replace(/^ /, "");
    }
    if (fields.event === "ready") {
      this.on.ready();
      if (document.hidden) this.lookedAt();
    } else if (fields.data) {
      this.on.saying(JSON.parse(fields.data));
    }
    if (fields.id) this.after = fields.id;
  }
}
