import { PHONE, type Person, expect, test } from '../fixtures';
import { fitsItsWidth, isAccessible } from '../fixtures/axe';
import { PASSWORD } from '../fixtures/house';

let newcomers = 0;

/** A name that nobody has yet. */
function newName(worker: number): string {
  newcomers += 1;
  return `eve${worker}x${newcomers}`;
}

/** Registers on the page that is open. */
async function registers(person: Person, name: string): Promise<void> {
  const { page } = person;
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('main').getByRole('button', { name: 'Create account' }).click();
}

/** The link that the page shows this once. */
async function shownLink(person: Person, name: string): Promise<string> {
  const link = await person.page.getByRole('textbox', { name }).inputValue();
  return new URL(link).pathname;
}

test('a newcomer registers through a link, lands in the room, and is sent away live', async ({ ana, seat, town }, info) => {
  const room = await town.ana.opens(`private-${info.workerIndex}-${newName(0)}`, 'Private den', 'private');
  await town.ana.says(room, 'Said before');
  await ana.opens(`/admin/rooms/${room.slug}/people`);
  await ana.page.getByRole('button', { name: 'Create invitation link' }).click();
  const join = await shownLink(ana, 'Invitation link');

  const name = newName(info.workerIndex);
  const eve = await seat(undefined, PHONE);
  await eve.opens(join);
  await expect(eve.page.getByRole('heading', { name: 'Private den' })).toBeVisible();
  await expect(eve.page.getByText('Ana invites you to')).toBeVisible();
  await isAccessible(eve.page);
  await fitsItsWidth(eve.page);
  await eve.page.getByRole('main').getByRole('link', { name: 'Create account' }).click();
  await eve.isReady();
  await registers(eve, name);
  await eve.page.getByRole('button', { name: 'Join room' }).click();
  await expect(eve.page).toHaveURL(new RegExp(`${room.path}$`));
  await eve.hears('Said before');

  await ana.opens(`/admin/rooms/${room.slug}/people`);
  await expect(ana.page.getByText('No invitation links at present.')).toBeVisible();
  await ana.page.getByRole('button', { name: `Remove from room: ${name}` }).click();
  await expect(eve.message('Said before')).toHaveCount(0);
  await expect(ana.page.getByText(`@${name}`)).toHaveCount(0);
});

test('an invitation works without JavaScript, once', async ({ seat, town, room, strict }, info) => {
  strict.expects(/status of 410/);
  const plain = { ...PHONE, javaScriptEnabled: false };
  const ana = await seat(town.ana, plain);
  await ana.opens(`/admin/rooms/${room.slug}/people`);
  await ana.page.getByLabel('Expires').selectOption('Never');
  await ana.page.getByRole('button', { name: 'Create invitation link' }).click();
  const join = await shownLink(ana, 'Invitation link');

  const eve = await seat(undefined, plain);
  await eve.opens(join);
  await eve.page.getByRole('main').getByRole('link', { name: 'Create account' }).click();
  await registers(eve, newName(info.workerIndex));
  await eve.page.getByRole('button', { name: 'Join room' }).click();
  await expect(eve.page).toHaveURL(new RegExp(`${room.path}$`));

  const late = await seat(town.ben, plain);
  await late.opens(join);
  await expect(late.page.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible();
});

test('an administrator finds somebody and ends their session: that browser is out', async ({ ana, seat, strict }, info) => {
  strict.expects(/status of 401/);
  const name = newName(info.workerIndex);
  const eve = await seat();
  await eve.goes('/register');
  await registers(eve, name);
  await expect(eve.page.getByRole('heading', { name: 'Rooms', level: 1 })).toBeVisible();

  await ana.opens('/admin/people');
  await ana.page.getByRole('searchbox').fill(name);
  await ana.page.getByRole('button', { name: 'Search' }).click();
  await expect(ana.page.getByRole('row')).toHaveCount(2);
  await ana.page.getByRole('link', { name, exact: true }).click();
  await ana.page.getByRole('button', { name: /^Sign it out/ }).click();
  await expect(ana.page.getByText('Not signed in anywhere.')).toBeVisible();
  await eve.opens('/me');
  await expect(eve.page.getByRole('main').getByRole('link', { name: 'Sign in' })).toBeVisible();

  await ana.confirms('Disable account', `Disable the account of ${name}?`);
  await expect(ana.page.getByRole('button', { name: 'Enable account' })).toBeVisible();
  await eve.goes('/sign-in');
  await eve.page.getByLabel('User name').fill(name);
  await eve.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await eve.page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(eve.page.getByText('User name or password is wrong.')).toBeVisible();
});

test('a forgotten password is chosen anew through a link', async ({ ana, seat }, info) => {
  const name = newName(info.workerIndex);
  const eve = await seat(undefined, { javaScriptEnabled: false });
  await eve.opens('/register');
  await registers(eve, name);
  await ana.opens(`/admin/people?q=${name}`);
  await ana.page.getByRole('link', { name, exact: true }).click();
  await ana.page.getByRole('button', { name: 'Create reset link' }).click();
  const reset = await shownLink(ana, 'Reset link');
  await eve.opens(reset);
  await eve.page.getByLabel('New password').fill('another quiet evening');
  await eve.page.getByLabel('Password again').fill('another quiet evening');
  await eve.page.getByRole('button', { name: 'Choose a new password' }).click();
  await eve.page.getByLabel('User name').fill(name);
  await eve.page.getByLabel('Password', { exact: true }).fill('another quiet evening');
  await eve.page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(eve.page.getByRole('heading', { name: 'Rooms', level: 1 })).toBeVisible();
});

test('a room goes when its name is typed', async ({ ana, ben, town, room }) => {
  await town.ana.says(room, 'Soon gone');
  await ben.enters(room);
  await ben.hears('Soon gone');
  await ana.goes(`/admin/rooms/${room.slug}`);
  await ana.page.getByLabel("Type the room's name to confirm").fill(room.title);
  await ana.page.getByRole('button', { name: 'Delete room' }).click();
  await expect(ana.page).toHaveURL(/\/admin\/rooms$/);
  await expect(ana.page.getByRole('link', { name: room.title, exact: true })).toHaveCount(0);
  await expect(ben.message('Soon gone')).toHaveCount(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the pages for people and the system are open to everybody: ${colorScheme}`, async ({ seat, town, room }) => {
    for (const options of [{ ...PHONE, colorScheme }, { viewport: { width: 1440, height: 900 }, colorScheme }]) {
      const ana = await seat(town.ana, options);
      const pages = ['/admin/people', '/admin/people?q=nobody-at-all', '/admin/rooms', '/admin/system', `/admin/rooms/${room.slug}/people`];
      for (const path of pages) {
        await ana.opens(path);
        await expect(ana.page.getByRole('main')).toBeVisible();
        await isAccessible(ana.page);
        await fitsItsWidth(ana.page);
      }
      await ana.opens('/admin/people?q=ben');
      await ana.page.getByRole('link', { name: 'Ben', exact: true }).click();
      await expect(ana.page.getByRole('button', { name: 'Make administrator' })).toBeVisible();
      await isAccessible(ana.page);
      await fitsItsWidth(ana.page);
    }
  });
}
