import type { BrowserContextOptions } from '@playwright/test';
import { PHONE, type Person, expect, test } from '../fixtures';
import { fitsItsWidth, isAccessible } from '../fixtures/axe';
import { PASSWORD, registered } from '../fixtures/house';
import type { Salon } from '../fixtures/salon';

type Seat = (account?: undefined, options?: BrowserContextOptions) => Promise<Person>;

/** Another device of somebody's. */
async function device(seat: Seat, name: string, options?: BrowserContextOptions): Promise<Person> {
  const person = await seat(undefined, options);
  await person.goes('/sign-in');
  await person.page.getByLabel('User name or e-mail').fill(name);
  await person.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await person.page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(person.page).not.toHaveURL(/sign-in/);
  return person;
}

/** A desk and a phone of somebody new. */
async function devices(seat: Seat, salon: Salon, name: string): Promise<[Person, Person]> {
  await registered(salon, name);
  return [await device(seat, name), await device(seat, name, PHONE)];
}

/** The room's host chooses what happens on a second device. */
async function chooses(host: Person, slug: string, policy: string): Promise<void> {
  await host.goes(`/admin/rooms/${slug}/moderation`);
  await host.page.locator('#second').getByText(policy, { exact: true }).click();
  await host.page.getByRole('button', { name: 'Save' }).first().click();
  await host.page.waitForLoadState();
}

test('where a second device replaces the first, that one says why, stays out and keeps its draft', async ({ ana, seat, town, room, strict }) => {
  strict.expects(/status of 409/);
  await chooses(ana, room.slug, 'Replace');
  const [desk, phone] = await devices(seat, town.salon, 'dora');
  await desk.enters(room);
  await desk.composer.fill('Half a sentence');
  await phone.enters(room);
  const banner = desk.page.getByText(/You are in this room on another device/);
  await expect(banner).toBeVisible();
  // On touch screens Enter is a new line.
  await phone.composer.fill('From the phone');
  await phone.page.getByRole('button', { name: 'Send', exact: true }).click();
  await phone.hears('From the phone');
  await fitsItsWidth(desk.page);
  // The first does not come back by itself, so that they do not fight.
  await phone.page.reload();
  await phone.hears('From the phone');
  await expect(banner).toBeVisible();
  await desk.page.getByRole('link', { name: 'Come in here' }).click();
  await desk.hears('From the phone');
  await expect(desk.composer).toHaveValue('Half a sentence');
  await expect(phone.page.getByText(/You are in this room on another device/)).toBeVisible();
});

test('where one is asked, a button comes in here and leaves there', async ({ ana, seat, town, room, strict }) => {
  strict.expects(/status of 409/);
  await chooses(ana, room.slug, 'Ask');
  const [desk, phone] = await devices(seat, town.salon, 'dan');
  await desk.enters(room);
  await phone.goes(room.path);
  await expect(phone.page.getByRole('heading', { name: 'You are here on another device' })).toBeVisible();
  await isAccessible(phone.page);
  await fitsItsWidth(phone.page);
  await desk.says('Still here');
  await phone.page.getByRole('button', { name: 'Come in here' }).click();
  await phone.hears('Still here');
  await expect(desk.page.getByText(/You are in this room on another device/)).toBeVisible();
});

test('where one is refused, the second waits until the first has left', async ({ ana, seat, town, room, strict }) => {
  strict.expects(/status of 409/);
  await chooses(ana, room.slug, 'Refuse');
  const [desk, phone] = await devices(seat, town.salon, 'dave');
  await desk.enters(room);
  await phone.goes(room.path);
  await expect(phone.page.getByText('Leave it there first.')).toBeVisible();
  await expect(phone.page.getByRole('button', { name: 'Come in here' })).toHaveCount(0);
  await desk.goes('/');
  await expect(async () => {
    await phone.page.getByRole('link', { name: 'Retry' }).click({ timeout: 1_000 });
    await expect(phone.composer).toBeVisible({ timeout: 1_000 });
  }).toPass();
});
