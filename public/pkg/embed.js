// @ts-check
// A room inside a page of another site: shows the session's token with all that the page asks for, and
// speaks with the page around it (docs/embed.md). It runs before everything else and is the only part
// of the page that knows of a token; no cookie is ever sent.
(() => {
  const root = document.documentElement;
  /** @type {{ room: string, origins: string[], session?: { token: string, look: string, ends_in: number } }} */
  const { room, origins, session } = JSON.parse(root.dataset.embed ?? '{}');
  // It stays as a mark for the style, without the tokens.
  root.dataset.embed = '';
  /** So long before the end, but at most the last third of a stay, another ticket is asked for. */
  const AHEAD_MS = 60_000;
  /** As `look.rs` has them. */
  const SEEN = /^\/(media|file|video|portrait)\//;
  const CARRIERS = new Set(['src', 'srcset', 'poster', 'href']);
  /** As `domain::live::close` has it: the page gives up then. */
  const SESSION_ENDED = 4501;
  /** How soon another ticket is asked for when the network failed. */
  const AGAIN_MS = 5_000;
  /** Text on these, and these on those, has to be read (WCAG 2.2 §1.4.3). */
  const CONTRAST = 4.5;

  // ---- What is asked for -------------------------------------------------------------------------

  /** @param {string | URL} url */
  const isOurs = (url) => new URL(url, location.href).host === location.host;

  const ask = window.fetch;
  window.fetch = async (input, init = {}) => {
    const url = input instanceof Request ? input.url : input;
    if (!isOurs(url)) return ask(input, init);
    const headers = new Headers(init.headers ?? (input instanceof Request ? input.headers : undefined));
    if (session) headers.set('authorization', `Bearer ${session.token}`);
    const answer = await ask(input, { ...init, headers, credentials: 'omit' });
    if (answer.status === 401 && session) say('token-expired');
    return answer;
  };

  const open = XMLHttpRequest.prototype.open;
  /** @param {any[]} how */
  XMLHttpRequest.prototype.open = function (...how) {
    open.apply(this, /** @type {any} */ (how));
    if (session && isOurs(how[1])) this.setRequestHeader('authorization', `Bearer ${session.token}`);
  };

  window.WebSocket = class extends WebSocket {
    /** @param {string | URL} url @param {string | string[]} [protocols] */
    constructor(url, protocols) {
      super(url, isOurs(url) ? ['salon', session ? `token.${session.token}` : 'guest'] : protocols);
      this.addEventListener('close', ({ code }) => code === SESSION_ENDED && end());
    }
  };

  /** One address, or several as `srcset` has them. @param {string} value */
  function marked(value) {
    if (!session || !SEEN.test(value) || value.includes('look=')) return value;
    const parts = value.split(', ').map((part) => {
      const [address, width] = part.split(' ');
      const look = `${address}${address.includes('?') ? '&' : '?'}look=${session.look}`;
      return width ? `${look} ${width}` : look;
    });
    return parts.join(', ');
  }

  const set = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    set.call(this, name, CARRIERS.has(name) ? marked(String(value)) : value);
  };

  // The frame's address stays: another one of ours would not be shown here. A step back would be one of
  // the page around it.
  history.pushState = () => {};
  history.replaceState = () => {};
  history.back = () => void dispatchEvent(new PopStateEvent('popstate'));

  // ---- The page around it ------------------------------------------------------------------------

  const around = window.parent;
  const ancestor = location.ancestorOrigins?.[0];
  const hearers = ancestor ? origins.filter((origin) => origin === ancestor) : origins;

  /** @param {string} type @param {object} [more] */
  function say(type, more) {
    if (around === window) return;
    for (const origin of hearers) around.postMessage({ type: `salon:${type}`, room, ...more }, origin);
  }

  addEventListener('message', ({ source, origin, data }) => {
    if (source !== around || around === window || !origins.includes(origin)) return;
    if (data?.type === 'salon:ticket') void stay(String(data.ticket));
    if (data?.type === 'salon:theme') dress(data);
  });

  // ---- Staying -----------------------------------------------------------------------------------

  let warning = 0;
  let ending = 0;
  /** The page has given up: it has to begin anew. */
  let isOver = false;

  function end() {
    isOver = true;
    say('token-expired');
  }

  /** @param {number} left */
  function watch(left) {
    clearTimeout(warning);
    clearTimeout(ending);
    warning = setTimeout(() => say('token-expired'), left - Math.min(AHEAD_MS, left / 3));
    ending = setTimeout(() => say('token-expired'), left);
  }

  /** @param {string} ticket */
  async function stay(ticket) {
    if (!session || isOver) return enter(ticket);
    const body = JSON.stringify({ ticket, token: session.token, look: session.look });
    const headers = { 'content-type': 'application/json' };
    const answer = await ask(`/embed/${room}/stay`, { method: 'POST', body, headers, credentials: 'omit' }).catch(() => null);
    if (answer?.ok) return watch((await answer.json()).ends_in);
    // Somebody else's ticket, or a session that is over for good.
    if (answer?.status === 401) return enter(ticket);
    // The page stays as it is: it could not be loaded now.
    setTimeout(() => say('token-expired'), AGAIN_MS);
  }

  /** Begins anew, as the frame's first page does. @param {string} ticket */
  function enter(ticket) {
    const form = Object.assign(document.createElement('form'), { method: 'post', action: `/embed/${room}`, target: '_self' });
    const fields = { ticket, lang: root.lang, theme: root.dataset.theme ?? 'system', tz: String(-new Date().getTimezoneOffset()) };
    for (const [name, value] of Object.entries(fields)) {
      form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
    }
    document.body.append(form);
    form.submit();
  }

  if (session) watch(session.ends_in);

  // ---- What is unread ------------------------------------------------------------------------------

  let unread = 0;
  let isSeen = true;
  /** The highest place in the room that stands on the page. */
  let last = 0;

  /** @param {number} now */
  function count(now) {
    if (now === unread) return;
    unread = now;
    say('unread', { count: unread });
  }

  /** What stands after everything that was there before is new; what stands before it is history. */
  function look() {
    const lines = [...document.querySelectorAll('.lines > li[id^=m]')].map((line) => Number(line.id.slice(1)));
    const news = lines.filter((seq) => seq > last).length;
    const isHere = isSeen && document.visibilityState === 'visible';
    count(isHere ? 0 : unread + (last ? news : 0));
    last = Math.max(last, ...lines);
  }

  // ---- Looks -----------------------------------------------------------------------------------------

  /** @param {{ theme?: string, accent?: string, soft?: string }} wish */
  function dress({ theme, accent, soft }) {
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    if (theme === 'system') delete root.dataset.theme;
    for (const name of ['--accent', '--accent-soft', '--on-accent']) root.style.removeProperty(name);
    if (!accent) return;
    const [colour, wash] = [paint(accent), paint(soft ?? `color-mix(in srgb, ${accent} 12%, var(--bg))`)];
    const grounds = ['--bg', '--surface', '--sunken'].map((name) => paint(`var(${name})`));
    const on = [paint('#fff'), paint('#000')].sort((a, b) => ratio(b, colour) - ratio(a, colour))[0];
    const isRead = [...grounds, wash, on].every((ground) => ratio(colour, ground) >= CONTRAST);
    const isTextRead = ['--text', '--muted'].every((name) => ratio(paint(`var(${name})`), wash) >= CONTRAST);
    if (!isRead || !isTextRead) return say('theme-refused', { accent });
    root.style.setProperty('--accent', css(colour));
    root.style.setProperty('--accent-soft', css(wash));
    root.style.setProperty('--on-accent', css(on));
  }

  /** What a colour is on the screen: red, green and blue, 0 to 255. @param {string} colour */
  function paint(colour) {
    const probe = document.createElement('i');
    probe.style.color = colour;
    document.body.append(probe);
    const shown = getComputedStyle(probe).color;
    probe.remove();
    const [r = 0, g = 0, b = 0] = (shown.match(/[\d.]+/g) ?? []).map(Number);
    return shown.startsWith('color(') ? [r, g, b].map((part) => part * 255) : [r, g, b];
  }

  /** @param {number[]} colour */
  const css = (colour) => `rgb(${colour.map(Math.round).join(' ')})`;

  /** @param {number[]} one @param {number[]} other */
  function ratio(one, other) {
    const light = (/** @type {number[]} */ colour) => {
      const [r, g, b] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [a, b] = [light(one), light(other)];
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  }

  // ---- Life ------------------------------------------------------------------------------------------

  const alive = new MutationObserver(() => {
    if (root.dataset.ready === undefined) return;
    alive.disconnect();
    look();
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    new IntersectionObserver(([one]) => {
      isSeen = one.isIntersecting;
      look();
    }).observe(root);
    new ResizeObserver(() => say('resize', { width: root.scrollWidth, height: root.scrollHeight })).observe(root);
    say('ready');
  });
  alive.observe(root, { attributes: true, attributeFilter: ['data-ready'] });
  addEventListener('visibilitychange', look);
})();
