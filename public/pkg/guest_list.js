// @ts-check
// The list of rooms for guests: its rows follow what happens in public rooms, while the page is looked at.
// People with an account have unread.js for that, of which one tab leads; here each visible tab listens,
// within what the server takes of one address.
(() => {
  const SCRIPT = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  const FIRST_PAUSE_MS = 1_000;
  const LONGEST_PAUSE_MS = 60_000;
  /** So many rows are believed. */
  const MOST = 200;

  /** @type {WebSocket | null} */
  let socket = null;
  let pause = FIRST_PAUSE_MS;
  let next = 0;

  const listed = () => [...document.querySelectorAll('#rooms [data-room]')].map((row) => Number(/** @type {HTMLElement} */ (row).dataset.room));

  function watch() {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ watch: { looking: [], listing: listed().slice(0, MOST) } }));
  }

  function connect() {
    clearTimeout(next);
    if (socket || document.visibilityState !== 'visible') return;
    const one = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/v1/live`);
    socket = one;
    one.onopen = () => {
      one.send('{"hello":{"version":1}}');
      watch();
    };
    one.onmessage = ({ data }) => {
      pause = FIRST_PAUSE_MS;
      const { row } = JSON.parse(data);
      if (row) document.dispatchEvent(new CustomEvent('salon-row', { detail: row }));
    };
    one.onclose = ({ code, reason }) => {
      if (socket !== one) return;
      socket = null;
      if (code >= 4500 && code < 5000) return;
      const wait = code === 4001 ? Number(reason) || FIRST_PAUSE_MS : pause;
      next = window.setTimeout(connect, wait * (0.5 + Math.random() / 2));
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    };
  }

  function leave() {
    clearTimeout(next);
    const one = socket;
    socket = null;
    one?.close();
  }

  if (!document.getElementById('rooms')) return;
  const script = Object.assign(document.createElement('script'), { src: new URL('room_list.js', SCRIPT).href });
  script.onload = connect;
  document.head.append(script);
  document.addEventListener('visibilitychange', () => {
    // What is missed meanwhile the list asks for when it is looked at again.
    if (document.visibilityState !== 'visible') leave();
    else connect();
  });
  document.addEventListener('salon-listed', watch);
  addEventListener('pagehide', leave);
  addEventListener('pageshow', (event) => event.persisted && connect());
})();
