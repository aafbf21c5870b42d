// @ts-check
// From room to room by keys, on every page: Ctrl+K finds one by its name or the sound of it, Alt+↑ and
// Alt+↓ go to the one before and after in the list. Loaded by unread.js when it is first asked for. It
// asks for the same list as everybody sees (app/src/pages/rooms.rs).
(() => {
  const isChinese = document.documentElement.lang.startsWith('zh');
  /** @param {string} zh @param {string} en */
  const pick = (zh, en) => (isChinese ? zh : en);
  const TYPING_MS = 120;
  const SHOWN = 9;

  /** @typedef {{ path: string, name: string, unread: string }} Found */

  /** @param {string} path */
  const isHere = (path) => location.pathname === path || location.pathname.startsWith(`${path}/`);

  /** @param {ParentNode} page @returns {Found[]} */
  function roomsOf(page) {
    return [...page.querySelectorAll('#rooms .room-card')].map((card) => {
      const link = card.querySelector('.room-card-name a');
      const unread = card.querySelector('.badges:not([hidden]) .badge:last-child [aria-hidden]');
      return { path: link?.getAttribute('href') ?? '/', name: link?.textContent ?? '', unread: unread?.textContent ?? '' };
    });
  }

  /** @param {string} words @param {AbortSignal} [signal] */
  async function find(words, signal) {
    const answer = await fetch(words ? `/?q=${encodeURIComponent(words)}` : '/', { signal, headers: { accept: 'text/html' } });
    return roomsOf(new DOMParser().parseFromString(await answer.text(), 'text/html'));
  }

  /** @param {number} by */
  async function step(by) {
    const rooms = document.getElementById('rooms') ? roomsOf(document) : await find('').catch(() => []);
    if (!rooms.length) return;
    const focused = document.activeElement?.closest('.room-card')?.querySelector('.room-card-name a')?.getAttribute('href');
    const at = rooms.findIndex(({ path }) => path === focused || isHere(path));
    const to = at < 0 ? (by > 0 ? 0 : rooms.length - 1) : (at + by + rooms.length) % rooms.length;
    location.href = rooms[to].path;
  }

  /** @param {string} tag @param {Record<string, string>} attributes @param {...(Node | string)} inside */
  const element = (tag, attributes, ...inside) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...inside);
    return node;
  };

  function open() {
    if (document.querySelector('dialog[open]')) return;
    const from = /** @type {HTMLElement | null} */ (document.activeElement);
    const label = pick('去哪个房间？', 'Go to which room?');
    const field = /** @type {HTMLInputElement} */ (
      element('input', {
        type: 'search', role: 'combobox', 'aria-expanded': 'true', 'aria-controls': 'switcher-rooms', 'aria-autocomplete': 'list',
        autocomplete: 'off', 'aria-label': label, placeholder: pick('名称或拼音首字母', 'Its name'), maxlength: '80',
      })
    );
    const list = element('ul', { id: 'switcher-rooms', class: 'switcher-rooms', role: 'listbox', 'aria-label': label });
    const none = element('p', { class: 'field-hint', role: 'status' });
    const dialog = /** @type {HTMLDialogElement} */ (element('dialog', { class: 'dialog switcher', 'aria-label': label }, field, list, none));
    /** @type {Found[]} */
    let found = [];
    let at = 0;
    let timer = 0;
    /** @type {AbortController | null} */
    let asking = null;

    function mark() {
      [...list.children].forEach((option, n) => option.setAttribute('aria-selected', String(n === at)));
      const option = list.children[at];
      if (option) field.setAttribute('aria-activedescendant', option.id);
      else field.removeAttribute('aria-activedescendant');
      option?.scrollIntoView({ block: 'nearest' });
    }

    function draw() {
      const options = found.map((room, n) => {
        const option = element('li', { id: `switcher-${n}`, role: 'option', class: 'menu-item' }, element('bdi', {}, room.name));
        if (isHere(room.path)) option.setAttribute('aria-current', 'page');
        if (room.unread) option.append(element('span', { class: 'badge' }, room.unread));
        option.addEventListener('click', () => (location.href = room.path));
        return option;
      });
      list.replaceChildren(...options);
      none.textContent = found.length ? '' : pick('没有匹配的房间', 'No matching room');
      mark();
    }

    async function look() {
      asking?.abort();
      asking = new AbortController();
      try {
        found = (await find(field.value.trim(), asking.signal)).slice(0, SHOWN);
        at = 0;
        draw();
      } catch {
        // Given up for a later one, or without a network: what is there stays.
      }
    }

    field.addEventListener('input', (event) => {
      clearTimeout(timer);
      if (!(/** @type {InputEvent} */ (event).isComposing)) timer = setTimeout(look, TYPING_MS);
    });
    field.addEventListener('compositionend', () => {
      timer = setTimeout(look, TYPING_MS);
    });
    field.addEventListener('keydown', (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.isComposing || event.altKey) return;
      if (event.key === 'Escape') {
        // Else it would only empty the field.
        event.preventDefault();
        dialog.close();
      } else if (step && found.length) {
        event.preventDefault();
        at = (at + step + found.length) % found.length;
        mark();
      } else if (event.key === 'Enter' && found[at]) {
        event.preventDefault();
        location.href = found[at].path;
      }
    });
    dialog.addEventListener('click', (event) => {
      if (event.target === dialog) dialog.close();
    });
    dialog.addEventListener('close', () => {
      asking?.abort();
      dialog.remove();
      from?.focus();
    });
    document.body.append(dialog);
    dialog.showModal();
    void look();
  }

  /** @type {any} */ (window).salonSwitcher = { open, step };
})();
