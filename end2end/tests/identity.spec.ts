import { type Browser, type BrowserContextOptions, expect, test as base } from '@playwright/test';
import { PHONE, Person } from '../fixtures';
import { fitsItsWidth, isAccessible } from '../fixtures/axe';
import { PASSWORD, administrator, registered } from '../fixtures/house';
import { codeFor } from '../fixtures/mail';
import { png } from '../fixtures/png';
import { Salon } from '../fixtures/salon';
import { Strict } from '../fixtures/strict';

/** A house of one's own, with settings, and browsers that come to it. */
interface House {
  salon: Salon;
  seat: (options?: BrowserContextOptions) => Promise<Person>;
}

const test = base.extend<{ strict: Strict; settings: string[]; house: House }>({
  settings: [[], { option: true }],
  strict: async ({}, use) => {
    const strict = new Strict();
    await use(strict);
    strict.holds();
  },
  house: async ({ browser, settings, strict }, use) => {
    const salon = await Salon.begin({ settings });
    const seated: Person[] = [];
    await use({ salon, seat: (options) => sits(browser, salon, strict, seated, options) });
    await Promise.all(seated.map((person) => person.context.close()));
    await salon.stop();
  },
});

async function sits(browser: Browser, salon: Salon, strict: Strict, seated: Person[], options?: BrowserContextOptions): Promise<Person> {
  const context = await browser.newContext(options);
  strict.watch(context, `browser ${seated.length + 1}`);
  const person = new Person(salon, context, await context.newPage());
  seated.push(person);
  return person;
}

async function signsIn({ page }: Person, name: string): Promise<void> {
  await page.getByLabel('User name or e-mail').fill(name);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
}

async function signsUp({ page }: Person, name: string, email: string): Promise<void> {
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('main').getByRole('button', { name: 'Create account' }).click();
}

test.describe('codes by mail', () => {
  test.use({ settings: ['--email-codes', 'sign-in'] });

  test('a code that is pasted with a blank sends itself, on a phone', async ({ house }) => {
    const eve = await house.seat(PHONE);
    await eve.goes('/register');
    await signsUp(eve, 'eve', 'eve@example.com');
    await expect(eve.page.getByRole('heading', { name: 'Enter the code' })).toBeVisible();
    await eve.isReady();
    await expect(eve.page.getByText('A code was sent to e…@example.com.')).toBeVisible();
    await isAccessible(eve.page);
    await fitsItsWidth(eve.page);
    const first = await codeFor(house.salon, 'eve@example.com');
    await eve.page.getByLabel('E-mail code').fill(`${first.slice(0, 3)} ${first.slice(3)}`);
    await expect(eve.page.getByRole('heading', { name: 'Rooms', level: 1 })).toBeVisible();

    await eve.page.context().clearCookies();
    await eve.goes('/sign-in?from=/me');
    await signsIn(eve, 'eve@example.com');
    await expect(eve.page.getByLabel('E-mail code')).toBeVisible();
    await eve.isReady();
    await eve.page.getByLabel('E-mail code').fill(await codeFor(house.salon, 'eve@example.com', [first]));
    await expect(eve.page).toHaveURL(/\/me$/);
    await expect(eve.page.getByText('eve@example.com')).toBeVisible();
  });

  test('without JavaScript a wrong code is refused with what is left, and the right one lets in', async ({ house }) => {
    const eve = await house.seat({ ...PHONE, javaScriptEnabled: false });
    await eve.opens('/register');
    await signsUp(eve, 'eve', 'eve@example.com');
    const code = await codeFor(house.salon, 'eve@example.com');
    await eve.page.getByLabel('E-mail code').fill(code === '111111' ? '222222' : '111111');
    await eve.page.getByRole('button', { name: 'Continue' }).click();
    await expect(eve.page.getByText('The code is wrong. You have 4 more tries.')).toBeVisible();
    await eve.page.getByRole('button', { name: 'Send again' }).click();
    await expect(eve.page.getByText(/Too many attempts. Try again in \d+ seconds?\./)).toBeVisible();
    await eve.page.getByLabel('E-mail code').fill(code);
    await eve.page.getByRole('button', { name: 'Continue' }).click();
    await expect(eve.page.getByRole('heading', { name: 'Rooms', level: 1 })).toBeVisible();
  });
});

test.describe('one device at a time', () => {
  test.use({ settings: ['--second-sign-in', 'ask'] });

  test('who comes later is asked; the other page says why, keeps its draft and does not come back', async ({ house, strict }) => {
    strict.expects(/status of 401/);
    const ana = await administrator(house.salon, 'ana');
    const room = await ana.opens('hall', 'The hall');
    await registered(house.salon, 'ben');
    const [desk, phone] = [await house.seat(), await house.seat(PHONE)];
    await desk.goes(`/sign-in?from=${room.path}`);
    await signsIn(desk, 'ben');
    // The registration above is a device too.
    await desk.page.getByRole('button', { name: 'Sign in here and sign out there' }).click();
    await expect(desk.page).toHaveURL(new RegExp(`${room.path}$`));
    await desk.enters(room);
    await desk.composer.fill('Half a sentence');

    await phone.goes(`/sign-in?from=${room.path}`);
    await signsIn(phone, 'ben');
    await expect(phone.page.getByRole('heading', { name: 'Your account is signed in elsewhere' })).toBeVisible();
    await isAccessible(phone.page);
    await fitsItsWidth(phone.page);
    await phone.page.getByRole('button', { name: 'Cancel' }).click();
    await phone.isReady();
    await desk.says('Still here');
    await desk.composer.fill('Half a sentence');

    await phone.goes(`/sign-in?from=${room.path}`);
    await signsIn(phone, 'ben');
    await phone.page.getByRole('button', { name: 'Sign in here and sign out there' }).click();
    await phone.hears('Still here');
    await expect(desk.page.getByText('Your account was signed in elsewhere. Your draft is kept.')).toBeVisible();
    await desk.page.getByRole('link', { name: 'Sign in again' }).click();
    await desk.isReady();
    await signsIn(desk, 'ben');
    await desk.page.getByRole('button', { name: 'Sign in here and sign out there' }).click();
    await expect(desk.composer).toHaveValue('Half a sentence');
    await expect(phone.page.getByText('Your account was signed in elsewhere. Your draft is kept.')).toBeVisible();
  });
});

test('one has a picture and a line about oneself, takes it all along, and leaves', async ({ house, strict }) => {
  strict.expects(/status of 401/);
  await administrator(house.salon, 'ana');
  await registered(house.salon, 'ben');
  const ben = await house.seat({ ...PHONE, javaScriptEnabled: false });
  await ben.opens('/sign-in');
  await signsIn(ben, 'ben');
  await ben.opens('/me');
  await ben.page.getByLabel('About').fill('Paints lakes');
  await ben.page.getByRole('button', { name: 'Save' }).click();
  const drawing = png({ caption: 'me', width: 60, height: 40 });
  await ben.page.getByLabel('Picture').setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: Buffer.from(drawing) });
  await ben.page.getByRole('button', { name: 'Upload picture' }).click();
  await expect(ben.page.locator('summary', { hasText: 'Remove picture' })).toBeVisible();
  await fitsItsWidth(ben.page);
  await ben.page.getByRole('link', { name: 'See your profile' }).click();
  await expect(ben.page.getByText('Paints lakes')).toBeVisible();

  await ben.opens('/me/close');
  await fitsItsWidth(ben.page);
  const [saved] = await Promise.all([ben.page.waitForEvent('download'), ben.page.getByRole('button', { name: 'Download' }).click()]);
  expect(saved.suggestedFilename()).toBe('salon-ben.zip');
  await ben.page.getByLabel('Your password').fill(PASSWORD);
  await ben.page.getByRole('button', { name: 'Delete account' }).click();
  await expect(ben.page.getByRole('link', { name: 'Sign in' })).toBeVisible();
  await ben.opens('/sign-in');
  await signsIn(ben, 'ben');
  await expect(ben.page.getByText('User name or password is wrong.')).toBeVisible();
});
