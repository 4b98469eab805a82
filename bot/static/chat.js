// The web chat: who somebody is, the private and the group talk, composing, and what is new.

import { element, excerpt, Log } from "./log.js";
import { Posting, newId } from "./posting.js";
import { MOST_PHOTOS, shown, upload } from "./photos.js";
import { Stream } from "./stream.js";

const LONGEST_TEXT = 20000;
const OFFLINE_AFTER_MS = 1500; // A connection that is back within this was not missed by anybody.
const MENTION = "@小助手";
const PLACEHOLDERS = { private: "直接说您的事", group: "对群里的人说" };
const NAMES = { private: "私聊", group: "群聊" };

const $ = (id) => document.getElementById(id);
let examples = null;
let welcome = null;
let talk = null;

const forgetful = {
  kept: new Map(),
  getItem: (key) => forgetful.kept.get(key) ?? null,
  setItem: (key, value) => forgetful.kept.set(key, value),
  removeItem: (key) => forgetful.kept.delete(key),
};

// The present session: one person, their stream and what they post.
class Talk {
  constructor(me, store) {
    this.me = me;
    this.store = store;
    this.chats = welcome.group ? ["private", "group"] : ["private"];
    this.drafts = { private: "", group: "" };
    this.answers = null;
    this.unread = { private: 0, group: 0 };
    this.read = JSON.parse(store.getItem("gridbot.read") || "{}");
    this.last = {};
    this.caughtUp = false;
    this.isOnline = true;
    this.offlineTimer = 0;
    this.lookForCode();
    this.logs = Object.fromEntries(this.chats.map((chat) => [chat, this.log(chat)]));
    this.posting = new Posting(me.token, store, "gridbot.waiting", {
      stored: (message) => this.logs[message.chat].say(message.id, "已送到"),
      waiting: (message) => this.logs[message.chat].say(message.id, "还没发出去，正在重试"),
      refused: (message, sentence) => this.logs[message.chat].fail(message, sentence),
      sessionOver: () => sessionOver(),
    });
    for (const message of this.posting.waiting) this.logs[message.chat].pend(message, "发送中");
    this.stream = new Stream(me.token, this.chats, {
      saying: (saying) => this.hear(saying),
      ready: () => this.ready(),
      online: () => this.online(),
      offline: () => this.offline(),
      refused: () => sessionOver(),
    });
  }

  // Whoever organises what one may check in to now or soon has the page with its code at hand.
  async lookForCode() {
    try {
      const response = await fetch("api/check-in-codes", { headers: { Authorization: `Bearer ${this.me.token}` } });
      if (talk === this || !talk) $("code").hidden = !response.ok || !(await response.json()).activities.length;
    } catch (error) {
      console.warn("not looked for codes", error);
    }
  }

  log(chat) {
    return new Log($(`panel-${chat}`), chat === "group", {
      press: (choice) => this.press(choice),
      reply: (saying) => this.reply(saying),
      takeBack: (message) => compose(message.payload ? "" : message.text),
      scrolled: () => this.noteRead(),
      photo: (path) => shown(this.me.token, path),
    });
  }

  get current() {
    return this.chats.find((chat) => !$(`panel-${chat}`).hidden);
  }

  press(choice) {
    this.reply(null);
    this.say(choice.label, choice.payload);
    // The button is about to be switched off; whoever uses a keyboard or a screen reader goes on from here.
    $(`panel-${this.current}`).focus({ preventScroll: true });
  }

  // What is written next answers this message; null answers none.
  reply(saying) {
    this.answers = saying;
    $("replying").hidden = !saying;
    $("replying-text").textContent = saying ? `回复：${excerpt(saying.text)}` : "";
    if (saying) $("text").focus();
  }

  say(text, payload, photos) {
    const message = { chat: this.current, id: newId(), text, payload, photos };
    if (this.answers && this.answers.chat === message.chat) message.reply_to = this.answers.id;
    this.reply(null);
    this.logs[message.chat].pend(message, "发送中");
    this.posting.add(message);
    showExamples();
  }

  hear(saying) {
    const log = this.logs[saying.chat];
    if (!log || !log.add(saying)) return;
    if (saying.by === "bot" && this.caughtUp && saying.text.includes("签到码")) this.lookForCode();
    if (saying.by === "me") this.posting.confirmed(saying.id);
    else this.count(saying);
  }

  // What was there when somebody came for the first time is not new to them.
  count(saying) {
    const before = this.read[saying.chat];
    const isNew = this.caughtUp ? true : before !== undefined && saying.at > before;
    if (isNew) this.unread[saying.chat] += 1;
    if (isNew && this.caughtUp && saying.chat !== this.current) $("news").textContent = `${NAMES[saying.chat]}有新消息`;
    this.last[saying.chat] = saying.at;
    this.noteRead();
  }

  ready() {
    if (!this.caughtUp) {
      this.caughtUp = true;
      for (const chat of this.chats) {
        this.logs[chat].live();
        if (this.read[chat] === undefined) this.read[chat] = this.last[chat] || "";
      }
      showExamples(true);
    }
    this.noteRead();
  }

  // What stands at the end of the chat that is open, on a page that is seen, has been read.
  noteRead() {
    const log = this.logs[this.current];
    if (!document.hidden && log.atEnd && this.caughtUp) {
      this.unread[this.current] = 0;
      if (this.last[this.current]) this.read[this.current] = this.last[this.current];
      this.store.setItem("gridbot.read", JSON.stringify(this.read));
    }
    this.showUnread();
  }

  showUnread() {
    let all = 0;
    for (const chat of this.chats) {
      const count = this.unread[chat];
      const mark = $(`tab-${chat}`).querySelector(".count");
      all += count;
      mark.hidden = count === 0;
      mark.replaceChildren(count > 99 ? "99+" : String(count), element("span", "unseen", "条没读"));
    }
    document.title = all ? `(${all}) 网格小助手` : "网格小助手";
    $("to-end").hidden = this.logs[this.current].atEnd || this.unread[this.current] === 0;
  }

  online() {
    clearTimeout(this.offlineTimer);
    if (this.isOnline) return;
    this.isOnline = true;
    $("offline").textContent = "";
    this.posting.wake();
  }

  offline() {
    if (!this.isOnline) return;
    this.isOnline = false;
    this.offlineTimer = setTimeout(() => {
      $("offline").textContent = "连不上了，正在重新连接。您写的话会留着，连上就发。";
    }, OFFLINE_AFTER_MS);
  }

  stop() {
    clearTimeout(this.offlineTimer);
    $("offline").textContent = "";
    this.stream.stop();
    this.posting.stop();
    this.unread = { private: 0, group: 0 };
    this.showUnread();
    for (const chat of this.chats) this.logs[chat].stop();
  }
}

// In the demo each window is somebody; elsewhere a person stays who they are until they leave.
function storeOf() {
  try {
    return welcome.demo ? window.sessionStorage : window.localStorage;
  } catch (error) {
    return forgetful; // The browser keeps nothing for this page.
  }
}

function forget() {
  for (const key of ["gridbot.me", "gridbot.waiting", "gridbot.read"]) storeOf().removeItem(key);
}

function enter(me) {
  storeOf().setItem("gridbot.me", JSON.stringify(me));
  $("picker").hidden = true;
  $("chat").hidden = false;
  $("my-name").textContent = me.name || (welcome.demo ? "新来的居民" : "网格小助手");
  $("my-role").textContent = me.name ? me.role_name : welcome.community;
  $("leave").textContent = welcome.demo ? "换个人" : "退出";
  $("tabs").hidden = !welcome.group;
  $("group-community").textContent = welcome.community;
  open("private");
  talk = new Talk(me, storeOf());
  open("private");
}

function sessionOver() {
  if (!talk) return;
  leave();
  start("您的身份过期了，请重新进入。");
}

function leave() {
  talk.stop();
  talk = null;
  forget();
  compose("");
}

function start(note) {
  if (!welcome.demo) {
    newSession(null);
    return;
  }
  $("chat").hidden = true;
  $("picker").hidden = false;
  $("picker-note").hidden = !note;
  $("picker-note").textContent = note || "";
  $("picker-title").focus();
}

async function newSession(person) {
  const id = person ? person.id : null;
  try {
    const response = await fetch("api/session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ person: id }),
    });
    const body = await response.json();
    if (!response.ok) throw new Error(body.error);
    const role = person ? person.role : "newcomer";
    enter({ token: body.token, name: body.name, role, role_name: person ? person.role_name : "" });
    focusComposer();
  } catch (error) {
    const note = error instanceof TypeError || error instanceof SyntaxError ? "连不上服务器，请稍后再试。" : error.message;
    if (welcome.demo) {
      $("picker-note").hidden = false;
      $("picker-note").textContent = note;
    } else {
      $("loading").hidden = false;
      $("loading").textContent = note;
    }
  }
}

function showPeople() {
  const newcomer = { id: null, name: "新来的居民", role_name: "没登记", about: "还没登记过，从说自己是谁开始" };
  const cards = [...welcome.people, newcomer].map((person) => {
    const button = element("button");
    button.type = "button";
    const initial = element("span", "initial", Array.from(person.name)[0]);
    initial.setAttribute("aria-hidden", "true");
    const name = element("span", "name", person.name);
    name.append(element("span", "role", person.role_name));
    button.append(initial, name, element("span", "about", person.about));
    button.addEventListener("click", () => newSession(person.id === null ? null : person));
    const item = element("li");
    item.append(button);
    return item;
  });
  $("people").replaceChildren(...cards);
  $("picker-community").textContent = welcome.community || "社区";
}

function open(chat) {
  const text = $("text");
  if (talk) talk.drafts[talk.current] = text.value;
  for (const name of ["private", "group"]) {
    const chosen = name === chat;
    $(`tab-${name}`).setAttribute("aria-selected", String(chosen));
    $(`tab-${name}`).tabIndex = chosen ? 0 : -1;
    $(`panel-${name}`).hidden = !chosen;
  }
  $("mention").hidden = chat !== "group";
  text.placeholder = PLACEHOLDERS[chat];
  if (!talk) return;
  talk.reply(null);
  compose(talk.drafts[chat]);
  talk.logs[chat].toEnd();
  talk.noteRead();
  showExamples(talk.logs[chat].empty && talk.caughtUp);
}

// Sentences to begin with: laid open as long as nothing was said, at hand afterwards.
function showExamples(unfold) {
  const chat = talk.current;
  const role = talk.me.role.endsWith("_admin") ? "admin" : talk.me.role;
  const items = (examples[chat][role] || examples[chat].resident).map((sentence) => {
    const button = element("button", "", sentence);
    button.type = "button";
    button.addEventListener("click", () => {
      unfoldExamples(false);
      compose(sentence);
      focusComposer();
    });
    const item = element("li");
    item.append(button);
    return item;
  });
  $("example-list").replaceChildren(...items);
  unfoldExamples(Boolean(unfold) && talk.logs[chat].empty);
}

function unfoldExamples(unfold) {
  $("example-list").hidden = !unfold;
  $("examples").setAttribute("aria-expanded", String(unfold));
  talk.logs[talk.current].follow();
}

function compose(text) {
  $("text").value = text;
  note("");
  grow();
}

function grow() {
  const text = $("text");
  text.style.height = "auto";
  text.style.height = `${text.scrollHeight + text.offsetHeight - text.clientHeight}px`;
  if (talk) talk.logs[talk.current].follow();
}

// A finger that taps an example does not want the keyboard to cover the talk.
function focusComposer() {
  if (window.matchMedia("(pointer: fine)").matches) $("text").focus();
}

function note(sentence) {
  $("composer-note").hidden = !sentence;
  $("composer-note").textContent = sentence;
}

function submit() {
  const text = $("text").value.trim();
  const length = Array.from(text).length;
  if (!text) {
    note("还没写字，写了再发。");
  } else if (length > LONGEST_TEXT) {
    note(`这段话太长了（${length}字），一次最多${LONGEST_TEXT}字，请分几次说。`);
  } else {
    compose("");
    talk.say(text);
  }
  $("text").focus();
}

async function sendPhotos(files) {
  const from = talk;
  if (files.length > MOST_PHOTOS) {
    note(`一次最多${MOST_PHOTOS}张照片。`);
    return;
  }
  $("picture").disabled = true;
  note("照片正在发……");
  try {
    const photos = [];
    for (const file of files) photos.push(await upload(from.me.token, file));
    note("");
    if (talk === from) from.say("", undefined, photos);
  } catch (error) {
    note(error.message);
  } finally {
    $("picture").disabled = false;
    $("picture-file").value = "";
  }
}

function mention() {
  const text = $("text");
  if (!text.value.includes(MENTION)) compose(`${MENTION} ${text.value}`);
  text.focus();
  text.setSelectionRange(text.value.length, text.value.length);
}

function wire() {
  $("not-replying").addEventListener("click", () => {
    talk.reply(null);
    $("text").focus();
  });
  $("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  $("text").addEventListener("keydown", (event) => {
    // The Enter that ends a composition belongs to the input method; some browsers mark it only by 229.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    submit();
  });
  $("text").addEventListener("input", () => {
    note("");
    grow();
  });
  $("mention").addEventListener("click", mention);
  $("picture").hidden = !welcome.photos;
  $("picture").addEventListener("click", () => $("picture-file").click());
  $("picture-file").addEventListener("change", () => {
    if ($("picture-file").files.length) sendPhotos([...$("picture-file").files]);
  });
  $("examples").addEventListener("click", () => unfoldExamples($("example-list").hidden));
  $("to-end").addEventListener("click", () => {
    talk.logs[talk.current].toEnd();
    talk.noteRead();
  });
  $("leave").addEventListener("click", () => {
    const unsent = talk.posting.waiting.length > 0;
    if (unsent && !window.confirm("还有话没发出去，走了就没了。要走吗？")) return;
    if (!welcome.demo && !window.confirm("退出以后，这台设备上就看不到以前的聊天了。要退出吗？")) return;
    leave();
    start();
  });
  for (const tab of $("tabs").querySelectorAll(".tab")) {
    tab.addEventListener("click", () => open(tab.dataset.chat));
  }
  $("tabs").addEventListener("keydown", (event) => {
    if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const other = { ArrowLeft: "private", Home: "private", ArrowRight: "group", End: "group" }[event.key];
    open(other);
    $(`tab-${other}`).focus();
  });
  document.addEventListener("visibilitychange", () => talk && talk.noteRead());
  window.addEventListener("resize", () => talk && talk.logs[talk.current].follow());
}

async function boot() {
  for (let pause = 500; ; pause = Math.min(pause * 2, 8000)) {
    try {
      const [sentences, response] = await Promise.all([fetch("static/examples.json"), fetch("api/welcome")]);
      if (sentences.ok && response.ok) {
        examples = await sentences.json();
        welcome = await response.json();
        break;
      }
    } catch (error) {
      if (!(error instanceof TypeError) && !(error instanceof SyntaxError)) throw error;
    }
    $("loading").textContent = "连不上服务器，正在再试……";
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  $("loading").hidden = true;
  showPeople();
  wire();
  const known = storeOf().getItem("gridbot.me");
  if (known) enter(JSON.parse(known));
  else start();
}

boot();
