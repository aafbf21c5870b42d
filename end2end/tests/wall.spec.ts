import { PHONE, type Person, type Room, expect, test } from '../fixtures';
import { fitsItsWidth, isAccessible } from '../fixtures/axe';
import { type Drawing, png } from '../fixtures/png';

const RED: Drawing = { caption: 'Red', colour: [180, 40, 40] };
const GREEN: Drawing = { caption: 'Green', colour: [40, 140, 60], width: 200, height: 320 };
const BLUE: Drawing = { caption: 'Blue', colour: [40, 60, 180], width: 400, height: 400 };
const GOLD: Drawing = { caption: 'Gold', colour: [200, 160, 40] };

async function manages(host: Person, room: Room): Promise<void> {
  const listening = host.page.waitForEvent('websocket');
  await host.goes(`${room.path}/pictures`);
  await listening;
}

/** A picture's entry, on the wall or held back. */
function line(host: Person, caption: string) {
  return host.page.locator('.card').filter({ has: host.page.getByRole('img', { name: caption, exact: true }) });
}

function box(host: Person, caption: string) {
  return host.page.getByRole('checkbox', { name: `Select: ${caption}`, exact: true });
}

test('what is held back is seen by hosts alone, until it is shown', async ({ ana, ben, room, town }) => {
  await town.ana.hangs(room, RED, GREEN);
  await ben.enters(room);
  await manages(ana, room);
  await line(ana, 'Red').getByRole('button', { name: 'Hold back: Red' }).click();
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
  await line(ana, 'Blue').getByRole('img').click({ modifiers: ['ControlOrMeta'] });
  await expect(ana.page.getByText('2 selected')).toBeVisible();
  const bar = ana.page.getByRole('form', { name: 'With the selected' });
  await bar.getByRole('button', { name: 'Delete' }).click();
  await ben.seesWall('Blue', 'Red');
  await expect(ana.page.getByText('2 pictures deleted.')).toBeVisible();
  await ana.page.getByRole('button', { name: 'Undo' }).click();
  await ben.seesWall('Gold', 'Blue', 'Green', 'Red');

  await bar.getByRole('button', { name: 'Select all' }).click();
  await expect(ana.page.getByText('4 selected')).toBeVisible();
  const saved = ana.page.waitForEvent('download');
  await bar.getByRole('button', { name: 'Save as ZIP' }).click();
  expect((await saved).suggestedFilename()).toBe(`${room.slug}.zip`);

  await bar.getByLabel('Move to room').selectOption({ label: 'The other room' });
  await bar.getByRole('button', { name: 'Move', exact: true }).click();
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
  await line(ana, 'Red').getByRole('button', { name: /To top/ }).click();
  await expect(ben.page.getByText('Ana moved a picture')).toBeVisible();

  for (const host of [ana, ben]) {
    await line(host, 'Red').getByRole('link', { name: 'Edit: Red' }).click();
  }
  await line(ben, 'Red').getByLabel('Caption').fill('Mine');
  await line(ana, 'Red').getByLabel('Caption').fill('Crimson');
  await line(ana, 'Red').getByRole('button', { name: 'Save' }).first().click();
  await expect(ben.page.getByText(/Ana changed this meanwhile to: .*Crimson/)).toBeVisible();
  await expect(line(ben, 'Red').getByLabel('Caption')).toHaveValue('Mine');
  await line(ben, 'Red').getByRole('button', { name: 'Save' }).first().click();
  await expect(ben.page.getByText(/Somebody else just changed this/)).toBeVisible();
  await expect(line(ana, 'Red').locator('.card-name')).toHaveText('Crimson');
  await line(ben, 'Red').getByRole('button', { name: 'Save' }).first().click();
  await expect(line(ana, 'Red').locator('.card-name')).toHaveText('Mine');
});

test('a move is undone; so files chosen together hang in their order', async ({ ana, ben, room, town }) => {
  await town.ana.hangs(room, RED, GREEN);
  await ben.enters(room);
  await manages(ana, room);
  await line(ana, 'Red').getByRole('button', { name: /To top/ }).click();
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
  await line(host, 'Green').getByRole('button', { name: 'Hold back: Green' }).click();
  await expect(host.page.getByRole('region', { name: 'Held back' }).getByRole('img')).toHaveCount(1);
  await box(host, 'Green').check();
  await host.page.getByRole('button', { name: 'Show', exact: true }).click();
  await line(host, 'Red').getByRole('link', { name: 'Edit: Red' }).click();
  await line(host, 'Red').getByLabel('Caption').fill('Crimson');
  await line(host, 'Red').getByRole('button', { name: 'Save' }).first().click();
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
  await line(ana, 'Red').getByRole('link', { name: 'Edit: Red' }).click();
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
