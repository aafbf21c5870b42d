import { type Person, type Room, expect, test } from '../fixtures';
import { BLUE, GOLD, GREEN, RED } from '../fixtures/pictures';

/** What was animated: a picture's name or `gone`, and the order of the wall at that moment. */
interface Motion {
  what: string;
  order: string[];
}

/** Enters, and notes from now on what is animated; gives all of it so far. */
async function watches(person: Person, room: Room): Promise<() => Promise<Motion[]>> {
  await person.enters(room);
  await person.page.waitForFunction(() => performance.getEntriesByType('resource').some((it) => it.name.endsWith('/wall.js')));
  await person.page.evaluate(() => {
    const seen: Motion[] = [];
    (window as unknown as { motion: Motion[] }).motion = seen;
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (this: Element, ...given: Parameters<typeof animate>) {
      const order = [...document.querySelectorAll<HTMLImageElement>('.tiles img')].map((img) => img.alt);
      seen.push({ what: this.className === 'tile-gone' ? 'gone' : (this.querySelector('img')?.alt ?? ''), order });
      return animate.apply(this, given);
    };
  });
  return () => person.page.evaluate(() => (window as unknown as { motion: Motion[] }).motion);
}

async function numberOf(person: Person, caption: string): Promise<string> {
  const tile = person.wall.getByRole('link').filter({ has: person.page.getByRole('img', { name: caption }) });
  return (await tile.getAttribute('data-picture')) ?? '';
}

test('pictures travel to their new places and fade when they are deleted; the order is right all the while', async ({ ben, room, town }) => {
  await town.ana.hangs(room, RED, GREEN, BLUE, GOLD);
  const motion = await watches(ben, room);
  await ben.seesWall('Gold', 'Blue', 'Green', 'Red');
  const changes = { room: String(room.id), picture: await numberOf(ben, 'Red') };
  await town.ana.posts('move-picture', { ...changes, place: 'first' });
  await ben.seesWall('Red', 'Gold', 'Blue', 'Green');
  await expect.poll(async () => (await motion()).length).toBeGreaterThan(3);
  const moved = await motion();
  expect(moved.map(({ what }) => what).sort()).toEqual(['Blue', 'Gold', 'Green', 'Red']);
  for (const { order } of moved) expect(order).toEqual(['Red', 'Gold', 'Blue', 'Green']);

  await town.ana.posts('remove-picture', { room: String(room.id), picture: await numberOf(ben, 'Blue') });
  await ben.seesWall('Red', 'Gold', 'Green');
  await expect.poll(async () => (await motion()).map(({ what }) => what)).toContain('gone');
  await expect(ben.page.locator('.tile-gone'), 'and leaves nothing').toHaveCount(0);
});

test('nothing moves for those who want no motion', async ({ seat, room, town }) => {
  const ben = await seat(town.ben, { reducedMotion: 'reduce' });
  await town.ana.hangs(room, RED, GREEN, BLUE);
  const motion = await watches(ben, room);
  const changes = { room: String(room.id), picture: await numberOf(ben, 'Red') };
  await town.ana.posts('move-picture', { ...changes, place: 'first' });
  await ben.seesWall('Red', 'Blue', 'Green');
  await town.ana.posts('remove-picture', changes);
  await ben.seesWall('Blue', 'Green');
  expect(await motion()).toEqual([]);
});

test('whoever looks at a picture that is deleted is offered the one that came into its place', async ({ ben, room, town }) => {
  await town.ana.hangs(room, RED, GREEN, BLUE, GOLD);
  await ben.enters(room);
  const green = await numberOf(ben, 'Green');
  await ben.wall.getByRole('link').filter({ has: ben.page.getByRole('img', { name: 'Green' }) }).click();
  const dialog = ben.page.getByRole('dialog');
  await expect(dialog.getByRole('img', { name: 'Green' })).toBeVisible();
  await town.ana.posts('remove-picture', { room: String(room.id), picture: green });
  await expect(dialog.getByText('This picture was removed.')).toBeVisible();
  await dialog.getByRole('link', { name: 'See the next one' }).click();
  await expect(dialog.getByRole('img', { name: 'Red' })).toBeVisible();
});

test('a picture is its main colour until it is there', async ({ ben, room, town }) => {
  await town.ana.hangs(room, RED, BLUE);
  // None of them ever comes.
  await ben.page.route('**/media/**', () => {});
  await ben.page.goto(new URL(room.path, town.salon.url).href, { waitUntil: 'commit' });
  const colour = (caption: string) =>
    ben.wall.getByRole('img', { name: caption }).evaluate((img) => getComputedStyle(img).getPropertyValue('--tint'));
  await expect.poll(() => colour('Red')).toBe('rgb(182 36 36)');
  expect(await colour('Blue')).toBe('rgb(36 36 182)');
  const small = ben.wall.getByRole('img', { name: 'Red' });
  expect(await small.evaluate((img) => getComputedStyle(img).backgroundColor)).toBe('rgb(182, 36, 36)');
});
