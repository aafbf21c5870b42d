// The page of a webim room: logs in, listens, speaks. What others wrote is always text here.
const $ = (selector) => document.querySelector(selector);
const MAX_PICTURE = 2 * 1024 * 1024;
let token = "";
let me = "";
let room = 1;
let socket = null;
let pause = 1000;
// How often a room that was left without a word is asked to let one in again: two minutes or so.
const MOST_TRIES = 8;
let tries = MOST_TRIES;

const post = async (path, body) => {
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  return answer.json();
};

$("#login").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const problem = $(".problem");
  problem.textContent = "";
  room = Number(form.room.value) || 1;
  try {
    const answer = await post("login", { name: form.name.value, password: form.password.value, room });
    if (answer.code !== 200) {
      problem.textContent = answer.msg;
      return;
    }
    ({ token } = answer.data);
    me = answer.data.user.name;
    form.password.value = "";
    $("#room h1").textContent = form.room.selectedOptions[0]?.textContent ?? "";
    $(".me").textContent = me;
    show(true);
    join();
  } catch {
    problem.textContent = "连接不上服务器，请稍后再试。";
  }
});

function show(inside) {
  $("#door").hidden = inside;
  $("#room").hidden = !inside;
  if (inside) $("#say").elements.text.focus();
}

function join() {
  const base = new URL("ws/join", location.href);
  base.protocol = base.protocol.replace("http", "ws");
  base.search = new URLSearchParams({ token, room });
  const opened = new WebSocket(base);
  socket = opened;
  $("#wall").replaceChildren();
  opened.onopen = () => {
    tries = 0;
    pause = 1000;
  };
  opened.onmessage = (event) => hear(JSON.parse(event.data));
  opened.onclose = () => {
    if (socket !== opened || !token) return;
    // Refused and out of reach look the same.
    if (tries === MOST_TRIES) {
      leave("管理员未登录或服务器错误！");
      return;
    }
    tries += 1;
    setTimeout(() => socket === opened && token && join(), pause);
    pause = Math.min(pause * 2, 30000);
  };
}

async function leave(why = "") {
  const ended = post("api/logout", {});
  token = "";
  tries = MOST_TRIES;
  socket?.close();
  socket = null;
  for (const part of ["#wall", "#said"]) $(part).replaceChildren();
  setVideo("");
  show(false);
  $(".problem").textContent = why;
  await ended.catch(() => {});
}
$("#leave").addEventListener("click", () => leave());

function hear({ Type: type, User: user, Content: content }) {
  if (type === 4 || type === 5) hang(content, type === 5);
  else if (type === 6) setVideo(content);
  else if (type === 0 || type === 3) line(`${user} 来了`, "event");
  else if (type === 1) line(`${user} 离开了`, "event");
  else if (!content.startsWith('{"Type":"login",')) say(user, content);
}

const isWeb = (url) => /^https?:\/\//i.test(url);

function hang(url, fresh) {
  if (fresh) $("#wall").replaceChildren();
  if (!isWeb(url)) return;
  const image = document.createElement("img");
  image.src = url;
  image.alt = "";
  image.referrerPolicy = "no-referrer";
  $("#wall").prepend(image);
}

function setVideo(url) {
  const video = $("#show video");
  video.hidden = !isWeb(url);
  if (video.hidden) video.removeAttribute("src");
  else video.src = url;
}

function say(user, content) {
  const own = user === me;
  const item = line("", own ? "own" : "");
  if (!own) {
    const name = document.createElement("b");
    name.textContent = user;
    item.append(name);
  }
  if (/^data:image\/(png|jpe?g|gif|webp);base64,/.test(content)) {
    const image = document.createElement("img");
    image.alt = "图片";
    image.onload = () => item.scrollIntoView({ block: "end" });
    image.src = content;
    item.append(image);
  } else {
    item.append(content);
  }
  item.scrollIntoView({ block: "end" });
}

function line(text, kind) {
  const item = document.createElement("div");
  if (kind) item.className = kind;
  item.textContent = text;
  $("#said").append(item);
  item.scrollIntoView({ block: "end" });
  while ($("#said").childElementCount > 500) $("#said").firstChild.remove();
  return item;
}

$("#say").addEventListener("submit", (event) => {
  event.preventDefault();
  const { text } = event.target.elements;
  if (!text.value.trim() || socket?.readyState !== WebSocket.OPEN) return;
  socket.send(text.value);
  text.value = "";
});

$("#say input[type=file]").addEventListener("change", (event) => {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file || socket?.readyState !== WebSocket.OPEN) return;
  if (file.size > MAX_PICTURE) {
    line("图片不能超过 2 MB。", "event");
    return;
  }
  const reader = new FileReader();
  reader.onload = () => socket?.send(reader.result);
  reader.readAsDataURL(file);
});
