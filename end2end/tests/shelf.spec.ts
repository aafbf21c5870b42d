import { type Locator } from '@playwright/test';
import { PHONE, type Person, expect, test } from '../fixtures';
import { fitsItsWidth, isAccessible } from '../fixtures/axe';
import { holdsBack } from '../fixtures/network';
import { BLUE, GOLD, GREEN, RED, bar, box, card, manages } from '../fixtures/pictures';
import { png } from '../fixtures/png';

async function undoes(host: Person): Promise<void> {
  await host.page.getByRole('button', { name: 'Undo' }).click();
}

async function moves(host: Person, to: string): Promise<void> {
  await bar(host).getByLabel('Move to room').selectOption({ label: to });
  await bar(host).getByRole('button', { name: 'Move', exact: true }).click();
}

async function place(of: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const found = await of.boundingBox();
  if (!found) throw new Error('it is not to be seen');
  return found;
}

/** Names of the chosen ones, in the order of the page. */
function chosen(host: Person): Promise<string[]> {
  const all = host.page.locator('.card:has(.card-choose:checked) img');
  return all.evaluateAll((images) => images.map((image) => (image as HTMLImageElement).alt));
}

test('moving to another room is undone for the viewers of both', async ({ ana, ben, guest, room, town }) => {
  const other = await town.ana.opens(`lounge-${room.id}`, 'The lounge');
  await town.ana.hangs(room, RED, GREEN, BLUE);
  await ben.enters(room);
  await guest.enters(other);
  await manages(ana, room);
  await box(ana, 'Green').check();
  await moves(ana, 'The lounge');
  await ben.seesWall('Blue', 'Red');
  await guest.seesWall('Green');
  await expect(ana.page.getByText('1 picture moved to another room.')).toBeVisible();
  await undoes(ana);
  await ben.seesWall('Blue', 'Green', 'Red');
  await expect(guest.wall.getByRole('img')).toHaveCount(0);
});

test('what was deleted in the other room does not come back, and its host is told', async ({ ana, room, town, strict }) => {
  strict.expects(/status of 410/);
  const other = await town.ana.opens(`attic-${room.id}`, 'The attic');
  await town.ana.hangs(room, RED, GREEN);
  await manages(ana, room);
  await box(ana, 'Green').check();
  await moves(ana, 'The attic');
  const undo = ana.page.getByRole('button', { name: 'Undo' });
  await expect(undo).toBeVisible();
  const wall = await (await town.ana.posts('wall', { room: String(other.id) })).json();
  await town.ana.posts('remove-picture', { room: String(other.id), picture: String(wall.pictures[0].id) });
  await undo.click();
  await expect(ana.page.getByText('It is gone, or no longer valid.')).toBeVisible();
  await expect(ana.page.locator('.card')).toHaveCount(1);
});

test('several get the same caption, and their own ones back', async ({ ana, ben, room, town }) => {
  await town.ana.hangs(room, RED, GREEN, BLUE);
  await ben.enters(room);
  await manages(ana, room);
  await box(ana, 'Blue').check();
  await box(ana, 'Red').check();
  await bar(ana).getByText('Describe', { exact: true }).click();
  await bar(ana).getByLabel('Alternative text').fill('A plain field');
  // Enter is the button of these fields, not the first of the bar.
  await bar(ana).getByLabel('Alternative text').press('Enter');
  await ben.seesWall('A plain field', 'Green', 'A plain field');
  await expect(ana.page.getByText('2 pictures described.')).toBeVisible();
  await undoes(ana);
  await ben.seesWall('Blue', 'Green', 'Red');
});

test('without scripts several are described, moved, and all of it undone', async ({ seat, town, room, ben }) => {
  await town.ana.opens(`cellar-${room.id}`, 'The cellar');
  await town.ana.hangs(room, RED, GREEN, BLUE);
  await ben.enters(room);
  const host = await seat(town.ana, { javaScriptEnabled: false });
  await host.opens(`${room.path}/pictures`);
  await box(host, 'Red').check();
  await box(host, 'Blue').check();
  await bar(host).getByText('Describe', { exact: true }).click();
  await bar(host).getByLabel('Alternative text').fill('A plain field');
  await bar(host).getByRole('button', { name: 'Save', exact: true }).click();
  await ben.seesWall('A plain field', 'Green', 'A plain field');
  await undoes(host);
  await ben.seesWall('Blue', 'Green', 'Red');
  await box(host, 'Green').check();
  await moves(host, 'The cellar');
  await ben.seesWall('Blue', 'Red');
  await undoes(host);
  await ben.seesWall('Blue', 'Green', 'Red');
  await expect(host.page.locator('.card')).toHaveCount(3);
});

test('a frame drawn with the mouse chooses what it touches', async ({ ana, room, town }) => {
  await town.ana.hangs(room, RED, GREEN, BLUE, GOLD);
  await manages(ana, room);
  const { mouse, keyboard } = ana.page;
  await card(ana, 'Red').scrollIntoViewIfNeeded();
  const [gold, green, red] = [await place(card(ana, 'Gold')), await place(card(ana, 'Green')), await place(card(ana, 'Red'))];
  // Beside the list, where nothing else is.
  const beside = { x: gold.x - 20, y: gold.y + 10 };
  const to = { x: gold.x + 60, y: green.y + 20 };
  await mouse.move(beside.x, beside.y);
  await mouse.down();
  await mouse.move(to.x, to.y, { steps: 6 });
  await expect(ana.page.locator('.marquee')).toBeVisible();
  await expect.poll(() => chosen(ana)).toEqual(['Gold', 'Blue', 'Green']);
  await mouse.move(to.x, gold.y + 20, { steps: 4 });
  await expect.poll(() => chosen(ana)).toEqual(['Gold']);
  await mouse.up();
  await expect(ana.page.locator('.marquee')).toBeHidden();

  await mouse.move(beside.x, red.y + 5);
  await keyboard.down('Control');
  await mouse.down();
  await mouse.move(to.x, red.y + 25, { steps: 4 });
  await expect.poll(() => chosen(ana)).toEqual(['Gold', 'Red']);
  await mouse.up();
  await keyboard.up('Control');

  await mouse.move(beside.x, gold.y + 5);
  await mouse.down();
  await mouse.move(to.x, red.y + 25, { steps: 6 });
  await expect.poll(() => chosen(ana)).toHaveLength(4);
  await keyboard.press('Escape');
  await mouse.up();
  expect(await chosen(ana)).toEqual(['Gold', 'Red']);
});

test('keys choose one after another', async ({ ana, room, town }) => {
  await town.ana.hangs(room, RED, GREEN, BLUE);
  await manages(ana, room);
  const { keyboard } = ana.page;
  await box(ana, 'Blue').focus();
  await keyboard.press('Shift+ArrowDown');
  await keyboard.press('Shift+ArrowDown');
  await expect(box(ana, 'Red')).toBeFocused();
  expect(await chosen(ana)).toEqual(['Blue', 'Green', 'Red']);
  await keyboard.press('Shift+ArrowUp');
  expect(await chosen(ana)).toEqual(['Blue', 'Green']);
  await keyboard.press('Control+a');
  await expect.poll(() => chosen(ana)).toHaveLength(3);
});

test('a finger that rests on a picture lifts it, and one that moves scrolls', async ({ seat, ben, room, town }) => {
  await town.ana.hangs(room, RED, GREEN);
  await ben.enters(room);
  const ana = await seat(town.ana, PHONE);
  await manages(ana, room);
  const fingers = await ana.context.newCDPSession(ana.page);
  const touch = (type: string, points: { x: number; y: number }[]) =>
    fingers.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints: points });
  await card(ana, 'Red').scrollIntoViewIfNeeded();
  const middle = async (caption: string) => {
    const { x, y, width, height } = await place(card(ana, caption).getByRole('img'));
    return { x: x + width / 2, y: y + height / 2 };
  };
  const [green, red] = [await middle('Green'), await middle('Red')];
  const lifted = card(ana, 'Green').and(ana.page.locator('.card-held'));
  await touch('touchStart', [green]);
  await expect(lifted).toBeVisible();
  await touch('touchMove', [{ x: green.x, y: green.y + 20 }]);
  await touch('touchMove', [red]);
  await expect(card(ana, 'Red')).toHaveAttribute('data-drop', 'after');
  await touch('touchEnd', []);
  await ben.seesWall('Red', 'Green');

  const first = await middle('Red');
  await touch('touchStart', [first]);
  await touch('touchMove', [{ x: first.x, y: first.y - 30 }]);
  await touch('touchMove', [{ x: first.x, y: first.y - 60 }]);
  await touch('touchEnd', []);
  await expect(ana.page.locator('.card-held')).toHaveCount(0);
  await ben.seesWall('Red', 'Green');
  await fitsItsWidth(ana.page);
});

test('two hosts move at once: the other order is shown, and mine applied to it', async ({ ana, ben, room, town, strict }) => {
  strict.expects(/status of 409/);
  await town.ana.hangs(room, RED, GREEN, BLUE);
  await ben.enters(room);
  await manages(ana, room);
  const id = await card(ana, 'Green').getAttribute('data-card');
  const first = { is: true };
  await ana.page.route('**/call/move-picture*', async (route) => {
    if (first.is) {
      first.is = false;
      await town.ana.posts('move-picture', { room: String(room.id), picture: String(id), place: 'first' });
    }
    await route.continue();
  });
  await card(ana, 'Red').getByRole('spinbutton').fill('2');
  await card(ana, 'Red').getByRole('button', { name: /Move$/ }).click();
  await expect(ana.page.getByText('Somebody else changed the order just now; this is the latest.')).toBeVisible();
  await ben.seesWall('Green', 'Red', 'Blue');
});

test('pictures that are chosen before the page is alive hang once it is', async ({ ana, room }) => {
  const isAlive = await holdsBack(ana.page, '**/*.wasm*');
  await ana.opens(`${room.path}/pictures`);
  await ana.page.locator('input[type="file"][multiple]').setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: png(GOLD) });
  isAlive();
  await expect(ana.page.locator('.card')).toHaveCount(1);
});

test('three files travel side by side, and a phone is asked for its camera', async ({ ana, seat, room, town }) => {
  await manages(ana, room);
  let [now, most] = [0, 0];
  await ana.page.route('**/upload/pictures/*', async (route) => {
    now += 1;
    most = Math.max(most, now);
    const answer = await route.fetch();
    now -= 1;
    await route.fulfill({ response: answer });
  });
  const files = [1, 2, 3, 4, 5, 6, 7].map((n) => ({ name: `${n}.png`, mimeType: 'image/png', buffer: png({ caption: '', width: 100 + n }) }));
  await ana.page.locator('input[type="file"][multiple]').setInputFiles(files);
  await expect(ana.page.locator('.card')).toHaveCount(7);
  expect(most).toBe(3);

  const phone = await seat(town.ana, PHONE);
  await manages(phone, room);
  const camera = phone.page.getByLabel('Take a photo');
  await expect(camera).toHaveAttribute('capture', 'environment');
  await camera.setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: png(GOLD) });
  await expect(phone.page.locator('.card')).toHaveCount(8);
  await isAccessible(phone.page);
});
