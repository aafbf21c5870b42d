const frame = document.querySelector('iframe');
const salon = frame.dataset.salon;
const tell = (message) => frame.contentWindow.postMessage(message, salon);

addEventListener('message', async ({ source, origin, data }) => {
  if (source !== frame.contentWindow || origin !== salon) return;
  if (data.type === 'salon:ready') document.body.dataset.room = data.room;
  if (data.type === 'salon:unread') document.querySelector('#unread').value = data.count || '';
  if (data.type === 'salon:theme-refused') document.body.dataset.refused = data.accent;
  if (data.type === 'salon:token-expired') {
    const { ticket } = await (await fetch('/ticket')).json();
    tell({ type: 'salon:ticket', ticket });
  }
});

for (const button of document.querySelectorAll('button[data-theme]')) {
  button.addEventListener('click', () => tell({ type: 'salon:theme', theme: button.dataset.theme }));
}
