import { expect, test as base } from '@playwright/test';
import { PASSWORD } from '../fixtures/house';
import { Salon } from '../fixtures/salon';
import { Strict } from '../fixtures/strict';

const test = base.extend<{ salon: Salon; strict: Strict }>({
  salon: async ({}, use) => {
    const salon = await Salon.begin();
    await use(salon);
    await salon.stop();
  },
  strict: async ({ context }, use) => {
    const strict = new Strict();
    strict.watch(context, 'ana');
    await use(strict);
    strict.holds();
  },
});

test('the first administrator comes in by the link from the console and opens a room', async ({ page, salon, strict }) => {
  // The link's second visit is refused with a status that the browser reports.
  strict.expects(/410/);
  const link = salon.setupLink ?? '';
  await page.goto(link);
  await page.getByLabel('User name').fill('ana');
  await page.getByLabel('Display name').fill('Ana');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create administrator' }).click();

  await expect(page).toHaveURL(/\/admin\/rooms\/new$/);
  await page.getByLabel(/^(Title|Name)/).fill('The hall');
  await page.getByRole('button', { name: /Create/ }).click();
  await expect(page).toHaveURL(/\/admin\/rooms\/the-hall$/);

  await page.goto(`${salon.url}/r/the-hall`);
  await expect(page.getByRole('heading', { name: 'The hall' })).toBeVisible();

  const again = await page.goto(link);
  expect(again?.status()).toBe(410);
});
