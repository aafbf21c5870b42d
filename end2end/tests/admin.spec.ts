import type { BrowserContextOptions } from '@playwright/test';
import { PHONE, type Person, expect, test } from '../fixtures';
import { fitsItsWidth, isAccessible } from '../fixtures/axe';

/** Looks until the page shows that a backup was made. */
async function seesBackup(person: Person): Promise<void> {
  await expect(async () => {
    await person.opens('/admin/system');
    await expect(person.page.getByText(/salon-\d{4}-\d\d-\d\dT[\d-]+\.tar, /)).toBeVisible({ timeout: 1_000 });
    await expect(person.page.getByRole('button', { name: 'Back up now' })).toBeVisible({ timeout: 1_000 });
  }).toPass();
}

async function testsMail(person: Person): Promise<void> {
  await person.page.getByLabel('Send a test to').fill('ana@example.com');
  await person.page.getByRole('button', { name: 'Send test mail' }).click();
  await expect(person.page.getByText(/it became a file: [0-9a-f]{16}\.eml/)).toBeVisible();
}

const ways = [
  { name: 'at a desk', options: {} as BrowserContextOptions },
  { name: 'on a phone without JavaScript', options: { ...PHONE, javaScriptEnabled: false } as BrowserContextOptions },
];

for (const { name, options } of ways) {
  test(`an administrator makes a backup and tests the mail, ${name}`, async ({ seat, town }) => {
    const ana = await seat(town.ana, options);
    await ana.opens('/admin/system');
    await ana.page.getByRole('button', { name: 'Back up now' }).click();
    await seesBackup(ana);
    await testsMail(ana);
    await fitsItsWidth(ana.page);
    await ana.opens('/admin/audit?act=backup-started');
    await expect(ana.page.getByText('started a backup').last()).toBeVisible();
    if (options.javaScriptEnabled !== false) await isAccessible(ana.page);
  });

  test(`a setting is found and its field is there, ${name}`, async ({ seat, town, room }) => {
    const ana = await seat(town.ana, options);
    await ana.opens(`/admin/rooms/${room.slug}`);
    await ana.page.getByRole('main').getByRole('link', { name: 'Find a setting' }).last().click();
    await ana.page.getByRole('searchbox').fill('mansu');
    await ana.page.getByRole('searchbox').press('Enter');
    await expect(ana.page.getByRole('link', { name: 'Slow mode (seconds)' })).toBeVisible();
    await expect(ana.page.getByText('Default', { exact: true })).toBeVisible();
    await fitsItsWidth(ana.page);
    if (options.javaScriptEnabled !== false) await isAccessible(ana.page);
    await ana.page.getByRole('link', { name: 'Slow mode (seconds)' }).click();
    await expect(ana.page).toHaveURL(`${town.salon.url}/admin/rooms/${room.slug}/moderation#change-policy-slow`);
    await expect(ana.page.locator('input:target')).toBeInViewport();

    await ana.opens('/admin/settings?q=file-limit');
    await expect(ana.page.getByText('--file-limit · SALON_FILE_LIMIT')).toBeVisible();
    await expect(ana.page.getByText('100MB')).toBeVisible();
  });

  test(`a private room is shown to everybody only by its name, ${name}`, async ({ seat, town, strict }, info) => {
    strict.expects(/status of 422/);
    const slug = `wide-${info.workerIndex}-${name.length}`;
    const den = await town.ana.opens(slug, 'Quiet den', 'private');
    const ana = await seat(town.ana, options);
    const page = `/admin/rooms/${den.slug}`;
    await (options.javaScriptEnabled === false ? ana.opens(page) : ana.goes(page));
    const typed = ana.page.getByLabel("Type the room's present name to confirm");
    await expect(typed).toBeHidden();
    const save = ana.page.locator('form[action^="/call/change-room?"]').getByRole('button', { name: 'Save' });
    // The whole box is the label.
    const shown = ana.page.locator('label', { hasText: 'Public' });
    await shown.click();
    await expect(typed).toBeVisible();
    await save.click();
    await expect(ana.page.getByText('Type its name to confirm')).toBeVisible();
    await shown.click();
    await typed.fill('Quiet den');
    await save.click();
    await expect(typed).toHaveCount(0);
    await fitsItsWidth(ana.page);
    const guest = await seat();
    await guest.opens(den.path);
    await expect(guest.page.getByRole('heading', { name: 'Quiet den' }).first()).toBeVisible();
  });
}
