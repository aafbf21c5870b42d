import type { WebSocketRoute } from '@playwright/test';
import { PHONE, type Person, type Room, expect, test } from '../fixtures';
import { fitsItsWidth, isAccessible } from '../fixtures/axe';
import { registered } from '../fixtures/house';
import type { Salon } from '../fixtures/salon';

let newcomers = 0;

/** Somebody who belongs to no room yet. */
async function newcomer(salon: Salon, worker: number) {
  newcomers += 1;
  return registered(salon, `joe${worker}x${newcomers}`);
}

/** From now on only members write there. */
async function closes(host: Person, room: Room): Promise<void> {
  await host.account?.posts('change-policy', { room: String(room.id), posting: 'members' });
}

function asks(person: Person) {
  return person.page.getByRole('button', { name: 'Ask to join' });
}

/** The host's row of somebody who asks. */
function request(host: Person, name: string) {
  return host.page.getByRole('listitem').filter({ hasText: name });
}

test('somebody asks to join, a host lets them in, and they write without a reload', async ({ ana, seat, town, room }, info) => {
  const joe = await seat(await newcomer(town.salon, info.workerIndex), PHONE);
  await closes(ana, room);
  await ana.enters(room);
  await joe.enters(room);
  await expect(joe.page.getByText('Only members can write here')).toBeVisible();
  await expect(joe.composer).toHaveCount(0);
  await expect(joe.page.getByRole('button', { name: 'Join room' })).toHaveCount(0);
  await isAccessible(joe.page);
  await fitsItsWidth(joe.page);
  await joe.page.getByLabel('A line for the hosts').fill('I play the cello');
  await asks(joe).click();
  await expect(joe.page.getByText('You have asked to join.')).toBeVisible();
  await expect(asks(joe)).toHaveCount(0);

  await ana.page.getByRole('link', { name: '1 asking to join' }).click();
  const row = request(ana, 'I play the cello');
  await expect(row).toBeVisible();
  await isAccessible(ana.page);
  await ana.hearsKeys();
  await ana.page.keyboard.press('j');
  await expect(row).toBeFocused();
  await ana.page.keyboard.press('a');
  await expect(ana.page.getByText('Nobody is asking to join.')).toBeVisible();
  await expect(joe.page.getByText('A host let you in. You can write now.')).toBeVisible();
  await joe.composer.fill('Thank you');
  await joe.page.getByRole('button', { name: 'Send' }).click();
  await joe.hears('Thank you');
});

test('who is declined is told at once, and later; the host hears of the next one as they ask', async ({ ana, seat, town, room }, info) => {
  const joe = await seat(await newcomer(town.salon, info.workerIndex));
  const kim = await seat(await newcomer(town.salon, info.workerIndex), PHONE);
  await closes(ana, room);
  await ana.goes(`/admin/rooms/${room.slug}/queue`);
  await expect(ana.page.getByText('Nobody is asking to join.')).toBeVisible();
  await joe.enters(room);
  await asks(joe).focus();
  await joe.page.keyboard.press('Enter');
  await expect(joe.page.getByText('You have asked to join.')).toBeVisible();
  const name = new RegExp(`Decline: ${joe.account?.name}`, 'i');
  await ana.page.getByRole('button', { name }).click();
  await expect(joe.page.getByText('A host declined your request to join. You can ask again in 24 hours.')).toBeVisible();
  await kim.enters(room);
  await asks(kim).click();
  await expect(ana.page.getByRole('status').getByText('1 asking to join'), 'comes by itself').toBeVisible();
  await joe.page.reload();
  await expect(joe.page.getByText('You can ask again in 24 hours.')).toBeVisible();
  await expect(asks(joe)).toHaveCount(0);
});

test('what is typed to the hosts stays while the connection is lost and comes back', async ({ ana, seat, town, room }, info) => {
  const joe = await seat(await newcomer(town.salon, info.workerIndex));
  await closes(ana, room);
  const sockets: WebSocketRoute[] = [];
  await joe.context.routeWebSocket(/\/api\/v1\/live/, (socket) => {
    socket.connectToServer();
    sockets.push(socket);
  });
  await joe.goes(room.path);
  await ana.enters(room);
  await ana.says('Who are you?');
  await joe.hears('Who are you?');
  await joe.page.getByLabel('A line for the hosts').fill('Half a sen');
  await Promise.all(sockets.map((socket) => socket.close()));
  await ana.says('Still there?');
  await joe.hears('Still there?');
  await expect(joe.page.getByLabel('A line for the hosts')).toHaveValue('Half a sen');
  // The rule goes while they look: there is nothing to ask for any more.
  await ana.account?.posts('change-policy', { room: String(room.id), posting: 'everyone' });
  await expect(joe.composer).toBeVisible();
  await expect(asks(joe)).toHaveCount(0);
});

test('without JavaScript on either side somebody asks and is let in', async ({ seat, town, room }, info) => {
  const plain = { ...PHONE, javaScriptEnabled: false };
  const ana = await seat(town.ana, plain);
  const joe = await seat(await newcomer(town.salon, info.workerIndex), plain);
  await closes(ana, room);
  await joe.opens(room.path);
  await joe.page.getByLabel('A line for the hosts').fill('Please');
  await asks(joe).click();
  await expect(joe.page.getByText('You have asked to join.')).toBeVisible();
  await ana.opens(room.path);
  await ana.page.getByRole('link', { name: '1 asking to join' }).click();
  await expect(ana.page.getByText('Please')).toBeVisible();
  await fitsItsWidth(ana.page);
  await ana.page.getByRole('button', { name: /^Let in/ }).click();
  await expect(ana.page.getByText('Nobody is asking to join.')).toBeVisible();
  await joe.page.reload();
  await joe.composer.fill('Here I am');
  await joe.page.getByRole('button', { name: 'Send' }).click();
  await joe.hears('Here I am');
});
