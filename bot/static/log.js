// The log of one chat: messages, their buttons, and how far somebody has read. All text is put in as text.

const ZONE = "Asia/Shanghai";
const CLOCK = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, month: "long", day: "numeric", weekday: "short" });
const PRESS_AGAIN_MS = 1500;
const NEAR_END = 80; // Pixels from the end within which somebody is reading the end.

export function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

// The first words of a text, to name it by.
export function excerpt(text) {
  const words = Array.from(text.replace(/\s+/g, " "));
  return words.length > 24 ? `${words.slice(0, 24).join("")}……` : words.join("");
}

const CALENDAR_FILE = /\/meetings\/[0-9]+-[0-9a-f]{20}\.ics/g;

// Put a text of the bot's in as text, and the calendar files that it names, which lie here, as links.
function linked(box, text) {
  let from = 0;
  for (const found of text.matchAll(CALENDAR_FILE)) {
    box.append(text.slice(from, found.index));
    const link = element("a", "", "日历文件");
    link.href = found[0];
    link.download = "";
    box.append(link);
    from = found.index + found[0].length;
  }
  box.append(text.slice(from));
  return box;
}

export class Log {
  // `on` has press(choice), reply(saying), takeBack(message), scrolled() and photo(path), which gives an element.
  constructor(panel, names, on) {
    this.panel = panel;
    this.box = panel.querySelector(".log");
    this.names = names;
    this.on = on;
    this.scroll = () => this.noteScroll();
    panel.addEventListener("scroll", this.scroll, { passive: true });
    this.known = new Set();
    this.pending = new Map();
    this.rows = []; // Rows of buttons, in order, each a list of {button, choice}, marked once answered.
    this.lastDay = "";
    this.atEnd = true;
  }

  // Leave nothing behind for whoever comes next.
  stop() {
    this.panel.removeEventListener("scroll", this.scroll);
    this.box.replaceChildren();
    this.box.setAttribute("aria-live", "off");
  }

  // From now on, what comes is new, and is read out.
  live() {
    this.box.setAttribute("aria-live", "polite");
  }

  get empty() {
    return this.known.size === 0 && this.pending.size === 0;
  }

  // Add what the stream says; false when it stands here already.
  add(saying) {
    if (this.known.has(saying.id)) return false;
    this.known.add(saying.id);
    const wasPending = this.forget(saying.id);
    this.addDay(new Date(saying.at));
    const message = this.message(saying.by, saying.name, saying.text);
    for (const path of saying.photos || []) message.append(this.on.photo(path));
    const below = element("div", "below");
    const time = element("time", "", CLOCK.format(new Date(saying.at)));
    time.dateTime = saying.at;
    below.append(time);
    if (saying.by === "bot") below.append(this.replyButton(saying));
    if (saying.by === "me" && !wasPending) this.answered(saying.text);
    if (saying.choices.length) this.addChoices(message, saying.choices);
    message.append(below);
    this.place(message);
    this.follow();
    return true;
  }

  // Show at once what was sent and is not confirmed yet.
  pend(posted, state) {
    const message = this.message("me", "", posted.text);
    // The server shows a photo once its message is stored; until then its place is held.
    for (const _ of posted.photos || []) message.append(element("div", "photo", "照片"));
    message.classList.add("waiting");
    message.append(element("div", "below", state));
    this.pending.set(posted.id, message);
    this.box.append(message);
    this.answered(posted.text);
    this.toEnd();
  }

  // Say how it stands with a message that is not confirmed yet.
  say(id, state) {
    const message = this.pending.get(id);
    const below = message && message.querySelector(".below");
    // What has not changed is not read out again.
    if (below && below.textContent !== state) below.textContent = state;
  }

  fail(posted, sentence) {
    const message = this.pending.get(posted.id);
    if (!message) return;
    message.classList.replace("waiting", "failed");
    const back = element("button", "quiet", "拿回来改");
    back.type = "button";
    back.addEventListener("click", () => {
      this.forget(posted.id);
      this.on.takeBack(posted);
    });
    message.querySelector(".below").replaceChildren(element("span", "", `没发出去：${sentence}`), back);
    this.follow();
  }

  toEnd() {
    this.panel.scrollTop = this.panel.scrollHeight;
    this.atEnd = true;
  }

  follow() {
    if (this.atEnd) this.toEnd();
  }

  noteScroll() {
    if (this.panel.hidden) return;
    this.atEnd = this.panel.scrollHeight - this.panel.scrollTop - this.panel.clientHeight < NEAR_END;
    this.on.scrolled();
  }

  message(by, name, text) {
    const message = element("article", `message ${by}`);
    const said = by === "me" ? "我" : name;
    message.append(element("p", this.names && by !== "me" ? "name" : "unseen", this.names && by !== "me" ? said : `${said}说：`));
    if (text) message.append(by === "bot" ? linked(element("div", "bubble"), text) : element("div", "bubble", text));
    return message;
  }

  // A message of the bot can be answered itself, so that 「修好了」 is said of its case and of no other.
  replyButton(saying) {
    const button = element("button", "quiet", "回复");
    button.type = "button";
    button.setAttribute("aria-label", `回复这一条：${excerpt(saying.text)}`);
    button.addEventListener("click", () => this.on.reply(saying));
    return button;
  }

  place(message) {
    const firstPending = this.pending.values().next().value;
    this.box.insertBefore(message, firstPending || null);
  }

  addDay(date) {
    const day = DAY.format(date);
    if (day === this.lastDay) return;
    this.lastDay = day;
    this.place(element("p", "day", day === DAY.format(new Date()) ? `今天 ${day}` : day));
  }

  forget(id) {
    const message = this.pending.get(id);
    if (!message) return false;
    this.pending.delete(id);
    message.remove();
    return true;
  }

  addChoices(message, choices) {
    const row = element("div", "choices");
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", "可以选");
    const buttons = choices.map((choice) => {
      const button = element("button", "", choice.label);
      button.type = "button";
      button.addEventListener("click", () => this.press(button, choice));
      row.append(button);
      return { button, choice };
    });
    message.append(row);
    for (const older of this.rows) this.retire(older);
    this.rows.push(buttons);
  }

  press(button, choice) {
    this.on.press(choice);
    button.classList.add("pressed");
    if (!choice.lasting) return;
    // A finger that trembles presses once.
    button.disabled = true;
    setTimeout(() => {
      button.disabled = false;
    }, PRESS_AGAIN_MS);
  }

  // Something was said here by this person: a question that was open is answered, or left.
  answered(text) {
    const last = this.rows[this.rows.length - 1];
    if (!last || last.answered) return;
    last.answered = true;
    const chosen = last.find(({ choice }) => choice.label === text);
    if (chosen) chosen.button.classList.add("pressed");
    this.retire(last);
  }

  // Buttons that say all that they mean can still be pressed; a bare yes or no would now answer something else.
  retire(row) {
    for (const { button, choice } of row) {
      button.classList.add("old");
      button.disabled = !choice.lasting;
    }
  }
}
