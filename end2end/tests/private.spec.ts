import { PHONE, type Person, expect, test } from '../fixtures';
import { registered } from '../fixtures/house';

/** What a stranger may say is counted for each two people, so every test has people of its own. */
let strangers = 0;

const named = () => `p${process.pid}x${(strangers += 1)}`;

/** What others read of somebody who registered. */
const shown = (name: string) => name[0].toUpperCase() + name.slice(1);

/** Begins a private chat with somebody from their own page. */
async function beginsWith(person: Person, name: string): Promise<void> {
  await person.goes(`/people/${name}`);
  await person.page.getByRole('button', { name: 'Private chat' }).click();
  await expect(person.page).toHaveURL(new RegExp(`/r/@${name}$`));
  await person.isReady();
}

test('two people talk in private, from a name in a room, one of them on a phone', async ({ seat, town, room, strict }) => {
  strict.expects(/status of (401|403|404)/);
  const cy = await registered(town.salon, named());
  const [ana, phone] = [await seat(town.ana), await seat(cy, PHONE)];
  await cy.says(room, 'Here I am');
  await ana.enters(room);
  // Two steps from any name: their page, and its button.
  await ana.log.getByRole('link', { name: shown(cy.name) }).first().click();
  await ana.page.getByRole('button', { name: 'Private chat' }).click();
  await ana.isReady();
  await ana.says('Only for you');
  await ana.hears('Only for you');
  await phone.goes('/');
  await phone.page.getByRole('main').getByRole('link', { name: 'Ana', exact: true }).click();
  await phone.isReady();
  await phone.hears('Only for you');
  await expect(phone.page.getByText('You have not answered them yet.')).toBeVisible();
  await expect(ana.page.getByRole('status').getByText('Online')).toBeVisible();
  await expect(ana.log.getByText('Read', { exact: true })).toBeAttached();
  // On touch screens Enter is a new line.
  await phone.composer.fill('Thank you');
  await phone.page.getByRole('button', { name: 'Send', exact: true }).click();
  await ana.hears('Thank you');
  await expect(phone.page.getByText('You have not answered them yet.')).toBeHidden();
  // Nobody else finds it.
  const ben = await seat(town.ben);
  await ben.opens('/');
  await expect(ben.page.getByText('Only for you')).toHaveCount(0);
});

test('a stranger may say five things until they are answered', async ({ seat, town }) => {
  const [one, other] = [await registered(town.salon, named()), await registered(town.salon, named())];
  const [cy, di] = [await seat(one), await seat(other, PHONE)];
  await beginsWith(cy, other.name);
  for (let n = 1; n <= 3; n += 1) {
    await cy.says(`Hello ${n}`);
    await cy.hears(`Hello ${n}`);
  }
  await expect(cy.page.getByText('No answer yet, 2 more messages possible')).toBeVisible();
  await cy.says('Hello 4');
  await cy.says('Hello 5');
  await expect(cy.page.getByText('You cannot send more until they answer.')).toBeVisible();
  await di.goes(`/r/@${one.name}`);
  await di.page.getByRole('button', { name: 'Accept' }).click();
  await expect(di.page.getByRole('button', { name: 'Accept' })).toBeHidden();
  await expect(cy.page.getByText('You cannot send more until they answer.')).toBeHidden();
  await cy.says('Hello 6');
  await di.hears('Hello 6');
});

test('whoever is blocked is only told that it did not arrive', async ({ seat, town, strict }) => {
  strict.expects(/status of (401|403|404)/);
  const [one, other] = [await registered(town.salon, named()), await registered(town.salon, named())];
  const [cy, di] = [await seat(one), await seat(other)];
  await beginsWith(cy, other.name);
  await cy.says('Buy this');
  await cy.hears('Buy this');
  await di.goes(`/r/@${one.name}`);
  await di.page.getByRole('link', { name: 'Report' }).click();
  await di.page.getByLabel('Reason').fill('Spam');
  await di.page.getByLabel('Block them too').check();
  await di.page.getByRole('button', { name: 'Send report' }).click();
  await expect(di.page.getByText('It was sent to the administrators. Thank you.')).toBeVisible();
  await cy.says('And this');
  await expect(cy.page.getByText('This person cannot receive messages right now.').first()).toBeVisible();
  await di.goes(`/r/@${one.name}`);
  await expect(di.page.getByText('And this')).toHaveCount(0);
  await di.page.getByRole('button', { name: 'Unblock' }).click();
  await expect(di.page.getByText('You have blocked them.')).toBeHidden();
  const root = await seat(town.ana);
  await root.goes('/admin/reports');
  const report = root.page.getByRole('row').filter({ hasText: 'Buy this' });
  await report.getByRole('button', { name: /Mark as resolved/ }).click();
  await expect(root.page.getByText('Buy this')).toHaveCount(0);
});

test('all of it works without JavaScript', async ({ seat, town }) => {
  const [one, other] = [await registered(town.salon, named()), await registered(town.salon, named())];
  const cy = await seat(one, { javaScriptEnabled: false });
  const di = await seat(other, { ...PHONE, javaScriptEnabled: false });
  await cy.opens(`/people?q=${other.name}`);
  await cy.page.getByRole('button', { name: `Private chat: ${shown(other.name)}` }).click();
  await cy.composer.fill('Hello');
  await cy.page.getByRole('button', { name: 'Send' }).click();
  await cy.hears('Hello');
  await expect(cy.page.getByText('No answer yet, 4 more messages possible')).toBeVisible();
  await di.opens('/');
  await di.page.getByRole('main').getByRole('link', { name: shown(one.name), exact: true }).click();
  await di.page.getByRole('button', { name: 'Block' }).click();
  await expect(di.page.getByText('You have blocked them.').first()).toBeVisible();
  await cy.composer.fill('Still there?');
  await cy.page.getByRole('button', { name: 'Send' }).click();
  await expect(cy.page.getByRole('alert')).toContainText('This person cannot receive messages right now.');
  await di.opens('/me/privacy');
  await di.page.getByRole('button', { name: `Unblock: ${shown(one.name)}` }).click();
  await di.page.getByLabel('Let others see whether I am online').uncheck();
  await di.page.getByRole('button', { name: 'Save' }).click();
  await expect(di.page.getByLabel('Let others see whether I am online')).not.toBeChecked();
});
