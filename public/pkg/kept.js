// @ts-check
// What the offline page shows (public/sw.js): the last messages of the rooms that were read last. Loaded by
// unread.js on the page of a room.
(() => {
  const root = document.documentElement;
  const me = root.dataset.me ?? '';
  /** So many messages of so many rooms. */
  const KEPT_MESSAGES = 40;
  const KEPT_ROOMS = 6;
  const KEPT = 'salon-recent';

  /** Keeps the last messages of this page's room. */
  async function keep() {
    if (!('caches' in window) || !document.querySelector('main.room input[name=room]') || location.search.includes('before=')) return;
    const lines = [...document.querySelectorAll('.lines > li[id]')].slice(-KEPT_MESSAGES);
    let author = '';
    const messages = lines.map((line) => {
      // A name stands above the first of those who follow each other.
      author = line.querySelector('.said-name')?.textContent ?? author;
      return { author, time: line.querySelector('time')?.textContent ?? '', text: line.querySelector('.bubble')?.textContent ?? '' };
    });
    const path = location.pathname.split('/').slice(0, 3).join('/');
    // Without what is unread.
    const bare = document.title.replace(/^\(\d+\+?\) /, '');
    const kept = { me, title: bare.replace(/ · Salon$/, ''), path, at: Date.now(), lang: root.lang, messages };
    const cache = await caches.open(KEPT);
    // What is put last stands last.
    await cache.delete(path);
    await cache.put('/salon-me', new Response(me));
    await cache.put(path, new Response(JSON.stringify(kept), { headers: { 'content-type': 'application/json' } }));
    const all = (await cache.keys()).filter((one) => !one.url.endsWith('/salon-me'));
    await Promise.all(all.slice(0, Math.max(0, all.length - KEPT_ROOMS)).map((old) => cache.delete(old)));
  }

  keep().catch(() => {});
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') keep().catch(() => {});
  });
})();
