import type { Page } from '@playwright/test';
import { PHONE, expect, test as base } from '../fixtures';
import { fitsItsWidth, isAccessible } from '../fixtures/axe';
import { PASSWORD, administrator, registered } from '../fixtures/house';
import { PATIENCE } from '../fixtures/patience';
import { png } from '../fixtures/png';
import { SERVER_AWAY } from '../fixtures/strict';
import { Salon, freePort } from '../fixtures/salon';

interface Old {
  salon: Salon;
  /** Where webim stands: beside the page, and at the root of a port of its own. */
  mounts: string[];
}

const test = base.extend<object, { old: Old }>({
  old: [
    async ({}, use) => {
      const port = await freePort();
      const settings = ['--compat', 'webim', '--compat-listen', `webim=127.0.0.1:${port}`];
      const salon = await Salon.begin({ settings });
      await administrator(salon, 'ana');
      await registered(salon, 'ben');
      await use({ salon, mounts: [`${salon.url}/compat/webim`, `http://127.0.0.1:${port}`] });
      await salon.stop();
    },
    { scope: 'worker', timeout: 4 * PATIENCE },
  ],
});

async function logsIn(page: Page, mount: string, name: string, password = PASSWORD): Promise<void> {
  await page.goto(`${mount}/`);
  await page.getByLabel('姓名').fill(name);
  await page.getByLabel('密码').fill(password);
  await page.getByLabel('房间').selectOption('二号房间');
  await page.getByRole('button', { name: '登陆' }).click();
}

async function isInside(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: '二号房间' })).toBeVisible();
}

async function says(page: Page, text: string): Promise<void> {
  await page.getByLabel('消息').fill(text);
  await page.getByRole('button', { name: '发送', exact: true }).click();
}

/** What the other site's back end does: logs in and calls. */
async function calls(mount: string, method: string, path: string, token: string, body: object): Promise<{ code: number; data: never }> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const answer = await fetch(mount + path, { method, headers, body: JSON.stringify(body) });
  return answer.json();
}

for (const [at, where] of ['beside the page', 'at a port of its own'].entries()) {
  test(`webim's page on a phone, ${where}`, async ({ browser, old, strict }) => {
    const mount = old.mounts[at];
    const enters = async () => {
      const context = await browser.newContext(PHONE);
      strict.watch(context, mount);
      // The other site's pictures.
      const picture = Buffer.from(png({ caption: 'Lake', width: 40, height: 30 }));
      await context.route('http://pictures.invalid/**', (route) => route.fulfill({ contentType: 'image/png', body: picture }));
      return context.newPage();
    };
    const ben = await enters();
    await logsIn(ben, mount, 'ben');
    await expect(ben.getByRole('alert'), 'nobody runs the room yet').toHaveText('管理员未登陆！');
    await logsIn(ben, mount, 'ben', 'not the password');
    await expect(ben.getByRole('alert')).toHaveText('登陆失败！');
    await fitsItsWidth(ben);
    await isAccessible(ben);

    const ana = await enters();
    await logsIn(ana, mount, 'ana');
    await isInside(ana);
    await expect(ana.getByRole('log')).toContainText('ana 来了');
    await logsIn(ben, mount, 'ben');
    await isInside(ben);
    await expect(ana.getByRole('log')).toContainText('ben 来了');

    const heard: string[] = [];
    await says(ben, '这里是内容 <b>不是</b>');
    for (const page of [ana, ben]) {
      await expect(page.getByRole('log').getByText('这里是内容 <b>不是</b>')).toHaveCount(1);
      heard.push((await page.getByRole('log').textContent()) ?? '');
    }
    expect(heard[0], 'who said it').toContain('ben这里是内容');

    const { data } = await calls(mount, 'POST', '/login', '', { name: 'ana', password: PASSWORD, room: 2 });
    const { token } = data as { token: string };
    const url = 'http://pictures.invalid/lake.png';
    const added = await calls(mount, 'POST', '/pics', token, { c_id: 7, url, order: 2, room: 2 });
    expect(added.code).toBe(201);
    for (const page of [ana, ben]) {
      await expect(page.locator('#wall img')).toHaveAttribute('src', url);
      expect(await page.locator('#wall img').evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBe(40);
    }
    const film = { c_id: 3, url: 'http://pictures.invalid/film.mp4', content: '', room: 2 };
    expect((await calls(mount, 'POST', '/api/admin/videos', token, film)).code).toBe(201);
    for (const page of [ana, ben]) await expect(page.locator('#show video')).toHaveAttribute('src', film.url);
    expect((await calls(mount, 'DELETE', '/api/admin/video/3', token, {})).code).toBe(200);
    await says(ben, '长'.repeat(900));
    await expect(ana.getByRole('log').getByText('长长长')).toBeVisible();
    for (const page of [ana, ben]) {
      await fitsItsWidth(page);
      await isAccessible(page);
    }
    expect((await calls(mount, 'DELETE', '/pic/7', token, {})).code).toBe(200);
    for (const page of [ana, ben]) await expect(page.locator('#wall img')).toHaveCount(0);

    await ben.getByRole('button', { name: '登出' }).click();
    await expect(ben.getByLabel('姓名')).toBeVisible();
    await expect(ana.getByRole('log')).toContainText('ben 离开了');
    await ana.getByRole('button', { name: '登出' }).click();
    await expect(ana.getByLabel('姓名')).toBeVisible();
    await Promise.all([ana, ben].map((page) => page.context().close()));
  });
}

test("webim's page comes back after the server was killed", async ({ browser, old, strict }) => {
  strict.expects(SERVER_AWAY);
  const context = await browser.newContext(PHONE);
  strict.watch(context, 'ana');
  const ana = await context.newPage();
  await logsIn(ana, old.mounts[0], 'ana');
  await isInside(ana);
  await says(ana, '之前');
  await expect(ana.getByRole('log').getByText('之前')).toBeVisible();
  await old.salon.kill();
  await old.salon.start();
  await expect(async () => {
    await says(ana, '之后');
    await expect(ana.getByRole('log').getByText('之后')).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: PATIENCE });
  await context.close();
});
