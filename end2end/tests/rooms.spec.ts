import type { Page } from '@playwright/test';
import { PHONE, type Person, type Room, expect, test } from '../fixtures';
import { fitsItsWidth, isAccessible } from '../fixtures/axe';
import { registered } from '../fixtures/house';

const row = (page: Page, room: Room) => page.locator(`#rooms [data-room="${room.id}"]`);
const names = (page: Page) => page.locator('.room-list[data-order] .room-card-name a').allTextContents();

async function joins(person: Person, ...rooms: Room[]): Promise<void> {
  for (const room of rooms) await person.account?.posts('enter-room', { room: String(room.id) });
}

/** Away from the list: its order may change again. */
async function leaves(person: Person): Promise<void> {
  await person.page.mouse.move(1, 1);
  await person.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
}

test('the list follows what is said, and who is there', async ({ ana, ben, room, town }) => {
  const other = await town.ana.opens(`${room.slug}-b`, `${room.title} B`);
  await joins(ben, room, other);
  await ben.goes('/');
  await leaves(ben);
  await town.ana.says(room, 'In the first');
  await expect(row(ben.page, room)).toContainText('Ana: In the first');
  await expect(row(ben.page, room)).toContainText('1 unread');
  await town.ana.says(other, 'In the second');
  await expect(row(ben.page, other)).toContainText('Ana: In the second');
  await expect.poll(() => names(ben.page).then((all) => all.filter((name) => name.startsWith(room.title)))).toEqual([other.title, room.title]);
  await expect(row(ben.page, room).locator('time')).toHaveText('just now');

  // Somebody is in the first one now: it goes before the other.
  await ana.enters(room);
  await expect(row(ben.page, room)).toContainText('1 here now');
  await expect.poll(() => names(ben.page).then((all) => all.filter((name) => name.startsWith(room.title)))).toEqual([room.title, other.title]);
  await ben.account?.posts('post-message', { room: String(room.id), client_id: `own-${room.id}`, text: 'My own' });
  await expect(row(ben.page, room)).toContainText('You: My own');
});

test('the order stays while somebody points at the list', async ({ ben, room, town }) => {
  const other = await town.ana.opens(`${room.slug}-b`, `${room.title} B`);
  await joins(ben, room, other);
  await town.ana.says(other, 'First');
  await ben.goes('/');
  const before = await names(ben.page);
  await row(ben.page, room).hover();
  await town.ana.says(room, 'Now this');
  await expect(row(ben.page, room)).toContainText('Now this');
  await expect(row(ben.page, room)).toContainText('1 unread');
  expect(await names(ben.page)).toEqual(before);
  await leaves(ben);
  await expect.poll(async () => (await names(ben.page)).filter((name) => name.startsWith(room.title))[0]).toBe(room.title);
});

test('a room is pinned to the top, and a chat that begins comes by itself', async ({ ben, room, seat, town }) => {
  await joins(ben, room);
  await ben.goes('/');
  await ben.page.getByRole('button', { name: `More: ${room.title}`, exact: true }).click();
  await ben.page.getByRole('button', { name: 'Pin to the top' }).click();
  await expect.poll(async () => (await names(ben.page))[0]).toBe(room.title);
  await expect(row(ben.page, room).getByText('Pinned')).toBeAttached();
  await leaves(ben);
  const cat = await seat(await registered(town.salon, `cat${room.id}`));
  await cat.account?.posts('start-private', { name: 'ben' });
  await cat.goes('/r/@ben');
  await cat.says('Hello Ben');
  const chat = ben.page.locator('.room-card', { hasText: 'Hello Ben' });
  await expect(chat).toContainText('1 unread');
  await ben.page.getByRole('button', { name: `More: ${room.title}`, exact: true }).click();
  await ben.page.getByRole('button', { name: 'Unpin' }).click();
  await expect(row(ben.page, room).getByText('Pinned')).toHaveCount(0);
});

test('keys go from row to row and from room to room', async ({ ben, room, town }) => {
  const other = await town.ana.opens(`${room.slug}-b`, `直播间 ${room.id}`);
  await joins(ben, room, other);
  await town.ana.says(other, 'One');
  await town.ana.says(room, 'Two');
  await ben.goes('/');
  const links = ben.page.locator('#rooms .room-card-name a');
  await expect(links.first()).toHaveAttribute('tabindex', '0');
  await links.first().focus();
  await ben.page.keyboard.press('ArrowDown');
  await expect(links.nth(1)).toBeFocused();
  await expect(ben.page.locator('#rooms .room-card-name a[tabindex="0"]')).toHaveCount(1);
  await ben.page.keyboard.press('Home');
  await expect(links.first()).toBeFocused();
  const [first, second] = [await links.first().getAttribute('href'), await links.nth(1).getAttribute('href')];
  await ben.page.keyboard.press('Alt+ArrowDown');
  await expect(ben.page).toHaveURL(new RegExp(`${second}$`));
  await ben.isReady();
  await ben.page.keyboard.press('Alt+ArrowUp');
  await expect(ben.page).not.toHaveURL(new RegExp(`${second}$`));
  expect(first).not.toBe(second);

  // By the sound of its name, from anywhere.
  await ben.goes('/search');
  await ben.page.keyboard.press('Control+k');
  const field = ben.page.getByRole('combobox', { name: 'Go to which room?' });
  await field.fill('zbj');
  await expect(ben.page.getByRole('option', { name: `直播间 ${room.id}` })).toBeVisible();
  await isAccessible(ben.page);
  await field.fill(`zbj${room.id}`);
  await expect(ben.page.getByRole('option')).toHaveCount(1);
  await ben.page.keyboard.press('Enter');
  await expect(ben.page).toHaveURL(new RegExp(`${other.path}$`));
  await ben.isReady();
  await ben.page.keyboard.press('Control+k');
  await field.fill(`zbj${room.id}`);
  await expect(ben.page.locator('[role=option][aria-current=page]')).toHaveCount(1);
  await ben.page.keyboard.press('Escape');
  await expect(field).toHaveCount(0);
});

test('the filter answers while one types, and a draft is shown in red', async ({ ben, room, town }) => {
  await joins(ben, room);
  await ben.account?.posts('save-draft', { room: String(room.id), text: 'half a thought' });
  await ben.goes('/');
  await expect(row(ben.page, room).locator('.room-draft')).toHaveText('[Draft]');
  const field = ben.page.getByRole('searchbox', { name: 'Find a room by name' });
  await field.fill(room.slug);
  await expect(row(ben.page, room)).toBeVisible();
  await expect(ben.page).toHaveURL(new RegExp(`q=${room.slug}`));
  // What is found goes on living.
  await town.ana.says(room, 'Still here');
  await expect(row(ben.page, room)).toContainText('1 unread');
  await expect(row(ben.page, room)).toContainText('half a thought');
  await field.fill('no such name');
  await expect(ben.page.getByText('No matching room')).toBeVisible();
  await ben.page.getByRole('main').getByRole('link', { name: 'Clear' }).first().click();
  await expect(row(ben.page, room)).toBeVisible();
});

for (const javaScriptEnabled of [true, false]) {
  test(`somebody new joins with what they were given, ${javaScriptEnabled ? 'on a phone' : 'without JavaScript'}`, async ({ seat, town, room }) => {
    const den = await town.ana.opens(`${room.slug}-den`, `Den ${room.id}`, 'private');
    const ana = await seat(town.ana, { javaScriptEnabled });
    await ana.opens(`/admin/rooms/${den.slug}/people`);
    await ana.page.getByRole('button', { name: 'Create invitation link' }).click();
    const code = ana.page.getByRole('img', { name: /QR code/ });
    await expect.poll(() => code.evaluate((image: HTMLImageElement) => image.naturalWidth).catch(() => 0)).toBeGreaterThan(0);
    const link = await ana.page.getByRole('textbox', { name: 'Invitation link' }).inputValue();

    const dora = await seat(await registered(town.salon, `dora${room.id}`), { ...PHONE, javaScriptEnabled });
    await dora.opens('/');
    const summary = dora.page.getByText('Join with an invitation');
    const field = dora.page.getByRole('textbox', { name: 'Invitation code or link' });
    await summary.click();
    await field.fill('no-such-code');
    await dora.page.getByRole('button', { name: 'Go there' }).click();
    await expect(dora.page.getByText('There is no such invitation or room here')).toBeVisible();
    await field.fill(`  ${link.slice(0, 20)} ${link.slice(20)} `);
    await fitsItsWidth(dora.page);
    await dora.page.getByRole('button', { name: 'Go there' }).click();
    await dora.page.getByRole('button', { name: 'Join room' }).click();
    await expect(dora.page).toHaveURL(new RegExp(`${den.path}$`));
  });
}

test('an empty list offers to join, and fits a phone', async ({ seat, town }) => {
  const salon = town.salon;
  const eva = await seat(await registered(salon, `eva${Date.now() % 100_000}`), PHONE);
  await eva.goes('/?q=nothing-is-called-so');
  await expect(eva.page.getByText('No matching room')).toBeVisible();
  await fitsItsWidth(eva.page);
  await isAccessible(eva.page);
});

test('a guest sees what happens in a public room as it happens', async ({ ana, guest, room, town }) => {
  await guest.goes(`/?q=${encodeURIComponent(room.title)}`);
  const row = guest.page.getByRole('article').filter({ hasText: room.title });
  await expect(row).toBeVisible();
  await expect(async () => {
    await town.ana.says(room, 'Is anybody there?');
    await expect(row).toContainText('Is anybody there?', { timeout: 2_000 });
  }).toPass();
  await ana.enters(room);
  await expect(row).toContainText('1 here now');
});
