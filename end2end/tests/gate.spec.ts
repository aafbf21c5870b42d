import { PHONE, expect, test } from '../fixtures';

test('viewers wait for the host and come in by themselves', async ({ ana, seat, town, room }) => {
  await town.ana.says(room, 'Said before');
  await town.ana.posts('change-gate', { room: String(room.id), opening: 'host' });
  const ben = await seat(town.ben, PHONE);
  await ben.goes(room.path);
  await expect(ben.page.getByText('Host is away')).toBeVisible();
  await expect(ben.page.getByText('1 waiting')).toBeVisible();
  expect(await ben.page.content()).not.toContain('Said before');

  const guest = await seat(undefined, { javaScriptEnabled: false });
  await guest.opens(room.path);
  await expect(guest.page.getByText('Host is away')).toBeVisible();

  await ana.enters(room);
  await ben.hears('Said before');
  await ana.says('Welcome');
  await ben.hears('Welcome');
  await ben.composer.fill('There you are');
  await ben.page.getByRole('button', { name: 'Send' }).click();
  await ana.hears('There you are');
  // Without scripts the page asks again by itself.
  await guest.hears('Said before', 20_000);

  await ana.page.reload();
  await ana.isReady();
  await ben.composer.fill('Still here');
  await ben.page.getByRole('button', { name: 'Send' }).click();
  await ana.hears('Still here');

  await ana.page.getByRole('button', { name: 'Close the room' }).click();
  await expect(ben.page.getByText('The room is closed at the moment')).toBeVisible();
  await expect(ben.message('Welcome')).toHaveCount(0);
  await expect(ana.page.getByText('1 waiting')).toBeVisible();
  await ana.page.getByRole('button', { name: 'Open the doors' }).click();
  await ben.hears('Welcome');
});

test('a host sets what opens a room, and is told what makes no sense', async ({ ana, room, strict }) => {
  strict.expects(/status of 422/);
  const { page } = ana;
  await ana.goes(`/admin/rooms/${room.slug}`);
  await page.getByText('By the clock', { exact: true }).click();
  const form = page.locator('form[action*="change-gate"]');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByRole('alert')).toBeVisible();
  await form.getByLabel('Starts').fill('2099-01-01T20:00');
  await form.getByLabel('Ends').fill('2099-01-01T19:00');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByText('The end has to be after the start.')).toBeVisible();
  await form.getByLabel('Ends').fill('2099-01-01T22:00');
  await form.getByRole('button', { name: 'Save' }).click();
  await expect(form.getByRole('alert')).toHaveCount(0);
  await ana.goes(room.path);
  await expect(page.getByText('Waiting to begin', { exact: true })).toBeVisible();
});

test('the picture of the waiting page is the one the host chose', async ({ ben, town, room }) => {
  await town.ana.hangs(room, { caption: 'Poster', colour: [200, 90, 80] }, { caption: 'Secret', colour: [80, 90, 200] });
  const wall = await (await town.ana.posts('wall', { room: String(room.id) })).json();
  const poster = wall.pictures.find((picture: { caption: string }) => picture.caption === 'Poster');
  await town.ana.posts('choose-cover', { room: String(room.id), picture: String(poster.id) });
  await town.ana.posts('open-gate', { room: String(room.id), open: 'false' });
  await ben.goes(room.path);
  const cover = ben.page.getByRole('img', { name: 'Poster' });
  await expect(cover).toBeVisible();
  expect(await cover.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  expect(await ben.page.content()).not.toContain('Secret');
});
