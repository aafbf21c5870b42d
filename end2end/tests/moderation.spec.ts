import { PHONE, type Person, expect, test } from '../fixtures';

/** The host's page about one message. */
async function turnsTo(host: Person, text: string): Promise<void> {
  const row = host.log.getByRole('listitem').filter({ hasText: text });
  await row.hover();
  await row.getByRole('link', { name: 'Moderate' }).click();
  await expect(host.page.getByRole('heading', { name: 'This message' })).toBeVisible();
}

test('a host recalls what was said, and it is gone for everybody', async ({ ana, ben, room }) => {
  await ana.enters(room);
  await ben.enters(room);
  await ben.says('Something rude');
  await ana.hears('Something rude');
  await turnsTo(ana, 'Something rude');
  await ana.page.getByRole('button', { name: 'Recall' }).click();
  await ben.hears('Ana recalled a message');
  await expect(ben.message('Something rude')).toHaveCount(0);
  await ben.page.reload();
  await ben.hears('Ana recalled a message');
});

test('whoever is muted sees why and keeps what was typed; unmuted they go on', async ({ ana, ben, room }) => {
  await ana.enters(room);
  await ben.enters(room);
  await ben.says('Too much');
  await turnsTo(ana, 'Too much');
  await ana.page.getByLabel('Reason').fill('Let others speak');
  await ana.page.getByRole('button', { name: 'Mute 10 min' }).click();
  await expect(ben.page.getByText(/You are muted for another .* Let others speak/)).toBeVisible();
  await ben.composer.fill('But I');
  await ben.composer.press('Enter');
  await expect(ben.composer).toHaveValue('But I');
  await ana.goes(`/admin/rooms/${room.slug}/moderation`);
  await ana.page.getByRole('button', { name: 'Unmute' }).click();
  await expect(ben.page.getByText(/You are muted/)).toBeHidden();
  await ben.composer.press('Enter');
  await ana.goes(room.path);
  await ana.hears('But I');
});

test('what is held for approval is seen by nobody before a host lets it', async ({ ana, seat, town, room }) => {
  const ben = await seat(town.ben, PHONE);
  await ana.goes(`/admin/rooms/${room.slug}/moderation`);
  await ana.page.getByText('Hosts approve what is said').click();
  await ana.page.getByRole('button', { name: 'Save' }).first().click();
  await ana.enters(room);
  await ben.enters(room);
  await ben.composer.fill('May I?');
  await ben.page.getByRole('button', { name: 'Send' }).click();
  await ana.page.getByRole('link', { name: '1 waiting for approval' }).click();
  await expect(ana.page.getByText('May I?')).toBeVisible();
  await ana.hearsKeys();
  await ana.page.keyboard.press('j');
  const first = ana.page.getByRole('listitem').filter({ hasText: 'May I?' });
  await expect(first).toBeFocused();
  await ben.composer.fill('Or this?');
  await ben.page.getByRole('button', { name: 'Send' }).click();
  await expect(ana.page.getByText('Or this?'), 'comes by itself').toBeVisible();
  await expect(ana.page.getByRole('status').getByText('2 waiting for approval')).toBeVisible();
  await expect(first, 'and takes no focus').toBeFocused();
  await ana.page.keyboard.press('a');
  await expect(first).toHaveCount(0);
  await ana.page.keyboard.press('a');
  await expect(ana.page.getByText('Nothing is waiting.')).toBeVisible();
  await ben.hears('May I?');
});

test('a ban leads out at once, without JavaScript on the host’s side', async ({ seat, town, ben, room }) => {
  const ana = await seat(town.ana, { javaScriptEnabled: false });
  await ben.enters(room);
  await ben.says('Spam');
  await expect(ben.log.locator('.said-pending')).toHaveCount(0);
  await ana.opens(room.path);
  await ana.log.getByRole('link', { name: 'Moderate' }).last().click();
  await ana.page.getByRole('button', { name: 'Ban' }).click();
  await expect(ben.page.getByText('You are banned from this room.')).toBeVisible();
  await expect(ben.message('Spam')).toHaveCount(0);
  await expect(ben.page.getByText('Nothing has been said yet')).toHaveCount(0);
  await ana.opens(`/admin/rooms/${room.slug}/audit`);
  await expect(ana.page.getByText(/Ben/).first()).toBeVisible();
});

test('a ban by mistake is undone where it was done, and whoever it hit is a member again', async ({ ana, ben, room }) => {
  await ana.enters(room);
  await ben.enters(room);
  await ben.says('Just joking');
  await turnsTo(ana, 'Just joking');
  await ana.page.getByRole('button', { name: 'Ban' }).click();
  const toast = ana.page.getByRole('status').filter({ hasText: 'Ben is banned from the room.' });
  await toast.getByRole('button', { name: 'Undo' }).click();
  await expect(toast).toBeHidden();
  await expect(ben.page.getByText('You are banned from this room.')).toBeVisible();
  await ben.enters(room);
  await ben.says('No hard feelings');
  await ana.hears('No hard feelings');
  await ana.opens(`/admin/rooms/${room.slug}/audit`);
  for (const act of ['banned', 'unbanned', 'added']) {
    await expect(ana.page.locator('.chip').getByText(act, { exact: true }).first()).toBeVisible();
  }
});

test('an undo that was not wanted goes after five seconds', async ({ ana, ben, room }) => {
  await ben.enters(room);
  await ben.says('Hm');
  await ana.enters(room);
  await turnsTo(ana, 'Hm');
  await ana.page.getByRole('button', { name: 'Mute 1 h' }).click();
  const toast = ana.page.getByText('Ben is muted for an hour.');
  await expect(toast).toBeVisible();
  await expect(toast).toBeHidden({ timeout: 10_000 });
  await expect(ben.page.getByText(/You are muted for another/)).toBeVisible();
  await expect(ana.page).toHaveURL(new RegExp(`${room.path}$`));
  await ana.page.reload();
  await ana.isReady();
  await expect(toast, 'nor does it come back').toHaveCount(0);
});

test('what was undone is not offered again by a reload, on a plain page either', async ({ ana, ben, room }) => {
  await ben.enters(room);
  await ben.says('Hm');
  await ana.enters(room);
  await turnsTo(ana, 'Hm');
  await ana.page.getByRole('button', { name: 'Mute 1 h' }).click();
  const undo = ana.page.getByRole('button', { name: 'Undo' });
  await undo.click();
  await expect(undo).toHaveCount(0);
  await ana.page.reload();
  await ana.isReady();
  await expect(undo).toHaveCount(0);
  const people = `/admin/rooms/${room.slug}/people`;
  await ana.goes(people);
  await ana.page.getByRole('button', { name: 'Remove from room: Ben' }).click();
  await expect(ana.page.getByText('Ben was removed from the room.')).toBeVisible();
  await expect(undo).toHaveCount(0, { timeout: 10_000 });
  await expect(ana.page).toHaveURL(new RegExp(`${people}$`));
  await ana.page.reload();
  await expect(ana.page.getByRole('heading', { name: room.title })).toBeVisible();
  await expect(undo).toHaveCount(0);
});

test('what was declined by mistake waits again, for its author too', async ({ ana, seat, town, room }) => {
  const ben = await seat(town.ben, PHONE);
  await ana.goes(`/admin/rooms/${room.slug}/moderation`);
  await ana.page.getByText('Hosts approve what is said').click();
  await ana.page.getByRole('button', { name: 'Save' }).first().click();
  await ben.enters(room);
  await ben.composer.fill('May I?');
  await ben.page.getByRole('button', { name: 'Send' }).click();
  await expect(ben.page.getByText('Waiting for a host to approve it.')).toBeVisible();
  await ana.goes(`/admin/rooms/${room.slug}/queue`);
  await ana.hearsKeys();
  await ana.page.keyboard.press('j');
  await ana.page.keyboard.press('d');
  const undo = ana.page.getByRole('button', { name: 'Undo' });
  await expect(ana.page.getByText('A message of Ben was declined.')).toBeVisible();
  await expect(ana.page.getByText('May I?')).toHaveCount(0);
  await expect(ben.page.getByText('A host did not let this message through.')).toBeVisible();
  await undo.click();
  await expect(ana.page.getByText('May I?')).toBeVisible();
  await expect(ben.page.getByText('Waiting for a host to approve it.')).toBeVisible();
  await ana.page.keyboard.press('m');
  await expect(ana.page.getByText('Ben is muted for 10 minutes.')).toBeVisible();
  await undo.click();
  await ana.page.getByText('May I?').waitFor();
  await ana.page.keyboard.press('a');
  await ben.hears('May I?');
  await expect(ben.page.getByText(/You are muted/)).toHaveCount(0);
});

test('what cannot be undone is asked once more by name, by keyboard, without JavaScript', async ({ seat, town, ben, room }) => {
  const ana = await seat(town.ana, { ...PHONE, javaScriptEnabled: false });
  await ben.enters(room);
  await ben.says('One');
  await ben.says('Two');
  await expect(ben.log.locator('.said-pending')).toHaveCount(0);
  await ana.opens(room.path);
  await ana.log.getByRole('link', { name: 'Moderate' }).last().click();
  await ana.page.locator('summary', { hasText: 'Clear last hour' }).focus();
  await ana.page.keyboard.press('Enter');
  await expect(ana.page.getByText('All that Ben said in the last hour is recalled')).toBeVisible();
  await expect(ben.message('Two'), 'nothing was done yet').toBeVisible();
  await ana.page.keyboard.press('Tab');
  await ana.page.keyboard.press('Enter');
  await expect(ben.message('Ana recalled a message')).toHaveCount(2);
});

test('without JavaScript a member who was removed is brought back by one button', async ({ seat, town, ben, room }) => {
  const ana = await seat(town.ana, { ...PHONE, javaScriptEnabled: false });
  await ben.enters(room);
  await ben.says('Here I am');
  await ana.opens(`/admin/rooms/${room.slug}/people`);
  await ana.page.getByRole('button', { name: 'Remove from room: Ben' }).click();
  await expect(ana.page.getByText('Ben was removed from the room.')).toBeVisible();
  await expect(ana.page.getByText('@ben')).toHaveCount(0);
  await ana.page.getByRole('button', { name: 'Undo' }).click();
  await expect(ana.page.getByText('@ben')).toBeVisible();
});

test('reports are decided by keys, which a sheet names, and a mute among them is undone', async ({ ana, ben, town, room }) => {
  await ana.enters(room);
  await ben.enters(room);
  for (const text of ['Buy this', 'Sell that']) {
    await ben.says(text);
    await ana.hears(text);
    const row = ana.log.getByRole('listitem').filter({ hasText: text });
    const page = await row.getByRole('link', { name: 'Moderate' }).getAttribute('href');
    await town.ana.posts('report-message', { message: page?.split('/').at(-1) ?? '', reason: '' });
  }
  await ana.goes('/admin/reports');
  await ana.hearsKeys();
  const report = (text: string) => ana.page.getByRole('row').filter({ hasText: text });
  await ana.page.keyboard.press('j');
  await expect(report('Sell that')).toBeFocused();
  await ana.page.keyboard.press('?');
  await expect(ana.page.getByRole('dialog', { name: 'Keyboard' }).getByText('mute the author')).toBeVisible();
  await ana.page.keyboard.press('Escape');
  await expect(report('Sell that')).toBeFocused();
  await ana.page.keyboard.press('m');
  await expect(ben.page.getByText(/You are muted for another/)).toBeVisible();
  await expect(ana.page.getByText('Ben is muted for 10 minutes.')).toBeVisible();
  await ana.page.getByRole('button', { name: 'Undo' }).click();
  await expect(ben.page.getByText(/You are muted/)).toBeHidden();
  await expect(report('Sell that')).toHaveCount(0);
  await ana.hearsKeys();
  await report('Buy this').focus();
  await ana.page.keyboard.press('d');
  await ben.hears('Ana recalled a message');
  await expect(report('Buy this')).toHaveCount(0);
});
