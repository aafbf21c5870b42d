// The projector of a wall (server/src/kiosk). It shows the pictures it has, again and again, and
// asks every few seconds for what is new. Without a network it goes on with what it has, and
// says nothing about it. What is shown is kept as blobs, up to a limit.
'use strict';

(() => {
  const ASK_MS = 2_500;
  const PATIENCE_MS = 10_000;
  // Half a gigabyte: about 1,500 pictures of the middle size.
  const MOST_BYTES = 512 * 1024 * 1024;

  const stage = document.querySelector('main');
  const base = stage.dataset.base;
  const caption = stage.querySelector('.kiosk-caption');
  let [front, back] = stage.querySelectorAll('img');

  let wall = { version: '', room: '', seconds: 8, shuffle: false, pictures: [] };
  let round = [];
  let shown = null;
  let known = null;
  let timer = 0;
  let turning = false;
  let again = false;
  // blob → { url, bytes, used }
  const kept = new Map();
  let bytes = 0;
  let clock = 0;

  // Large screens get the file itself.
  const pixels = Math.max(screen.width, screen.height) * (window.devicePixelRatio || 1);
  const size = pixels > 1600 ? 'full' : '1280';

  const get = (path) => fetch(base + path, { cache: 'no-cache', signal: AbortSignal.timeout(PATIENCE_MS) });

  async function ask() {
    try {
      const answer = await get('/pictures');
      // Revoked: the page says so itself.
      if (answer.status === 410) return location.reload();
      if (answer.ok) take(await answer.json());
    } catch {
      // No network. What is here goes on.
    }
    setTimeout(ask, ASK_MS);
  }

  function take(fresh) {
    if (fresh.version === wall.version) return;
    // The room has another name or address: the page and its code say the old one.
    if (wall.version && fresh.room !== wall.room) return location.reload();
    wall = fresh;
    const here = new Set(wall.pictures.map(({ blob }) => blob));
    for (const blob of [...kept.keys()]) if (!here.has(blob) && blob !== shown) drop(blob);
    round = round.filter(({ blob }) => here.has(blob));
    // What is new comes next.
    if (known) round.unshift(...wall.pictures.filter(({ blob }) => !known.has(blob)));
    known = here;
    if (!shown || !here.has(shown)) turn();
    stock();
  }

  // Gets everything, as long as there is room, for the time without a network.
  async function stock() {
    const { version } = wall;
    for (const picture of wall.pictures) {
      if (version !== wall.version || bytes > MOST_BYTES) return;
      await keep(picture);
    }
  }

  async function keep({ blob }) {
    const had = kept.get(blob);
    if (had) return had;
    try {
      const answer = await get(`/${blob}/${size}`);
      if (!answer.ok) return null;
      const file = await answer.blob();
      if (kept.has(blob)) return kept.get(blob);
      const it = { url: URL.createObjectURL(file), bytes: file.size, used: clock };
      kept.set(blob, it);
      bytes += it.bytes;
      return it;
    } catch {
      return null;
    }
  }

  function drop(blob) {
    const it = kept.get(blob);
    if (!it) return;
    URL.revokeObjectURL(it.url);
    kept.delete(blob);
    bytes -= it.bytes;
  }

  function makeRoom() {
    const oldest = [...kept].sort(([, a], [, b]) => a.used - b.used);
    for (const [blob] of oldest) {
      if (bytes <= MOST_BYTES) return;
      if (blob !== shown) drop(blob);
    }
  }

  function next() {
    if (round.length === 0) {
      round = [...wall.pictures];
      if (wall.shuffle) {
        for (let i = round.length - 1; i > 0; i--) {
          const j = Math.floor(Math.random() * (i + 1));
          [round[i], round[j]] = [round[j], round[i]];
        }
        // Not the same one twice.
        if (round.length > 1 && round[0].blob === shown) round.push(round.shift());
      }
    }
    return round.shift();
  }

  async function turn() {
    // Asked for while it happens: once more afterwards.
    if (turning) return void (again = true);
    turning = true;
    clearTimeout(timer);
    stage.classList.toggle('kiosk-empty', wall.pictures.length === 0);
    if (wall.pictures.length === 0) {
      clear();
    } else {
      await step();
      timer = setTimeout(turn, wall.seconds * 1000);
    }
    turning = false;
    if (again) {
      again = false;
      turn();
    }
  }

  // The next one that can be had. Without a network nothing but what is kept is tried.
  async function step() {
    let reachable = navigator.onLine;
    for (let tries = wall.pictures.length; tries > 0; tries--) {
      const picture = next();
      const had = kept.get(picture.blob);
      const it = had || (reachable ? await keep(picture) : null);
      if (!it) reachable = false;
      else if (await show(picture, it)) return;
    }
  }

  async function show(picture, it) {
    it.used = ++clock;
    if (picture.blob === shown) return true;
    back.src = it.url;
    back.alt = picture.alt || picture.caption;
    try {
      await back.decode();
    } catch {
      return false;
    }
    back.classList.add('on');
    front.classList.remove('on');
    [front, back] = [back, front];
    caption.textContent = picture.caption;
    shown = picture.blob;
    makeRoom();
    return true;
  }

  function clear() {
    front.classList.remove('on');
    front.removeAttribute('src');
    front.alt = '';
    caption.textContent = '';
    shown = null;
  }

  const fill = () => document.documentElement.requestFullscreen?.().catch(() => {});
  addEventListener('click', fill);
  addEventListener('keydown', ({ key }) => key === 'f' && fill());
  const stayAwake = () => document.visibilityState === 'visible' && navigator.wakeLock?.request('screen').catch(() => {});
  addEventListener('visibilitychange', stayAwake);
  stayAwake();
  ask();
})();
