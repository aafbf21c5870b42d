// @ts-check
// The service worker: shows what is pushed, takes what is shared, and has a page for when there is no
// network. It keeps nothing of the site but that page's style, and what `unread.js` has put aside: the
// last messages of the rooms that were open, until somebody else signs in or out (docs/operations.md
// says how to switch it off). Its address names the build, so that a new one takes its place.
const worker = /** @type {any} */ (self);
const BUILD = new URL(worker.location.href).searchParams.get('build') ?? '';
const SHELL = `salon-shell-${BUILD}`;
const RECENT = 'salon-recent';
const SHARED = 'salon-shared';
const ME = '/salon-me';
/** Files that are shared at once. */
const MOST_SHARED = 20;

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));

async function install() {
  const cache = await caches.open(SHELL);
  if (/^[0-9a-f]{16}$/.test(BUILD)) await cache.add(`/pkg/${BUILD}/salon.css`).catch(() => {});
  await worker.skipWaiting();
}

async function activate() {
  for (const name of await caches.keys()) {
    if (name.startsWith('salon-shell-') && name !== SHELL) await caches.delete(name);
  }
  await worker.clients.claim();
}

// ---- Pages -------------------------------------------------------------------------------------

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.mode !== 'navigate' || url.origin !== worker.location.origin) return;
  // A frame in another site's page is nobody's account here.
  if (url.pathname.startsWith('/embed/')) return;
  if (request.method === 'POST' && url.pathname === '/share') event.respondWith(takeShared(request));
  else if (request.method === 'GET') event.respondWith(page(event));
});

async function page(event) {
  try {
    const response = await fetch(event.request);
    event.waitUntil(forgetOthers(response));
    return response;
  } catch {
    return offline();
  }
}

/** What was kept for one account is nobody else's: every page says whose it is. @param {Response} response */
async function forgetOthers(response) {
  if (!response.ok || !(response.headers.get('content-type') ?? '').startsWith('text/html')) return;
  const me = response.headers.get('x-salon-person') ?? '';
  const kept = await caches.match(ME, { cacheName: RECENT });
  if (kept && (await kept.text()) !== me) await caches.delete(RECENT);
}

// ---- Without a network -----------------------------------------------------------------------------

const WORDS = {
  zh: { offline: '你已离线', lead: '下面是最近几个房间的最后几条消息。联网后再试。', none: '这台设备上还没有可以离线看的消息。', again: '重试' },
  en: { offline: 'You are offline', lead: 'These are the last messages of your recent rooms. Try again once there is a network.', none: 'There is nothing on this device to read offline yet.', again: 'Retry' },
};

/** @param {string} text */
const escape = (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

async function offline() {
  const rooms = await recent();
  const lang = rooms[0]?.lang.startsWith('zh') || (!rooms.length && worker.navigator.language.startsWith('zh')) ? 'zh' : 'en';
  const words = WORDS[lang];
  const style = await caches.match(`/pkg/${BUILD}/salon.css`, { cacheName: SHELL });
  const css = style ? (await style.text()).replace(/<\//g, '<\\/') : 'body{font:16px sans-serif;margin:2rem}';
  const html = `<!DOCTYPE html><html lang="${lang === 'zh' ? 'zh-CN' : 'en'}" data-plain><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${words.offline} · Salon</title><style>${css}</style></head><body><main id="main" class="column offline">
<div class="page-head"><h1>${words.offline}</h1><a class="button" href="">${words.again}</a></div>
<p class="lead">${rooms.length ? words.lead : words.none}</p>${rooms.map(section).join('')}</main></body></html>`;
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'";
  return new Response(html, { headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy } });
}

/** The newest first. */
async function recent() {
  const cache = await caches.open(RECENT);
  const rooms = [];
  for (const request of await cache.keys()) {
    if (new URL(request.url).pathname === ME) continue;
    const room = await (await cache.match(request))?.json();
    if (room) rooms.push(room);
  }
  return rooms.sort((a, b) => b.at - a.at);
}

function section(room) {
  const lines = room.messages.map(
    ({ author, time, text }) =>
      `<li><b><bdi>${escape(author)}</bdi></b> <time>${escape(time)}</time><div dir="auto">${escape(text)}</div></li>`,
  );
  return `<section class="panel"><h2><bdi>${escape(room.title)}</bdi></h2><ol class="offline-lines">${lines.join('')}</ol></section>`;
}

// ---- What is shared --------------------------------------------------------------------------------

/** @param {Request} request */
async function takeShared(request) {
  const form = await request.formData();
  const files = form.getAll('pictures').filter((file) => file instanceof File);
  const said = [...new Set(['title', 'text', 'url'].map((name) => form.get(name)).filter((one) => typeof one === 'string' && one))];
  await caches.delete(SHARED);
  const cache = await caches.open(SHARED);
  for (const [n, file] of files.slice(0, MOST_SHARED).entries()) {
    const headers = { 'content-type': file.type, 'x-name': encodeURIComponent(file.name) };
    await cache.put(`/salon-shared/${n}`, new Response(file, { headers }));
  }
  if (said.length) await cache.put('/salon-shared/text', new Response(said.join(' ')));
  return Response.redirect('/share', 303);
}

// ---- What is pushed --------------------------------------------------------------------------------

worker.addEventListener('push', (event) => event.waitUntil(show(event.data?.json())));

async function show(pushed) {
  const windows = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  // The page that somebody looks at says it itself.
  if (!pushed?.notice || windows.some((one) => one.focused && one.visibilityState === 'visible')) return;
  const { notice, lang } = pushed;
  const title = notice.said ? `${notice.said.author} · ${notice.title}` : notice.title;
  const body = notice.said ? notice.said.text : lang === 'zh' ? '新消息' : 'New message';
  const link = `/r/${notice.slug}#m${notice.seq}`;
  await worker.registration.showNotification(title, {
    body,
    tag: `room-${notice.room}`,
    lang,
    icon: '/icon-192.png',
    badge: '/icon-192.png',
    data: { link, seq: notice.seq },
  });
}

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

async function open({ link, seq }) {
  const windows = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const path = link.split('#')[0];
  const there = windows.find((one) => new URL(one.url).pathname === path);
  if (there) {
    there.postMessage({ show: seq });
    return there.focus();
  }
  return worker.clients.openWindow(link);
}

/** A browser may change its address by itself. */
worker.addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renew(event)));

async function renew(event) {
  const options = event.oldSubscription?.options;
  const fresh = event.newSubscription ?? (options && (await worker.registration.pushManager.subscribe(options)));
  if (!fresh) return;
  const { endpoint, keys } = fresh.toJSON();
  const body = new URLSearchParams({ endpoint, ...keys });
  await fetch('/call/add-subscription', { method: 'POST', body, headers: { accept: 'application/json' } });
}
