import { loadavg } from 'node:os';
import { PHONE, type Person, type Room, expect, test } from '../fixtures';
import { SLOW, promised } from '../fixtures/patience';
import { png } from '../fixtures/png';

/** N18 of the design: a picture's change → its thumbnail painted on followers, p95. Milliseconds. */
const PAINTED_MS = 400;
/** A frame at 60 Hz. Milliseconds. */
const FRAME_MS = 1_000 / 60;

/** Traces take pictures of every frame, which is what is measured here. */
test.use({ trace: 'off' });

/** The promise itself where the machine is ours alone, else what still would be no freeze. Milliseconds. */
const MOST_FRAME_MS = SLOW === 1 ? FRAME_MS + 1 : 15 * FRAME_MS;

function p95(times: number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1];
}

function told(what: string, times: number[]): void {
  const sorted = [...times].sort((a, b) => a - b);
  const [median, most] = [sorted[sorted.length >> 1], sorted[sorted.length - 1]].map((ms) => ms.toFixed(1));
  console.log(`${what}: median ${median} ms, p95 ${p95(times).toFixed(1)} ms, most ${most} ms of ${times.length}; load ${loadavg()[0].toFixed(1)}`);
}

/** When a thumbnail of this width is painted on this page, by the clock that all pages share. */
function painted(person: Person, width: number): Promise<number> {
  return person.page.evaluate(
    (width) =>
      new Promise<number>((resolve) => {
        const look = () => {
          const image = document.querySelector<HTMLImageElement>(`.tile img[width="${width}"]`);
          if (image?.complete && image.naturalWidth > 0) requestAnimationFrame(() => resolve(Date.now()));
          else requestAnimationFrame(look);
        };
        look();
      }),
    width,
  );
}

test('a new picture is painted on three followers', async ({ ana, ben, guest, seat, room }) => {
  const phone = await seat(undefined, PHONE);
  const followers = [ben, guest, phone];
  for (const person of followers) await person.enters(room);
  await ana.goes(`${room.path}/pictures`);
  await ana.page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>('input[type="file"][multiple]');
    input?.addEventListener('change', () => (document.documentElement.dataset.chosen = String(Date.now())), { capture: true });
  });
  const delays: number[] = [];
  for (let n = 0; n < 12; n += 1) {
    const width = 900 + n;
    const seen = followers.map((person) => painted(person, width));
    const buffer = png({ caption: '', width, height: 600, colour: [n * 20, 90, 120] });
    await ana.page.locator('input[type="file"][multiple]').setInputFiles({ name: `${n}.png`, mimeType: 'image/png', buffer });
    const moments = await Promise.all(seen);
    const at = Number(await ana.page.locator('html').getAttribute('data-chosen'));
    delays.push(...moments.map((moment) => moment - at));
  }
  told('N18: file chosen → thumbnail painted on 3 followers', delays);
  // Taken, checked and encoded anew by a program that is not optimised, beside all other tests.
  expect(p95(delays)).toBeLessThan(SLOW === 1 ? PAINTED_MS : 2 * promised(PAINTED_MS));
});

/** Begins to note how long every frame takes. */
async function countsFrames(person: Person): Promise<() => Promise<number[]>> {
  await person.page.evaluate(() => {
    const frames: number[] = [];
    (window as unknown as { frames: number[] }).frames = frames;
    let before = 0;
    const note = (now: number) => {
      if (before > 0) frames.push(now - before);
      before = now;
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  });
  return () => person.page.evaluate(() => (window as unknown as { frames: number[] }).frames.splice(0));
}

async function fills(room: Room, host: { hangsTogether(room: Room, files: Buffer[]): Promise<void> }): Promise<void> {
  const files = Array.from({ length: 20 }, (_, i) => png({ caption: '', width: 400, height: 300, colour: [i * 12, 90, 120] }));
  for (let batch = 0; batch < 25; batch += 1) await host.hangsTogether(room, files);
}

test('among five hundred pictures dragging and framing keep up with the screen', async ({ ana, room, town }) => {
  test.slow();
  await fills(room, town.ana);
  await ana.goes(`${room.path}/pictures`);
  const { mouse } = ana.page;
  const cards = ana.page.locator('[data-card]');
  await expect(cards).toHaveCount(500);
  await cards.nth(2).scrollIntoViewIfNeeded();
  const scrolled = () => ana.page.evaluate(() => scrollY);
  const frames = await countsFrames(ana);

  const handle = await cards.nth(2).getByRole('button', { name: /Drag to reorder/ }).boundingBox();
  if (!handle) throw new Error('no handle');
  const edge = (ana.page.viewportSize()?.height ?? 0) - 10;
  const began = await scrolled();
  await mouse.move(handle.x + 20, handle.y + 20);
  await mouse.down();
  await mouse.move(handle.x + 20, handle.y + 60, { steps: 5 });
  await frames();
  await mouse.move(handle.x + 20, edge, { steps: 20 });
  // The pointer rests near the edge; the page goes on.
  await expect.poll(scrolled).toBeGreaterThan(began + 4_000);
  const dragging = await frames();
  await mouse.move(handle.x + 20, edge - 300, { steps: 5 });
  await mouse.up();
  await expect.poll(() => cards.nth(2).getAttribute('data-card')).not.toBeNull();

  const card = await cards.nth(60).boundingBox();
  if (!card) throw new Error('no card');
  const from = await scrolled();
  await mouse.move(card.x - 20, 300);
  await mouse.down();
  await mouse.move(card.x + 60, 340, { steps: 5 });
  await frames();
  await mouse.move(card.x + 60, edge, { steps: 10 });
  await expect.poll(scrolled).toBeGreaterThan(from + 4_000);
  const framing = await frames();
  await mouse.up();
  await expect(ana.page.locator('.card-choose:checked').nth(30)).toBeAttached();

  told('UX-8.10: frames while dragging among 500', dragging);
  told('UX-8.10: frames while drawing a frame around them', framing);
  expect(p95(dragging)).toBeLessThan(MOST_FRAME_MS);
  expect(p95(framing)).toBeLessThan(MOST_FRAME_MS);
});
