// @ts-check
// What is unread, for people with an account, on every page: in the title, on the icon, on the badges
// of the list, and as a small line when something is said in another room (docs/decisions/0016).
//
// One tab of a browser leads: it holds the socket that watches, and tells the others. Which one, the
// browser decides by a lock that goes on when the leader is closed.
(() => {
  const root = document.documentElement;
  const SCRIPT = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  const me = root.dataset.me ?? '';
  const isChinese = root.lang.startsWith('zh');
  /** So many notices stand at the same time, for so long. */
  const NOTICES = 3;
  const NOTICE_MS = 8_000;
  /** A tab that is shown says so this often; who has not said it for longer is gone. */
  const SHOWN_EVERY_MS = 45_000;
  const SHOWN_FOR_MS = 120_000;
  /** A socket that says nothing for so long after it was asked is dead. */
  const ANSWER_MS = 8_000;
  const FIRST_PAUSE_MS = 1_000;
  const LONGEST_PAUSE_MS = 60_000;
  /** What kept.js keeps of rooms. */
  const KEPT = 'salon-recent';
  const ICON = ['M8 2h16a6 6 0 0 1 6 6v16a6 6 0 0 1-6 6H8a6 6 0 0 1-6-6V8a6 6 0 0 1 6-6Z', 'M9 10h14v9h-7l-4.5 3.5V19H9Z'];

  /** @typedef {{ room: number, slug: string, unread: number, mentions: number, level: string }} Line */
  /** @typedef {{ room: number, slug: string, title: string, seq: number, unread: number, said: { author: string, text: string } | null }} Notice */

  /** What is unread, by room. @type {Map<number, Line>} */
  let rooms = new Map();
  /** Whether that is known at all. */
  let isKnown = false;
  /** What we have put before the title. */
  let prefix = '';
  const tab = Math.random().toString(36).slice(2);
  /** What each tab shows, as the leader knows it. @type {Map<string, { room: number, list: number[], at: number }>} */
  const shown = new Map();
  const channel = 'BroadcastChannel' in window ? new BroadcastChannel(`salon-unread-${me}`) : null;

  // ---- What is shown -------------------------------------------------------------------------

  /** @param {Line} line */
  const loud = (line) => (line.level === 'everything' ? line.unread : line.level === 'mentions' ? line.mentions : 0);
  /** @param {number} n */
  const short = (n) => (n > 99 ? '99+' : String(n));

  function draw() {
    if (!isKnown) return;
    drawTitle();
    drawIcon();
    drawBadges();
    const lines = [...rooms.values()].filter((line) => loud(line) > 0).length;
    const nav = /** @type {any} */ (navigator);
    if (nav.setAppBadge) (lines ? nav.setAppBadge(lines) : nav.clearAppBadge()).catch(() => {});
  }

  function drawTitle() {
    const count = [...rooms.values()].reduce((sum, line) => sum + loud(line), 0);
    const bare = prefix && document.title.startsWith(prefix) ? document.title.slice(prefix.length) : document.title;
    prefix = count ? `(${short(count)}) ` : '';
    if (document.title !== prefix + bare) document.title = prefix + bare;
  }

  let iconNow = '';
  /** A dot for what is unread, a number for what mentions one. */
  function drawIcon() {
    const lines = [...rooms.values()];
    const mentions = lines.reduce((sum, line) => sum + (line.level === 'everything' || line.level === 'mentions' ? line.mentions : 0), 0);
    const mark = mentions ? short(mentions) : lines.some((line) => loud(line) > 0) ? '•' : '';
    const link = /** @type {HTMLLinkElement | null} */ (document.querySelector('link[rel=icon]'));
    if (!link || mark === iconNow) return;
    if (link.href.startsWith('blob:')) URL.revokeObjectURL(link.href);
    iconNow = mark;
    if (!mark) {
      link.href = '/favicon.svg';
      return;
    }
    const number = mark === '•' ? '' : `<text x="23" y="13" font-size="12" font-family="sans-serif" font-weight="700" fill="#fff" text-anchor="middle">${mark}</text>`;
    const svg =
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#0f6b66" d="${ICON[0]}"/><path fill="#fff" d="${ICON[1]}"/>` +
      `<circle cx="23" cy="9" r="${number ? 9 : 7}" fill="#c62828" stroke="#fff" stroke-width="2"/>${number}</svg>`;
    link.href = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  }

  function drawBadges() {
    for (const badges of document.querySelectorAll('[data-unread]')) {
      const line = rooms.get(Number(/** @type {HTMLElement} */ (badges).dataset.unread));
      const [unread, mentions] = [line?.unread ?? 0, line?.mentions ?? 0];
      const [mention, number] = badges.children;
      badges.toggleAttribute('hidden', unread === 0);
      mention?.toggleAttribute('hidden', mentions === 0);
      setWords(mention, '@', !mentions ? '' : isChinese ? `${mentions} 条提到你` : `${mentions} ${mentions === 1 ? 'mentions' : 'mention'} you`);
      setWords(number, short(unread), !unread ? '' : isChinese ? `${unread} 条未读` : `${unread} unread`);
    }
  }

  /** @param {Element | undefined} badge @param {string} seen @param {string} read */
  function setWords(badge, seen, read) {
    if (!badge || badge.children.length < 2) return;
    if (badge.children[0].textContent !== seen) badge.children[0].textContent = seen;
    if (badge.children[1].textContent !== read) badge.children[1].textContent = read;
  }

  /** @param {{ rooms: Line[], whole: boolean }} news */
  function learn(news) {
    if (news.whole) rooms = new Map();
    isKnown = isKnown || news.whole;
    for (const line of news.rooms) {
      if (line.unread) rooms.set(line.room, line);
      else rooms.delete(line.room);
    }
    draw();
    document.dispatchEvent(new CustomEvent('salon-unread', { detail: news.rooms }));
  }

  /** For the list (room_list.js). @param {object} row */
  const showRow = (row) => document.dispatchEvent(new CustomEvent('salon-row', { detail: row }));
  /** The same. @param {object} draft */
  const showDraft = (draft) => document.dispatchEvent(new CustomEvent('salon-draft', { detail: draft }));

  // ---- Notices -------------------------------------------------------------------------------

  /** @param {Notice} notice */
  const words = (notice) => ({
    title: notice.said ? `${notice.said.author} · ${notice.title}` : notice.title,
    body: notice.said ? notice.said.text : isChinese ? '新消息' : 'New message',
    link: `/r/${notice.slug}`,
  });

  /** @param {Notice} notice */
  function tell(notice) {
    if (document.visibilityState !== 'visible' || room() === notice.room) return;
    let list = document.querySelector('.notices');
    if (!list) {
      list = document.createElement('div');
      list.className = 'notices';
      list.setAttribute('role', 'status');
      document.body.append(list);
    }
    const { title, body, link } = words(notice);
    const line = document.createElement('div');
    line.className = 'notice';
    line.dataset.room = String(notice.room);
    const to = Object.assign(document.createElement('a'), { href: link, rel: 'external' });
    to.append(Object.assign(document.createElement('strong'), { textContent: title, dir: 'auto' }));
    to.append(Object.assign(document.createElement('span'), { textContent: body, dir: 'auto' }));
    const close = Object.assign(document.createElement('button'), { type: 'button', className: 'icon-button', textContent: '×' });
    close.setAttribute('aria-label', isChinese ? '关闭' : 'Close');
    close.onclick = () => line.remove();
    line.append(to, close);
    list.querySelector(`[data-room="${notice.room}"]`)?.remove();
    while (list.children.length >= NOTICES) list.firstElementChild?.remove();
    list.append(line);
    setTimeout(() => line.remove(), NOTICE_MS);
  }

  /** From an open tab, for those who have chosen so: nothing is pushed to this browser. @param {Notice} notice */
  async function notify(notice) {
    if (localStorage.getItem('salon-notices') !== `open-${me}` || Notification.permission !== 'granted') return;
    if ([...shown.values()].some((one) => Date.now() - one.at < SHOWN_FOR_MS)) return;
    const { title, body, link } = words(notice);
    const worker = await navigator.serviceWorker?.getRegistration();
    await worker?.showNotification(title, { body, tag: `room-${notice.room}`, icon: '/favicon.svg', data: { link } });
  }

  // ---- What this tab shows -------------------------------------------------------------------

  /** The room on this page; 0 for none. */
  function room() {
    const field = /** @type {HTMLInputElement | null} */ (document.querySelector('main.room input[name=room]'));
    return Number(field?.value ?? 0);
  }

  /** The rooms of the list on this page. */
  const listed = () => [...document.querySelectorAll('#rooms [data-room]')].map((row) => Number(/** @type {HTMLElement} */ (row).dataset.room));

  function look() {
    const isShown = document.visibilityState === 'visible';
    const one = isShown ? { tab, room: room(), list: listed(), at: Date.now() } : { tab, room: 0, list: [], at: 0 };
    note(one);
    channel?.postMessage({ look: one });
  }

  /** @param {{ tab: string, room: number, list: number[], at: number }} one */
  function note(one) {
    if (one.at) shown.set(one.tab, one);
    else shown.delete(one.tab);
    watch();
  }

  // ---- The leader's socket -------------------------------------------------------------------

  /** @type {WebSocket | null} */
  let socket = null;
  let isLeading = false;
  let pause = FIRST_PAUSE_MS;
  let next = 0;
  let asked = 0;
  let told = '';
  /** @type {(() => void) | null} */
  let resign = null;

  function lead() {
    isLeading = true;
    connect();
    // The others say what they show.
    channel?.postMessage({ hello: tab });
    return new Promise((done) => {
      resign = () => {
        isLeading = false;
        clearTimeout(next);
        socket?.close();
        socket = null;
        done(undefined);
      };
    });
  }

  function run() {
    // Only where the page is safe to a browser; elsewhere every tab has a socket of its own.
    if (navigator.locks && channel) {
      navigator.locks.request(`salon-unread-${me}`, lead).catch(() => {});
      channel.postMessage({ hello: tab });
    } else {
      lead();
    }
    look();
  }

  function connect() {
    clearTimeout(next);
    if (!isLeading || socket) return;
    const one = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/v1/live`);
    socket = one;
    told = '';
    one.onopen = () => {
      one.send('{"hello":{"version":1}}');
      watch();
    };
    one.onmessage = ({ data }) => {
      clearTimeout(asked);
      hear(JSON.parse(data));
    };
    one.onclose = ({ code, reason }) => {
      if (socket !== one) return;
      socket = null;
      // Signed out, or a page too old: it is not tried again.
      if (code === 4501) forget();
      if (!isLeading || (code >= 4500 && code < 5000)) return;
      const wait = code === 4001 ? Number(reason) || FIRST_PAUSE_MS : pause;
      next = setTimeout(connect, wait * (0.5 + Math.random() / 2));
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    };
  }

  /** @param {any} frame */
  function hear(frame) {
    pause = FIRST_PAUSE_MS;
    if (frame.unread) {
      learn(frame.unread);
      channel?.postMessage({ unread: frame.unread });
    }
    if (frame.notice) {
      tell(frame.notice);
      notify(frame.notice).catch(() => {});
      channel?.postMessage({ notice: frame.notice });
    }
    if (frame.draft) {
      showDraft(frame.draft);
      channel?.postMessage({ draft: frame.draft });
    }
    if (frame.row) {
      showRow(frame.row);
      channel?.postMessage({ row: frame.row });
    }
  }

  /** Tells the server what is on the screen of this device. */
  function watch() {
    if (socket?.readyState !== WebSocket.OPEN) return;
    const now = Date.now();
    const tabs = [...shown.values()].filter((one) => now - one.at < SHOWN_FOR_MS);
    /** @param {number[]} all @param {number} most */
    const some = (all, most) => [...new Set(all)].slice(0, most).sort((a, b) => a - b);
    const looking = some(tabs.map((one) => one.room).filter(Boolean), 8);
    const says = JSON.stringify({ watch: { looking, listing: some(tabs.flatMap((one) => one.list), 200) } });
    if (says === told) return;
    told = says;
    socket.send(says);
  }

  function wake() {
    if (!isLeading) return;
    if (!socket) {
      pause = FIRST_PAUSE_MS;
      connect();
    } else if (socket.readyState === WebSocket.OPEN) {
      const one = socket;
      clearTimeout(asked);
      asked = setTimeout(() => {
        one.close();
        if (socket === one) socket = null;
        connect();
      }, ANSWER_MS);
      one.send('"ping"');
    }
  }

  if (channel) {
    channel.onmessage = ({ data }) => {
      if (data.unread) learn(data.unread);
      if (data.notice) tell(data.notice);
      if (data.row) showRow(data.row);
      if (data.draft) showDraft(data.draft);
      if (data.look) note(data.look);
      if (data.gone) forget(false);
      if (data.hello && isLeading && isKnown) channel.postMessage({ unread: { rooms: [...rooms.values()], whole: true } });
      if (data.hello && document.visibilityState === 'visible') channel.postMessage({ look: { tab, room: room(), list: listed(), at: Date.now() } });
    };
  }

  // ---- What is kept in the browser --------------------------------------------------------------

  /** Nothing of this account stays in the browser. */
  function forget(says = true) {
    if (says) channel?.postMessage({ gone: true });
    if ('caches' in window) caches.delete(KEPT);
    localStorage.removeItem('salon-notices');
    rooms = new Map();
    draw();
  }

  /** Once a day the server is told again where this browser is pushed to: it may have been restored from
   * a backup, which has no devices. */
  async function renew() {
    const [flag, at] = [localStorage.getItem('salon-notices'), Number(localStorage.getItem('salon-notices-at'))];
    if (flag !== `push-${me}` || Date.now() - at < 86_400_000) return;
    const worker = await navigator.serviceWorker.ready;
    const subscription = await worker.pushManager.getSubscription();
    if (!subscription) return;
    const { endpoint, keys } = /** @type {any} */ (subscription.toJSON());
    const body = new URLSearchParams({ endpoint, p256dh: keys.p256dh, auth: keys.auth });
    await fetch('/call/add-subscription', { method: 'POST', body, headers: { accept: 'application/json' } });
    localStorage.setItem('salon-notices-at', String(Date.now()));
  }

  // ---- Keys and the list ------------------------------------------------------------------------

  /** @param {number} step */
  function goToUnread(step) {
    const lines = [...rooms.values()].filter((line) => line.unread && line.level !== 'hidden').sort((a, b) => a.room - b.room);
    if (!lines.length) return false;
    const at = lines.findIndex((line) => line.room === room());
    const to = at < 0 ? (step > 0 ? 0 : lines.length - 1) : (at + step + lines.length) % lines.length;
    location.href = `/r/${lines[to].slug}`;
    return true;
  }

  /** A script beside this one, once. @param {string} name @param {() => void} [then] */
  function load(name, then) {
    const script = Object.assign(document.createElement('script'), { src: new URL(name, SCRIPT).href });
    if (then) script.onload = then;
    document.head.append(script);
  }

  /** @param {(switcher: { open(): void, step(by: number): void }) => void} act */
  function withSwitcher(act) {
    const known = () => /** @type {any} */ (window).salonSwitcher;
    if (known()) act(known());
    else load('switcher.js', () => act(known()));
  }

  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const target = /** @type {Element} */ (event.target);
    const isTyping = target.closest?.('input, textarea, select, [contenteditable]');
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key] ?? 0;
    const isBare = !event.altKey && !event.ctrlKey && !event.metaKey;
    if (step && event.altKey && event.shiftKey) {
      if (goToUnread(step)) event.preventDefault();
    } else if (event.key === 'n' && isBare && !isTyping) {
      if (goToUnread(1)) event.preventDefault();
    } else if (step && event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      withSwitcher((switcher) => switcher.step(step));
    } else if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      withSwitcher((switcher) => switcher.open());
    }
  });

  addEventListener('submit', (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (form.getAttribute('action')?.startsWith('/call/sign-out')) forget();
  });

  // ---- Life -------------------------------------------------------------------------------------

  /** When the page is alive: its own HTML must not be changed before. */
  function whenAlive(act) {
    if (root.dataset.ready !== undefined || root.dataset.plain !== undefined) return act();
    const watcher = new MutationObserver(() => {
      if (root.dataset.ready === undefined) return;
      watcher.disconnect();
      act();
    });
    watcher.observe(root, { attributes: true, attributeFilter: ['data-ready'] });
  }

  whenAlive(() => {
    run();
    if (room()) load('kept.js');
    // The page gives itself another title and other rooms as one goes on.
    new MutationObserver(() => isKnown && drawTitle()).observe(document.head, { childList: true, characterData: true, subtree: true });
    if (document.getElementById('rooms')) load('room_list.js');
    if (document.querySelector('[data-queue]')) load('queue.js');
    if (root.dataset.plain !== undefined && document.querySelector('.toast form')) load('undo.js');
    setInterval(() => document.visibilityState === 'visible' && look(), SHOWN_EVERY_MS);
    const build = SCRIPT.split('/').at(-2);
    if ('serviceWorker' in navigator) navigator.serviceWorker.register(`/sw.js?build=${build}`).catch(() => {});
    if (document.querySelector('[data-push-key], [data-share]')) {
      load('push.js');
    }
    renew().catch(() => {});
  });
  document.addEventListener('visibilitychange', () => {
    look();
    if (document.visibilityState === 'visible') wake();
  });
  navigator.serviceWorker?.addEventListener('message', ({ data }) => {
    document.getElementById(`m${data?.show}`)?.scrollIntoView({ block: 'center' });
  });
  addEventListener('online', wake);
  // The list has other rooms now.
  document.addEventListener('salon-listed', () => {
    draw();
    look();
  });
  addEventListener('popstate', () => setTimeout(look));
  addEventListener('pagehide', () => {
    const gone = { tab, room: 0, list: [], at: 0 };
    shown.delete(tab);
    channel?.postMessage({ look: gone });
    resign?.();
    resign = null;
  });
  addEventListener('pageshow', (event) => {
    if (event.persisted) run();
  });
})();
