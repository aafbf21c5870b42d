import { PHONE, type Person, type Room, expect, test } from '../fixtures';

/** What is said can be found a moment later; a plain page has to be asked again. */
async function finds(person: Person, words: string, room: Room): Promise<void> {
  const { page } = person;
  await expect(async () => {
    await page.getByRole('searchbox').fill(`${words} in:${room.slug}`);
    await page.getByRole('searchbox').press('Enter');
    await expect(page.getByRole('listitem').filter({ has: page.locator('mark') })).toHaveCount(1, { timeout: 1_000 });
  }).toPass();
}

test('what was said is found in Chinese, and opens where it was said', async ({ ana, ben, room, town }) => {
  await town.ana.says(room, '我家在上海东边。', ...Array.from({ length: 60 }, (_, n) => `Line ${n}`));
  await ana.enters(room);
  await ben.enters(room);
  await ben.page.getByRole('link', { name: 'Search' }).click();
  await expect(ben.page).toHaveURL(/\/search$/);
  await finds(ben, '上海', room);
  await expect(ben.page.locator('mark')).toHaveText('上海');
  await ben.page.getByRole('link', { name: /上海/ }).click();
  await ben.isReady();
  await expect(ben.message('我家在上海东边。')).toBeInViewport();
  // It goes on from there.
  await ana.says('Still here');
  await ben.page.goBack();
  await expect(ben.page.locator('mark')).toHaveText('上海');
});

test('nothing found says so, and a guest finds what is public', async ({ seat, town, room }) => {
  const guest = await seat(undefined, { ...PHONE, javaScriptEnabled: false, locale: 'zh-CN' });
  await town.ana.says(room, '具体情况请看图');
  await guest.opens('/search');
  await expect(guest.page.getByText('has:picture')).toBeVisible();
  await finds(guest, '具體情況', room);
  await guest.page.getByRole('searchbox').fill('没有这样的话');
  await guest.page.getByRole('searchbox').press('Enter');
  await expect(guest.page.getByText('没有找到“没有这样的话”')).toBeVisible();
});

test('what is found follows the words while one types, of one kind if that is wanted', async ({ ana, room, town }) => {
  await town.ana.says(room, 'A lighthouse by the sea');
  const { page } = ana;
  await ana.opens('/search');
  await expect(async () => {
    await page.getByRole('searchbox').fill('');
    await page.getByRole('searchbox').pressSequentially(`lighth in:${room.slug}`);
    await expect(page.locator('mark')).toHaveText('lighth', { timeout: 1_000 });
  }).toPass();
  await expect(page).toHaveURL(/q=lighth/);
  await page.getByRole('link', { name: 'Pictures', exact: true }).click();
  await expect(page).toHaveURL(/kind=pictures/);
  await expect(page.locator('mark')).toHaveCount(0);
  await page.getByRole('link', { name: 'Messages', exact: true }).click();
  await expect(page.locator('mark')).toHaveText('lighth');
});
