// @ts-check
// What people with an account do with messages in a room: the menu of a message, answering, changing,
// reacting, and names behind an `@`. Each is a short way to what /r/<room>/messages/<id> has as links
// and forms, and takes its words from there (docs/decisions/0018). Only members' pages load this.
(() => {
  const LONG_PRESS_MS = 500;
  /** So far a resting finger may wander. */
  const SHAKE_PX = 10;
  /** How long what was taken back can be written anew from its place. */
  const AGAIN_MS = 5 * 60_000;
  const UNDO_MS = 5_000;
  const SUGGEST_MS = 80;
  /** An Enter so soon after a composition still belongs to it, as in app/src/parts/ime.rs. */
  const GRACE_MS = 100;

  /** @type {{ kind: 'reply' | 'edit', id: string, bar: HTMLElement, draft: string } | null} */
  let mode = null;
  /** @type {{ list: HTMLElement, start: number, at: number, items: Suggestion[] } | null} */
  let names = null;
  let asked = 0;
  let composing = false;
  let composed = -Infinity;
  /** The finger that rests on a message. */
  let press = { timer: 0, x: 0, y: 0 };
  /** @typedef {{ insert: string, label: string, note: string }} Suggestion */

  const composer = () => /** @type {HTMLTextAreaElement | null} */ (document.getElementById('composer'));
  const room = () => /** @type {HTMLInputElement} */ (composer()?.form?.elements.namedItem('room'))?.value ?? '';
  /** @param {string} href */
  const idIn = href => /\/messages\/(\d+)/.exec(href)?.[1] ?? '';

  /** @param {string} tag @param {string} name @param {...(Node | string)} inner */
  function element(tag, name, ...inner) {
    const made = document.createElement(tag);
    made.className = name;
    made.append(...inner);
    return made;
  }

  /** A page of links and forms. @param {string} path */
  async function fetchPage(path) {
    const answer = await fetch(path, { headers: { accept: 'text/html' } });
    return new DOMParser().parseFromString(await answer.text(), 'text/html');
  }

  /** Nothing, or why it was refused, in words. @param {string} call @param {Record<string, string>} fields */
  async function post(call, fields) {
    const accept = { accept: 'application/json' };
    let problem = '{"code":"unavailable"}';
    try {
      const answer = await fetch(`/call/${call}`, { method: 'POST', headers: accept, body: new URLSearchParams(fields) });
      problem = await answer.text();
      if (!problem.includes('"code"')) return null;
    } catch {
      // Said below.
    }
    const query = new URLSearchParams({ call, problem });
    try {
      // Also in a frame of another site's page.
      const room = location.pathname.replace(/^\/embed\//, '/r/').replace(/(\/r\/[^/]+).*/, '$1');
      const page = await fetchPage(`${room}/messages/${fields.message}?${query}`);
      return page.querySelector('.problem p')?.textContent ?? problem;
    } catch {
      return composer()?.form?.dataset.failed ?? '';
    }
  }

  // Saying what came of it.

  /** @param {string} text @param {string} [label] @param {() => void} [act] */
  function toast(text, label, act) {
    document.querySelector('.message-toast')?.remove();
    const made = element('div', 'toast message-toast', element('p', '', text));
    made.setAttribute('role', 'status');
    if (label && act) {
      const button = /** @type {HTMLButtonElement} */ (element('button', 'button button-quiet', label));
      button.type = 'button';
      button.onclick = () => {
        made.remove();
        act();
      };
      made.append(button);
    }
    document.querySelector('.room-talk')?.append(made);
    setTimeout(() => made.remove(), UNDO_MS);
  }

  // The menu.

  /** @param {Element} from @param {string} path */
  async function openMenu(from, path) {
    const page = await fetchPage(path).catch(() => null);
    const menu = page?.querySelector('.message-menu');
    const box = element('div', 'menu-box');
    if (!page || !menu || !box.showPopover) {
      // No page but the room is shown in a frame of another site's.
      if ('embed' in document.documentElement.dataset) return window.open(path);
      return location.assign(path);
    }
    // Not `auto`: that would close it when the finger that asked for it is lifted.
    box.popover = 'manual';
    box.setAttribute('role', 'dialog');
    box.setAttribute('aria-label', menu.getAttribute('aria-label') ?? '');
    box.append(document.adoptNode(menu));
    document.body.append(box);
    const acts = new Menu(box, page, path, from);
    box.addEventListener('click', event => acts.clicked(event));
    box.addEventListener('submit', event => void acts.submitted(event));
    box.addEventListener('keydown', event => acts.pressed(event));
    addEventListener('pointerdown', event => !box.contains(/** @type {Node} */ (event.target)) && acts.close(), {
      signal: acts.gone.signal,
    });
    box.showPopover();
    acts.place();
    acts.items[0]?.focus();
  }

  class Menu {
    /** @param {HTMLElement} box @param {Document} page @param {string} path @param {Element} from */
    constructor(box, page, path, from) {
      this.box = box;
      this.from = from;
      this.row = from.closest('li');
      this.id = idIn(path);
      this.author = box.querySelector('.message-menu')?.getAttribute('data-author') ?? '';
      const typed = /** @type {HTMLTextAreaElement | null} */ (page.querySelector('#edit textarea'));
      this.typed = typed?.value ?? null;
      this.gone = new AbortController();
    }

    /** @returns {HTMLElement[]} */
    get items() {
      return [...this.box.querySelectorAll('a, button')].map(item => /** @type {HTMLElement} */ (item));
    }

    /** Beside what it was opened from; small screens have it at their lower edge. */
    place() {
      if (matchMedia('(max-width: 40rem)').matches) return;
      const { bottom, top, right } = this.from.getBoundingClientRect();
      const { offsetHeight: height, offsetWidth: width } = this.box;
      const below = bottom + height < innerHeight ? bottom : Math.max(0, Math.min(top - height, innerHeight - height));
      this.box.style.top = `${below}px`;
      this.box.style.left = `${Math.max(0, Math.min(right - width, innerWidth - width))}px`;
    }

    close() {
      const had = this.box.contains(document.activeElement);
      this.gone.abort();
      this.box.remove();
      if (had && this.from instanceof HTMLElement) this.from.focus({ preventScroll: true });
    }

    /** @param {KeyboardEvent} event */
    pressed(event) {
      if (event.key === 'Escape') return this.close();
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const { items } = this;
      const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
      items[(at + step + items.length) % items.length]?.focus();
    }

    /** @param {MouseEvent} event */
    clicked(event) {
      const item = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest('[data-act]'));
      const act = item?.dataset.act;
      if (!item || !act) return;
      const label = item.textContent ?? '';
      const link = item.getAttribute('href') ?? '';
      if (act === 'reply') startReply(this.id, `${label} ${this.author}`, lineOf(this.row));
      else if (act === 'edit' && this.typed !== null) startEdit(this.id, label, this.typed);
      else if (act === 'copy' && navigator.clipboard) void navigator.clipboard.writeText(item.dataset.copy ?? '');
      else if (act === 'link' && navigator.clipboard) void navigator.clipboard.writeText(new URL(link, location.href).href);
      else return;
      event.preventDefault();
      this.close();
      if (item.dataset.done) toast(item.dataset.done);
    }

    /** @param {SubmitEvent} event */
    async submitted(event) {
      event.preventDefault();
      const form = /** @type {HTMLFormElement} */ (event.target);
      const button = form.querySelector('button');
      const call = form.dataset.call ?? '';
      const fields = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)));
      this.close();
      const problem = await post(call, fields);
      if (problem) return toast(problem);
      const { again, done, undo } = button?.dataset ?? {};
      if (again && this.typed !== null && this.row) offerAgain(this.row, again, this.typed);
      if (done && undo && fields.on === 'true') {
        toast(done, undo, () => void post(call, { ...fields, on: 'false' }).then(why => why && toast(why)));
      }
    }
  }

  /** Where something was taken back, its author can write it anew. @param {Element} row @param {string} label @param {string} text */
  function offerAgain(row, label, text) {
    const button = /** @type {HTMLButtonElement} */ (element('button', 'said-tool said-again', label));
    button.type = 'button';
    button.onclick = () => {
      button.remove();
      write(text);
    };
    const show = () => row.matches('.recalled') && (watch.disconnect(), row.append(button));
    const watch = new MutationObserver(show);
    watch.observe(row, { attributes: true, childList: true });
    show();
    setTimeout(() => {
      watch.disconnect();
      button.remove();
    }, AGAIN_MS);
  }

  /** The first line of what a row says. @param {Element | null} row */
  function lineOf(row) {
    return /** @type {HTMLElement | null} */ (row?.querySelector('.bubble'))?.innerText.split('\n')[0] ?? '';
  }

  /** Who said it: the name stands over the first of several. @param {Element | null} row */
  function nameOf(row) {
    for (let at = row; at; at = at.previousElementSibling) {
      const name = at.querySelector('.said-name');
      if (name) return name.textContent ?? '';
    }
    return '';
  }

  // Answering and changing.

  /** Puts a text where one writes, as if it was typed. @param {string} text */
  function write(text) {
    const field = composer();
    if (!field) return;
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.focus();
    field.setSelectionRange(text.length, text.length);
  }

  /** @param {'reply' | 'edit'} kind @param {string} id @param {string} title @param {string} line */
  function begin(kind, id, title, line) {
    endMode();
    const field = composer();
    if (!field?.form) return;
    const words = element('p', '', element('strong', '', title), ' ', element('bdi', '', line));
    const close = /** @type {HTMLButtonElement} */ (element('button', 'button button-quiet', '×'));
    close.type = 'button';
    close.setAttribute('aria-label', field.form.dataset.cancel ?? '');
    close.onclick = () => endMode();
    const bar = element('div', 'composer-about', words, close);
    bar.setAttribute('role', 'status');
    field.form.before(bar);
    mode = { kind, id, bar, draft: kind === 'edit' ? field.value : '' };
    field.focus();
  }

  /** @param {string} id @param {string} title @param {string} line */
  function startReply(id, title, line) {
    begin('reply', id, title, line);
    composer()?.setAttribute('data-reply', id);
  }

  /** @param {string} id @param {string} title @param {string} typed */
  function startEdit(id, title, typed) {
    begin('edit', id, title, '');
    write(typed);
  }

  /** Back to what was being written before. */
  function endMode() {
    if (!mode) return;
    const { kind, bar, draft } = mode;
    mode = null;
    bar.remove();
    composer()?.removeAttribute('data-reply');
    if (kind === 'edit') write(draft);
  }

  /** The page is about to send what was written. @param {Event} event */
  function says(event) {
    closeNames();
    if (mode?.kind === 'reply') return endMode();
    if (!mode) return;
    event.preventDefault();
    const edited = mode;
    const text = composer()?.value ?? '';
    void post('edit-message', { room: room(), message: edited.id, text }).then(problem => {
      if (problem) toast(problem);
      if (mode === edited && !problem) endMode();
    });
  }

  /** Changes what one said last. */
  async function editLast() {
    const own = document.querySelectorAll('.lines > .said-mine:not(.said-pending) [data-act=more]');
    const last = own[own.length - 1]?.getAttribute('href');
    const page = last && (await fetchPage(last).catch(() => null));
    const typed = page && /** @type {HTMLTextAreaElement | null} */ (page.querySelector('#edit textarea'));
    const title = page && page.querySelector('[data-act=edit]')?.textContent;
    if (typed && title && composer()?.value === '') startEdit(idIn(last), title, typed.value);
  }

  // Names behind an `@`.

  /** What stands between an `@` and the cursor, and where it begins. */
  function typedName() {
    const field = composer();
    if (!field || field.selectionStart !== field.selectionEnd) return null;
    const before = field.value.slice(0, field.selectionStart);
    const found = /(?<![A-Za-z0-9._-])@([^\s@]{0,32})$/u.exec(before);
    return found && { start: found.index, typed: found[1] };
  }

  function suggest() {
    const now = ++asked;
    if (composing || !typedName()) return closeNames();
    setTimeout(() => void showNames(now), SUGGEST_MS);
  }

  /** @param {number} now */
  async function showNames(now) {
    const name = typedName();
    if (now !== asked || !name) return;
    const headers = { accept: 'application/json' };
    const body = new URLSearchParams({ room: room(), typed: name.typed });
    const answer = await fetch('/call/suggest-mentions', { method: 'POST', headers, body }).catch(() => null);
    /** @type {Suggestion[]} */
    const items = answer?.ok ? await answer.json() : [];
    if (now !== asked || !Array.isArray(items)) return;
    closeNames();
    const field = composer();
    if (!items.length || !field?.form) return;
    const list = element('ul', 'completion', ...items.map(option));
    list.id = 'mention-list';
    list.setAttribute('role', 'listbox');
    field.form.append(list);
    field.setAttribute('aria-autocomplete', 'list');
    field.setAttribute('aria-controls', list.id);
    names = { list, start: name.start, at: 0, items };
    mark();
  }

  /** @param {Suggestion} item @param {number} at */
  function option({ label, note }, at) {
    const made = element('li', '', element('bdi', '', label), ' ', element('span', 'row-note', note));
    made.id = `mention-${at}`;
    made.setAttribute('role', 'option');
    made.addEventListener('mousedown', event => {
      event.preventDefault();
      choose(at);
    });
    return made;
  }

  function mark() {
    if (!names) return;
    for (const [at, item] of [...names.list.children].entries()) item.setAttribute('aria-selected', String(at === names.at));
    composer()?.setAttribute('aria-activedescendant', `mention-${names.at}`);
  }

  function closeNames() {
    if (!names) return;
    names.list.remove();
    names = null;
    for (const name of ['aria-activedescendant', 'aria-controls', 'aria-autocomplete']) composer()?.removeAttribute(name);
  }

  /** @param {number} at */
  function choose(at) {
    const field = composer();
    if (!names || !field) return;
    field.setRangeText(`@${names.items[at].insert} `, names.start, field.selectionStart, 'end');
    closeNames();
    asked++;
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.focus();
  }

  /** Before the page hears of the key. @param {KeyboardEvent} event */
  function keyInComposer(event) {
    const plain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey;
    if (!plain || composing || event.isComposing) return;
    const confirms = event.key === 'Enter' && event.timeStamp - composed <= GRACE_MS;
    if (names && !confirms && keyInNames(event.key)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (event.key === 'Escape' && mode) {
      event.preventDefault();
      endMode();
    } else if (event.key === 'ArrowUp' && !mode && composer()?.value === '') {
      void editLast();
    }
  }

  /** Whether the key was for the list. @param {string} key */
  function keyInNames(key) {
    if (!names) return false;
    const { at, items } = names;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      names.at = (at + (key === 'ArrowDown' ? 1 : -1) + items.length) % items.length;
      mark();
    } else if (key === 'Enter' || key === 'Tab') {
      choose(at);
    } else if (key === 'Escape') {
      closeNames();
      asked++;
    } else {
      return false;
    }
    return true;
  }

  // Where it all begins: the page draws rows anew as it likes.

  /** @param {Event} event @param {string} what */
  const at = (event, what) => /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest?.(what));

  addEventListener('click', event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const tool = at(event, '.said-tool[data-act]');
    const reaction = at(event, '.reaction[data-emoji]');
    const quote = at(event, '.quote[data-seq]');
    const there = quote && document.getElementById(`m${quote.dataset.seq}`);
    if (!tool && !reaction && !there) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const path = (tool ?? reaction)?.getAttribute('href') ?? '';
    if (tool?.dataset.act === 'reply') {
      const row = tool.closest('li');
      startReply(idIn(path), `${tool.title} ${nameOf(row)}`, lineOf(row));
    } else if (tool) {
      void openMenu(tool, path);
    } else if (reaction) {
      const on = String(reaction.getAttribute('aria-pressed') !== 'true');
      const fields = { room: room(), message: idIn(path), emoji: reaction.dataset.emoji ?? '', on };
      void post('react-message', fields).then(problem => problem && toast(problem));
    } else if (there) {
      there.scrollIntoView({ block: 'center' });
      there.classList.add('said-sought');
      there.addEventListener('animationend', () => there.classList.remove('said-sought'), { once: true });
    }
  }, true);

  addEventListener('keydown', event => {
    if (at(event, '#composer')) keyInComposer(event);
    const reaction = event.key === ' ' && at(event, '.reaction[data-emoji]');
    if (reaction) {
      event.preventDefault();
      reaction.click();
    }
  }, true);

  addEventListener('say', says);
  addEventListener('input', event => at(event, '#composer') && suggest());
  addEventListener('focusout', event => at(event, '#composer') && closeNames());
  addEventListener('compositionstart', () => (composing = true), true);
  addEventListener('compositionend', event => {
    composing = false;
    composed = event.timeStamp;
    suggest();
  }, true);

  // A finger that rests on a message.
  addEventListener('pointerdown', event => {
    const more = event.pointerType === 'touch' && at(event, '.said')?.querySelector('[data-act=more]');
    clearTimeout(press.timer);
    if (!more) return;
    const timer = setTimeout(() => void openMenu(more, more.getAttribute('href') ?? ''), LONG_PRESS_MS);
    press = { timer, x: event.clientX, y: event.clientY };
  });
  addEventListener('pointermove', event => {
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) > SHAKE_PX) clearTimeout(press.timer);
  });
  for (const end of ['pointerup', 'pointercancel', 'scroll']) {
    addEventListener(end, () => clearTimeout(press.timer), { capture: true, passive: true });
  }
})();
