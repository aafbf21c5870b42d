// Search while one types (app/src/pages/search.rs): the same page is asked for a moment after the
// last key, and its answer takes the place of the old one. What was asked before is given up.
'use strict';

(() => {
  const PAUSE_MS = 150;
  const field = document.getElementById('search-q');
  const found = document.getElementById('found');
  if (!field || !found) return;

  let timer = 0;
  let asking = null;
  let composing = false;
  let shown = field.value.trim();

  // One character of Chinese says something, one letter does not.
  const isEnough = (text) => text === '' || /[^\x00-\x7f]/.test(text) || text.length > 1;

  const ask = async () => {
    const text = field.value.trim();
    if (text === shown || !isEnough(text)) return;
    asking?.abort();
    asking = new AbortController();
    const address = new URL(location.href);
    address.searchParams.delete('older');
    address.searchParams.set('q', text);
    try {
      const answer = await fetch(address, { signal: asking.signal, headers: { accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const fresh = page.getElementById('found');
      // A refusal, as for too many questions, is the whole page's: Enter shows it.
      if (!fresh) return;
      shown = text;
      found.replaceChildren(...document.importNode(fresh, true).childNodes);
      document.title = page.title;
      history.replaceState(null, '', address);
    } catch (fault) {
      // Given up for a later one, or without a network: Enter asks as always.
      if (fault.name !== 'AbortError') shown = null;
    }
  };

  const soon = () => {
    clearTimeout(timer);
    if (!composing) timer = setTimeout(ask, PAUSE_MS);
  };
  field.addEventListener('compositionstart', () => { composing = true; });
  field.addEventListener('compositionend', () => { composing = false; soon(); });
  field.addEventListener('input', soon);
})();
