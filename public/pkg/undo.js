// @ts-check
// What was just done is offered to be undone for 5 s, and not again by a reload: on plain pages, where
// nobody else takes it away (app/src/parts/undo.rs). Loaded by unread.js where something is offered.
(() => {
  const UNDO_MS = 5_000;
  setTimeout(() => {
    for (const toast of document.querySelectorAll('.toast')) toast.replaceChildren();
    const address = new URL(location.href);
    for (const name of ['undo', 'did', 'n', 'whom']) address.searchParams.delete(name);
    history.replaceState(history.state, '', address);
  }, UNDO_MS);
})();
