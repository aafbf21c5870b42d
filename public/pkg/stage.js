// @ts-check
// The stage's video does what its hosts say. A page loads this only where a video is shown, and
// hls.js only where a stream needs it (docs/decisions/0012).
//
// The page says where the video should be in the `data-` attributes of `.stage-video`; this says in
// `data-state` what there is to say: `muted`, `waiting`, `stalled`, `ended` or `fault`. What a viewer does to the
// video is their own: the page detaches. What a host does to it happens to everybody.
(() => {
  /** Farther away than this the video jumps; seconds. */
  const DRIFT = 1;
  /** How often it is looked whether it is. */
  const LOOK_MS = 1_000;
  /** A page that its policy kept from the video is not loaded anew sooner than this. */
  const AGAIN_MS = 30_000;
  /** A stream that shows nothing new for so long has stopped, for now. */
  const STALLED_MS = 6_000;
  const HLS = new URL('hls.light.min.js', /** @type {HTMLScriptElement} */ (document.currentScript).src).href;
  const MIME = 'application/vnd.apple.mpegurl';

  /** @type {WeakMap<Element, Player>} */
  const players = new WeakMap();

  class Player {
    /** @param {HTMLElement} box */
    constructor(box) {
      this.box = box;
      this.video = /** @type {HTMLVideoElement} */ (box.querySelector('video'));
      /** Where we went ourselves. */
      this.went = NaN;
      /** How far a stream has played, and when it last got farther. */
      this.far = { to: NaN, at: 0 };
      /** @type {any} */
      this.hls = null;
      this.src = '';
      this.listen();
      this.update();
    }

    get wanted() {
      return this.box.dataset.playing === 'true';
    }

    get isLive() {
      // hls.js goes to the end of a stream before the element knows that it has none: that was nobody's act.
      return this.video.duration === Infinity || this.hls?.latestLevelDetails?.live === true;
    }

    /** Where it should be, in seconds. */
    get due() {
      const { zero, position } = this.box.dataset;
      const due = this.wanted && zero ? (Date.now() - Number(zero)) / 1_000 : Number(position) / 1_000;
      return Math.max(0, this.video.duration > 0 ? Math.min(due, this.video.duration) : due);
    }

    get isFree() {
      return this.box.dataset.detached === 'true';
    }

    listen() {
      const { box, video } = this;
      video.addEventListener('error', () => this.fails());
      video.addEventListener('loadedmetadata', () => this.update());
      video.addEventListener('playing', () => this.say(video.muted && this.hushed ? 'muted' : ''));
      video.addEventListener('ended', () => this.say('ended'));
      video.addEventListener('volumechange', () => {
        if (!video.muted && box.dataset.state === 'muted') this.say('');
      });
      video.addEventListener('play', () => this.touched(!this.wanted, 'play'));
      video.addEventListener('pause', () => this.touched(this.wanted && !video.ended && !document.hidden, 'pause'));
      video.addEventListener('seeking', () => {
        const ours = Math.abs(video.currentTime - this.went) < 0.3;
        this.touched(!ours && !this.isLive && Math.abs(video.currentTime - this.due) > DRIFT, this.wanted ? 'play' : 'pause');
      });
      box.querySelector('.stage-unmute')?.addEventListener('click', () => {
        this.hushed = false;
        video.muted = false;
        this.say('');
      });
      box.querySelector('.stage-retry')?.addEventListener('click', () => {
        this.src = '';
        this.update();
      });
    }

    /**
     * Somebody at this screen has done that, if `really`.
     * @param {boolean} really
     * @param {'play' | 'pause'} word
     */
    touched(really, word) {
      if (!really || this.isFree || this.box.dataset.state === 'fault') return;
      const form = /** @type {HTMLFormElement | null} */ (document.getElementById('show'));
      const button = /** @type {HTMLButtonElement | null} */ (form?.querySelector(`button[value=${word}]`));
      const position = /** @type {HTMLInputElement | null} */ (form?.querySelector('[name=position]'));
      if (form && button && position) {
        position.value = String(Math.round(this.video.currentTime * 1_000));
        form.requestSubmit(button);
        position.value = '';
      } else {
        /** @type {HTMLElement | null} */ (document.querySelector('.stage-detach'))?.click();
      }
    }

    /** @param {string} state */
    say(state) {
      this.box.dataset.state = state;
    }

    /** Brings the video to where it should be. */
    update() {
      const src = this.box.dataset.src ?? '';
      if (src !== this.src) this.load(src);
      if (this.isFree || this.box.dataset.state === 'fault') return;
      const { video } = this;
      if (this.wanted) {
        this.goes();
        if (video.paused && !video.ended) this.play();
      } else {
        if (!video.paused) video.pause();
        if (!this.isLive && Math.abs(video.currentTime - this.due) > 0.25) this.seek(this.due);
      }
    }

    goes() {
      const { video } = this;
      if (video.readyState === 0) return;
      if (!this.isLive) {
        if (Math.abs(video.currentTime - this.due) > DRIFT) this.seek(this.due);
        if (video.duration > 0 && this.due >= video.duration) this.say('ended');
      } else if (!video.paused && this.isStuck()) {
        this.say('stalled');
      } else if (video.paused && video.seekable.length > 0) {
        // A stream has no place but its end.
        this.seek(this.hls?.liveSyncPosition ?? Math.max(0, video.seekable.end(video.seekable.length - 1) - 3));
      }
    }

    /** Whether a stream that should play has shown nothing new for a while: its source is silent. */
    isStuck() {
      const { currentTime } = this.video;
      if (currentTime !== this.far.to) this.far = { to: currentTime, at: Date.now() };
      const stuck = Date.now() - this.far.at > STALLED_MS;
      if (!stuck && this.box.dataset.state === 'stalled') this.say('');
      return stuck;
    }

    /** @param {number} to */
    seek(to) {
      if (this.video.readyState === 0 || !Number.isFinite(to)) return;
      this.went = to;
      this.video.currentTime = to;
    }

    play() {
      const { video } = this;
      // With little data to spare a viewer decides when it is loaded.
      if (saves() && video.readyState === 0) return this.say('waiting');
      video.play().catch((/** @type {DOMException} */ cause) => {
        if (cause.name !== 'NotAllowedError' || !this.wanted) return;
        // Without a gesture browsers only play what is silent.
        if (video.muted) return this.say('waiting');
        this.hushed = true;
        video.muted = true;
        video.play().catch(() => this.say('waiting'));
      });
    }

    /** @param {string} src */
    load(src) {
      const { video, box } = this;
      this.src = src;
      this.hls?.destroy();
      this.hls = null;
      this.went = NaN;
      this.far = { to: NaN, at: 0 };
      this.say('');
      if (!src || !this.mayLoad(src)) return;
      if (saves()) video.preload = 'none';
      if (box.dataset.stream === 'true' && !video.canPlayType(MIME)) return this.stream(src);
      if (video.getAttribute('src') !== src) video.src = src;
      else if (video.error) video.load();
    }

    /** @param {string} src */
    stream(src) {
      this.video.removeAttribute('src');
      const load = script(HLS);
      load.then(() => {
        const Hls = /** @type {any} */ (window).Hls;
        if (src !== this.src) return;
        if (!Hls?.isSupported()) return this.fails();
        // A stream that goes on has no end, as browsers say that play it themselves.
        this.hls = new Hls({ enableWorker: false, autoStartLoad: true, liveDurationInfinity: true });
        this.hls.on(Hls.Events.ERROR, (/** @type {any} */ _, /** @type {any} */ error) => {
          if (error.fatal) this.fails();
        });
        this.hls.loadSource(src);
        this.hls.attachMedia(this.video);
      }, () => this.fails());
    }

    fails() {
      // A stream may be one that the browser plays itself, but not this one.
      const another = this.box.dataset.stream === 'true' && !this.hls && 'MediaSource' in window;
      if (another && this.src) return this.stream(this.src);
      this.hls?.destroy();
      this.hls = null;
      this.say('fault');
    }

    /**
     * Whether the policy of this page names the source. It names the one that the room had when the
     * page was made; another one takes a new page.
     * @param {string} src
     */
    mayLoad(src) {
      const known = document.querySelector('main')?.dataset.media;
      if (src.startsWith('/') || src === known) return true;
      try {
        const last = JSON.parse(sessionStorage.getItem('salon-media') ?? '[]');
        if (last[0] === src && Date.now() - last[1] < AGAIN_MS) throw new Error('a moment ago');
        sessionStorage.setItem('salon-media', JSON.stringify([src, Date.now()]));
      } catch {
        // It would not help again; or nothing may be kept here, and nobody would know when to stop.
        this.say('fault');
        return false;
      }
      location.reload();
      return false;
    }
  }

  /** Whether the viewer has little data to spare. */
  function saves() {
    const connection = /** @type {any} */ (navigator).connection;
    return Boolean(connection?.saveData) || /^(slow-2g|2g|3g)$/.test(connection?.effectiveType ?? '');
  }

  /** @type {Promise<void> | undefined} */
  let loading;

  /** @param {string} src */
  function script(src) {
    loading ??= new Promise((resolve, reject) => {
      const element = document.createElement('script');
      element.src = src;
      element.onload = () => resolve();
      element.onerror = () => {
        loading = undefined;
        reject(new Error(src));
      };
      document.head.append(element);
    });
    return loading;
  }

  function look() {
    for (const box of document.querySelectorAll('.stage-video')) {
      const player = players.get(box);
      if (player) player.update();
      else players.set(box, new Player(/** @type {HTMLElement} */ (box)));
    }
  }

  const attributeFilter = ['data-src', 'data-playing', 'data-position', 'data-zero', 'data-detached'];
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter });
  setInterval(look, LOOK_MS);
  look();
})();
