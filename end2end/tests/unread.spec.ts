import type { Page } from '@playwright/test';
import { PHONE, type Person, type Room, expect, test } from '../fixtures';
import { fitsItsWidth, isAccessible } from '../fixtures/axe';
import { registered } from '../fixtures/house';

/** The number on a room's badge in the list; 0 for none. */
const badge = (page: Page, room: Room) => page.locator(`[data-unread="${room.id}"]`);

/** Somebody who belongs to the room. */
async function joins(person: Person, room: Room): Promise<void> {
  await person.account?.posts('enter-room', { room: String(room.id) });
}

/** Opens the menu of a room in the list. */
async function menu(page: Page, room: Room): Promise<void> {
  await page.getByRole('button', { name: `More: ${room.title}` }).click();
}

test('what is unread is one number in every tab, in the title and on the icon', async ({ ana, ben, room, town }) => {
  await joins(ben, room);
  await ben.goes('/');
  const other = await ben.context.newPage();
  await other.goto(`${town.salon.url}/search`);
  await expect(badge(ben.page, room)).toBeHidden();

  await town.ana.says(room, 'One', '@ben, two');
  await expect(badge(ben.page, room)).toContainText('2 unread');
  await expect(badge(ben.page, room)).toContainText('1 mentions you');
  // Other tests of this house may have left something unread as well.
  await expect(ben.page).toHaveTitle(/^\(\d+\+?\) /);
  await expect(other).toHaveTitle(await ben.page.title().then((title) => new RegExp(`^\\(${title.match(/\d+/)?.[0]}`)));
  await expect(other.locator('link[rel=icon]')).toHaveAttribute('href', /^blob:/);

  // Seen in one tab, it is gone from all of them.
  await other.goto(town.salon.url + room.path);
  await expect(other.getByRole('log')).toContainText('two');
  await other.bringToFront();
  await expect(badge(ben.page, room)).toBeHidden();
  void ana;
});

test('two browsers of one person agree', async ({ seat, room, town }) => {
  const desk = await seat(town.ben);
  const phone = await seat(town.ben, PHONE);
  await joins(desk, room);
  await desk.goes('/');
  await phone.goes('/');
  await town.ana.says(room, 'Hello both');
  await expect(badge(desk.page, room)).toContainText('1 unread');
  await expect(badge(phone.page, room)).toContainText('1 unread');
  await menu(phone.page, room);
  await phone.page.getByRole('button', { name: 'Mark as read' }).click();
  await expect(badge(desk.page, room)).toBeHidden();
  await expect(badge(phone.page, room)).toBeHidden();
  await menu(desk.page, room);
  await desk.page.getByRole('button', { name: 'Mark as unread' }).click();
  await expect(badge(phone.page, room)).toContainText('1 unread');
  await fitsItsWidth(phone.page);
  await isAccessible(phone.page);
});

test('all rooms are marked as read, and it is undone', async ({ ben, room, town }) => {
  await joins(ben, room);
  await town.ana.says(room, 'News');
  await ben.goes('/');
  await expect(badge(ben.page, room)).toContainText('1 unread');
  await ben.page.getByRole('button', { name: 'Mark all as read' }).click();
  await expect(ben.page.getByText('All rooms are marked as read.')).toBeVisible();
  await expect(badge(ben.page, room)).toBeHidden();
  await ben.page.getByRole('button', { name: 'Undo' }).click();
  await expect(badge(ben.page, room)).toContainText('1 unread');
});

test('a room is as loud as one likes', async ({ seat, room, town }) => {
  // Hidden rooms come last: among all of the house this one would be on another page.
  const cleo = await seat(await registered(town.salon, `cleo${room.id}`));
  await joins(cleo, room);
  await cleo.goes(`/?q=${encodeURIComponent(room.title)}`);
  await menu(cleo.page, room);
  await cleo.page.getByRole('button', { name: 'Hide the room' }).click();
  await expect(cleo.page.getByText('Hidden rooms')).toBeVisible();
  await expect(cleo.page.getByRole('link', { name: room.title, exact: true })).toBeHidden();
  await cleo.page.getByText('Hidden rooms').click();
  // A right click opens the menu as well, once there is somebody to hear it.
  await expect(cleo.page.locator('.room-card', { hasText: room.title }).locator('[data-copy]:not([hidden])')).toBeAttached();
  await cleo.page.locator('.room-card', { hasText: room.title }).click({ button: 'right' });
  await cleo.page.getByRole('button', { name: 'Mentions', exact: true }).click();
  await expect(cleo.page.locator('.room-card', { hasText: room.title }).getByText('Muted')).toBeAttached();
  await town.ana.says(room, 'Quietly');
  await expect(badge(cleo.page, room)).toContainText('1 unread');
});

test('something said elsewhere is told in the room one is in', async ({ ben, room, town }) => {
  const other = await town.ana.opens(`${room.slug}-b`, `${room.title} B`);
  await joins(ben, room);
  await joins(ben, other);
  await ben.enters(room);
  await town.ana.says(other, 'Come over here');
  const notice = ben.page.locator('.notice');
  await expect(notice).toContainText('Come over here');
  await notice.getByRole('link').click();
  await expect(ben.page).toHaveURL(new RegExp(`${other.path}$`));
  await ben.hears('Come over here');
});

test('Escape takes the new-messages line away, and Shift+Page Up goes to it', async ({ ben, room, town }) => {
  await joins(ben, room);
  await town.ana.says(room, ...Array.from({ length: 30 }, (_, i) => `Word ${i}`));
  await ben.goes(room.path);
  const line = ben.page.locator('.new-line');
  await expect(line).toBeAttached();
  await ben.page.keyboard.press('Shift+PageUp');
  await expect(line).toBeInViewport();
  await ben.page.keyboard.press('Escape');
  await expect(line).toHaveCount(0);
  // What comes while one is there draws none.
  await town.ana.says(room, 'One more');
  await ben.hears('One more');
  await expect(line).toHaveCount(0);
});
