import { PHONE, type Person, type Room, expect, test } from '../fixtures';
import { FilmServer, LiveStream, film } from '../fixtures/film';
import type { Account } from '../fixtures/house';

/** Followers are at most so far apart, in seconds; twice what a page tolerates. */
const APART = 2;
/** What plays streams where the browser cannot. */
const HLS = /hls\.light\.min\.js/;

function video(person: Person) {
  return person.page.locator('.stage-video video');
}

interface State {
  at: number;
  paused: boolean;
  ready: number;
}

function state(person: Person): Promise<State> {
  return video(person).evaluate((video: HTMLVideoElement) => ({
    at: video.currentTime,
    paused: video.paused,
    ready: video.readyState,
  }));
}

async function plays(person: Person): Promise<void> {
  await expect.poll(async () => (await state(person)).paused).toBe(false);
  const { at } = await state(person);
  await expect.poll(async () => (await state(person)).at).toBeGreaterThan(at);
}

async function rests(person: Person): Promise<void> {
  await expect.poll(async () => (await state(person)).paused).toBe(true);
}

async function chooses(account: Account, room: Room, url: string): Promise<void> {
  await account.setsVideo(room, url);
}

async function presses(host: Person, name: string): Promise<void> {
  await host.page.getByRole('button', { name, exact: true }).click();
}

test('an uploaded video plays at the same place for everybody', async ({ ana, ben, seat, room, town }) => {
  const file = film(30, 'webm').get('film.webm') ?? Buffer.alloc(0);
  await ana.opens(`${room.path}/video`);
  await ana.page.getByLabel('Or upload a file').setInputFiles({ name: 'film.webm', mimeType: 'video/webm', buffer: file });
  await ana.page.getByLabel('Title').fill('A test film');
  await ana.page.getByRole('button', { name: 'Save' }).click();
  await expect(ana.page.getByRole('heading', { name: 'A test film' })).toBeVisible();

  await ana.enters(room);
  await ben.enters(room);
  await expect(video(ben)).toHaveCount(0);
  await presses(ana, 'Play the video');
  for (const person of [ana, ben]) await plays(person);
  const phone = await seat(undefined, PHONE);
  await phone.enters(room);
  await plays(phone);
  const places = await Promise.all([ana, ben, phone].map(state));
  const at = places.map((place) => place.at);
  console.log(`three players stand at ${at.map((at) => at.toFixed(2)).join(', ')} s`);
  expect(Math.max(...at) - Math.min(...at)).toBeLessThan(APART);

  await ben.says('Meanwhile');
  await plays(ben);
  await presses(ana, 'Pause the video');
  for (const person of [ana, ben, phone]) await rests(person);
  // A host's own controls are everybody's.
  await video(ana).evaluate((video: HTMLVideoElement) => {
    video.currentTime = 20;
  });
  await expect.poll(async () => Math.abs((await state(ben)).at - 20)).toBeLessThan(1);

  // A viewer's are their own.
  await video(ben).evaluate((video: HTMLVideoElement) => video.play());
  await expect(ben.page.getByRole('button', { name: 'Back to live' })).toBeVisible();
  await rests(phone);
  await ben.page.getByRole('button', { name: 'Back to live' }).click();
  await rests(ben);

  const late = await seat(undefined, { javaScriptEnabled: false });
  await late.opens(room.path);
  await expect(late.page.locator('video[controls]')).toHaveAttribute('src', /^\/video\//);
  await town.ana.posts('show-now', { room: String(room.id), show: 'nothing', position: '' });
  await expect(video(ben)).toHaveCount(0);
});

test('a stream follows too, with and without the browser knowing how', async ({ ana, ben, room, seat, town }) => {
  const server = await FilmServer.begin(film(20, 'hls'));
  await chooses(town.ana, room, `${server.url}/live.m3u8`);
  const other = await seat();
  await other.page.addInitScript(() => {
    HTMLMediaElement.prototype.canPlayType = () => '';
  });
  for (const person of [ana, ben, other]) await person.enters(room);
  const needed = other.page.waitForRequest(HLS);
  await presses(ana, 'Play the video');
  await needed;
  for (const person of [ben, other]) await plays(person);
  await presses(ana, 'Pause the video');
  for (const person of [ben, other]) await rests(person);
  server.stop();
});

test('a live stream is shown as it is now, whenever somebody comes, and says when it stops and ends', async ({ ana, guest, room, seat, strict, town }) => {
  // Players that have not asked since it ended ask once more when the server is gone.
  strict.expects(/ERR_CONNECTION_(REFUSED|RESET)/);
  const files = film(60, 'hls');
  files.delete('live.m3u8');
  const live = new LiveStream(files, 2);
  const server = await FilmServer.begin(files, live);
  await chooses(town.ana, room, `${server.url}/live.m3u8`);
  const other = await seat();
  await other.page.addInitScript(() => {
    HTMLMediaElement.prototype.canPlayType = () => '';
  });
  await ana.enters(room);
  await guest.enters(room);
  await presses(ana, 'Play the video');
  await plays(guest);
  // What a film of that length would have played by now is gone from the list.
  await expect.poll(() => live.list(), { timeout: 40_000 }).toContain('#EXT-X-MEDIA-SEQUENCE:8');
  await other.enters(room);
  await plays(other);
  await expect(other.page.getByText('The video has ended.')).toBeHidden();
  live.stops(false);
  await expect(other.page.getByText('The stream has stopped.')).toBeVisible({ timeout: 40_000 });
  live.stops(true);
  await expect(other.page.getByText('The video has ended.')).toBeVisible({ timeout: 40_000 });
  server.stop();
});

test('a plain file is played without what only streams need, also where no stream can be played', async ({ ana, guest, room, seat, town }) => {
  const server = await FilmServer.begin(film(20, 'webm'));
  await chooses(town.ana, room, `${server.url}/film.webm`);
  const other = await seat();
  await other.page.addInitScript(() => {
    const canPlay = HTMLMediaElement.prototype.canPlayType;
    HTMLMediaElement.prototype.canPlayType = function (type) {
      return /mpegurl/i.test(type) ? '' : canPlay.call(this, type);
    };
  });
  const asked: string[] = [];
  for (const person of [ana, guest, other]) {
    person.page.on('request', (request) => asked.push(request.url()));
    await person.enters(room);
  }
  await presses(ana, 'Play the video');
  for (const person of [guest, other]) await plays(person);
  expect(asked.some((url) => url.endsWith('/film.webm'))).toBe(true);
  expect(asked.filter((url) => HLS.test(url))).toEqual([]);
  server.stop();
});

test('a source that fails says so, and can be tried again', async ({ ana, ben, room, strict, town }) => {
  strict.expects(/status of 404|Failed to load resource/);
  const files = film(4, 'webm');
  const server = await FilmServer.begin(files);
  await chooses(town.ana, room, `${server.url}/film.webm`);
  const whole = files.get('film.webm') as Buffer;
  files.delete('film.webm');
  await ana.enters(room);
  await ben.enters(room);
  await presses(ana, 'Play the video');
  await expect(ben.page.getByText('The video cannot be played')).toBeVisible();
  files.set('film.webm', whole);
  await ben.page.getByRole('button', { name: 'Retry', exact: true }).click();
  await expect(ben.page.getByText('The video cannot be played')).toBeHidden();
  await expect.poll(async () => (await state(ben)).ready).toBeGreaterThan(0);
  // It ends, and that is said as well.
  await expect(ben.page.getByText('The video has ended.')).toBeVisible();
  server.stop();
});

test('what is no video is refused in words', async ({ ana, room }) => {
  const server = await FilmServer.begin(new Map([['page.mp4', '<!doctype html><p>No film.</p>']]));
  await ana.opens(`${room.path}/video`);
  await ana.page.getByLabel('Address of a video or stream').fill(`${server.url}/page.mp4`);
  await ana.page.getByRole('button', { name: 'Save' }).click();
  await expect(ana.page.getByRole('alert')).toContainText('This is not a video.');
  server.stop();
});

test('a page that is older than the video is loaded anew for it', async ({ ana, ben, room, town }) => {
  const server = await FilmServer.begin(film(20, 'webm'));
  await ana.enters(room);
  await ben.enters(room);
  await chooses(town.ana, room, `${server.url}/film.webm`);
  const again = ben.page.waitForEvent('load');
  await presses(ana, 'Play the video');
  await again;
  await plays(ben);
  server.stop();
});
