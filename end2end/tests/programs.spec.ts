import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../fixtures';
import { holdsBack } from '../fixtures/network';

/** The shipped page has a program for each group of pages; the one of development only the whole. */
const isSplit = existsSync(join(process.env.SALON_SITE ?? '', 'pkg/guest.wasm'));
const program = (name: string): string => (isSplit ? `${name}.wasm` : 'salon.wasm');

test('one goes from a room to what manages it, and back', async ({ ana, ben, room }) => {
  const { page } = ana;
  const loaded: string[] = [];
  page.on('request', (request) => {
    const name = request.url().split('/').pop() ?? '';
    if (name.endsWith('.wasm')) loaded.push(name);
  });
  await ben.enters(room);
  await ana.goes('/');
  // The list is links and forms alone.
  expect(loaded).toEqual([]);
  // People with an account get the program that can write.
  await page.getByRole('main').getByRole('link', { name: room.title }).click();
  await expect(page).toHaveURL(new RegExp(`${room.path}$`));
  await expect(page.getByRole('link', { name: 'Room settings' })).toBeVisible();
  await ana.isReady();
  expect(loaded).toContain(program('member'));

  await page.getByRole('link', { name: 'Room settings' }).click();
  await expect(page).toHaveURL(/\/admin\/rooms\//);
  await ana.isReady();
  expect(loaded).toContain(program('site'));
  await page.getByRole('link', { name: 'Manage pictures' }).click();
  await expect(page).toHaveURL(/\/pictures$/);
  await ana.isReady();
  await page.getByRole('link', { name: 'See as viewers do' }).click();
  await ana.says('From the program of hosts');
  await ben.hears('From the program of hosts');

  await page.goBack();
  await expect(page).toHaveURL(/\/pictures$/);
  await page.goForward();
  await ana.says('Back and forth');
  await ben.hears('Back and forth');
});

test('a page that is not there is asked of the server', async ({ ana, room, strict }) => {
  strict.expects(/status of 404/);
  await ana.enters(room);
  await ana.page.evaluate(() => {
    const link = document.createElement('a');
    link.href = '/nowhere';
    link.textContent = 'Nowhere';
    document.body.append(link);
  });
  const asked = ana.page.waitForResponse((response) => response.url().endsWith('/nowhere'));
  await ana.page.getByRole('link', { name: 'Nowhere' }).click();
  expect((await asked).status()).toBe(404);
  await expect(ana.page.getByRole('heading', { name: 'Not found' })).toBeVisible();
  await ana.page.goBack();
  await ana.isReady();
  await expect(ana.log).toBeVisible();
});

test('going back before the page is alive leads back', async ({ ana, room, town }) => {
  const { page } = ana;
  await town.ana.hangs(room, { caption: 'A boat' });
  await ana.enters(room);
  await ana.wall.getByRole('link').first().click();
  await expect(page).toHaveURL(/\/p\/\d+$/);
  const wentBack = await holdsBack(page, '**/*.wasm*');
  await page.reload({ waitUntil: 'commit' });
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.evaluate(() => history.back());
  wentBack();
  await expect(ana.log).toBeVisible();
  await ana.isReady();
  await ana.says('Back again');
});

test('a script that the network swallows is asked for again', async ({ ana, room, strict }) => {
  strict.expects(/ERR_FAILED/);
  let asked = 0;
  await ana.page.route('**/composer.js*', (route) => ((asked += 1) < 3 ? route.abort() : route.continue()));
  await ana.enters(room);
  await expect(ana.page.getByRole('button', { name: 'Emoji' })).toBeVisible();
  expect(asked).toBe(3);
});
