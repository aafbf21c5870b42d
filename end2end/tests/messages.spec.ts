import { PHONE, type Person, expect, test } from '../fixtures';

/** The row of a message; a reply that quotes it comes after it. */
const row = (who: Person, text: string) => who.log.getByRole('listitem').filter({ hasText: text }).first();

/** The menu of a message, by its `…`. */
async function menuOf(who: Person, text: string) {
  await row(who, text).hover();
  await row(who, text).getByRole('link', { name: 'More' }).click();
  const menu = who.page.getByRole('dialog', { name: 'What you can do' });
  await expect(menu).toBeVisible();
  return menu;
}

test('a reply quotes, follows what it quotes, and leads there', async ({ ana, ben, room }) => {
  await ana.enters(room);
  await ben.enters(room);
  await ana.says('Shall we begin?');
  await ben.hears('Shall we begin?');
  await row(ben, 'Shall we begin?').hover();
  await row(ben, 'Shall we begin?').getByRole('link', { name: 'Reply' }).click();
  await expect(ben.page.getByText('Reply Ana')).toBeVisible();
  await ben.says('Yes');
  await expect(ben.page.getByText('Reply Ana')).toBeHidden();
  await ana.hears('Yes');
  const quote = ana.log.getByRole('link', { name: 'Ana Shall we begin?' });
  await quote.click();
  await expect(row(ana, 'Shall we begin?')).toBeInViewport();
  const menu = await menuOf(ana, 'Shall we begin?');
  await menu.getByRole('button', { name: 'Recall' }).click();
  await expect(ben.log.getByRole('link', { name: 'Ana The message was recalled' })).toBeVisible();
  await ben.hears('Ana recalled a message');
  await ana.log.getByRole('button', { name: 'Edit again' }).click();
  await expect(ana.composer).toHaveValue('Shall we begin?');
});

test('what is edited is new for everybody, also for who was away', async ({ ana, ben, room }) => {
  await ana.enters(room);
  await ben.enters(room);
  await ben.says('Teh plan');
  await ana.hears('Teh plan');
  await ana.goes('/');
  await ben.composer.press('ArrowUp');
  await expect(ben.composer).toHaveValue('Teh plan');
  await ben.composer.fill('The plan');
  await ben.composer.press('Enter');
  await ben.hears('The plan');
  await expect(ben.log.getByText(/^edited /)).toBeVisible();
  await expect(ben.composer).toHaveValue('');
  await ana.enters(room);
  await ana.hears('The plan');
  await expect(ana.message('Teh plan')).toHaveCount(0);
});

test('an edit given up brings back what was being written', async ({ ben, room }) => {
  await ben.enters(room);
  await ben.says('Said');
  await ben.hears('Said');
  await ben.composer.fill('A draft');
  const menu = await menuOf(ben, 'Said');
  await menu.getByRole('link', { name: 'Edit' }).click();
  await expect(ben.composer).toHaveValue('Said');
  await ben.composer.press('Escape');
  await expect(ben.composer).toHaveValue('A draft');
});

test('reactions are counted for everybody', async ({ ana, ben, room }) => {
  await ana.enters(room);
  await ben.enters(room);
  await ana.says('Done');
  await ben.hears('Done');
  const menu = await menuOf(ben, 'Done');
  await menu.getByRole('button', { name: 'React with 🎉' }).click();
  const theirs = ana.log.getByRole('button', { name: '🎉 1' });
  await expect(theirs).toHaveAttribute('aria-pressed', 'false');
  await theirs.click();
  await expect(ben.log.getByRole('button', { name: '🎉 2' })).toHaveAttribute('aria-pressed', 'true');
  await ana.log.getByRole('button', { name: '🎉 2' }).click();
  await expect(ben.log.getByRole('button', { name: '🎉 1' })).toBeVisible();
  await ben.page.reload();
  await expect(ben.log.getByRole('button', { name: '🎉 1' })).toHaveAttribute('aria-pressed', 'true');
});

test('a message deleted for me is gone on my devices alone, and comes back', async ({ ana, ben, seat, town, room }) => {
  await ana.enters(room);
  await ben.enters(room);
  await ana.says('Something');
  const phone = await seat(town.ben, PHONE);
  await phone.enters(room);
  await phone.hears('Something');
  const menu = await menuOf(ben, 'Something');
  await menu.getByRole('button', { name: 'Delete for me' }).click();
  await expect(ben.message('Something')).toHaveCount(0);
  await expect(phone.message('Something')).toHaveCount(0);
  await ana.hears('Something');
  await ben.page.getByRole('button', { name: 'Undo' }).click();
  await ben.hears('Something');
  await phone.hears('Something');
});

test('a name is completed by its keys, and Enter does not send it', async ({ ana, ben, room }) => {
  await ben.enters(room);
  await ben.says('Here I am');
  await ana.enters(room);
  await ana.composer.pressSequentially('Hello @b');
  const offered = ana.page.getByRole('option', { name: /Ben/ });
  await expect(offered).toHaveAttribute('aria-selected', 'true');
  await ana.composer.press('Enter');
  await expect(ana.composer).toHaveValue('Hello @ben ');
  await ana.composer.press('Enter');
  await expect(ben.log.getByText('@ben')).toBeVisible();
  await ana.composer.pressSequentially('@al');
  await expect(ana.page.getByRole('option', { name: /@all tells \d+ pe/ })).toBeVisible();
  await ana.composer.press('Escape');
  await expect(ana.page.getByRole('option')).toHaveCount(0);
  await expect(ana.composer).toHaveValue('@al');
});

test('on a phone one way leads to all of it', async ({ ana, seat, town, room }) => {
  const ben = await seat(town.ben, { ...PHONE, hasTouch: true });
  await ana.enters(room);
  await ben.enters(room);
  await ana.says('Touch me');
  await ben.hears('Touch me');
  await row(ben, 'Touch me').getByRole('link', { name: 'More' }).tap();
  const menu = ben.page.getByRole('dialog', { name: 'What you can do' });
  await menu.getByRole('button', { name: 'React with 👍' }).tap();
  await expect(menu).toHaveCount(0);
  await expect(ana.log.getByRole('button', { name: '👍 1' })).toBeVisible();
});

test('without JavaScript everything is a form', async ({ ana, seat, town, room }) => {
  const ben = await seat(town.ben, { javaScriptEnabled: false });
  await ana.enters(room);
  await ana.says('Plain words');
  await ben.opens(room.path);
  await ben.log.getByRole('link', { name: 'More' }).last().click();
  await ben.page.getByLabel('Reply', { exact: true }).fill('Plain answer');
  await ben.page.getByRole('button', { name: 'Send' }).click();
  await ana.hears('Plain answer');
  await expect(ana.log.getByRole('link', { name: 'Ana Plain words' })).toBeVisible();
  await ben.log.getByRole('link', { name: 'More' }).last().click();
  await ben.page.getByLabel('New text').fill('Plainer answer');
  await ben.page.getByRole('button', { name: 'Save' }).click();
  await ana.hears('Plainer answer');
});
