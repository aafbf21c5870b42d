import { PHONE, expect, test } from '../fixtures';
import { fitsItsWidth, isAccessible } from '../fixtures/axe';
import { Receiver, isSigned } from '../fixtures/receiver';

for (const scripts of [true, false]) {
  test(`another site hears of a room${scripts ? '' : ', without scripts'}`, async ({ seat, room, town }) => {
    const receiver = await Receiver.begin();
    const host = await seat(town.ana, { javaScriptEnabled: scripts });
    const { page } = host;
    const button = (name: RegExp) => page.getByRole('button', { name });
    await host.opens(`/admin/rooms/${room.slug}/webhooks`);
    await expect(page.getByText('No webhooks yet.')).toBeVisible();
    await page.getByLabel('Address').fill(receiver.url);
    await page.getByLabel('Messages', { exact: true }).check();
    await button(/^Add a webhook/).click();
    const secret = await page.getByLabel('Secret', { exact: true }).inputValue();
    expect(page.url()).not.toContain(secret);

    await town.ben.says(room, 'Hello out there');
    const said = await receiver.hears(1);
    expect(isSigned(said, secret) && !isSigned(said, 'another')).toBe(true);
    expect([said.event, JSON.parse(said.body).event.said.message.spans]).toEqual(['said', [{ text: 'Hello out there' }]]);
    await button(/^Send test/).click();
    expect((await receiver.hears(2)).event).toBe('test');
    const first = page.getByRole('listitem').first();
    await expect(first).toContainText('Delivered');
    await expect(first).toContainText('noted');
    await expect(page.getByLabel('Secret', { exact: true })).toHaveCount(0);

    receiver.status = 503;
    await first.getByRole('button', { name: /^Send again/ }).click();
    await receiver.hears(3);
    await expect(first).toContainText(/503 · \d+ ms · 1 attempt/);
    await expect(first).toContainText('not now');
    await page.goto(`${page.url().split('?')[0]}`);
    await button(/^Pause/).click();
    await expect(page.getByText('Paused', { exact: true })).toBeVisible();
    await button(/^Resume/).click();
    await page.getByRole('link', { name: /^All deliveries/ }).click();
    await page.getByLabel('Address').fill('ftp://a.example');
    await button(/^Save/).click();
    await expect(page.getByText('Enter an address that begins with http')).toBeVisible();
    if (scripts) await isAccessible(page);
    await host.confirms('Remove', 'is told nothing any more.');
    await expect(page.getByText('No webhooks yet.')).toBeVisible();
    receiver.stop();
  });
}

test('webhooks on a phone', async ({ seat, room, town }) => {
  const receiver = await Receiver.begin();
  receiver.status = 500;
  const host = await seat(town.ana, PHONE);
  const { page } = host;
  await town.ana.posts('create-webhook', { room: String(room.id), url: `${receiver.url}/a-long-address/${'x'.repeat(80)}` });
  await town.ben.says(room, 'Hello');
  await receiver.hears(1);
  await host.opens(`/admin/rooms/${room.slug}/webhooks`);
  await fitsItsWidth(page);
  await isAccessible(page);
  await page.getByRole('link', { name: /^All deliveries/ }).click();
  await expect(page.getByRole('heading', { name: 'Change' })).toBeVisible();
  await fitsItsWidth(page);
  await isAccessible(page);
  receiver.stop();
});
