// The code of the minute, large enough for a square; it is fetched anew whenever it has run out.

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15000;
const COUNT_EVERY_MS = 10000; // How many have come is told more often than the code changes.

const $ = (id) => document.getElementById(id);
let chosen = null;
let runsOut = 0;
let lasts = 60;
let picture = null;

// The same session as that of the chat: in the demo each window is somebody, elsewhere it is that of the browser.
function token() {
  for (const store of [() => window.sessionStorage, () => window.localStorage]) {
    try {
      const me = store().getItem("gridbot.me");
      if (me) return JSON.parse(me).token;
    } catch (error) {
      console.warn("nothing is kept here", error);
    }
  }
  return null;
}

function say(sentence) {
  $("note").textContent = sentence;
  $("note").hidden = false;
  $("shown").hidden = true;
}

function show(activity, all) {
  $("note").hidden = true;
  $("shown").hidden = false;
  $("title").textContent = activity.title;
  $("when").textContent = `${activity.when}，${activity.place}`;
  $("here").textContent = `已经签到${activity.here}人，报名${activity.joined}人`;
  document.title = `签到码 ${activity.title}`;
  if ($("digits").textContent !== activity.code) {
    $("digits").textContent = activity.code;
    if (picture) URL.revokeObjectURL(picture);
    picture = URL.createObjectURL(new Blob([activity.qr], { type: "image/svg+xml" }));
    $("qr").src = picture;
  }
  const buttons = all.map((each) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = each.title;
    button.setAttribute("aria-pressed", String(each.id === activity.id));
    button.addEventListener("click", () => {
      chosen = each.id;
      show(each, all);
      count(each);
    });
    return button;
  });
  $("others").hidden = all.length < 2;
  $("others").replaceChildren(...buttons);
}

function count(activity) {
  runsOut = performance.now() + activity.seconds * 1000;
  tick();
}

function tick() {
  const left = Math.max(0, (runsOut - performance.now()) / 1000);
  lasts = Math.max(lasts, left);
  $("seconds").textContent = String(Math.ceil(left));
  $("bar").style.transform = `scaleX(${left / lasts})`;
}

async function look() {
  const known = token();
  if (!known) {
    say("请先在聊天页面里进入，再打开这个页面。");
    return FIRST_PAUSE_MS;
  }
  const response = await fetch("api/check-in-codes", { headers: { Authorization: `Bearer ${known}` } });
  const body = await response.json();
  if (!response.ok) {
    say(body.error);
    return LONGEST_PAUSE_MS;
  }
  const open = body.activities.filter((activity) => activity.code);
  if (open.length) {
    const activity = open.find((each) => each.id === chosen) || open[0];
    show(activity, open);
    count(activity);
    return Math.min(activity.seconds * 1000 + 50, COUNT_EVERY_MS);
  }
  const soon = body.activities[0];
  say(soon ? `${soon.title}还没到签到时间，${soon.opens}起这里会出现签到码。` : "您现在没有能签到的活动。");
  return Math.min(LONGEST_PAUSE_MS, (soon ? soon.seconds : 15) * 1000);
}

async function run() {
  for (let pause = FIRST_PAUSE_MS; ; ) {
    let wait;
    try {
      wait = await look();
      pause = FIRST_PAUSE_MS;
    } catch (error) {
      if (!(error instanceof TypeError) && !(error instanceof SyntaxError)) throw error;
      // An old code is worth nothing, and whoever shows it does not know.
      if (performance.now() > runsOut) say("连不上服务器，正在再试……");
      wait = pause;
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

setInterval(tick, 250);
run();
