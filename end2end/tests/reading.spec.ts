import type { Page } from '@playwright/test';
import { PHONE, type Person, type Room, expect, test } from '../fixtures';
import { fitsItsWidth, isAccessible } from '../fixtures/axe';
import type { Account } from '../fixtures/house';

const words = (count: number, word = 'Word') => Array.from({ length: count }, (_, i) => `${word} ${i}`);

/** Becomes a member of a room where something was said before: nothing of that is unread. */
async function joins(person: Person, room: Room, host: Account): Promise<void> {
  await host.says(room, ...words(30, 'Before'));
  await person.account?.posts('enter-room', { room: String(room.id) });
}

const badge = (page: Page, room: Room) => page.locator(`[data-unread="${room.id}"]`);
const line = (page: Page) => page.locator('.new-line');

/** Where the new-messages line stands in the conversation: 0 at its upper edge, 1 at its lower one. */
const stands = (page: Page) =>
  line(page).evaluate((at) => {
    const all = at.closest('.scroller')?.getBoundingClientRect() ?? new DOMRect();
    return (at.getBoundingClientRect().top - all.top) / all.height;
  });

/** The number of the last word that is in view as a whole. */
const lastInView = (page: Page) =>
  page.locator('.scroller').evaluate((all) => {
    const edge = all.getBoundingClientRect().bottom + 1;
    const seen = [...all.querySelectorAll('.said')].filter((said) => said.getBoundingClientRect().bottom <= edge);
    return Number(seen.at(-1)?.querySelector('.bubble')?.textContent?.split(' ')[1]);
  });

test('UX-6.01: a room opens at the first unread message, a third from the top', async ({ seat, room, town }) => {
  const desk = await seat(town.ben);
  await joins(desk, room, town.ana);
  await town.ana.says(room, ...words(70));
  // As the server sends it, before any program runs: nothing jumps, and nothing is asked for again.
  await desk.opens(room.path);
  await expect.poll(() => stands(desk.page)).toBeCloseTo(1 / 3, 1);
  const before = await stands(desk.page);
  await desk.isReady();
  await expect(desk.message('Word 0')).toBeInViewport();
  await expect(desk.page.locator('.said').filter({ hasText: 'Before 29' })).toBeInViewport();
  expect(Math.abs((await stands(desk.page)) - before)).toBeLessThan(0.01);
  await expect(desk.page.getByRole('button', { name: /new messages/ })).toBeVisible();
  await isAccessible(desk.page);

  // The line stays while one reads and others write.
  await town.ana.says(room, 'Later word');
  await desk.page.locator('.scroller').hover();
  await desk.page.mouse.wheel(0, 120);
  await expect(line(desk.page)).toHaveCount(1);
  // The pill leads to the end, which is the end of all that was unread.
  await desk.page.getByRole('button', { name: /new messages/ }).click();
  await expect(desk.message('Later word')).toBeInViewport();
  await expect(badge(desk.page, room)).toBeHidden();
});

test('UX-6.01: what was in view counts as read, and one goes on behind it', async ({ seat, room, town }) => {
  const desk = await seat(town.ben);
  const phone = await seat(town.ben, PHONE);
  await joins(desk, room, town.ana);
  await town.ana.says(room, ...words(60));
  await phone.goes('/');
  await expect(badge(phone.page, room)).toContainText('60 unread');
  await desk.enters(room);
  await desk.page.locator('.scroller').hover();
  for (let i = 0; i < 4; i++) await desk.page.mouse.wheel(0, 150);
  // The phone hears exactly what was in view at the desk.
  await expect.poll(async () => {
    const left = 59 - (await lastInView(desk.page));
    return (await badge(phone.page, room).textContent())?.includes(`${left} unread`);
  }).toBe(true);
  const last = await lastInView(desk.page);
  expect(last).toBeGreaterThan(0);
  expect(last).toBeLessThan(59);
  await desk.page.close();
  await phone.goes(room.path);
  await expect(phone.message(`Word ${last + 1}`)).toBeInViewport();
  expect(await stands(phone.page)).toBeCloseTo(1 / 3, 1);
  await fitsItsWidth(phone.page);
  await isAccessible(phone.page);
});

test('UX-6.02: Escape is done with all of it, wherever the end is', async ({ ben, room, town }) => {
  await joins(ben, room, town.ana);
  await town.ana.says(room, ...words(70));
  await ben.enters(room);
  await expect(line(ben.page)).toBeInViewport();
  await ben.page.keyboard.press('Escape');
  await expect(line(ben.page)).toHaveCount(0);
  await ben.goes('/');
  await expect(badge(ben.page, room)).toBeHidden();
});

test('UX-6.01: whoever wants the newest message always gets it', async ({ ben, room, town }) => {
  await joins(ben, room, town.ana);
  await town.ana.says(room, ...words(60));
  await ben.goes('/me');
  await ben.page.getByRole('button', { name: 'Newest message' }).click();
  await expect(ben.page.getByRole('button', { name: 'Newest message' })).toHaveAttribute('aria-pressed', 'true');
  await ben.goes(room.path);
  await expect(ben.message('Word 59')).toBeInViewport();
  await ben.goes('/me');
  await ben.page.getByRole('button', { name: 'First unread' }).click();
});

test('without JavaScript a room opens there as well, with ways on and back', async ({ seat, room, town }) => {
  const plain = await seat(town.ben, { javaScriptEnabled: false });
  await joins(plain, room, town.ana);
  await town.ana.says(room, ...words(70));
  await plain.opens(room.path);
  await expect(plain.message('Word 0')).toBeInViewport();
  await plain.page.getByRole('link', { name: 'Later messages' }).click();
  await expect(plain.message('Word 19')).toBeInViewport();
  await expect(plain.message('Word 40')).toBeAttached();
  await plain.page.getByRole('link', { name: 'Back to latest' }).click();
  await expect(plain.message('Word 69')).toBeInViewport();
});
