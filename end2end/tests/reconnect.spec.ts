import type { Page } from '@playwright/test';
import { expect, test } from '../fixtures';
import { PATIENCE } from '../fixtures/patience';
import { SERVER_AWAY } from '../fixtures/strict';

test('after the server was killed the page says so, comes back and misses nothing', async ({ ana, ben, room, strict, town }) => {
  strict.expects(SERVER_AWAY);
  await ana.enters(room);
  await ben.enters(room);
  await ana.says('Before');
  await ben.hears('Before');

  // The next try may be half a minute away.
  test.slow();
  await town.salon.kill();
  const lost = ben.page.getByRole('status').filter({ hasText: 'Connection lost, reconnecting…' });
  await expect(lost).toBeVisible({ timeout: PATIENCE });
  await ben.composer.fill('Written while the server was away');
  await ben.composer.press('Enter');

  await town.salon.start();
  await town.ana.says(room, 'First after the restart');
  await ben.hears('First after the restart', PATIENCE);
  await ben.hears('Written while the server was away');
  await ana.hears('Written while the server was away', PATIENCE);
  await expect(lost).toBeHidden();
  await ana.hears('Before');

  await ana.page.reload();
  await ana.hears('Written while the server was away');
});

test('a message that could not be sent survives a reload and arrives once', async ({ ana, ben, room, strict }) => {
  strict.expects(SERVER_AWAY, /ERR_INTERNET_DISCONNECTED|ERR_FAILED/);
  await ana.enters(room);
  await ben.enters(room);
  // The socket and the calls are cut; the page itself can still be loaded.
  let isCut = true;
  await ben.context.routeWebSocket(/\/api\/v1\/live/, (socket) => {
    if (isCut) void socket.close();
    else socket.connectToServer();
  });
  await ben.context.route('**/call/**', (route) => (isCut ? route.abort() : route.continue()));
  await ben.page.reload();
  await ben.isReady();
  await ben.composer.fill('Kept for later');
  await ben.composer.press('Enter');
  await ben.hears('Kept for later');
  await expect.poll(() => kept(ben.page)).toContain('Kept for later');
  await ben.page.reload();
  await ben.isReady();
  await ben.hears('Kept for later');
  await expect(ana.message('Kept for later')).toHaveCount(0);

  isCut = false;
  await ben.page.reload();
  await ana.hears('Kept for later');
  await ben.hears('Kept for later');
  await ana.page.reload();
  await ana.hears('Kept for later');
});

test('a draft survives a reload', async ({ ben, room }) => {
  await ben.enters(room);
  await ben.composer.fill('Half a thought');
  await expect.poll(() => kept(ben.page)).toContain('Half a thought');
  await ben.page.reload();
  await ben.isReady();
  await expect(ben.composer).toHaveValue('Half a thought');
});

/** Everything in the page's databases, as text. */
async function kept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const all: unknown[] = [];
    for (const { name } of await indexedDB.databases()) {
      const database = await done(indexedDB.open(name ?? ''));
      for (const store of database.objectStoreNames) {
        all.push(await done(database.transaction(store).objectStore(store).getAll()));
      }
      database.close();
    }
    return JSON.stringify(all);
  });
}
