import { PHONE, type Person, type Room, expect, test } from '../fixtures';
import { fitsItsWidth, isAccessible } from '../fixtures/axe';
import type { Drawing } from '../fixtures/png';

const RED: Drawing = { caption: 'Red', colour: [180, 40, 40] };
const GREEN: Drawing = { caption: 'Green', colour: [40, 140, 60] };
const GOLD: Drawing = { caption: 'Gold', colour: [200, 160, 40] };
const BLUE: Drawing = { caption: 'Blue', colour: [40, 60, 180] };

const OFFLINE = /ERR_INTERNET_DISCONNECTED|status of 410/;

/** Makes a link with two seconds per picture, and what else is chosen; its address. */
async function link(host: Person, room: Room, ...choices: string[]): Promise<string> {
  const { page } = host;
  await host.opens(`${room.path}/kiosks`);
  await page.getByLabel('Seconds per picture').fill('2');
  for (const choice of choices) await page.getByText(choice, { exact: true }).click();
  await page.getByRole('button', { name: 'Create a link' }).click();
  const address = await page.getByLabel('Wall link', { exact: true }).inputValue();
  return new URL(address).pathname;
}

/** What the projector shows now. */
function shown(screen: Person) {
  return screen.page.locator('main img.on');
}

/** Waits until it has shown each of these. */
async function shows(screen: Person, ...captions: string[]): Promise<void> {
  for (const caption of captions) await expect(shown(screen)).toHaveAttribute('alt', caption, { timeout: 20_000 });
}

test('a projector goes on without a network and takes up what is new after it', async ({ seat, ana, guest, room, town, strict }) => {
  strict.expects(OFFLINE);
  await town.ana.hangs(room, RED, GREEN);
  const path = await link(ana, room);
  await guest.opens(path);
  await shows(guest, 'Green', 'Red', 'Green');
  await expect(guest.page.getByRole('img', { name: /Address of the room/ })).toBeVisible();
  expect(await guest.page.locator('body').evaluate((body) => getComputedStyle(body).cursor)).toBe('none');
  expect(await shown(guest).evaluate((image) => getComputedStyle(image).objectFit)).toBe('contain');

  // What it says while all is well is all it ever says.
  const words = () => guest.page.locator('body').innerText();
  await guest.context.setOffline(true);
  await town.ana.hangs(room, BLUE);
  await shows(guest, 'Red', 'Green', 'Red');
  expect((await words()).trim()).toMatch(/^(Red|Green)$/);
  const loads = await guest.page.evaluate(() => performance.getEntriesByType('navigation').length + performance.timeOrigin);
  await guest.context.setOffline(false);
  await shows(guest, 'Blue');
  expect(await guest.page.evaluate(() => performance.getEntriesByType('navigation').length + performance.timeOrigin)).toBe(loads);

  await ana.opens(`${room.path}/kiosks`);
  const over = guest.page.waitForResponse((answer) => answer.status() === 410 && answer.request().isNavigationRequest(), { timeout: 5_000 });
  await ana.confirms('Revoke', 'stops working at once, for good.');
  await over;
  await expect(guest.page.getByRole('heading', { name: 'This wall link is no longer valid' })).toBeVisible();
  await expect(guest.page.locator('img')).toHaveCount(0);
  const late = await seat(undefined, PHONE);
  await late.opens(path);
  await expect(late.page.getByRole('heading', { name: 'This wall link is no longer valid' })).toBeVisible();
  await isAccessible(late.page);
});

test('what is held back or taken down leaves the projector', async ({ ana, guest, room, town, strict }) => {
  // It may ask for one that was there a moment ago.
  strict.expects(/status of 404/);
  await town.ana.hangs(room, RED, GREEN);
  const path = await link(ana, room, 'Shuffled');
  await guest.opens(path);
  await expect(shown(guest)).toHaveCount(1);
  const wall = await (await town.ana.posts('wall', { room: String(room.id) })).json();
  for (const { id } of wall.pictures) {
    await town.ana.posts('change-pictures', { room: String(room.id), act: 'hold', 'pictures[0]': String(id) });
  }
  await expect(guest.page.getByRole('heading', { name: room.title })).toBeVisible({ timeout: 5_000 });
  await expect(shown(guest)).toHaveCount(0);
  await town.ana.posts('change-pictures', { room: String(room.id), act: 'show', 'pictures[0]': String(wall.pictures[0].id) });
  await shows(guest, 'Green');
});

test('an hour without a network: it goes on, and never says a word about it', async ({ ana, guest, room, town, strict }) => {
  strict.expects(OFFLINE);
  await town.ana.hangs(room, RED, GREEN, BLUE);
  const path = await link(ana, room);
  await guest.page.clock.install();
  let kept = 0;
  guest.page.on('requestfinished', (request) => (kept += /\/(1280|full)$/.test(request.url()) ? 1 : 0));
  await guest.opens(path);
  // The one of the page itself, and then all of them, before the network goes.
  await expect.poll(() => kept).toBeGreaterThanOrEqual(4);
  await expect(shown(guest)).toHaveCount(1);
  await guest.page.evaluate(() => (document.documentElement.dataset.first = ''));
  await guest.context.setOffline(true);
  const seen = new Set<string>();
  for (let minute = 0; minute < 60; minute += 1) {
    await guest.page.clock.runFor(60_000);
    await expect(shown(guest)).toHaveCount(1);
    const { caption, words, painted } = await shown(guest).evaluate((image: HTMLImageElement) => ({
      caption: image.alt,
      words: document.body.innerText.trim(),
      painted: image.complete && image.naturalWidth > 0,
    }));
    seen.add(caption);
    expect(painted, `minute ${minute}`).toBe(true);
    expect(words, `minute ${minute}`).toMatch(/^(Red|Green|Blue)$/);
  }
  expect([...seen].sort()).toEqual(['Blue', 'Green', 'Red']);
  await expect(guest.page.locator('html'), 'never loaded anew').toHaveAttribute('data-first', '');
  await guest.context.setOffline(false);
  await town.ana.hangs(room, GOLD);
  await expect.poll(async () => {
    await guest.page.clock.runFor(2_500);
    return shown(guest).getAttribute('alt');
  }).toBe('Gold');
});

test('shuffled, every picture has its turn in every round', async ({ ana, guest, room, town }) => {
  await town.ana.hangs(room, RED, GREEN, BLUE, GOLD);
  const path = await link(ana, room, 'Shuffled', 'Fill the screen', "Show the room's address as a QR code");
  await guest.page.clock.install();
  await guest.opens(path);
  await expect(shown(guest)).toHaveCount(1);
  expect(await shown(guest).evaluate((image) => getComputedStyle(image).objectFit)).toBe('cover');
  await expect(guest.page.locator('svg.kiosk-code')).toHaveCount(0);
  await guest.page.evaluate(() => {
    const turns: string[] = [];
    (window as unknown as { turns: string[] }).turns = turns;
    const note = () => {
      const now = document.querySelector<HTMLImageElement>('main img.on')?.alt;
      if (now && now !== turns.at(-1)) turns.push(now);
    };
    new MutationObserver(note).observe(document.querySelector('main') as Element, { subtree: true, attributes: true, attributeFilter: ['class'] });
  });
  const turns = () => guest.page.evaluate(() => (window as unknown as { turns: string[] }).turns);
  await expect.poll(async () => {
    await guest.page.clock.runFor(2_000);
    return (await turns()).length;
  }).toBeGreaterThanOrEqual(16);
  const order = await turns();
  // Wherever one begins to look, a whole round lies within so many turns.
  for (let at = 0; at + 7 <= order.length; at += 1) expect(new Set(order.slice(at, at + 7)).size, order.join(' ')).toBe(4);
});

test('a projector on a phone, and one without scripts', async ({ ana, seat, room, town }) => {
  await town.ana.hangs(room, RED, GREEN);
  const path = await link(ana, room);
  const phone = await seat(undefined, PHONE);
  await phone.opens(path);
  await shows(phone, 'Green', 'Red');
  await fitsItsWidth(phone.page);
  await isAccessible(phone.page);
  const plain = await seat(undefined, { javaScriptEnabled: false });
  await plain.opens(path);
  await shows(plain, 'Green', 'Red', 'Green');
});
