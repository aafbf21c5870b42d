// @ts-check
// A change of the wall is seen: pictures travel to their new places, and one that was taken down fades. The
// program says `salon-wall` before it draws a change. Everything is in its place from then on, for the
// pointer and for those who listen; what is here is only painted on top, and not for those who want no motion.
(() => {
  const MOVE = { duration: 220, easing: 'ease-in-out' };
  const FADE = { duration: 220, easing: 'ease-out', fill: /** @type {const} */ ('forwards') };
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  /** Where the tiles in view were, and their pictures. @type {Map<Element, { at: DOMRect, image: HTMLImageElement | null, box: DOMRect }> | null} */
  let before = null;
  const tiles = () => [...document.querySelectorAll('.tiles > .tile')];

  /** @param {DOMRect} box */
  const isInView = (box) => box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth && box.width > 0;

  function note() {
    // Several changes of one frame are one.
    if (before || calm.matches || document.hidden || document.querySelector('dialog[open]')) return;
    before = new Map();
    for (const tile of tiles()) {
      const at = tile.getBoundingClientRect();
      if (!isInView(at)) continue;
      const image = tile.querySelector('img');
      before.set(tile, { at, image, box: image?.getBoundingClientRect() ?? at });
    }
    requestAnimationFrame(draw);
  }

  function draw() {
    const known = before ?? new Map();
    before = null;
    const still = new Set(tiles().map((tile) => tile.querySelector('a')?.dataset.picture));
    // All is measured before anything is painted.
    const now = [...known].map(([tile, was]) => ({ tile, was, at: tile.getBoundingClientRect() }));
    for (const { tile, was, at } of now) {
      const [x, y] = [was.at.left - at.left, was.at.top - at.top];
      if (tile.isConnected) {
        if (x || y) tile.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: 'none' }], MOVE);
      } else if (was.image && !still.has(tile.querySelector('a')?.dataset.picture)) {
        fade(was.image, was.box);
      }
    }
  }

  /** @param {HTMLImageElement} image @param {DOMRect} box */
  function fade(image, box) {
    const gone = new Image();
    Object.assign(gone, { src: image.currentSrc, alt: '', className: 'tile-gone', ariaHidden: 'true' });
    const sides = { left: box.left, top: box.top, width: box.width, height: box.height };
    for (const [side, px] of Object.entries(sides)) gone.style.setProperty(side, `${px}px`);
    document.body.append(gone);
    gone.animate([{ opacity: 1 }, { opacity: 0 }], FADE).finished.finally(() => gone.remove());
  }

  document.addEventListener('salon-wall', note);
})();
