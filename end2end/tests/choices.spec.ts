import { expect, test } from '../fixtures';

test('the language follows the browser, and the choice', async ({ seat, town, room }) => {
  const ana = await seat(town.ana, { locale: 'zh-CN' });
  await ana.goes('/');
  await expect(ana.page.locator('html')).toHaveAttribute('lang', /^zh/);
  await expect(ana.page.getByRole('heading', { name: '房间', level: 1 })).toBeVisible();
  await ana.opensMenu();
  await ana.page.getByRole('button', { name: 'English' }).click();
  await ana.isReady();
  await expect(ana.page.getByRole('heading', { name: 'Rooms', level: 1 })).toBeVisible();
  await ana.goes(room.path);
  await expect(ana.composer).toBeVisible();
});

test('the theme is there in the first paint', async ({ ana }) => {
  await ana.goes('/');
  await ana.opensMenu();
  await ana.page.getByRole('button', { name: 'Dark' }).click();
  await expect(ana.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  const html = await (await ana.context.request.get(ana.page.url())).text();
  expect(html).toMatch(/<html[^>]*data-theme="dark"/);
  await expect(ana.page.locator('body')).toHaveCSS('background-color', 'rgb(20, 23, 26)');
});

test('without a choice the page follows the system', async ({ seat }) => {
  const guest = await seat(undefined, { colorScheme: 'dark' });
  await guest.goes('/');
  await expect(guest.page.locator('body')).toHaveCSS('background-color', 'rgb(20, 23, 26)');
  await guest.page.emulateMedia({ colorScheme: 'light' });
  await expect(guest.page.locator('body')).toHaveCSS('background-color', 'rgb(255, 255, 255)');
});
