import { Buffer } from 'node:buffer';
import { PHONE, type Person, type Room, expect, test } from '../fixtures';
import { type Drawing, png } from '../fixtures/png';

const RED: Drawing = { caption: 'Red', colour: [180, 40, 40] };
const GREEN: Drawing = { caption: 'Green', colour: [40, 140, 60], width: 200, height: 320 };
const BLUE: Drawing = { caption: 'Blue', colour: [40, 60, 180], width: 400, height: 400 };

/** The host's list. */
function cards(host: Person) {
  return host.page.locator('[data-card]');
}

/** A picture's entry in it. */
function line(host: Person, caption: string) {
  return cards(host).filter({ has: host.page.getByRole('img', { name: caption, exact: true }) });
}

async function manages(host: Person, room: Room): Promise<void> {
  await host.goes(`${room.path}/pictures`);
}

test('what the host adds, moves and deletes is seen at once', async ({ ana, ben, room, town }) => {
  await town.ana.hangs(room, RED, GREEN);
  await ben.enters(room);
  await ben.seesWall('Green', 'Red');
  await manages(ana, room);

  await ana.page.locator('input[type="file"][multiple]').setInputFiles({ name: 'Blue.png', mimeType: 'image/png', buffer: png(BLUE) });
  await expect(ben.wall.getByRole('img')).toHaveCount(3);
  await expect(cards(ana)).toHaveCount(3);

  await line(ana, 'Red').getByRole('button', { name: /To top/ }).click();
  await expect.poll(() => ben.wall.getByRole('img').first().getAttribute('alt')).toBe('Red');

  await line(ana, 'Green').getByRole('button', { name: /^Delete/ }).click();
  await expect(ben.wall.getByRole('img')).toHaveCount(2);
  await ana.page.getByRole('button', { name: 'Undo' }).click();
  await expect(ben.wall.getByRole('img')).toHaveCount(3);
});

test('a caption changes on every screen', async ({ ana, ben, room, town }) => {
  await town.ana.hangs(room, RED);
  await ben.enters(room);
  await manages(ana, room);
  await line(ana, 'Red').getByRole('link', { name: 'Edit: Red' }).click();
  await line(ana, 'Red').getByLabel('Alternative text').fill('A red field');
  await line(ana, 'Red').getByRole('button', { name: 'Save' }).first().click();
  await ben.seesWall('A red field');
});

test('pictures move by keyboard, and every step is spoken', async ({ ana, ben, room, town }) => {
  await town.ana.hangs(room, RED, GREEN, BLUE);
  await ben.enters(room);
  await manages(ana, room);
  const handle = line(ana, 'Blue').getByRole('button', { name: /Drag to reorder/ });
  await handle.focus();
  await ana.page.keyboard.press('Space');
  await expect(ana.page.getByText('Blue lifted, position 1 of 3')).toBeAttached();
  // The card moves in the document and has the focus again before another key can come.
  const stays = await handle.evaluate(async (button) => {
    button.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
    const { port1, port2 } = new MessageChannel();
    await new Promise((next) => {
      port1.onmessage = next;
      port2.postMessage(0);
    });
    return document.activeElement === button;
  });
  expect(stays).toBe(true);
  await expect(ana.page.getByText('Blue, position 2 of 3')).toBeAttached();
  await ana.page.keyboard.press('Space');
  await expect(ana.page.getByText('Blue dropped, position 2 of 3')).toBeAttached();
  await ben.seesWall('Green', 'Blue', 'Red');

  await line(ana, 'Blue').getByRole('button', { name: /Drag to reorder/ }).focus();
  await ana.page.keyboard.press('Space');
  await ana.page.keyboard.press('ArrowUp');
  await ana.page.keyboard.press('Escape');
  await expect(ana.page.getByText('Blue put back')).toBeAttached();
  await ben.seesWall('Green', 'Blue', 'Red');
});

test('pictures move by dragging', async ({ ana, ben, room, town }) => {
  await town.ana.hangs(room, RED, GREEN, BLUE);
  await ben.enters(room);
  await manages(ana, room);
  const { mouse } = ana.page;
  await line(ana, 'Red').scrollIntoViewIfNeeded();
  const place = async (caption: string, name: RegExp) => {
    const box = await line(ana, caption).getByRole('button', { name }).boundingBox();
    if (!box) throw new Error(`${caption} is not to be seen`);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  const from = await place('Blue', /Drag to reorder/);
  const to = await place('Red', /Drag to reorder/);
  await mouse.move(from.x, from.y);
  await mouse.down();
  await mouse.move(from.x, from.y + 20, { steps: 4 });
  await mouse.move(to.x, to.y, { steps: 8 });
  await mouse.up();
  await ben.seesWall('Green', 'Red', 'Blue');
  await expect(cards(ana).last().getByRole('img', { name: 'Blue' })).toBeVisible();
});

test('what is pasted or dropped is added', async ({ ana, ben, room }) => {
  await ben.enters(room);
  await manages(ana, room);
  const gives = (event: 'paste' | 'drop', name: string, bytes: Buffer) =>
    ana.page.evaluate(
      ([kind, name, bytes]) => {
        const data = new DataTransfer();
        data.items.add(new File([new Uint8Array(bytes)], name, { type: 'image/png' }));
        const init = { bubbles: true, cancelable: true };
        const event =
          kind === 'paste'
            ? new ClipboardEvent(kind, { ...init, clipboardData: data })
            : new DragEvent(kind, { ...init, dataTransfer: data });
        document.body.dispatchEvent(event);
      },
      [event, name, [...bytes]] as const,
    );
  await gives('paste', 'Blue.png', png(BLUE));
  await expect(ben.wall.getByRole('img')).toHaveCount(1);
  await gives('drop', 'Red.png', png(RED));
  await expect(ben.wall.getByRole('img')).toHaveCount(2);
});

test('what is not a picture is refused in words', async ({ ana, room, strict }) => {
  strict.expects(/status of 422/);
  await manages(ana, room);
  const input = ana.page.locator('input[type="file"][multiple]');
  await input.setInputFiles({ name: 'notes.png', mimeType: 'image/png', buffer: Buffer.from('not a picture at all') });
  await expect(ana.page.getByText(/This is not a picture/).first()).toBeVisible();
});

test('the wall is at hand on a phone', async ({ seat, town, room }) => {
  await town.ana.hangs(room, RED, GREEN);
  const ben = await seat(town.ben, PHONE);
  await ben.enters(room);
  await ben.page.getByRole('link', { name: /^Pictures/ }).click();
  await ben.seesWall('Green', 'Red');
  await town.ana.hangs(room, BLUE);
  await ben.seesWall('Blue', 'Green', 'Red');
});

test('a picture opens large; keys turn the pages; closing returns the focus', async ({ ben, room, town }) => {
  await town.ana.hangs(room, RED, GREEN, BLUE);
  await ben.enters(room);
  const tile = ben.wall.getByRole('link').filter({ has: ben.page.getByRole('img', { name: 'Blue' }) });
  await tile.focus();
  await ben.page.keyboard.press('Enter');
  const dialog = ben.page.getByRole('dialog');
  await expect(dialog.getByRole('img', { name: 'Blue' })).toBeVisible();
  await expect(ben.page).toHaveURL(/\/p\/\d+$/);
  await ben.page.keyboard.press('ArrowRight');
  await expect(dialog.getByRole('img', { name: 'Green' })).toBeVisible();
  await ben.page.keyboard.press('End');
  await expect(dialog.getByRole('img', { name: 'Red' })).toBeVisible();
  await ben.page.keyboard.press('Home');
  await expect(dialog.getByRole('img', { name: 'Blue' })).toBeVisible();
  await expect(dialog.getByText('1 / 3')).toBeVisible();
  await ben.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(ben.page).toHaveURL(new RegExp(`${room.path}$`));
  await expect(tile).toBeFocused();
});
