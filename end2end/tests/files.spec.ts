import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Locator } from '@playwright/test';
import { PHONE, type Person, expect, test } from '../fixtures';
import { registered } from '../fixtures/house';
import { holdsBack } from '../fixtures/network';
import { png } from '../fixtures/png';

const LAKE = { name: 'lake.png', mimeType: 'image/png', buffer: png({ caption: 'lake', width: 900, height: 500 }) };
const NOTES = { name: '笔记 2027.txt', mimeType: 'text/plain', buffer: Buffer.from('notes of a walk') };
/** Five parts, no two alike. */
const LARGE = {
  name: 'large.bin',
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(Array.from({ length: 9_000_000 }, (_, i) => (i * 7 + (i >> 13)) % 251)),
};

const chooser = (person: Person): Locator => person.page.locator('.composer input[type="file"]');
const tray = (person: Person): Locator => person.page.getByRole('list', { name: 'Uploads' }).getByRole('listitem');
const sum = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** Saves a file by its link; its bytes. */
async function saves(person: Person, name: string): Promise<{ name: string; bytes: Buffer }> {
  const saving = person.page.waitForEvent('download');
  await person.log.getByRole('link', { name }).click();
  const saved = await saving;
  return { name: saved.suggestedFilename(), bytes: await readFile(await saved.path()) };
}

test('files and pictures go with a message, in the order chosen, and are saved under their names', async ({ ana, ben, room }) => {
  await ben.enters(room);
  await ana.enters(room);
  await chooser(ana).setInputFiles([LAKE, NOTES]);
  await expect(tray(ana)).toHaveCount(2);
  await expect(tray(ana).first()).toContainText('lake.png');
  await expect(tray(ana).getByText('Ready')).toHaveCount(2);
  await ana.says('From the walk');
  await expect(tray(ana)).toHaveCount(0);
  for (const reader of [ana, ben]) {
    await reader.hears('From the walk');
    const picture = reader.log.getByRole('img', { name: 'lake.png' });
    await expect(picture).toBeVisible();
    // Its place was kept before it came.
    await expect(picture).toHaveAttribute('width', '900');
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.complete && img.naturalWidth > 0)).toBe(true);
  }
  expect(await saves(ben, NOTES.name)).toEqual({ name: NOTES.name, bytes: NOTES.buffer });
  await ben.page.reload();
  await expect(ben.log.getByRole('img', { name: 'lake.png' })).toBeVisible();
  // A file alone is a message.
  await chooser(ana).setInputFiles({ name: 'alone.zip', mimeType: 'application/zip', buffer: Buffer.from('PK') });
  await expect(tray(ana).getByText('Ready')).toBeVisible();
  await ana.composer.press('Enter');
  await expect(ben.log.getByRole('link', { name: 'alone.zip' })).toBeVisible();
});

test('files that are chosen before the page is all there are not forgotten', async ({ ana, ben, room, town }) => {
  await ben.enters(room);
  const isThere = await holdsBack(ana.page, '**/composer.js*');
  // The page is not loaded as long as a script of it is on its way.
  await ana.page.goto(town.salon.url + room.path, { waitUntil: 'commit' });
  await ana.isReady();
  await chooser(ana).setInputFiles([LAKE]);
  isThere();
  await expect(tray(ana).getByText('Ready')).toHaveCount(1);
  await ana.says('Early');
  await expect(ben.log.getByRole('img', { name: 'lake.png' })).toBeVisible();
});

test('a reload in the middle of an upload loses nothing: it goes on where it was', async ({ ana, ben, room, strict }) => {
  strict.expects(/ERR_FAILED/);
  await ben.enters(room);
  await ana.enters(room);
  const places: number[] = [];
  await ana.page.route('**/upload/files/*/*?at=*', async (route) => {
    const at = Number(new URL(route.request().url()).searchParams.get('at'));
    places.push(at);
    // The first two parts arrive; then the network is gone.
    if (at < 4_000_000) await route.continue();
    else await route.abort();
  });
  await chooser(ana).setInputFiles(LARGE);
  await expect(tray(ana)).toContainText('The upload was cut off by the network.');
  await ana.composer.fill('While it is away');
  await ana.composer.press('Enter');
  await ben.hears('While it is away');
  await ana.page.unroute('**/upload/files/*/*?at=*');
  const before = places.length;
  ana.page.on('request', (request) => {
    if (request.method() === 'PUT') places.push(Number(new URL(request.url()).searchParams.get('at')));
  });
  await ana.page.reload();
  await expect(tray(ana).getByText('Ready')).toBeVisible();
  expect(Math.min(...places.slice(before))).toBeGreaterThanOrEqual(4_000_000);
  await ana.says('Here it is');
  await ben.hears('Here it is');
  expect(sum((await saves(ben, LARGE.name)).bytes)).toBe(sum(LARGE.buffer));
});

test('what was cut is tried again by a button, and what is not wanted is taken away', async ({ ana, room, strict }) => {
  strict.expects(/ERR_FAILED/);
  await ana.enters(room);
  await ana.page.route('**/upload/files/**', (route) => route.abort());
  await chooser(ana).setInputFiles([LAKE, NOTES]);
  await expect(tray(ana).getByRole('button', { name: 'Try again' })).toHaveCount(2);
  await ana.page.unroute('**/upload/files/**');
  await tray(ana).first().getByRole('button', { name: 'Try again' }).click();
  await expect(tray(ana).first()).toContainText('Ready');
  await ana.page.getByRole('button', { name: `Remove ${NOTES.name}` }).click();
  await expect(tray(ana)).toHaveCount(1);
  await ana.page.reload();
  await ana.isReady();
  await expect(tray(ana)).toHaveCount(1);
});

test('pasting and dropping add files; the veil names the room', async ({ ana, room }) => {
  await ana.enters(room);
  await ana.composer.focus();
  await ana.page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['pasted'], 'pasted.txt', { type: 'text/plain' }));
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  });
  await expect(tray(ana)).toContainText('pasted.txt');
  const drag = (kind: string) =>
    ana.page.evaluate((kind) => {
      const data = new DataTransfer();
      data.items.add(new File(['dropped'], 'dropped.txt', { type: 'text/plain' }));
      document.body.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
    }, kind);
  await drag('dragenter');
  await expect(ana.page.locator('.drop-veil')).toContainText(room.title);
  await drag('drop');
  await expect(ana.page.locator('.drop-veil')).toHaveCount(0);
  await expect(tray(ana)).toHaveCount(2);
  await expect(tray(ana).getByText('Ready')).toHaveCount(2);
});

test('a file that is too large is refused in words before a byte of it travels', async ({ ana, room, strict }) => {
  strict.expects(/status of 413/);
  await ana.enters(room);
  let parts = 0;
  ana.page.on('request', (request) => (parts += Number(request.method() === 'PUT')));
  await ana.page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(101 * 1024 * 1024)], 'film.mkv'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await expect(tray(ana)).toContainText('Limit 100 MB, this one is 101 MB.');
  expect(parts).toBe(0);
  await ana.says('It is too large');
  await ana.hears('It is too large');
});

test('where only hosts send files, others are told so', async ({ ana, ben, room }) => {
  await ana.goes(`/admin/rooms/${room.slug}/moderation`);
  await ana.page.getByText('Members may send files').click();
  await ana.page.getByRole('button', { name: 'Save' }).first().click();
  await ben.enters(room);
  await expect(ben.page.getByText('Only hosts can send files in this room.')).toBeVisible();
  await expect(chooser(ben)).toHaveCount(0);
  // Whoever drops one all the same is told there.
  await ben.page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['notes'], 'notes.txt'));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });
  await expect(tray(ben)).toContainText('Only hosts can send files in this room.');
  await ana.enters(room);
  await expect(chooser(ana)).toBeAttached();
});

test('a photo that browsers do not show goes as a file, with the reason', async ({ ana, ben, room }) => {
  await ben.enters(room);
  await ana.enters(room);
  const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(64)]);
  await chooser(ana).setInputFiles({ name: 'beach.heic', mimeType: 'image/heic', buffer: heic });
  await expect(tray(ana)).toContainText('Convert it to JPEG');
  await ana.says('From my phone');
  await expect(ben.log.getByRole('link', { name: 'beach.heic' })).toBeVisible();
});

test('what is forwarded takes its files along', async ({ ana, ben, room, town }) => {
  const other = await town.ana.opens(`${room.slug}-b`, `${room.title} B`);
  await ana.enters(room);
  await chooser(ana).setInputFiles(LAKE);
  await expect(tray(ana).getByText('Ready')).toBeVisible();
  await ana.says('Look at this');
  const row = ana.log.getByRole('listitem').filter({ hasText: 'Look at this' });
  await row.hover();
  await row.getByRole('link', { name: 'More' }).click();
  await ana.page.getByRole('link', { name: 'Forward' }).click();
  await ana.page.getByLabel('Forward to').selectOption(other.title);
  await ana.page.getByRole('button', { name: 'Forward', exact: true }).click();
  await ben.goes(other.path);
  const picture = ben.log.getByRole('img', { name: 'lake.png' });
  await expect(picture).toBeVisible();
  await expect.poll(() => picture.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
});

test('a recalled message takes its files along', async ({ ana, ben, room }) => {
  await ben.enters(room);
  await ana.enters(room);
  await chooser(ben).setInputFiles(LAKE);
  await expect(tray(ben).getByText('Ready')).toBeVisible();
  await ben.says('Not for you');
  const source = await ana.log.getByRole('img', { name: 'lake.png' }).getAttribute('src');
  const row = ben.log.getByRole('listitem').filter({ hasText: 'Not for you' });
  await row.hover();
  await row.getByRole('link', { name: 'More' }).click();
  await ben.page.getByRole('button', { name: 'Recall' }).click();
  await ana.hears('Ben recalled a message');
  await expect(ana.log.getByRole('img', { name: 'lake.png' })).toHaveCount(0);
  const answer = await ana.page.request.get(new URL(source ?? '', ana.page.url()).href);
  expect(answer.status()).toBe(404);
});

test('on a phone a picture is sent and nothing sticks out', async ({ seat, town, ben, room }) => {
  const ana = await seat(town.ana, PHONE);
  await ben.enters(room);
  await ana.enters(room);
  await chooser(ana).setInputFiles([LAKE, { ...NOTES, name: `${'long '.repeat(25)}.txt` }]);
  await expect(tray(ana).getByText('Ready')).toHaveCount(2);
  const width = () => ana.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await width()).toBe(0);
  await ana.page.getByRole('button', { name: 'Send' }).click();
  await expect(ben.log.getByRole('img', { name: 'lake.png' })).toBeVisible();
  await expect(ana.log.getByRole('img', { name: 'lake.png' })).toBeVisible();
  expect(await width()).toBe(0);
});

test('in a wide conversation files stand under the words, too', async ({ seat, town }) => {
  const cy = await seat(await registered(town.salon, 'cyd'));
  await cy.goes('/people/ana');
  await cy.page.getByRole('button', { name: 'Private chat' }).click();
  await cy.isReady();
  await chooser(cy).setInputFiles([LAKE]);
  await expect(tray(cy).getByText('Ready')).toBeVisible();
  await cy.says('Look');
  await expect(cy.log.getByRole('img', { name: 'lake.png' })).toBeVisible();
  // The line is drawn anew when the message was kept: in that moment nothing has a place.
  await expect(async () => {
    const [words, picture] = await Promise.all([cy.log.locator('.bubble'), cy.log.locator('.file-picture')].map((it) => it.boundingBox()));
    expect(picture?.y).toBeGreaterThanOrEqual((words?.y ?? Infinity) + (words?.height ?? 0));
  }).toPass();
});

test('without JavaScript words and files are one form', async ({ seat, town, ben, room }) => {
  const ana = await seat(town.ana, { javaScriptEnabled: false });
  await ben.enters(room);
  await ana.opens(room.path);
  await ana.composer.fill('By the form');
  await ana.page.getByLabel('Attach files').setInputFiles([LAKE, NOTES]);
  await ana.page.getByLabel('What the pictures show').fill('A lake in the morning');
  await ana.page.getByRole('button', { name: 'Send' }).click();
  await ben.hears('By the form');
  await expect(ben.log.getByRole('img', { name: 'A lake in the morning' })).toBeVisible();
  await expect(ben.page.getByLabel('What the pictures show'), 'with scripts there is a field beside each picture').toBeHidden();
  await expect(ana.log.getByRole('link', { name: NOTES.name })).toBeVisible();
  // Found again by its name, among the files alone.
  const hits = ana.page.locator('#found').getByRole('listitem');
  await expect(async () => {
    await ana.opens(`/search?q=${encodeURIComponent(`笔记 in:${room.slug}`)}`);
    await ana.page.getByRole('link', { name: 'Files' }).click();
    await expect(hits).toHaveCount(1, { timeout: 1_000 });
  }).toPass();
  await expect(hits).toContainText(NOTES.name);
  await hits.getByRole('link').click();
  await expect(ana.message('By the form')).toBeInViewport();
});
