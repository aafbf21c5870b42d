// @ts-check
// The sheet that names the keys of a room, and the choice what Enter does; or the keys of a queue. Loaded
// by composer.js or queue.js when it is first asked for, and by the account page, which has the choice too.
(() => {
  const isChinese = document.documentElement.lang.startsWith('zh');
  /** @param {string} zh @param {string} en */
  const pick = (zh, en) => (isChinese ? zh : en);
  const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
  const ctrl = isMac ? '⌘' : 'Ctrl';

  const byCtrl = () => {
    try {
      return localStorage.getItem('enter') === 'ctrl';
    } catch {
      return document.documentElement.dataset.enter === 'ctrl';
    }
  };
  /** @param {boolean} ctrl */
  const choose = (ctrl) => {
    if (ctrl) document.documentElement.dataset.enter = 'ctrl';
    else delete document.documentElement.dataset.enter;
    try {
      localStorage.setItem('enter', ctrl ? 'ctrl' : '');
    } catch {
      // Then it holds for this page.
    }
  };

  const inQueue = () => document.querySelector('[data-queue]') !== null;
  const queueKeys = () => [
    [['J', 'K'], pick('下一条、上一条', 'The next one, the one before')],
    [['A'], pick('通过；举报则标为已处理', 'Approve; of a report: mark as resolved')],
    [['D'], pick('拒绝；举报则撤回那条消息', 'Decline; of a report: recall the message')],
    [['M'], pick('拒绝或处理，并把作者禁言 10 分钟', 'Decline or resolve, and mute the author for 10 minutes')],
    [[ctrl, 'K'], pick('去另一个房间，按名称或拼音首字母', 'Go to another room, by its name')],
    [[ctrl, '/'], pick('这张表；也可以按 ?', 'This sheet; or ?')],
  ];

  const keys = () => {
    if (inQueue()) return queueKeys();
    const isCtrl = byCtrl();
    return [
      [isCtrl ? [ctrl, 'Enter'] : ['Enter'], pick('发送', 'Send')],
      [isCtrl ? ['Enter'] : ['Shift', 'Enter'], pick('换行', 'New line')],
      [['↑'], pick('输入框为空时，编辑自己的上一条消息', 'Edit your last message, while the field is empty')],
      [[':'], pick('按名字插入表情，例如 :smile:', 'An emoji by its name, such as :smile:')],
      [[ctrl, 'V'], pick('粘贴文字、图片或文件', 'Paste a text, a picture or a file')],
      [[ctrl, 'K'], pick('去另一个房间，按名称或拼音首字母', 'Go to another room, by its name')],
      [['Alt', '↑ ↓'], pick('上一个、下一个房间', 'The room before, the room after')],
      [['Alt', 'Shift', '↑ ↓'], pick('上一个、下一个有未读的房间', 'The same, with something unread')],
      [['Tab'], pick('到下一个按钮或列表', 'To the next button or list')],
      [['Esc'], pick('关闭面板', 'Close a panel')],
      [[ctrl, '/'], pick('这张表；不在输入时也可以按 ?', 'This sheet; or ?, while you are not writing')],
    ];
  };

  /** @param {string} tag @param {Record<string, string>} attributes @param {...(Node | string)} inside */
  const element = (tag, attributes, ...inside) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...inside);
    return node;
  };

  const open = () => {
    if (document.querySelector('dialog[open]')) return;
    const from = /** @type {HTMLElement | null} */ (document.activeElement);
    const list = element('dl', { class: 'keys' });
    const draw = () => {
      list.replaceChildren(
        ...keys().flatMap(([key, does]) => [element('dt', {}, ...[...key].map((one) => element('kbd', {}, one))), element('dd', {}, does)]),
      );
    };
    const box = /** @type {HTMLInputElement} */ (element('input', { type: 'checkbox', id: 'enter-ctrl' }));
    box.checked = byCtrl();
    box.onchange = () => {
      choose(box.checked);
      draw();
    };
    const enterChoice = element('label', { class: 'check', for: 'enter-ctrl' }, box, ' ', pick(`${ctrl}+Enter 发送，Enter 换行`, `${ctrl}+Enter sends, Enter makes a new line`));
    const close = element('button', { type: 'button', class: 'button button-primary' }, pick('关闭', 'Close'));
    const sheet = /** @type {HTMLDialogElement} */ (
      element(
        'dialog',
        { class: 'dialog keys-sheet', 'aria-labelledby': 'keys-title' },
        element('h2', { id: 'keys-title' }, pick('快捷键', 'Keyboard')),
        list,
        ...(inQueue() ? [] : [enterChoice]),
        element('p', { class: 'row' }, close),
      )
    );
    close.addEventListener('click', () => sheet.close());
    sheet.addEventListener('click', (event) => {
      if (event.target === sheet) sheet.close();
    });
    sheet.addEventListener('close', () => {
      sheet.remove();
      from?.focus();
    });
    draw();
    document.body.append(sheet);
    sheet.showModal();
  };

  // ---- The same choice on the account page.

  const buttons = () => /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll('[data-enter-choice] button'));
  const press = () => buttons().forEach((one) => one.setAttribute('aria-pressed', String((one.value === 'ctrl') === byCtrl())));
  document.addEventListener('click', (event) => {
    const one = /** @type {HTMLButtonElement | null | undefined} */ (/** @type {Element} */ (event.target).closest?.('[data-enter-choice] button'));
    if (!one) return;
    choose(one.value === 'ctrl');
    press();
  });
  press();

  /** @type {any} */ (window).salonHelp = { open };
})();
