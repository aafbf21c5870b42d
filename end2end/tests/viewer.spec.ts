import type { Locator, Page } from '@playwright/test';
import { PHONE, type Person, expect, test } from '../fixtures';
import { fitsItsWidth, isAccessible } from '../fixtures/axe';
import { gif } from '../fixtures/gif';
import { png } from '../fixtures/png';

const file = (name: string, buffer: Buffer, mimeType = 'image/png') => ({ name, mimeType, buffer });
const LAKE = file('lake.png', png({ caption: 'lake', width: 900, height: 500 }));
const HILL = file('hill.png', png({ caption: 'hill', width: 600, height: 600, colour: [120, 90, 40] }));
const WAVE = file('wave.gif', gif(200, 120, [[200, 40, 40], [40, 40, 200]]), 'image/gif');

const chooser = (person: Person): Locator => person.page.locator('.composer input[type="file"]');
const tray = (person: Person): Locator => person.page.getByRole('list', { name: 'Uploads' }).getByRole('listitem');
const viewer = (page: Page): Locator => page.getByRole('dialog', { name: 'Pictures of the message' });

async function sends(person: Person, files: ReturnType<typeof file>[], words: string): Promise<void> {
  await chooser(person).setInputFiles(files);
  await expect(tray(person).getByText('Ready')).toHaveCount(files.length);
  await person.says(words);
}

test('a click on a picture opens it in full, by keys one goes on, and Escape or Back lead back to it', async ({ ana, ben, room }) => {
  await ben.enters(room);
  await ana.enters(room);
  await sends(ana, [LAKE, HILL], 'Two views');
  const { page } = ben;
  const first = ben.log.getByRole('link', { name: 'lake.png' });
  await first.click();
  const open = viewer(page);
  await expect(open.getByRole('img', { name: 'lake.png' })).toBeVisible();
  await expect(open.getByText('1 / 2')).toBeVisible();
  await isAccessible(page);
  await page.keyboard.press('ArrowRight');
  await expect(open.getByRole('img', { name: 'hill.png' })).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(open.getByText('2 / 2')).toBeVisible();
  await expect(open.getByRole('button', { name: 'Next picture' })).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(open).toHaveCount(0);
  await expect(ben.log.getByRole('link', { name: 'hill.png' })).toBeFocused();
  // By the keyboard alone, and out by Back.
  await first.focus();
  await page.keyboard.press('Enter');
  await expect(open).toBeVisible();
  await open.getByRole('button', { name: 'Next picture' }).click();
  await page.goBack();
  await expect(open).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`${room.path}$`));
  await expect(ben.log.getByRole('link', { name: 'hill.png' })).toBeFocused();
  await ben.says('Still here');
});

test('a guest opens it too, on a phone, and without scripts it is a link to the file', async ({ ana, seat, room }) => {
  await ana.enters(room);
  await sends(ana, [LAKE], 'For everybody');
  const guest = await seat(undefined, PHONE);
  await guest.enters(room);
  await guest.log.getByRole('link', { name: 'lake.png' }).tap();
  await expect(viewer(guest.page).getByRole('img', { name: 'lake.png' })).toBeVisible();
  await fitsItsWidth(guest.page);
  await viewer(guest.page).getByRole('button', { name: 'Close' }).tap();
  await expect(viewer(guest.page)).toHaveCount(0);
  const plain = await seat(undefined, { javaScriptEnabled: false });
  await plain.opens(room.path);
  await expect(plain.log.getByRole('link', { name: 'lake.png' })).toHaveAttribute('href', /\/file\/\d+\/[0-9a-f]{32}\/full$/);
});

test('who sends pictures says what they show and puts them in order', async ({ ana, ben, room }) => {
  await ben.enters(room);
  await ana.enters(room);
  await chooser(ana).setInputFiles([LAKE, HILL]);
  await expect(tray(ana).getByText('Ready')).toHaveCount(2);
  const describe = ana.page.getByRole('textbox', { name: /Describe it.*lake\.png/ });
  await describe.fill('A lake in the morning');
  const down = ana.page.getByRole('button', { name: 'Move lake.png down' });
  await down.focus();
  await ana.page.keyboard.press('Enter');
  await expect(tray(ana).first()).toContainText('hill.png');
  await expect(ana.page.getByRole('button', { name: 'Move lake.png up' }), 'the focus stays with the picture').toBeFocused();
  await isAccessible(ana.page);
  // Both survive a reload.
  await ana.page.reload();
  await expect(tray(ana).getByText('Ready')).toHaveCount(2);
  await expect(tray(ana).first()).toContainText('hill.png');
  await expect(describe).toHaveValue('A lake in the morning');
  await describe.press('Enter');
  await expect(ana.composer, 'Enter sends nothing from there').toBeFocused();
  await ana.says('In order');
  for (const reader of [ana, ben]) {
    const names = () => reader.log.locator('.file-picture img').evaluateAll((all) => all.map((img) => (img as HTMLImageElement).alt));
    await expect.poll(names).toEqual(['hill.png', 'A lake in the morning']);
  }
  await ben.log.getByRole('link', { name: 'A lake in the morning' }).click();
  await expect(viewer(ben.page).locator('.lightbox-caption')).toHaveText('A lake in the morning');
});

test('an animation says that it is one, stands still, and moves in full', async ({ ana, ben, room }) => {
  await ben.enters(room);
  await ana.enters(room);
  await sends(ana, [WAVE], 'It waves');
  const link = ben.log.getByRole('link', { name: 'wave.gif' });
  await expect(link).toContainText('GIF');
  const still = await link.locator('img').evaluate(async (img) => (await fetch((img as HTMLImageElement).currentSrc)).headers.get('content-type'));
  expect(still).toBe('image/png');
  await link.click();
  const shown = viewer(ben.page).getByRole('img', { name: 'wave.gif' });
  await expect.poll(() => shown.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(200);
  const moves = await shown.evaluate(async (img) => {
    const answer = await fetch((img as HTMLImageElement).currentSrc);
    return [answer.headers.get('content-type'), (await answer.arrayBuffer()).byteLength] as const;
  });
  expect(moves).toEqual(['image/gif', WAVE.buffer.length]);
});
