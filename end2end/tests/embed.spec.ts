import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, FrameLocator, Page } from '@playwright/test';
import { expect, test as base } from '../fixtures';
import { isAccessible } from '../fixtures/axe';
import { Host, key, withoutThirdPartyCookies } from '../fixtures/host';
import { PATIENCE } from '../fixtures/patience';
import { SERVER_AWAY } from '../fixtures/strict';
import { administrator } from '../fixtures/house';
import { png } from '../fixtures/png';
import { Salon, freePort } from '../fixtures/salon';

interface Shop {
  host: Host;
  /** Lets somebody sign in at the shop and see the room. */
  visits: (name: string) => Promise<Visitor>;
  /** Says which sites may show the room. */
  allow: (...origins: string[]) => Promise<void>;
  /** What was said in the room. */
  said: () => Promise<string[]>;
}

interface Visitor {
  page: Page;
  frame: FrameLocator;
}

let rooms = 0;

const test = base.extend<{ stay: number; shop: Shop }>({
  stay: [3_600, { option: true }],

  // For members alone: whatever the frame shows, it shows to somebody who was let in.
  room: async ({ town }, use, info) => {
    rooms += 1;
    await use(await town.ana.opens(`shop-${info.workerIndex}-${rooms}`, `Shop ${rooms}`, 'private'));
  },

  shop: async ({ town, room, strict, stay }, use) => {
    const token = key(town.salon, `shop-${room.id}`, 'ana');
    const host = await Host.begin(town.salon, room.slug, token, { STAY: String(stay) });
    const contexts: BrowserContext[] = [];
    const address = `${town.salon.url}/api/v1/rooms/${room.slug}`;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const allow = async (...origins: string[]) => {
      const answer = await fetch(`${address}/embed`, { method: 'PUT', headers, body: JSON.stringify({ origins }) });
      expect(answer.status).toBe(200);
    };
    await allow(host.url);
    const said = async () => {
      const { items } = (await (await fetch(`${address}/messages`, { headers })).json()) as { items: { text: string }[] };
      return items.map(({ text }) => text);
    };
    const visits = async (name: string) => {
      const context = await withoutThirdPartyCookies();
      contexts.push(context);
      strict.watch(context, name);
      const page = await context.newPage();
      await page.goto(host.url);
      await page.getByLabel('Name').fill(name);
      await page.getByRole('button', { name: 'Sign in' }).click();
      return { page, frame: page.frameLocator('iframe') };
    };
    await use({ host, visits, allow, said });
    await Promise.all(contexts.map((context) => context.close()));
    await host.stop();
  },
});

const composer = (frame: FrameLocator) => frame.getByRole('textbox', { name: 'Write a message' });
const isAlive = (page: Page) => expect(page.locator('body[data-room]')).toBeAttached({ timeout: PATIENCE });

async function says(frame: FrameLocator, text: string): Promise<void> {
  await composer(frame).fill(text);
  await composer(frame).press('Enter');
  await expect(composer(frame)).toHaveValue('');
}

/** Whether every picture in the frame has come. */
const pictures = (page: Page) =>
  page.frames()[1].evaluate(() => [...document.images].filter((image) => image.complete && image.naturalWidth > 0).map((image) => image.alt));

test('a visitor of another site talks, sends a picture and sees the wall without any cookie', async ({ shop, ana, room, town }) => {
  await town.ana.hangs(room, { caption: 'Lake' });
  await ana.enters(room);
  const { page, frame } = await shop.visits('Kim');
  await isAlive(page);

  // Chromium really blocks them here: what a script sets is not there.
  const cookie = await page.frames()[1].evaluate(() => {
    document.cookie = 'probe=1; SameSite=None; Secure';
    return document.cookie;
  });
  expect(cookie).toBe('');
  expect((await page.context().cookies(town.salon.url)).length).toBe(0);

  await says(frame, 'Hello from the shop');
  await ana.hears('Hello from the shop');
  await expect(ana.log.getByText('Kim').first()).toBeVisible();
  await ana.says('Hello back');
  await expect(frame.getByText('Hello back')).toBeVisible();

  // A room for members alone: its pictures carry the visitor's token.
  await expect.poll(() => pictures(page)).toContain('Lake');
  await frame.locator('input[type=file]').first().setInputFiles({ name: 'sea.png', mimeType: 'image/png', buffer: png({ caption: 'Sea', width: 40, height: 30 }) });
  await expect(frame.getByRole('list', { name: 'Uploads' }).getByText('Ready')).toBeVisible();
  await says(frame, 'Look');
  await ana.hears('Look');
  await expect(ana.log.locator('img[src^="/file/"]')).toHaveCount(1);
  await expect.poll(() => pictures(page)).toContain('sea.png');

  // A picture opens, and closes again without taking the page around it along.
  const around = page.url();
  await frame.getByRole('link', { name: 'Lake' }).first().click();
  await expect(frame.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(frame.getByRole('dialog')).toHaveCount(0);
  expect(page.url()).toBe(around);
  await expect(composer(frame)).toBeVisible();

  // Nothing of the site around it is there, and what leads away opens beside.
  await expect(frame.getByRole('banner')).toBeHidden();
  await ana.says('See https://elsewhere.example/page');
  const beside = page.context().waitForEvent('page');
  await frame.getByRole('link', { name: 'elsewhere.example' }).click();
  expect((await beside).url()).not.toContain('/embed/');
  await isAccessible(page);
});

test('after the server was killed the frame comes back and misses nothing', async ({ shop, room, strict, town }) => {
  strict.expects(SERVER_AWAY);
  const { page, frame } = await shop.visits('Kim');
  await isAlive(page);
  test.slow();
  await town.salon.kill();
  await expect(frame.getByRole('status').filter({ hasText: 'Connection lost, reconnecting…' })).toBeVisible({ timeout: PATIENCE });
  await composer(frame).fill('Written meanwhile');
  await composer(frame).press('Enter');
  await town.salon.start();
  await town.ana.says(room, 'After the restart');
  await expect(frame.getByText('After the restart')).toBeVisible({ timeout: PATIENCE });
  await expect.poll(async () => (await shop.said()).filter((text) => text === 'Written meanwhile'), { timeout: PATIENCE }).toHaveLength(1);
});

test.describe('a short stay', () => {
  test.use({ stay: 10 });

  test('goes on with another ticket, and what is being written stays', async ({ shop }) => {
    const { page, frame } = await shop.visits('Kim');
    await isAlive(page);
    const stays = page.waitForResponse((answer) => answer.url().endsWith('/stay') && answer.status() === 200, { timeout: PATIENCE });
    await composer(frame).fill('A long thought');
    await stays;
    const again = await page.waitForResponse((answer) => answer.url().endsWith('/stay') && answer.status() === 200, { timeout: PATIENCE });
    expect((await again.json()).ends_in).toBeGreaterThan(5_000);
    await expect(composer(frame)).toHaveValue('A long thought');
    await composer(frame).press('Enter');
    await expect.poll(shop.said).toContain('A long thought');
  });

  test('is taken up again when the first ticket does not come', async ({ shop, strict }) => {
    strict.expects(/ERR_FAILED|Failed to fetch/);
    const { page, frame } = await shop.visits('Kim');
    let asked = 0;
    await page.route('**/ticket', (route) => ((asked += 1) === 1 ? route.abort() : route.continue()));
    await isAlive(page);
    await composer(frame).fill('A longer thought');
    await page.waitForResponse((answer) => answer.url().endsWith('/stay') && answer.status() === 200, { timeout: PATIENCE });
    expect(asked).toBeGreaterThan(1);
    await expect(composer(frame)).toHaveValue('A longer thought');
    await composer(frame).press('Enter');
    await expect.poll(shop.said).toContain('A longer thought');
  });
});

test('a site that the room does not name is not shown it', async ({ shop, strict }) => {
  strict.expects(/frame-ancestors|csp-report/);
  await shop.allow('https://elsewhere.example');
  const { page, frame } = await shop.visits('Kim');
  const complaints = async () => (await page.consoleMessages()).map((message) => message.text()).join('\n');
  await expect.poll(complaints).toContain('frame-ancestors');
  await expect(composer(frame)).not.toBeAttached();
  await expect(page.locator('body[data-room]')).not.toBeAttached();
});

test('a frame that is loaded again gets another ticket from the page around it', async ({ shop, strict }) => {
  strict.expects(/401/);
  const { page, frame } = await shop.visits('Kim');
  await isAlive(page);
  await page.evaluate(() => {
    delete document.body.dataset.room;
    const frame = document.querySelector('iframe') as HTMLIFrameElement;
    // Another fragment alone would load nothing.
    frame.src = frame.src.replace('#', '?again#');
  });
  await isAlive(page);
  await expect(composer(frame)).toBeVisible();
});

test('the page around it learns what is unread and chooses the colours', async ({ shop, room, town }) => {
  const { page, frame } = await shop.visits('Kim');
  await isAlive(page);
  await page.getByRole('button', { name: 'Dark' }).click();
  await expect(frame.locator('html')).toHaveAttribute('data-theme', 'dark');
  const tell = (message: object) =>
    page.evaluate((message) => {
      const frame = document.querySelector('iframe') as HTMLIFrameElement;
      frame.contentWindow?.postMessage(message, frame.dataset.salon as string);
    }, message);
  const accent = () => page.frames()[1].evaluate(() => document.documentElement.style.getPropertyValue('--accent'));
  await tell({ type: 'salon:theme', theme: 'light', accent: '#7a1fa2' });
  await expect.poll(accent).toBe('rgb(122 31 162)');
  // Nobody could read that.
  await tell({ type: 'salon:theme', accent: '#ffee88' });
  await expect(page.locator('body')).toHaveAttribute('data-refused', '#ffee88');
  expect(await accent()).toBe('');

  const unread = page.locator('#unread');
  await page.evaluate(() => ((document.querySelector('iframe') as HTMLElement).style.marginTop = '3000px'));
  // A browser looks now and then whether a frame is seen.
  await expect(async () => {
    await town.ana.says(room, 'Is anybody there?');
    await expect(unread).toHaveText(/\d/, { timeout: 2_000 });
  }).toPass({ timeout: PATIENCE });
  const before = Number(await unread.textContent());
  await town.ana.says(room, 'One', 'Two');
  await expect(unread).toHaveText(String(before + 2));
  await page.evaluate(() => ((document.querySelector('iframe') as HTMLElement).style.marginTop = ''));
  await expect(unread).toHaveText('');
});

base('the example site pushes its pictures, hears what happens and is asked before', async () => {
  const [port, secret] = [await freePort(), 'a secret of thirty-two characters'];
  const file = join(await mkdtemp(join(tmpdir(), 'salon-key-')), 'key');
  await writeFile(file, secret);
  // A name of this machine alone: only such may lead inside.
  const site = `http://localhost:${port}`;
  const settings = ['--before-send', `${site}/before-send`, '--before-send-key', file, '--before-send-on-failure', 'closed'];
  const salon = await Salon.begin({ settings });
  const ana = await administrator(salon, 'ana');
  await ana.opens('hall', 'Hall');
  const token = key(salon, 'shop', 'ana');
  const api = async (path: string, body?: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${salon.url}/api/v1/rooms/hall/${path}`, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body) });
    return { status: answer.status, body: await answer.json() };
  };
  // Nobody is there to be asked: the operator has chosen that nothing is said then.
  expect((await api('messages', { text: 'Too early' })).status).toBe(503);

  const webhook = await api('webhooks', { url: `http://127.0.0.1:${port}/webhook` });
  expect(webhook.status).toBe(201);
  const more = { SECRET: secret, WEBHOOK_SECRET: webhook.body.secret, LISTEN: `127.0.0.1:${port}` };
  const host = await Host.begin(salon, 'hall', token, more);

  const signedIn = await fetch(`${site}/sign-in`, { method: 'POST', body: new URLSearchParams({ name: 'Kim' }), redirect: 'manual' });
  const headers = { cookie: signedIn.headers.getSetCookie()[0].split(';')[0] };
  for (const [caption, status] of [['first', 201], ['second', 200]] as const) {
    const body = new Uint8Array(png({ caption, width: caption.length * 10 }));
    expect((await fetch(`${site}/pictures/7`, { method: 'PUT', headers, body })).status).toBe(status);
  }
  expect((await api('pictures')).body.pictures.map((picture: { own_id: string; width: number }) => [picture.own_id, picture.width])).toEqual([['7', 60]]);

  expect((await api('messages', { text: 'Good evening' })).status).toBe(201);
  const refused = await api('messages', { text: 'A spoiler: it was the gardener' });
  expect([refused.status, refused.body.code]).toEqual([422, 'objected']);
  expect(JSON.stringify(refused.body)).toContain('No spoilers here');
  expect((await api('messages', { text: 'See http://elsewhere.example' })).status).toBe(202);
  expect((await api('messages')).body.items.map((message: { text: string }) => message.text)).toEqual(['Good evening']);

  const told = async () => (await fetch(`${site}/told`, { headers })).text();
  await expect.poll(told, { timeout: PATIENCE }).toContain('Good evening');
  expect(await told()).not.toContain('spoiler');
  // What somebody else sends there is not believed.
  expect((await fetch(`${site}/webhook`, { method: 'POST', body: '{}' })).status).toBe(401);
  expect((await fetch(`${site}/before-send`, { method: 'POST', body: '{}' })).status).toBe(401);
  await host.stop();
  await salon.stop();
});
