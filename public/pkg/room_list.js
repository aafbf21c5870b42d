// @ts-check
// The list of rooms (app/src/pages/rooms.rs), for people with an account: rows follow what happens, keys
// go from row to row, and the filter answers while one types. Loaded by unread.js, which says what
// happens; the page works without it.
(() => {
  const home = document.getElementById('rooms');
  if (!home) return;
  const isChinese = document.documentElement.lang.startsWith('zh');
  const me = Number(document.documentElement.dataset.me);
  /** The list is fetched anew at most so often. */
  const FETCH_EVERY_MS = 1_000;
  const TYPING_MS = 150;
  const MINUTE_MS = 60_000;
  const DAY_MS = 24 * 60 * MINUTE_MS;

  /** @typedef {{ room: number, last: { by: number, author: string, text: string, at: number } | null, at: number, present: number, open: boolean, title: string | null, cover: string | null }} Row */

  const list = () => home.querySelector('.room-list[data-order]');
  const rows = () => /** @type {HTMLElement[]} */ ([...home.querySelectorAll('.room-list > li')]);
  /** @param {number} room */
  const rowOf = (room) => rows().find((row) => Number(row.dataset.room) === room);

  // ---- Rows ------------------------------------------------------------------------------------

  /** @param {Row} news */
  function show(news) {
    const row = rowOf(news.room);
    if (!row) return;
    // What else is there to see has changed with it.
    if ((row.dataset.open !== undefined) !== news.open || (!news.last && row.querySelector('.room-time'))) return again();
    const cover = row.querySelector('img.room-cover');
    if (news.open && Boolean(cover) !== Boolean(news.cover)) return again();
    if (news.cover && cover && cover.getAttribute('src') !== news.cover) cover.setAttribute('src', news.cover);
    const name = row.querySelector('.room-card-name a');
    if (news.title && name && name.textContent !== news.title) name.textContent = news.title;
    row.dataset.at = String(news.at);
    row.toggleAttribute('data-live', news.present > 0);
    const present = row.querySelector('.room-present');
    const words = isChinese ? `${news.present} 人在场` : `${news.present} here now`;
    if (present) present.children[1].textContent = news.present ? words : '';
    present?.toggleAttribute('hidden', !news.present);
    if (news.last && !row.querySelector('.room-draft')) say(row, news.last);
    order();
  }

  /** What one has half written in a room, perhaps on another device. @param {{ room: number, text: string | null }} draft */
  function half({ room, text }) {
    const row = rowOf(room);
    const shown = row?.querySelector('.room-draft')?.parentElement?.querySelector('bdi');
    if (shown && text) shown.textContent = text;
    // The last words stood in its place.
    else if (row && Boolean(shown) !== Boolean(text)) again();
  }

  /** @param {HTMLElement} row @param {NonNullable<Row['last']>} last */
  function say(row, last) {
    const author = last.by === me ? (isChinese ? '你' : 'You') : last.author;
    const said = Object.assign(document.createElement('bdi'), { className: 'room-said', textContent: `${author}${isChinese ? '：' : ': '}${last.text}` });
    const time = document.createElement('time');
    time.dateTime = new Date(last.at).toISOString();
    time.title = new Date(last.at).toLocaleString(document.documentElement.lang);
    time.textContent = ago(last.at);
    const when = Object.assign(document.createElement('span'), { className: 'room-time' });
    when.append(time);
    row.querySelector('.room-last')?.replaceChildren(said, when);
  }

  /** As app/src/text/when.rs says it. @param {number} at */
  function ago(at) {
    const age = Date.now() - at;
    const [minutes, hours] = [Math.floor(age / MINUTE_MS), Math.floor(age / MINUTE_MS / 60)];
    if (age < MINUTE_MS) return isChinese ? '刚刚' : 'just now';
    if (hours < 1) return isChinese ? `${minutes} 分钟前` : `${minutes} min ago`;
    return isChinese ? `${hours} 小时前` : `${hours} ${hours === 1 ? 'hour' : 'hours'} ago`;
  }

  function tick() {
    for (const time of home.querySelectorAll('time')) {
      const at = Date.parse(time.dateTime);
      // A date stays as it is.
      if (Date.now() - at < DAY_MS) time.textContent = ago(at);
    }
  }

  // ---- Order -----------------------------------------------------------------------------------

  /** Something is to be done as soon as nobody points at the list. @type {(() => void) | null} */
  let owed = null;
  const pointing = matchMedia('(hover: hover)');

  function isBusy() {
    const isHovered = pointing.matches && home.matches(':hover');
    return isHovered || home.contains(document.activeElement) || home.querySelector(':popover-open') !== null;
  }

  /** @param {() => void} act */
  function whenLeft(act) {
    if (isBusy()) owed = act;
    else act();
  }

  function settle() {
    if (!owed || isBusy()) return;
    const act = owed;
    owed = null;
    act();
  }

  /** Pinned, live now, unread, then the last activity: as the server has it (chat/src/store/lines.rs). @param {HTMLElement} row */
  const rank = (row) =>
    (row.hasAttribute('data-pinned') ? 0 : 4) + (row.hasAttribute('data-live') ? 0 : 2) + (row.querySelector('.badges:not([hidden])') ? 0 : 1);

  function order() {
    if (owed !== fetchList) whenLeft(sort);
  }

  function sort() {
    const rows = /** @type {HTMLElement[]} */ ([...(list()?.children ?? [])]);
    const at = (row) => [rank(row), -Number(row.dataset.at), -Number(row.dataset.room)];
    const sorted = rows.map((row) => ({ row, at: at(row) }));
    sorted.sort((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1] || a.at[2] - b.at[2]);
    if (sorted.some(({ row }, n) => row !== rows[n])) list()?.append(...sorted.map(({ row }) => row));
  }

  // ---- The whole list --------------------------------------------------------------------------

  let fetched = 0;
  let timer = 0;
  /** @type {AbortController | null} */
  let asking = null;

  /** Fetches the list soon. */
  function again() {
    clearTimeout(timer);
    timer = setTimeout(() => whenLeft(fetchList), Math.max(0, fetched + FETCH_EVERY_MS - Date.now()));
  }

  function fetchList() {
    fetched = Date.now();
    ask(new URL(location.href)).catch(() => {});
  }

  /** Puts the list of an address in the place of this one. @param {URL} address */
  async function ask(address) {
    asking?.abort();
    asking = new AbortController();
    const answer = await fetch(address, { signal: asking.signal, headers: { accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const fresh = page.getElementById('rooms');
    // A refusal is the whole page's: Enter shows it.
    if (!fresh) return false;
    const isOpen = home.querySelector('details')?.open ?? false;
    home.replaceChildren(...document.importNode(fresh, true).childNodes);
    home.querySelector('details')?.toggleAttribute('open', isOpen);
    listed();
    return true;
  }

  function listed() {
    for (const button of home.querySelectorAll('[data-copy]')) button.removeAttribute('hidden');
    rove();
    document.dispatchEvent(new Event('salon-listed'));
  }

  // ---- The filter ------------------------------------------------------------------------------

  const field = /** @type {HTMLInputElement | null} */ (document.getElementById('q'));
  let shown = field?.value.trim() ?? '';
  let typing = 0;

  function filter() {
    const words = field?.value.trim() ?? '';
    if (words === shown) return;
    const address = new URL('/', location.href);
    if (words) address.searchParams.set('q', words);
    ask(address)
      .then((done) => {
        if (!done) return;
        shown = words;
        history.replaceState(null, '', address);
      })
      .catch(() => {});
  }

  field?.addEventListener('input', (event) => {
    clearTimeout(typing);
    if (!(/** @type {InputEvent} */ (event).isComposing)) typing = setTimeout(filter, TYPING_MS);
  });
  field?.addEventListener('compositionend', () => {
    typing = setTimeout(filter, TYPING_MS);
  });

  // ---- Keys and menus --------------------------------------------------------------------------

  const links = () => /** @type {HTMLElement[]} */ ([...home.querySelectorAll('.room-card-name a')]).filter((link) => link.offsetParent);

  /** Tab comes to one row alone, and to its menu; arrows go on from there. @param {HTMLElement} [to] */
  function rove(to) {
    const all = links();
    const one = to ?? all.find((link) => link.tabIndex === 0 && link.hasAttribute('tabindex')) ?? all[0];
    for (const link of all) {
      link.tabIndex = link === one ? 0 : -1;
      const more = /** @type {HTMLElement | null} */ (link.closest('.room-card')?.querySelector('.room-more'));
      if (more) more.tabIndex = link.tabIndex;
    }
  }

  home.addEventListener('focusin', ({ target }) => {
    const link = /** @type {Element} */ (target).closest('.room-card')?.querySelector('.room-card-name a');
    if (link) rove(/** @type {HTMLElement} */ (link));
  });

  home.addEventListener('keydown', (event) => {
    const card = /** @type {Element} */ (event.target).closest('.room-card');
    if (!card || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || home.querySelector(':popover-open')) return;
    const all = links();
    const at = all.findIndex((link) => card.contains(link));
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[Math.max(0, Math.min(to, all.length - 1))]?.focus();
  });

  home.addEventListener('contextmenu', (event) => {
    const menu = /** @type {any} */ (/** @type {Element} */ (event.target).closest('.room-card')?.querySelector('.room-menu'));
    if (!menu?.showPopover || event.shiftKey) return;
    event.preventDefault();
    // Letting go of the button outside of it would close it again.
    if (event.buttons) addEventListener('pointerup', () => setTimeout(() => menu.showPopover()), { once: true });
    else menu.showPopover();
  });

  home.addEventListener('click', (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('[data-copy]'));
    if (!button) return;
    navigator.clipboard?.writeText(location.origin + button.dataset.copy).then(() => {
      /** @type {any} */ (button.closest('[popover]'))?.hidePopover();
    });
  });

  // ---- Life ------------------------------------------------------------------------------------

  document.addEventListener('salon-row', (event) => show(/** @type {CustomEvent} */ (event).detail));
  document.addEventListener('salon-draft', (event) => half(/** @type {CustomEvent} */ (event).detail));
  document.addEventListener('salon-unread', (event) => {
    const news = /** @type {{ room: number, unread: number, level: string }[]} */ (/** @type {CustomEvent} */ (event).detail);
    const isFirst = !location.search.includes('q=') && !location.search.includes('after=');
    // One that began a moment ago, or stood on a later page.
    if (isFirst && news.some((line) => line.unread && line.level !== 'hidden' && !rowOf(line.room))) again();
    order();
  });
  home.addEventListener('pointerleave', settle);
  // Focus is nowhere while it goes from one to the next.
  home.addEventListener('focusout', () => setTimeout(settle));
  // Of a menu, or of the hidden rooms.
  home.addEventListener(
    'toggle',
    () => {
      rove();
      setTimeout(settle);
    },
    true,
  );
  // What happened while nobody looked was not told.
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && again());
  addEventListener('pageshow', (event) => event.persisted && again());
  setInterval(tick, MINUTE_MS);
  listed();
})();
