// @ts-check
// Keys of pages where one thing after another is decided: J and K move between the rows of the list
// marked `data-queue`, any other letter presses the button of the present row (else the first) that
// stands in what bears it as `data-key`; `?` names them all. Loaded by unread.js where there is such a list.
(() => {
  const root = document.documentElement;
  const SCRIPT = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  const AT = 'queue-at';
  /** @returns {HTMLElement[]} */
  const rows = () => [...document.querySelectorAll('[data-queue] > *')].map((row) => /** @type {HTMLElement} */ (row));
  /** @param {EventTarget | null} target */
  const at = (target) => rows().findIndex((row) => row.contains(/** @type {Node | null} */ (target)));

  /** @param {string} key Whether it was meant for a row. */
  function press(key) {
    const all = rows();
    const now = at(document.activeElement);
    if (key === 'j' || key === 'k') {
      const to = now < 0 ? all[0] : all[now + (key === 'j' ? 1 : -1)];
      to?.focus();
      return Boolean(to);
    }
    const button = /** @type {HTMLElement | null} */ (all[Math.max(now, 0)]?.querySelector(`[data-key=${key}] button`));
    button?.click();
    return Boolean(button);
  }

  function help() {
    const open = () => /** @type {any} */ (window).salonHelp.open();
    if ('salonHelp' in window) return open();
    document.head.append(Object.assign(document.createElement('script'), { src: new URL('help.js', SCRIPT).href, onload: open }));
  }

  addEventListener('keydown', (event) => {
    const target = /** @type {Element} */ (event.target);
    const held = event.ctrlKey || event.altKey || event.metaKey;
    if (event.defaultPrevented || event.isComposing || target.closest?.('input, textarea, select, dialog')) return;
    const asks = event.key === '?' ? !held : event.key === '/' && (event.ctrlKey || event.metaKey);
    const key = event.key.toLowerCase();
    if (asks) help();
    else if (held || event.repeat || !/^[a-z]$/.test(key) || !press(key)) return;
    event.preventDefault();
  });

  // A plain page is loaded anew by every decision: the next row is where the last one was.
  if (root.dataset.plain !== undefined) {
    addEventListener('submit', (event) => sessionStorage.setItem(AT, String(at(event.target))));
    const last = Number(sessionStorage.getItem(AT) ?? -1);
    sessionStorage.removeItem(AT);
    const all = rows();
    if (last >= 0) all[Math.min(last, all.length - 1)]?.focus();
  }
  root.dataset.keys = '';
})();
