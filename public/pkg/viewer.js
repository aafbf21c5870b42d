// @ts-check
// The pictures of a message in full, over the page: the same view, with the same keys, as that of the
// wall's (app/src/parts/lightbox.rs). Without this script each is a link to its file.
(() => {
  const isChinese = document.documentElement.lang.startsWith('zh');
  /** @param {string} zh @param {string} en */
  const pick = (zh, en) => (isChinese ? zh : en);
  /** Zoom levels; the classes `zoom-0` to `zoom-3` draw them. */
  const MAX_ZOOM = 3;
  /** So far a finger has to travel to turn the page. */
  const SWIPE_PX = 48;
  const PATHS = {
    back: 'm15 5-7 7 7 7',
    next: 'm9 5 7 7-7 7',
    less: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 5 5M8 11h6',
    more: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 5 5M8 11h6m-3-3v6',
    save: 'M12 4v11m-5-5 5 5 5-5M4 20h16',
    close: 'M6 6l12 12M18 6 6 18',
  };

  /** @param {string} tag @param {Record<string, string>} [attributes] @param {...(Node | string)} inside */
  const element = (tag, attributes = {}, ...inside) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...inside);
    return node;
  };

  /** @param {string} path */
  const icon = (path) => {
    const space = 'http://www.w3.org/2000/svg';
    const [svg, line] = [document.createElementNS(space, 'svg'), document.createElementNS(space, 'path')];
    for (const [name, value] of Object.entries({ class: 'icon', viewBox: '0 0 24 24', width: '24', height: '24', 'aria-hidden': 'true' })) {
      svg.setAttribute(name, value);
    }
    line.setAttribute('d', path);
    svg.append(line);
    return svg;
  };

  /** @param {string} kind @param {string} label @param {string} path @param {() => void} act */
  const button = (kind, label, path, act) => {
    const one = /** @type {HTMLButtonElement} */ (element('button', { type: 'button', class: kind, 'aria-label': label, title: label }, icon(path)));
    one.onclick = act;
    return one;
  };

  /** @typedef {{ href: string, moves: boolean, alt: string, width: string, height: string }} Picture */
  /** @param {HTMLAnchorElement} link @returns {Picture} */
  const read = (link) => {
    const img = /** @type {HTMLImageElement} */ (link.querySelector('img'));
    const [width, height] = ['width', 'height'].map((side) => img.getAttribute(side) ?? '');
    return { href: link.getAttribute('href') ?? '', moves: link.querySelector('.file-moves') !== null, alt: img.alt, width, height };
  };

  /** What it is drawn from: an animation itself, of all others what fits. @param {Picture} picture @param {number} zoom */
  const drawn = ({ href, moves, alt, width, height }, zoom) => {
    const sizes = moves
      ? { src: href }
      : { srcset: `${href.replace(/full$/, '1280')} 1280w, ${href} ${width}w`, sizes: zoom === 0 ? '100vw' : '300vw', src: href };
    return element('img', { width, height, alt, draggable: 'false', ...sizes });
  };

  /** @param {HTMLAnchorElement} link */
  const open = (link) => {
    const all = [...(link.closest('.files') ?? document).querySelectorAll('a.file-picture')];
    const pictures = all.map((one) => read(/** @type {HTMLAnchorElement} */ (one)));
    let at = all.indexOf(link);
    let zoom = 0;

    const count = element('p', { class: 'lightbox-count', role: 'status' });
    const stage = element('div', { class: 'lightbox-stage' });
    const caption = element('p', { class: 'lightbox-caption', dir: 'auto' });
    const save = /** @type {HTMLAnchorElement} */ (element('a', { class: 'icon-button', download: '', 'aria-label': pick('下载', 'Download') }, icon(PATHS.save)));
    const draw = () => {
      const picture = pictures[at];
      if (!picture) return;
      count.textContent = `${at + 1} / ${pictures.length}`;
      stage.className = `lightbox-stage zoom-${zoom}`;
      stage.replaceChildren(drawn(picture, zoom));
      // Said already to those who do not see the picture.
      caption.replaceChildren(element('span', { 'aria-hidden': 'true' }, picture.alt));
      save.href = `${picture.href}?download=1`;
      back.hidden = at === 0;
      next.hidden = at === pictures.length - 1;
    };
    /** @param {number} to */
    const turn = (to) => {
      if (!pictures[to]) return;
      [at, zoom] = [to, 0];
      draw();
      // The button that was pressed may be gone.
      if (!dialog.contains(document.activeElement) || document.activeElement === dialog) close.focus();
    };
    /** @param {number} by */
    const zoomBy = (by) => {
      zoom = Math.min(MAX_ZOOM, Math.max(0, zoom + by));
      draw();
    };
    const back = button('lightbox-turn lightbox-previous', pick('上一张', 'Previous picture'), PATHS.back, () => turn(at - 1));
    const next = button('lightbox-turn lightbox-next', pick('下一张', 'Next picture'), PATHS.next, () => turn(at + 1));
    const close = button('icon-button', pick('关闭', 'Close'), PATHS.close, () => dialog.close());
    const head = element(
      'div',
      { class: 'lightbox-head' },
      count,
      button('icon-button', pick('缩小', 'Zoom out'), PATHS.less, () => zoomBy(-1)),
      button('icon-button', pick('放大', 'Zoom in'), PATHS.more, () => zoomBy(1)),
      save,
      close,
    );
    const dialog = /** @type {HTMLDialogElement} */ (
      element('dialog', { class: 'lightbox', 'aria-label': pick('消息里的图片', 'Pictures of the message') }, head, stage, back, next, caption)
    );

    dialog.onkeydown = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const acts = /** @type {Record<string, () => void>} */ ({
        ArrowLeft: () => zoom === 0 && turn(at - 1),
        ArrowRight: () => zoom === 0 && turn(at + 1),
        Home: () => turn(0),
        End: () => turn(pictures.length - 1),
        '+': () => zoomBy(1),
        '=': () => zoomBy(1),
        '-': () => zoomBy(-1),
        0: () => zoomBy(-MAX_ZOOM),
      });
      const act = acts[event.key];
      if (!act) return;
      // Arrows move what is larger than the screen.
      if (!event.key.startsWith('Arrow') || zoom === 0) event.preventDefault();
      act();
    };
    let down = 0;
    stage.onpointerdown = (event) => (down = event.pointerType === 'touch' ? event.clientX : NaN);
    stage.onpointerup = (event) => {
      const travelled = event.clientX - down;
      if (zoom === 0 && Math.abs(travelled) > SWIPE_PX) turn(travelled < 0 ? at + 1 : at - 1);
    };
    stage.ondblclick = () => zoomBy(zoom === 0 ? 2 : -MAX_ZOOM);

    // Back closes it, as it does that of the wall.
    history.pushState(null, '', location.href);
    let isBack = false;
    const left = () => {
      isBack = true;
      dialog.close();
    };
    window.addEventListener('popstate', left);
    dialog.onclose = () => {
      window.removeEventListener('popstate', left);
      dialog.remove();
      if (!isBack) history.back();
      const last = pictures[at]?.href ?? '';
      /** @type {HTMLElement | null} */ (document.querySelector(`a.file-picture[href="${CSS.escape(last)}"]`))?.focus();
    };
    draw();
    document.body.append(dialog);
    dialog.showModal();
    close.focus();
  };

  document.addEventListener('click', (event) => {
    const isPlain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    const link = /** @type {Element} */ (event.target).closest?.('a.file-picture');
    if (event.defaultPrevented || !isPlain || !link || document.querySelector('dialog[open]')) return;
    event.preventDefault();
    open(/** @type {HTMLAnchorElement} */ (link));
  });
})();
