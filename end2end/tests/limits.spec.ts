import { expect, test } from '../fixtures';
import { administrator } from '../fixtures/house';
import { png } from '../fixtures/png';
import { Person } from '../fixtures/person';
import { Salon } from '../fixtures/salon';

/** More than the server takes at once, so that it asks for patience. */
const FILES = 56;

test('many pictures are hung as fast as the server takes them, without another click', async ({ browser }) => {
  const salon = await Salon.begin({ limited: true });
  const account = await administrator(salon, 'ana');
  const room = await account.opens('fair', 'The fair');
  const context = await browser.newContext();
  await context.addCookies([{ name: 'salon_session', value: account.session, url: salon.url, httpOnly: true, sameSite: 'Lax' }]);
  const ana = new Person(salon, context, await context.newPage(), account);
  await ana.goes(`${room.path}/pictures`);
  const files = Array.from({ length: FILES }, (_, n) => ({ name: `${n}.png`, mimeType: 'image/png', buffer: png({ caption: '', width: 8, height: 8 + n }) }));
  await ana.page.locator('input[type="file"][multiple]').setInputFiles(files);
  const left = ana.page.locator('.uploads > li');
  await expect(left.first()).toBeVisible();
  await expect(left).toHaveCount(0, { timeout: 60_000 });
  await ana.page.reload();
  const wall = await (await account.posts('wall', { room: String(room.id) })).json();
  expect(wall.pictures.length).toBe(FILES);
  // The first chosen hangs foremost, however long it had to wait.
  expect(wall.pictures.map((picture: { height: number }) => picture.height)).toEqual(files.map((_, n) => 8 + n));
  await context.close();
  await salon.stop();
});
