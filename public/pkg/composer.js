// @ts-check
// What the composer has beyond its text. A page loads this for people with an account only.
//
// Files: chosen, pasted or dropped anywhere; sent in parts, kept in the browser until they are whole,
// so that a cut, a reload or a closed tab loses nothing. The page reads those that can be sent from
// `#composer-files` (JSON) and says `taken` there once they are (app/src/parts/extras.rs).
(() => {
  const PART = 2 * 1024 * 1024;
  /** So many travel at the same time. */
  const AT_ONCE = 2;
  /** Of one message. */
  const MOST = 10;
  /** Photos are made smaller than this before they travel; longest side in pixels. */
  const SIDE = 2_560;
  /** A longer text is offered to be sent as a file; characters. */
  const LONG = 2_000;
  const isChinese = document.documentElement.lang.startsWith('zh');
  /** @param {string} zh @param {string} en */
  const pick = (zh, en) => (isChinese ? zh : en);

  /**
   * @typedef {{ key: string, person: string, room: string, order: number, file: File, blob?: string, sent: number,
   *   alt?: string, whole?: object, why?: string, again?: boolean, busy?: boolean, request?: XMLHttpRequest, row?: HTMLElement }} Item
   */
  /** @type {Item[]} */
  let items = [];
  let running = 0;

  const tray = () => /** @type {HTMLElement | null} */ (document.querySelector('#tray'));
  const area = () => /** @type {HTMLTextAreaElement | null} */ (document.getElementById('composer'));
  const field = () => /** @type {HTMLInputElement | null} */ (document.getElementById('composer-files'));
  const here = () => {
    const { person, room } = tray()?.dataset ?? {};
    return items.filter((item) => item.person === person && item.room === room).sort((a, b) => a.order - b.order);
  };

  /** @param {string} tag @param {Record<string, string>} [attributes] @param {...(Node | string)} inside */
  const element = (tag, attributes = {}, ...inside) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...inside);
    return node;
  };

  /** @param {number} n */
  const bytes = (n) => {
    if (n < 1_024) return `${n} B`;
    if (n < 1_048_576) return `${Math.ceil(n / 1_024)} KB`;
    return `${Math.floor((n * 10) / 1_048_576) / 10} MB`;
  };

  // ---- What is kept in the browser. Where that fails, as in some private windows, only a reload is not survived.

  const store = new Promise((resolve) => {
    const request = indexedDB.open('salon-uploads', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('files', { keyPath: 'key' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
  }).catch(() => null);

  /** @param {(files: IDBObjectStore) => IDBRequest} ask @param {IDBTransactionMode} mode */
  const kept = async (ask, mode) => {
    const db = await store;
    if (!db) return [];
    return new Promise((resolve) => {
      try {
        const request = ask(db.transaction('files', mode).objectStore('files'));
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => resolve([]);
      } catch {
        resolve([]);
      }
    });
  };

  /** @param {Item} item */
  const keep = ({ key, person, room, order, file, blob, whole, alt }) =>
    kept((files) => files.put({ key, person, room, order, file, blob, whole, alt, sent: 0 }), 'readwrite');
  /** @param {Item} item */
  const forget = (item) => kept((files) => files.delete(item.key), 'readwrite');

  // ---- Refusals in words, as the page says them.

  /** @param {any} problem @param {Item} item */
  const words = (problem, item) => {
    const limit = bytes(problem.limit ?? 0);
    const fault = problem.rule?.fault;
    switch (problem.code) {
      case 'too_large':
        return pick(`最大 ${limit}，这个 ${bytes(item.file.size)}。`, `Limit ${limit}, this one is ${bytes(item.file.size)}.`);
      case 'full':
        return pick(`空间不够了：文件一共最多 ${limit}。`, `No space left: files may have ${limit} together.`);
      case 'no_files':
        return pick('这个房间只有主持人能发送文件。', 'Only hosts can send files in this room.');
      case 'sign_in_needed':
        return pick('请先登录，再试一次。', 'Sign in first, then try again.');
      case 'muted':
      case 'slow':
      case 'members_only':
      case 'hosts_only':
      case 'shut':
      case 'not_allowed':
        return pick('你现在不能在这里发送。', 'You cannot send anything here at the moment.');
      case 'too_fast':
        return pick('太快了，请稍后再试。', 'Too many files at once. Try again in a moment.');
      case 'unavailable':
        return pick('现在连不上服务器。', 'The server cannot be reached right now.');
    }
    if (problem.rule?.rule === 'empty') return pick('这个文件是空的。', 'This file is empty.');
    if (fault === 'too_many_bytes') {
      return pick(`图片最大 20 MB，这张 ${bytes(item.file.size)}。`, `Limit 20 MB for a picture, this one is ${bytes(item.file.size)}.`);
    }
    if (fault === 'too_many_pixels') return pick('图片太大了，最多 3,200 万像素。', 'Too many pixels; the limit is 32 million.');
    if (fault) return pick('图片已损坏，读不完整。', 'The picture is damaged and cannot be read to its end.');
    return pick('没能上传。', 'It could not be uploaded.');
  };

  // ---- One file.

  /** @param {Item} item @param {string} method @param {string} path @param {Blob | string | null} body @param {Record<string, string>} headers */
  const ask = (item, method, path, body, headers = {}) =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      item.request = request;
      request.open(method, `/upload/files/${item.room}${path}`);
      request.setRequestHeader('accept', 'application/json');
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      const before = item.sent;
      request.upload.onprogress = (event) => {
        if (method === 'PUT') show(item, before + event.loaded);
      };
      request.onloadend = () => {
        let answer = {};
        try {
          answer = JSON.parse(request.responseText);
        } catch {
          // Nothing, or a page of a proxy.
        }
        resolve({ status: request.status, answer });
      };
      request.send(body);
    });

  /** @param {Blob} part */
  const sum = async (part) => {
    // Only where the page is safe from listeners.
    if (!crypto.subtle) return {};
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await part.arrayBuffer()));
    return { 'x-part-sum': [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('') };
  };

  /** @param {number} ms */
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  /** Sends it to its end. @param {Item} item */
  const send = async (item) => {
    if (item.blob) {
      const { status, answer } = await ask(item, 'GET', `/${item.blob}`, null);
      if (status === 404) item.blob = undefined;
      else if (status !== 200) return refused(item, status, answer);
      else take(item, answer);
    }
    if (!item.blob) {
      const what = JSON.stringify({ name: item.file.name, bytes: item.file.size });
      const { status, answer } = await ask(item, 'POST', '', what, { 'content-type': 'application/json' });
      if (status !== 201) return refused(item, status, answer);
      take(item, answer);
      await keep(item);
    }
    while (!item.whole && items.includes(item)) {
      const part = item.file.slice(item.sent, item.sent + PART);
      let headers = {};
      try {
        headers = await sum(part);
      } catch {
        return failed(item, pick('文件读不到了，请重新选择。', 'The file cannot be read any more. Choose it again.'), false);
      }
      const { status, answer } = await ask(item, 'PUT', `/${item.blob}?at=${item.sent}`, part, headers);
      if (status === 200) take(item, answer);
      else if (status === 409) item.sent = answer.now;
      else if (status === 429) await pause(answer.wait_ms ?? 1_000);
      else return refused(item, status, answer);
    }
    await keep(item);
  };

  /** @param {Item} item @param {any} answer */
  const take = (item, answer) => {
    item.blob = answer.blob;
    item.sent = answer.received;
    item.whole = answer.file;
    show(item, item.sent);
  };

  /** @param {Item} item @param {number} status @param {any} answer */
  const refused = (item, status, answer) => {
    if (!items.includes(item)) return;
    const isCut = status === 0 || status >= 500;
    const lost = pick('没有传完，网络断了。', 'The upload was cut off by the network.');
    failed(item, status === 0 ? lost : words(answer, item), isCut || status === 429 || status === 401);
    if (answer.code === 'not_found' || (status === 422 && item.blob)) item.blob = undefined;
  };

  /** @param {Item} item @param {string} why @param {boolean} again */
  const failed = (item, why, again) => {
    item.why = why;
    item.again = again;
    if (!again) void forget(item);
  };

  /** Begins with what waits, a few at a time. */
  const pump = () => {
    for (const item of items) {
      if (running >= AT_ONCE) break;
      if (item.busy || item.whole || item.why) continue;
      item.busy = true;
      running += 1;
      const run = async () => {
        await send(item);
      };
      // One tab sends it; the others wait and then see that it is whole. A frame in another site's page
      // shares nothing with other tabs, and is refused locks where third parties may keep nothing.
      const alone = async () => {
        if (!navigator.locks) return run();
        return navigator.locks.request(`upload-${item.key}`, run).catch((cause) => {
          if (cause?.name !== 'SecurityError') throw cause;
          return run();
        });
      };
      void alone()
        .catch(() => failed(item, pick('没能上传。', 'It could not be uploaded.'), true))
        .then(() => {
          item.busy = false;
          running -= 1;
          show(item, item.sent);
          pump();
        });
    }
    tell();
  };

  /** Tells the page what it can send: nothing while something is on its way. */
  const tell = () => {
    const to = field();
    if (!to) return;
    const all = here();
    const isDone = all.every((item) => item.whole || item.why);
    const files = all.flatMap((item) => (item.whole ? { ...item.whole, alt: item.alt ?? '' } : [])).slice(0, MOST);
    to.value = isDone && files.length > 0 ? JSON.stringify(files) : '';
    to.form?.toggleAttribute('data-uploading', !isDone);
  };

  // ---- Photos: upright, smaller, without what a phone writes into them.

  /** @param {File} file */
  const isHeic = (file) => /heic|heif/i.test(file.type) || /\.hei[cf]$/i.test(file.name);

  /** @param {File} file @returns {Promise<File>} */
  const lighter = async (file) => {
    const heic = isHeic(file);
    if (file.type !== 'image/jpeg' && !heic) return file;
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
      if (scale === 1 && !heic) return file;
      const canvas = document.createElement('canvas');
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
      return blob ? new File([blob], file.name.replace(/\.[^.]*$/, '') + '.jpg', { type: 'image/jpeg' }) : file;
    } catch {
      // The browser cannot read it: it goes as it is.
      return file;
    }
  };

  /** Why a photo is none for most who get it; nothing for what browsers show. @param {File} file */
  const unseen = (file) =>
    isHeic(file)
      ? pick('HEIC 照片，多数浏览器显示不了，会作为文件发送。想直接显示，请先转成 JPEG。', 'Most browsers cannot show HEIC photos: it goes as a file. Convert it to JPEG to have it shown.')
      : undefined;

  /** @param {Iterable<File>} files */
  const add = async (files) => {
    const { person = '', room = '', refuses } = tray()?.dataset ?? {};
    const from = Date.now();
    const fresh = [...files].map((file, i) => ({ file, order: from + i / 1_000 }));
    for (const { file, order } of fresh) {
      const item = /** @type {Item} */ ({ key: `${order}-${Math.random()}`, person, room, order, file, sent: 0, busy: true });
      const isMore = here().filter((other) => !other.why).length >= MOST;
      items.push(item);
      draw();
      if (refuses || isMore) {
        item.busy = false;
        failed(item, refuses ?? pick(`一条消息最多 ${MOST} 个文件。`, `At most ${MOST} files in one message.`), false);
        show(item, 0);
        continue;
      }
      item.file = await lighter(file);
      await keep(item);
      item.busy = false;
      draw();
      pump();
    }
  };

  /** @param {Item} item */
  const remove = (item) => {
    items = items.filter((other) => other !== item);
    item.request?.abort();
    void forget(item);
    if (item.blob) void fetch(`/upload/files/${item.room}/${item.blob}`, { method: 'DELETE' }).catch(() => undefined);
    item.row?.remove();
    draw();
    pump();
    area()?.focus();
  };

  /** Puts it before or behind its neighbour. @param {Item} item @param {number} step @param {HTMLElement} by */
  const move = (item, step, by) => {
    const all = here();
    const at = all.indexOf(item);
    const other = all[at + step];
    if (!other) return;
    [item.order, other.order] = [other.order, item.order];
    for (const one of [item, other]) void keep(one);
    if (step < 0) other.row?.before(/** @type {Node} */ (item.row));
    else other.row?.after(/** @type {Node} */ (item.row));
    draw();
    // What moves in the page loses the focus; at an end the button does not work any more.
    const still = /** @type {HTMLButtonElement} */ (by).disabled ? item.row?.querySelector(`.tray-moves button:not(:disabled)`) : by;
    /** @type {HTMLElement | null | undefined} */ (still)?.focus();
    said().textContent = pick(`${item.file.name}：第 ${at + step + 1} 个，共 ${all.length} 个`, `${item.file.name}: ${at + step + 1} of ${all.length}`);
    tell();
  };

  /** Where what happened is said aloud. */
  const said = () => {
    const known = document.querySelector('#tray-said');
    if (known) return known;
    const line = element('span', { id: 'tray-said', class: 'sr', role: 'status' });
    tray()?.after(line);
    return line;
  };

  // ---- What is seen of it.

  const draw = () => {
    const list = tray();
    if (!list) return;
    const all = here();
    all.forEach((item, i) => {
      item.row ??= row(item);
      if (item.row.parentElement !== list) list.append(item.row);
      const [up, down] = /** @type {NodeListOf<HTMLButtonElement>} */ (item.row.querySelectorAll('.tray-moves button'));
      if (up) up.disabled = i === 0;
      if (down) down.disabled = i === all.length - 1;
      show(item, item.sent);
    });
    list.toggleAttribute('data-many', all.length > 1);
  };

  /** What a picture shows, for those who cannot see it. @param {Item} item */
  const describing = (item) => {
    const { name } = item.file;
    const words = pick('说明图片内容，给看不见图片的人', 'Describe it for those who cannot see it');
    const field = /** @type {HTMLInputElement} */ (
      element('input', { type: 'text', class: 'tray-alt', maxlength: '300', dir: 'auto', autocomplete: 'off', placeholder: pick('说明图片内容', 'Describe the picture'), 'aria-label': `${words}: ${name}` })
    );
    field.value = item.alt ?? '';
    field.oninput = () => {
      item.alt = field.value;
      tell();
    };
    field.onchange = () => void keep(item);
    field.onkeydown = (event) => {
      if (event.key !== 'Enter' || event.isComposing) return;
      event.preventDefault();
      area()?.focus();
    };
    return field;
  };

  /** @param {Item} item */
  const moving = (item) => {
    const { name } = item.file;
    const one = (/** @type {string} */ face, /** @type {string} */ label, /** @type {number} */ step) => {
      const button = /** @type {HTMLButtonElement} */ (element('button', { type: 'button', class: 'icon-button', 'aria-label': label, title: label }, face));
      button.onclick = () => move(item, step, button);
      return button;
    };
    return element('span', { class: 'tray-moves' }, one('↑', pick(`前移 ${name}`, `Move ${name} up`), -1), one('↓', pick(`后移 ${name}`, `Move ${name} down`), 1));
  };

  /** @param {Item} item */
  const row = (item) => {
    const name = item.file.name;
    const thumb = element('span', { class: 'tray-thumb', 'aria-hidden': 'true' });
    const isPicture = item.file.type.startsWith('image/') && !isHeic(item.file);
    if (isPicture) {
      const url = URL.createObjectURL(item.file);
      const picture = /** @type {HTMLImageElement} */ (element('img', { src: url, alt: '' }));
      picture.onload = picture.onerror = () => URL.revokeObjectURL(url);
      thumb.append(picture);
    }
    const again = /** @type {HTMLButtonElement} */ (element('button', { type: 'button', class: 'button button-quiet tray-again' }, pick('重试', 'Try again')));
    again.onclick = () => {
      item.why = undefined;
      pump();
      show(item, item.sent);
    };
    const label = pick(`移除 ${name}`, `Remove ${name}`);
    const close = /** @type {HTMLButtonElement} */ (element('button', { type: 'button', class: 'icon-button tray-remove', 'aria-label': label, title: label }, '×'));
    close.onclick = () => remove(item);
    return element(
      'li',
      { class: 'tray-file' },
      thumb,
      element('span', { class: 'tray-name' }, element('bdi', {}, name), ' ', element('span', { class: 'count' }, bytes(item.file.size))),
      element('span', { class: 'tray-state' }),
      element('progress', { max: '100', 'aria-label': name }),
      ...(isPicture ? [describing(item)] : []),
      moving(item),
      again,
      close,
    );
  };

  /** @param {Item} item @param {number} sent */
  const show = (item, sent) => {
    const { row } = item;
    if (!row) return;
    const state = /** @type {HTMLElement} */ (row.querySelector('.tray-state'));
    const bar = /** @type {HTMLProgressElement} */ (row.querySelector('progress'));
    const percent = Math.min(100, Math.floor((sent / Math.max(1, item.file.size)) * 100));
    row.classList.toggle('tray-failed', Boolean(item.why));
    row.classList.toggle('tray-whole', Boolean(item.whole));
    /** @type {HTMLElement} */ (row.querySelector('.tray-again')).hidden = !item.again || !item.why;
    bar.hidden = Boolean(item.whole || item.why);
    bar.value = percent;
    // Said aloud when it is over, not on the way.
    if (item.why || item.whole) state.setAttribute('role', 'status');
    else state.removeAttribute('role');
    if (item.why) state.textContent = item.why;
    else if (item.whole) state.textContent = unseen(item.file) ?? pick('可以发送', 'Ready');
    else if (percent === 100) state.textContent = pick('处理中…', 'Processing…');
    else state.textContent = item.busy ? `${percent} % · ${bytes(Math.min(sent, item.file.size))}` : pick('等待中', 'Waiting');
    tell();
  };

  // ---- Beside the field: emoji and the sheet of keys, each loaded when it is first wanted.

  const SELF = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  /** @type {Map<string, Promise<any>>} */
  const loaded = new Map();
  /** Loads a script of ours; what it offers. @param {string} file @param {string} name */
  const script = (file, name) => {
    const known = loaded.get(file);
    if (known) return known;
    const loading = new Promise((resolve, reject) => {
      const one = document.createElement('script');
      one.src = new URL(file, SELF).href;
      one.onload = () => resolve(/** @type {any} */ (window)[name]);
      one.onerror = () => {
        loaded.delete(file);
        reject(new Error(file));
      };
      document.documentElement.append(one);
    });
    loaded.set(file, loading);
    return loading;
  };
  const emoji = () => script('emoji.js', 'salonEmoji');
  const help = () => void script('help.js', 'salonHelp').then((sheet) => sheet.open(), () => undefined);

  const tools = () => {
    const box = document.querySelector('.composer-tools');
    if (!box || box.firstChild) return;
    const button = (/** @type {string} */ kind, /** @type {string} */ face, /** @type {string} */ label, /** @type {() => void} */ act) => {
      const one = /** @type {HTMLButtonElement} */ (element('button', { type: 'button', class: `icon-button composer-${kind}`, 'aria-label': label, title: label }, face));
      one.onclick = act;
      return one;
    };
    const smile = button('emoji', '☺', pick('表情', 'Emoji'), () => void emoji().then((picker) => picker.open(), () => undefined));
    smile.setAttribute('aria-expanded', 'false');
    smile.setAttribute('aria-haspopup', 'dialog');
    box.append(smile, button('help', '?', pick('快捷键', 'Keyboard'), help));
  };

  document.addEventListener('keydown', (event) => {
    const at = /** @type {HTMLElement} */ (event.target);
    const isText = at.matches?.('input, textarea, select, [contenteditable]');
    const asked = (event.key === '/' && (event.ctrlKey || event.metaKey)) || (event.key === '?' && !isText && !event.ctrlKey && !event.metaKey);
    if (!asked || event.isComposing || !area()) return;
    event.preventDefault();
    help();
  });

  try {
    if (localStorage.getItem('enter') === 'ctrl') document.documentElement.dataset.enter = 'ctrl';
  } catch {
    // Enter sends.
  }

  // ---- The draft, on every device. This browser keeps it by itself too (app/src/live/drafts.rs); here it goes to
  // the server when the writer pauses, and comes from there when they look at this page again.

  const DRAFT_MS = 1_000;
  let isComposing = false;
  let saving = 0;

  /** What this device and the server had in common last. */
  const common = () => {
    const { person, room } = tray()?.dataset ?? {};
    const key = `draft/${person}/${room}`;
    return {
      /** @returns {string} */
      get: () => {
        try {
          return localStorage.getItem(key) ?? '';
        } catch {
          return '';
        }
      },
      /** @param {string} text */
      set: (text) => {
        try {
          if (text) localStorage.setItem(key, text);
          else localStorage.removeItem(key);
        } catch {
          // Then the later one wins.
        }
      },
    };
  };

  /** @param {string} call @param {Record<string, string>} fields */
  const call = (call, fields) =>
    fetch(`/call/${call}`, { method: 'POST', headers: { accept: 'application/json' }, body: new URLSearchParams(fields), keepalive: true });

  const saveDraft = async () => {
    window.clearTimeout(saving);
    saving = 0;
    const [field, room, known] = [area(), tray()?.dataset.room, common()];
    if (!field || !room || field.value === known.get()) return;
    const text = field.value;
    const answer = await call('save-draft', { room, text }).catch(() => null);
    if (answer?.ok) known.set(text);
  };

  const loadDraft = async () => {
    const [field, room, known] = [area(), tray()?.dataset.room, common()];
    if (!field || !room || saving || isComposing) return;
    const answer = await call('load-draft', { room }).catch(() => null);
    if (!answer?.ok || field !== area() || saving || isComposing) return;
    const theirs = await answer.json().catch(() => null);
    if (typeof theirs !== 'string' || theirs === field.value) return;
    // Nobody wrote elsewhere since: what is here counts, and this browser may still be bringing it back.
    if (theirs === known.get()) return field.value === '' ? undefined : saveDraft();
    // What was written here and never got there is newer.
    if (field.value !== '' && field.value !== known.get()) return saveDraft();
    known.set(theirs);
    field.value = theirs;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };

  const soon = () => {
    window.clearTimeout(saving);
    saving = window.setTimeout(() => void saveDraft(), DRAFT_MS);
  };

  document.addEventListener('compositionstart', () => (isComposing = true));
  document.addEventListener('compositionend', () => (isComposing = false));
  document.addEventListener('input', (event) => {
    if (event.target !== area() || isComposing) return;
    soon();
    const field = area();
    // Only what looks like a name of an emoji is worth the table.
    if (field && /[:：][^\s:：]{1,25}[:：]?$/u.test(field.value.slice(0, field.selectionStart))) {
      void emoji().then((names) => names.complete(), () => undefined);
    } else if (loaded.has('emoji.js')) void emoji().then((names) => names.complete(), () => undefined);
  });
  document.addEventListener('focusin', tools);
  document.addEventListener('visibilitychange', () => void (document.hidden ? saving && saveDraft() : loadDraft()));
  window.addEventListener('pagehide', () => void (saving && saveDraft()));

  // ---- The ways in.

  /** @param {HTMLInputElement} input */
  const choose = (input) => {
    void add([...(input.files ?? [])]);
    // So that the same file can be chosen again.
    input.value = '';
  };
  document.addEventListener('change', (event) => {
    const input = event.target;
    if (input instanceof HTMLInputElement && input.type === 'file' && input.closest('.composer')) choose(input);
  });

  document.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!tray()) return;
    if (files.length > 0) {
      event.preventDefault();
      void add(files);
      return;
    }
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (event.target === area() && [...text].length > LONG) offer(text);
  });

  /** Offers to send a long text as a file instead. @param {string} text */
  const offer = (text) => {
    document.querySelector('.composer-offer')?.remove();
    const as = /** @type {HTMLButtonElement} */ (element('button', { type: 'button', class: 'button button-quiet' }, pick('作为文件发送', 'Send as a file')));
    const no = /** @type {HTMLButtonElement} */ (element('button', { type: 'button', class: 'button button-quiet' }, pick('留在这里', 'Keep it here')));
    const line = element('p', { class: 'composer-offer', role: 'status' }, pick('粘贴的文字很长。', 'That is a long text.'), ' ', as, no);
    no.onclick = () => line.remove();
    as.onclick = () => {
      line.remove();
      const to = area();
      if (!to) return;
      // A field has its own line ends.
      to.value = to.value.replace(text.replace(/\r\n?/g, '\n'), '');
      to.dispatchEvent(new Event('input', { bubbles: true }));
      to.focus();
      void add([new File([text], pick('文字.txt', 'text.txt'), { type: 'text/plain' })]);
    };
    tray()?.before(line);
  };

  let depth = 0;
  /** @type {HTMLElement | null} */
  let veil = null;
  /** @param {DragEvent} event @param {number} step */
  const over = (event, step) => {
    if (!tray() || !event.dataTransfer?.types.includes('Files')) return false;
    event.preventDefault();
    depth = Math.max(0, depth + step);
    if (depth > 0 && !veil) {
      const title = element('bdi', {}, tray()?.dataset.title ?? '');
      veil = element('div', { class: 'drop-veil', 'aria-hidden': 'true' }, element('p', {}, pick('松开即可发送到', 'Drop to send to'), ' ', title));
      document.body.append(veil);
    }
    if (depth === 0) {
      veil?.remove();
      veil = null;
    }
    return true;
  };
  window.addEventListener('dragenter', (event) => over(event, 1));
  window.addEventListener('dragleave', (event) => over(event, -1));
  window.addEventListener('dragover', (event) => over(event, 0));
  window.addEventListener('drop', (event) => {
    if (over(event, -1_000)) void add([...(event.dataTransfer?.files ?? [])]);
  });

  document.addEventListener(
    'taken',
    () => {
      for (const item of here().filter((item) => item.whole)) {
        items = items.filter((other) => other !== item);
        void forget(item);
        item.row?.remove();
      }
      document.querySelector('.composer-offer')?.remove();
      draw();
      tell();
      // The field is emptied right after this.
      soon();
    },
    true,
  );

  window.addEventListener('online', () => {
    for (const item of items) if (item.again) item.why = undefined;
    pump();
  });

  void (async () => {
    const found = /** @type {Item[]} */ (await kept((files) => files.getAll(), 'readonly'));
    const person = tray()?.dataset.person;
    // Those of other rooms go on too, unseen.
    for (const item of found) if (item.person === person && !items.some((other) => other.key === item.key)) items.push(item);
    draw();
    pump();
    tools();
    // Where the page came faster than this script, files may have been chosen already.
    document.querySelectorAll('.composer input[type=file]').forEach((input) => choose(/** @type {HTMLInputElement} */ (input)));
    await loadDraft();
  })();
})();
