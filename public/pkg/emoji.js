// @ts-check
// Emoji: the picker and `:short:` completion. Loaded by composer.js when one of them is first wanted;
// the table beside it (emoji.json) too. Each row: emoji, short names and words, Chinese words, their
// pinyin, and 1 if it comes in skin tones.
(() => {
  const isChinese = document.documentElement.lang.startsWith('zh');
  /** @param {string} zh @param {string} en */
  const pick = (zh, en) => (isChinese ? zh : en);
  const TABLE = new URL('emoji.json', /** @type {HTMLScriptElement} */ (document.currentScript).src).href;
  const TONES = ['', '🏻', '🏼', '🏽', '🏾', '🏿'];
  const COLUMNS = 8;
  const RECENT = 24;
  const GROUPS = [
    pick('表情', 'Smileys'),
    pick('人物', 'People'),
    pick('动物与自然', 'Animals and nature'),
    pick('食物', 'Food and drink'),
    pick('旅行', 'Travel and places'),
    pick('活动', 'Activities'),
    pick('物品', 'Objects'),
    pick('符号', 'Symbols'),
    pick('旗帜', 'Flags'),
  ];

  /** @typedef {{ emoji: string, names: string[], zh: string[], pinyin: string[], toned: boolean }} Emoji */
  /** @type {Promise<Emoji[][]> | undefined} */
  let table;
  const load = () => {
    table ??= fetch(TABLE)
      .then((answer) => answer.json())
      .then((/** @type {any[][][]} */ groups) =>
        groups.map((rows) =>
          rows.map(([emoji, names, zh, pinyin, toned]) => ({
            emoji,
            names: names.split(' '),
            zh: zh.split(' '),
            pinyin: pinyin.split(' '),
            toned: toned === 1,
          })),
        ),
      );
    // Without a network it is tried again the next time.
    table.catch(() => (table = undefined));
    return table;
  };

  // ---- What is remembered on this device.

  /** @param {string} key */
  const recall = (key) => {
    try {
      return localStorage.getItem(key) ?? '';
    } catch {
      return '';
    }
  };
  /** @param {string} key @param {string} value */
  const remember = (key, value) => {
    try {
      localStorage.setItem(key, value);
    } catch {
      // Then it holds for this page.
    }
  };
  const tone = () => Number(recall('emoji-tone')) || 0;
  const recents = () => recall('emoji-recent').split(' ').filter(Boolean);
  /** @param {Emoji} one */
  const toned = (one) => {
    if (!one.toned || tone() === 0) return one.emoji;
    const [first, ...rest] = [...one.emoji];
    return first + TONES[tone()] + rest.join('').replace(/^\uFE0F/, '');
  };

  // ---- Finding.

  /** The best first: by its name, then its other words, then inside of words. @param {Emoji[][]} groups @param {string} query @param {number} most */
  const find = (groups, query, most) => {
    const wanted = query.toLowerCase().replaceAll(' ', '_');
    /** @type {[number, Emoji][]} */
    const found = [];
    for (const one of groups.flat()) {
      const words = [...one.names, ...one.zh, ...one.pinyin];
      const rank =
        one.names[0] === wanted ? 0
        : one.names[0].startsWith(wanted) || one.zh[0]?.startsWith(wanted) || one.pinyin[0]?.startsWith(wanted) ? 1
        : words.some((word) => word.startsWith(wanted)) ? 2
        : words.some((word) => word.includes(wanted)) ? 3
        : 4;
      if (rank < 4) found.push([rank, one]);
    }
    return found
      .sort((a, b) => a[0] - b[0])
      .slice(0, most)
      .map(([, one]) => one);
  };

  const area = () => /** @type {HTMLTextAreaElement | null} */ (document.getElementById('composer'));

  /** Puts an emoji in the place of some of the text. @param {string} emoji @param {number} from @param {number} to */
  const insert = (emoji, from, to) => {
    const field = area();
    if (!field) return;
    field.setRangeText(emoji, from, to, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
    const list = [emoji, ...recents().filter((other) => other !== emoji)].slice(0, RECENT);
    remember('emoji-recent', list.join(' '));
  };

  /** @param {string} tag @param {Record<string, string>} attributes @param {...(Node | string)} inside */
  const element = (tag, attributes, ...inside) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...inside);
    return node;
  };

  // ---- The picker.

  /** @type {HTMLElement | null} */
  let panel = null;

  const close = () => {
    panel?.remove();
    panel = null;
    document.querySelector('.composer-emoji')?.setAttribute('aria-expanded', 'false');
    area()?.focus();
  };

  const open = async () => {
    if (panel) return close();
    const field = area();
    const form = field?.form;
    if (!field || !form) return;
    document.querySelector('.composer-emoji')?.setAttribute('aria-expanded', 'true');
    const search = /** @type {HTMLInputElement} */ (
      element('input', { type: 'search', class: 'emoji-search', placeholder: pick('搜索表情', 'Search emoji'), 'aria-label': pick('搜索表情', 'Search emoji'), autocomplete: 'off' })
    );
    const grid = element('div', { role: 'grid', class: 'emoji-grid', 'aria-label': pick('表情', 'Emoji') });
    const tones = element('div', { class: 'emoji-tones', role: 'radiogroup', 'aria-label': pick('肤色', 'Skin tone') });
    const here = (panel = element('div', { class: 'emoji-panel', role: 'dialog', 'aria-label': pick('表情', 'Emoji') }, search, grid, tones));
    form.before(here);
    search.focus();
    let groups;
    try {
      groups = await load();
    } catch {
      grid.append(element('p', { class: 'emoji-none', role: 'status' }, pick('没能加载，请稍后再试。', 'It could not be loaded. Try again in a moment.')));
      return;
    }
    if (panel !== here) return;
    /** @type {Map<string, Emoji>} */
    const known = new Map(groups.flat().map((one) => [one.emoji, one]));

    /** @param {Emoji | string} one */
    const cell = (one) => {
      const emoji = typeof one === 'string' ? one : toned(one);
      const words = typeof one === 'string' ? known.get(one) : one;
      const label = words ? pick(words.zh[0] || words.names[0], words.names[0].replaceAll('_', ' ')) : emoji;
      return element('button', { type: 'button', role: 'gridcell', tabindex: '-1', class: 'emoji', 'aria-label': label, title: label, 'data-emoji': emoji }, emoji);
    };
    /** @param {string} title @param {(Emoji | string)[]} list */
    const group = (title, list) => {
      const box = element('div', { role: 'rowgroup', class: 'emoji-group', 'aria-label': title }, element('p', { class: 'emoji-title', 'aria-hidden': 'true' }, title));
      for (let i = 0; i < list.length; i += COLUMNS) {
        box.append(element('div', { role: 'row', class: 'emoji-row' }, ...list.slice(i, i + COLUMNS).map(cell)));
      }
      return box;
    };
    const draw = () => {
      const query = search.value.trim();
      const found = query ? find(groups, query, 64) : [];
      const none = element('p', { class: 'emoji-none', role: 'status' }, pick('没有找到', 'Nothing found'));
      if (query) grid.replaceChildren(found.length > 0 ? group(pick('结果', 'Results'), found) : none);
      else {
        const recent = recents();
        grid.replaceChildren(
          ...(recent.length > 0 ? [group(pick('最近使用', 'Recent'), recent)] : []),
          ...groups.map((list, i) => group(GROUPS[i] ?? '', list)),
        );
      }
      // One way in by Tab; arrows from there.
      grid.querySelector('.emoji')?.setAttribute('tabindex', '0');
      grid.scrollTop = 0;
    };
    const drawTones = () => {
      tones.replaceChildren(
        ...TONES.map((skin, i) => {
          const names = pick('默认 浅 较浅 中等 较深 深', 'default light medium-light medium medium-dark dark').split(' ');
          const one = /** @type {HTMLButtonElement} */ (
            element('button', { type: 'button', role: 'radio', class: 'emoji', 'aria-checked': String(tone() === i), 'aria-label': names[i], title: names[i] }, `✋${skin}`)
          );
          one.onclick = () => {
            remember('emoji-tone', String(i));
            drawTones();
            draw();
            /** @type {HTMLElement} */ (tones.children[i]).focus();
          };
          return one;
        }),
      );
    };
    /** @param {HTMLElement | null | undefined} to */
    const focus = (to) => {
      if (!to) return;
      grid.querySelectorAll('.emoji[tabindex="0"]').forEach((other) => other.setAttribute('tabindex', '-1'));
      to.setAttribute('tabindex', '0');
      to.focus();
    };
    /** @param {HTMLElement} cell @param {number} rows */
    const inRow = (cell, rows) => {
      const all = [...grid.querySelectorAll('.emoji-row')];
      const row = /** @type {Element} */ (cell.parentElement);
      const next = all[all.indexOf(row) + rows];
      const column = [...row.children].indexOf(cell);
      return /** @type {HTMLElement | null} */ (next?.children[Math.min(column, next.children.length - 1)] ?? null);
    };
    const first = () => /** @type {HTMLElement | null} */ (grid.querySelector('.emoji'));
    grid.addEventListener('click', (event) => {
      const chosen = /** @type {HTMLElement} */ (event.target).closest('[data-emoji]');
      const emoji = chosen?.getAttribute('data-emoji');
      if (emoji) {
        insert(emoji, field.selectionStart, field.selectionEnd);
        close();
      }
    });
    here.addEventListener('keydown', (event) => {
      const at = /** @type {HTMLElement} */ (event.target);
      event.stopPropagation();
      if (event.key === 'Escape') return close();
      if (at === search) {
        if (event.isComposing) return;
        if (event.key === 'ArrowDown') focus(first());
        else if (event.key === 'Enter' && search.value.trim()) first()?.click();
        else return;
        return event.preventDefault();
      }
      if (at.getAttribute('role') !== 'gridcell') return;
      const all = /** @type {HTMLElement[]} */ ([...grid.querySelectorAll('.emoji')]);
      const i = all.indexOf(at);
      /** @type {Record<string, () => HTMLElement | null | undefined>} */
      const moves = {
        ArrowRight: () => all[i + 1],
        ArrowLeft: () => all[i - 1],
        ArrowDown: () => inRow(at, 1),
        ArrowUp: () => inRow(at, -1) ?? search,
        Home: () => /** @type {HTMLElement} */ (at.parentElement?.firstElementChild),
        End: () => /** @type {HTMLElement} */ (at.parentElement?.lastElementChild),
      };
      const move = moves[event.key];
      if (!move) return;
      event.preventDefault();
      const to = move();
      if (to === search) search.focus();
      else focus(to);
    });
    search.addEventListener('input', draw);
    draw();
    drawTones();
  };

  document.addEventListener('pointerdown', (event) => {
    const at = /** @type {Element} */ (event.target);
    if (panel && !panel.contains(at) && !at.closest('.composer-emoji')) close();
  });

  // ---- `:short:` and its suggestions.

  /** What is being named before the caret. A time such as 12:30 is none: no digit stands before. */
  const NAMED = /(?:^|[^\p{L}\p{N}:：]|\p{Script=Han})[:：]((?:[\p{L}_+-])[\p{L}\p{N}_+-]{0,24})([:：])?$/u;
  /** @type {{ list: HTMLElement, options: { emoji: string }[], at: number, from: number } | null} */
  let offered = null;

  const dismiss = () => {
    offered?.list.remove();
    offered = null;
    area()?.removeAttribute('aria-activedescendant');
    area()?.removeAttribute('aria-controls');
  };

  /** @param {number} at */
  const mark = (at) => {
    if (!offered) return;
    offered.at = (at + offered.options.length) % offered.options.length;
    [...offered.list.children].forEach((one, i) => one.setAttribute('aria-selected', String(i === offered?.at)));
    area()?.setAttribute('aria-activedescendant', `emoji-option-${offered.at}`);
  };

  /** @param {number} i */
  const accept = (i) => {
    const field = area();
    if (!offered || !field) return;
    const { options, from } = offered;
    dismiss();
    insert(options[i].emoji, from, field.selectionStart);
    field.focus();
  };

  const complete = async () => {
    const field = area();
    if (!field) return;
    const before = field.value.slice(0, field.selectionStart);
    const named = NAMED.exec(before);
    if (!named || (named[1].length < 2 && !/\p{Script=Han}/u.test(named[1]))) return dismiss();
    const [, word, closed] = named;
    const groups = await load().catch(() => null);
    // Somebody typed on meanwhile.
    if (!groups || field.value.slice(0, field.selectionStart) !== before) return;
    const from = before.length - word.length - 1 - (closed ? 1 : 0);
    if (closed) {
      dismiss();
      const exact = groups.flat().find((one) => one.names.includes(word.toLowerCase()) || one.zh[0] === word);
      if (exact) insert(toned(exact), from, before.length);
      return;
    }
    const found = find(groups, word, 6);
    dismiss();
    if (found.length === 0) return;
    const options = found.map((one) => ({ emoji: toned(one) }));
    const list = element('ul', { role: 'listbox', id: 'emoji-options', class: 'emoji-options', 'aria-label': pick('表情建议', 'Emoji suggestions') });
    found.forEach((one, i) => {
      const label = pick(one.zh[0] || one.names[0], `:${one.names[0]}:`);
      const option = element('li', { role: 'option', id: `emoji-option-${i}` }, `${toned(one)} ${label}`);
      // Before the field loses the focus.
      option.addEventListener('pointerdown', (event) => {
        event.preventDefault();
        accept(i);
      });
      list.append(option);
    });
    field.form?.before(list);
    offered = { list, options, at: 0, from };
    field.setAttribute('aria-controls', 'emoji-options');
    mark(0);
  };

  // Before the page's own keys: what is chosen from the list is not sent.
  window.addEventListener(
    'keydown',
    (event) => {
      if (!offered || event.target !== area() || event.isComposing) return;
      const { at } = offered;
      if (event.key === 'ArrowDown') mark(at + 1);
      else if (event.key === 'ArrowUp') mark(at - 1);
      else if (event.key === 'Tab' || event.key === 'Enter') accept(at);
      else if (event.key === 'Escape') dismiss();
      else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    },
    true,
  );
  document.addEventListener('focusout', (event) => {
    if (event.target === area()) dismiss();
  });

  /** @type {any} */ (window).salonEmoji = { open, complete };
})();
