// @ts-check
// Turns notices on for this browser, installs the app, and hands over what was shared from elsewhere. Loaded by unread.js on the pages that need it.
(() => {
  const isChinese = document.documentElement.lang.startsWith('zh');
  const me = document.documentElement.dataset.me ?? '';
  /** @param {string} zh @param {string} en */
  const pick = (zh, en) => (isChinese ? zh : en);
  const FLAG = 'salon-notices';

  /** @param {string} text */
  function bytes(text) {
    const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    return Uint8Array.from(plain, (c) => c.charCodeAt(0));
  }

  /** @param {ArrayBuffer | null} buffer */
  function base64(buffer) {
    const text = String.fromCharCode(...new Uint8Array(buffer ?? new ArrayBuffer(0)));
    return btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
  }

  /** @param {PushSubscription} subscription */
  async function send(subscription) {
    const body = new URLSearchParams({
      endpoint: subscription.endpoint,
      p256dh: base64(subscription.getKey('p256dh')),
      auth: base64(subscription.getKey('auth')),
    });
    const answer = await fetch('/call/add-subscription', { method: 'POST', body, headers: { accept: 'application/json' } });
    if (!answer.ok) throw new Error(String(answer.status));
  }

  /** @param {HTMLElement} panel */
  function notices(panel) {
    const state = /** @type {HTMLElement} */ (panel.querySelector('.push-state'));
    const on = /** @type {HTMLButtonElement} */ (panel.querySelector('.push-on'));
    const key = panel.dataset.pushKey ?? '';
    /** @param {string} words @param {boolean} canTurnOn */
    const say = (words, canTurnOn) => {
      state.textContent = words;
      on.hidden = !canTurnOn;
    };

    function look() {
      if (!('serviceWorker' in navigator) || !('Notification' in window)) {
        return say(pick('这个浏览器不支持通知。在 iPhone 上，请先把 Salon 添加到主屏幕。', 'This browser knows no notifications. On an iPhone, add Salon to the home screen first.'), false);
      }
      if (Notification.permission === 'denied') {
        return say(pick('浏览器不允许本站发通知，请在浏览器的网站设置里改。', 'The browser keeps this site from notifying you. You can change that in its site settings.'), false);
      }
      if (document.querySelector('[data-this=true]')) return say(pick('已开启。', 'Notifications are on.'), false);
      if (localStorage.getItem(FLAG) === `open-${me}`) {
        return say(pick('Salon 在标签页里打开时会通知你。这个浏览器连不上它的推送服务。', 'You are notified while Salon is open in a tab. This browser cannot reach its push service.'), true);
      }
      say(pick('未开启。', 'Notifications are off.'), true);
    }

    async function turnOn() {
      on.disabled = true;
      try {
        if ((await Notification.requestPermission()) !== 'granted') return look();
        const worker = await navigator.serviceWorker.ready;
        try {
          const old = await worker.pushManager.getSubscription();
          if (old && base64(old.options.applicationServerKey) !== key) await old.unsubscribe();
          const asked = { userVisibleOnly: true, applicationServerKey: bytes(key) };
          await send(await worker.pushManager.subscribe(asked));
          localStorage.setItem(FLAG, `push-${me}`);
          location.reload();
        } catch {
          localStorage.setItem(FLAG, `open-${me}`);
          look();
        }
      } finally {
        on.disabled = false;
      }
    }

    on.onclick = () => turnOn();
    look();
    // Turning off here also ends the browser's own end.
    document.querySelector('[data-this=true] form')?.addEventListener('submit', () => {
      localStorage.removeItem(FLAG);
      navigator.serviceWorker.ready.then(async (worker) => (await worker.pushManager.getSubscription())?.unsubscribe());
    });
  }

  function install() {
    const box = /** @type {HTMLElement | null} */ (document.querySelector('.push-app'));
    if (!box) return;
    addEventListener('beforeinstallprompt', (/** @type {any} */ event) => {
      event.preventDefault();
      box.hidden = false;
      const button = /** @type {HTMLButtonElement} */ (box.querySelector('.push-install'));
      button.onclick = () => event.prompt();
    });
    addEventListener('appinstalled', () => (box.hidden = true));
  }

  /** @param {HTMLFormElement} form */
  async function share(form) {
    if (!('caches' in window)) return;
    const cache = await caches.open('salon-shared');
    const files = new DataTransfer();
    for (const request of await cache.keys()) {
      const kept = await cache.match(request);
      if (new URL(request.url).pathname === '/salon-shared/text') {
        const field = /** @type {HTMLInputElement | null} */ (form.querySelector('input[name=text]'));
        if (kept && field) field.value = await kept.text();
        continue;
      }
      const name = decodeURIComponent(kept?.headers.get('x-name') ?? 'picture');
      if (kept) files.items.add(new File([await kept.blob()], name, { type: kept.headers.get('content-type') ?? '' }));
    }
    if (files.files.length) /** @type {HTMLInputElement} */ (form.querySelector('input[type=file]')).files = files.files;
    form.addEventListener('submit', () => caches.delete('salon-shared'));
  }

  const panel = /** @type {HTMLElement | null} */ (document.querySelector('[data-push-key]'));
  if (panel) notices(panel);
  install();
  const form = /** @type {HTMLFormElement | null} */ (document.querySelector('[data-share]'));
  if (form) share(form).catch(() => {});
})();
