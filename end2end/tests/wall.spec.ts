import { PHONE, type Person, expect, test } from '../fixtures';
import { fitsItsWidth, isAccessible } from '../fixtures/axe';
import { BLUE, GOLD, GREEN, RED, bar, box, card, manages } from '../fixtures/pictures';
import { png } from '../fixtures/png';

test('what is held back is seen by hosts alone, until it is shown', async ({ ana, ben, room, town }) => {
  await town.ana.hangs(room, RED, GREEN);
  await ben.enters(room);
  await manages(ana, room);
  await card(ana, 'Red').getByRole('button', { name: 'Hold back: Red' }).click();
  await ben.seesWall('Green');
  await expect(ana.page.getByRole('region', { name: 'Held back' }).getByRole('img', { name: 'Red' })).toBeVisible();
  await ana.page.getByRole('button', { name: 'Undo' }).click();
  await ben.seesWall('Green', 'Red');

  await ana.page.getByLabel('Hold back: show them later').check();
  const input = ana.page.locator('input[type="file"][multiple]');
  await input.setInputFiles({ name: 'secret.png', mimeType: 'image/png', buffer: png(BLUE) });
  const held = ana.page.getByRole('region', { name: 'Held back' });
  await expect(held.getByRole('img')).toHaveCount(1);
  await ben.seesWall('Green', 'Red');
  await ben.page.reload();
  await ben.seesWall('Green', 'Red');
  await held.getByRole('button', { name: /^Show/ }).click();
  await expect(ben.wall.getByRole('img')).toHaveCount(3);
});

test('several are chosen and changed in one step', async ({ ana, ben, room, town }) => {
  const other = await town.ana.opens(`other-${room.id}`, 'The other room');
  await town.ana.hangs(room, RED, GREEN, BLUE, GOLD);
  await ben.enters(room);
  await manages(ana, room);
  await box(ana, 'Gold').click();
  await box(ana, 'Green').click({ modifiers: ['Shift'] });
  await expect(ana.page.getByText('3 selected')).toBeVisible();
  await card(ana, 'Blue').getByRole('img').click({ modifiers: ['ControlOrMeta'] });
  await expect(ana.page.getByText('2 selected')).toBeVisible();
  const selected = bar(ana);
  await selected.getByRole('button', { name: 'Delete' }).click();
  await ben.seesWall('Blue', 'Red');
  await expect(ana.page.getByText('2 pictures deleted.')).toBeVisible();
  await ana.page.getByRole('button', { name: 'Undo' }).click();
  await ben.seesWall('Gold', 'Blue', 'Green', 'Red');

  await selected.getByRole('button', { name: 'Select all' }).click();
  await expect(ana.page.getByText('4 selected')).toBeVisible();
  const saved = ana.page.waitForEvent('download');
  await selected.getByRole('button', { name: 'Save as ZIP' }).click();
  expect((await saved).suggestedFilename()).toBe(`${room.slug}.zip`);

  await selected.getByLabel('Move to room').selectOption({ label: 'The other room' });
  await selected.getByRole('button', { name: 'Move', exact: true }).click();
  await expect(ben.wall.getByRole('img')).toHaveCount(0);
  await ben.enters(other);
  await ben.seesWall('Gold', 'Blue', 'Green', 'Red');
});

test('another host is seen at work, and nobody writes over anybody silently', async ({ ana, ben, room, town, strict }) => {
  strict.expects(/status of 409/);
  await town.ana.hangs(room, RED, GREEN);
  await town.ana.posts('add-member', { room: String(room.id), name: 'ben', role: 'host' });
  await manages(ana, room);
  await manages(ben, room);
  await card(ana, 'Red').getByRole('button', { name: /To top/ }).click();
  await expect(ben.page.getByText('Ana moved a picture')).toBeVisible();

  for (const host of [ana, ben]) {
    await card(host, 'Red').getByRole('link', { name: 'Edit: Red' }).click();
  }
  await card(ben, 'Red').getByLabel('Caption').fill('Mine');
  await card(ana, 'Red').getByLabel('Caption').fill('Crimson');
  await card(ana, 'Red').getByRole('button', { name: 'Save' }).first().click();
  await expect(ben.page.getByText(/Ana changed this meanwhile to: .*Crimson/)).toBeVisible();
  await expect(card(ben, 'Red').getByLabel('Caption')).toHaveValue('Mine');
  await card(ben, 'Red').getByRole('button', { name: 'Save' }).first().click();
  await expect(ben.page.getByText(/Somebody else just changed this/)).toBeVisible();
  await expect(card(ana, 'Red').locator('.card-name')).toHaveText('Crimson');
  await card(ben, 'Red').getByRole('button', { name: 'Save' }).first().click();
  await expect(card(ana, 'Red').locator('.card-name')).toHaveText('Mine');
});

test('an order number, or a file, that another host set a moment ago is not written over silently', async ({ ana, ben, room, town, strict }) => {
  strict.expects(/status of 409/);
  await town.ana.hangs(room, RED, GREEN);
  await town.ana.posts('add-member', { room: String(room.id), name: 'ben', role: 'host' });
  for (const host of [ana, ben]) {
    await manages(host, room);
    await card(host, 'Red').getByRole('link', { name: 'Edit: Red' }).click();
  }
  const order = (host: Person) => card(host, 'Red').getByLabel('Order number');
  const saves = (host: Person) => card(host, 'Red').locator('form:has([name=order])').getByRole('button').click();
  await order(ben).fill('77');
  await order(ana).fill('5000000');
  await saves(ana);
  await expect(card(ben, 'Red').getByText(/Ana changed this meanwhile to: .*5000000/)).toBeVisible();
  await expect(order(ben)).toHaveValue('77');
  await saves(ben);
  await expect(card(ben, 'Red').getByText(/Somebody else just changed this/)).toBeVisible();
  await expect(order(ana)).toHaveValue('5000000');
  await saves(ben);
  await expect(order(ana)).toHaveValue('77');

  // A page that did not hear of the other file: what it sends was chosen for the first one.
  const before = await card(ben, 'Red').locator('form:has([name=file])').getAttribute('action');
  await card(ana, 'Red').locator('[name=file]').setInputFiles({ name: 'new.png', mimeType: 'image/png', buffer: png(BLUE) });
  await card(ana, 'Red').locator('form:has([name=file]) button').click();
  await expect(ben.page.getByText('Ana changed a picture')).toBeVisible();
  const file = { name: 'late.png', mimeType: 'image/png', buffer: png(GOLD) };
  const headers = { accept: 'application/json', 'sec-fetch-site': 'same-origin' };
  const late = await ben.page.request.post(new URL(before ?? '', ben.page.url()).href, { headers, multipart: { file } });
  expect(late.status()).toBe(409);
  expect(await late.json()).toMatchObject({ code: 'changed', by: 'Ana' });
});

test('a move is undone; so files chosen together hang in their order', async ({ ana, ben, room, town }) => {
  await town.ana.hangs(room, RED, GREEN);
  await ben.enters(room);
  await manages(ana, room);
  await card(ana, 'Red').getByRole('button', { name: /To top/ }).click();
  await ben.seesWall('Red', 'Green');
  await ana.page.getByRole('button', { name: 'Undo' }).click();
  await ben.seesWall('Green', 'Red');

  const widths = [410, 420, 430, 440, 450, 460];
  const files = widths.map((width) => ({ name: `${width}.png`, mimeType: 'image/png', buffer: png({ caption: '', width }) }));
  await ana.page.locator('input[type="file"][multiple]').setInputFiles(files);
  await expect(ben.wall.getByRole('img')).toHaveCount(8);
  const seen = () => ben.wall.getByRole('img').evaluateAll((all) => all.map((img) => Number(img.getAttribute('width'))));
  await expect.poll(seen).toEqual([...widths, 200, 320]);
});

test('without scripts every picture has its buttons', async ({ seat, town, room }) => {
  await town.ana.hangs(room, RED, GREEN);
  const host = await seat(town.ana, { javaScriptEnabled: false });
  await host.opens(`${room.path}/pictures`);
  await card(host, 'Green').getByRole('button', { name: 'Hold back: Green' }).click();
  await expect(host.page.getByRole('region', { name: 'Held back' }).getByRole('img')).toHaveCount(1);
  await box(host, 'Green').check();
  await host.page.getByRole('button', { name: 'Show', exact: true }).click();
  await card(host, 'Red').getByRole('link', { name: 'Edit: Red' }).click();
  await card(host, 'Red').getByLabel('Caption').fill('Crimson');
  await card(host, 'Red').getByRole('button', { name: 'Save' }).first().click();
  await expect(host.page.locator('.card-name').filter({ hasText: 'Crimson' })).toBeVisible();
  await host.page.getByRole('button', { name: /^Delete: Red/ }).click();
  await expect(host.page.locator('.card')).toHaveCount(1);
  await host.page.getByRole('button', { name: 'Undo' }).click();
  await expect(host.page.locator('.card')).toHaveCount(2);
});

test('the hosts page fits a phone and reads well', async ({ seat, town, room }) => {
  await town.ana.hangs(room, RED, GREEN);
  const ana = await seat(town.ana, PHONE);
  await manages(ana, room);
  await card(ana, 'Red').getByRole('link', { name: 'Edit: Red' }).click();
  await fitsItsWidth(ana.page);
  await isAccessible(ana.page);
});

test('five hundred pictures are painted within a second, and follow a move', async ({ ana, ben, room, town }) => {
  test.slow();
  const files = Array.from({ length: 20 }, (_, i) => png({ caption: '', width: 400, height: 300, colour: [i * 12, 90, 120] }));
  for (let batch = 0; batch < 25; batch += 1) await town.ana.hangsTogether(room, files);
  await ben.enters(room);
  await expect(ben.wall.getByRole('listitem')).toHaveCount(500);
  await ben.page.reload();
  await ben.isReady();
  const paint = await ben.page.evaluate(() => {
    const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    const painted = performance.getEntriesByName('first-contentful-paint')[0].startTime;
    return { painted, bytes: page.encodedBodySize, html: page.decodedBodySize, loaded: document.images.length };
  });
  const fetched = await ben.page.evaluate(() => performance.getEntriesByType('resource').filter((it) => it.name.includes('/media/')).length);
  console.log(`500 pictures: painted after ${Math.round(paint.painted)} ms, page ${paint.bytes} of ${paint.html} bytes, ${fetched} thumbnails fetched`);
  expect(paint.painted).toBeLessThan(1_000);
  expect(fetched).toBeLessThan(200);

  await manages(ana, room);
  const last = ana.page.locator('[data-card]').last();
  const id = await last.getAttribute('data-card');
  await last.getByRole('button', { name: /To top/ }).click();
  await expect(ben.wall.getByRole('link').first()).toHaveAttribute('data-picture', String(id));
});
