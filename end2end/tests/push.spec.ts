import { PHONE, type Person, type Room, expect, test } from '../fixtures';
import { fitsItsWidth, isAccessible } from '../fixtures/axe';
import { registered } from '../fixtures/house';
import { SERVER_AWAY } from '../fixtures/strict';

/** These are about the service worker. */
const WITH_WORKER = { serviceWorkers: 'allow' } as const;
const OFFLINE = /ERR_INTERNET_DISCONNECTED|status of/;

/** Until the service worker looks after the page. */
async function isLookedAfter(person: Person): Promise<void> {
  await expect.poll(() => person.page.evaluate(() => Boolean(navigator.serviceWorker.controller))).toBe(true);
}

/** What is kept in this browser for when there is no network. */
function kept(person: Person): Promise<string[]> {
  return person.page.evaluate(async () => {
    if (!(await caches.has('salon-recent'))) return [];
    const all = await (await caches.open('salon-recent')).keys();
    return all.map((one) => new URL(one.url).pathname);
  });
}

async function keeps(person: Person, room: Room): Promise<void> {
  await expect.poll(() => kept(person)).toContain(room.path);
}

test('without a network the last messages can be read, and nothing else', async ({ seat, room, town, strict }) => {
  strict.expects(OFFLINE, SERVER_AWAY);
  const ben = await seat(town.ben, { ...PHONE, ...WITH_WORKER });
  await town.ana.says(room, 'Read me on the train', '<b>as it was typed</b>');
  await ben.goes(room.path);
  await isLookedAfter(ben);
  await ben.goes(room.path);
  await keeps(ben, room);
  await ben.context.setOffline(true);
  await ben.opens(`${room.path}?again`);
  const { page } = ben;
  await expect(page.getByRole('heading', { name: 'You are offline' })).toBeVisible();
  await expect(page.getByRole('heading', { name: room.title })).toBeVisible();
  await expect(page.getByText('Read me on the train')).toBeVisible();
  await expect(page.getByText('<b>as it was typed</b>')).toBeVisible();
  await fitsItsWidth(page);
  await isAccessible(page);
  await ben.context.setOffline(false);
  await page.getByRole('link', { name: 'Retry' }).click();
  await expect(ben.log).toBeVisible();
});

test('what was kept goes when somebody signs out, or somebody else comes', async ({ seat, room, town }) => {
  const ben = await seat(town.ben, WITH_WORKER);
  await town.ana.says(room, 'Between us');
  await ben.goes(room.path);
  await isLookedAfter(ben);
  await ben.goes(room.path);
  await keeps(ben, room);
  // The same browser, another account.
  await ben.context.addCookies([
    { name: 'salon_session', value: town.ana.session, url: town.salon.url, httpOnly: true, sameSite: 'Lax' },
  ]);
  await ben.goes('/search');
  await expect.poll(() => kept(ben)).toEqual([]);
  await ben.goes(room.path);
  await keeps(ben, room);
  await ben.context.clearCookies();
  await ben.opens('/');
  await expect.poll(() => kept(ben)).toEqual([]);
});

test('what is pushed is shown, but not to somebody who looks', async ({ seat, room, town }) => {
  const ben = await seat(town.ben, { ...WITH_WORKER, permissions: ['notifications'] });
  await ben.goes(room.path);
  await isLookedAfter(ben);
  const session = await ben.context.newCDPSession(ben.page);
  const registrations: { registrationId: string; scopeURL: string }[] = [];
  session.on('ServiceWorker.workerRegistrationUpdated', (event) => registrations.push(...event.registrations));
  await session.send('ServiceWorker.enable');
  await expect.poll(() => registrations.length).toBeGreaterThan(0);
  const notice = { room: room.id, slug: room.slug, title: room.title, seq: 1, unread: 1, said: { author: 'Ana', text: 'Come back' } };
  const { registrationId } = registrations[0];
  const push = () =>
    session.send('ServiceWorker.deliverPushMessage', {
      origin: town.salon.url,
      registrationId,
      data: JSON.stringify({ notice, lang: 'en' }),
    });
  const shown = () =>
    ben.page.evaluate(async () => {
      const worker = await navigator.serviceWorker.ready;
      return (await worker.getNotifications()).map((one) => `${one.title}: ${one.body}`);
    });
  // Somebody looks at the page: it says so itself.
  await push();
  await ben.page.goto('about:blank');
  await push();
  await ben.goes(room.path);
  await expect.poll(shown).toEqual([`Ana · ${room.title}: Come back`]);
});

test('notices are set up on a page of their own', async ({ seat, town }, info) => {
  // What is chosen here holds for the account: the tests after this one wait for Ben's notices.
  const mia = await seat(await registered(town.salon, `mia${info.workerIndex}`), PHONE);
  const { page } = mia;
  await mia.goes('/me');
  await page.getByRole('link', { name: 'Notification settings' }).click();
  await expect(page.getByRole('heading', { name: 'Notifications', exact: true })).toBeVisible();
  await page.getByLabel('From').fill('22:30');
  await page.getByLabel('To', { exact: false }).last().fill('07:00');
  await page.getByRole('checkbox', { name: /Hide content/ }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByLabel('From')).toHaveValue('22:30');
  await expect(page.getByRole('checkbox', { name: /Hide content/ })).toBeChecked();
  await fitsItsWidth(page);
  await isAccessible(page);
});

test('the site can be installed, and takes pictures that are shared', async ({ seat, room, town }) => {
  const ana = await seat(town.ana, WITH_WORKER);
  const { page } = ana;
  await ana.goes('/');
  const address = await page.locator('link[rel=manifest]').getAttribute('href');
  const manifest = await page.evaluate(async (from) => (await fetch(from)).json(), address ?? '');
  for (const icon of manifest.icons) {
    const status = await page.evaluate(async (from) => (await fetch(from)).status, icon.src);
    expect(status, icon.src).toBe(200);
  }
  expect(manifest.share_target.action).toBe('/share');
  await isLookedAfter(ana);
  // As a phone does it: a form with the picture, from nowhere.
  await page.evaluate(() => {
    const bytes = Uint8Array.from(atob('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='), (c) => c.charCodeAt(0));
    const form = Object.assign(document.createElement('form'), { method: 'post', action: '/share', enctype: 'multipart/form-data' });
    const input = Object.assign(document.createElement('input'), { type: 'file', name: 'pictures' });
    const files = new DataTransfer();
    files.items.add(new File([bytes], 'shared.png', { type: 'image/png' }));
    input.files = files.files;
    form.append(input);
    document.body.append(form);
    form.submit();
  });
  await expect(page).toHaveURL(/\/share$/);
  await expect.poll(() => page.locator('input[type=file]').evaluate((field) => (field as HTMLInputElement).files?.length)).toBe(1);
  await page.getByRole('button', { name: `Hang here: ${room.title}` }).click();
  await expect(page).toHaveURL(new RegExp(room.path));
  await expect(ana.wall.getByRole('img')).toHaveCount(1);
});

test('what is shared goes into the conversation of a room that one does not run', async ({ seat, room, town }) => {
  const guest = await registered(town.salon, 'sharer');
  await guest.posts('enter-room', { room: String(room.id) });
  const sam = await seat(guest, WITH_WORKER);
  const { page } = sam;
  await sam.goes('/');
  await isLookedAfter(sam);
  await page.evaluate(() => {
    const form = Object.assign(document.createElement('form'), { method: 'post', action: '/share', enctype: 'multipart/form-data' });
    const input = Object.assign(document.createElement('input'), { type: 'file', name: 'pictures' });
    const files = new DataTransfer();
    files.items.add(new File(['notes'], 'notes.txt', { type: 'text/plain' }));
    input.files = files.files;
    const text = Object.assign(document.createElement('input'), { type: 'hidden', name: 'text', value: 'From another app' });
    form.append(input, text);
    document.body.append(form);
    form.submit();
  });
  await expect(page).toHaveURL(/\/share$/);
  await expect(page.getByLabel('Text')).toHaveValue('From another app');
  await expect.poll(() => page.locator('input[type=file]').evaluate((field) => (field as HTMLInputElement).files?.length)).toBe(1);
  await expect(page.getByRole('button', { name: `Hang here: ${room.title}` })).toHaveCount(0);
  await page.getByRole('button', { name: `Send: ${room.title}` }).click();
  await expect(page).toHaveURL(new RegExp(room.path));
  await sam.hears('From another app');
  await expect(sam.log.getByRole('link', { name: 'notes.txt' })).toBeVisible();
});
