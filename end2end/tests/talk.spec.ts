import { PHONE, expect, test } from '../fixtures';

test('two people talk, and each hears the other', async ({ ana, ben, room }) => {
  await ana.enters(room);
  await ben.enters(room);
  await ana.says('Good evening');
  await ben.hears('Good evening');
  await ben.says('晚上好，Ana 😀');
  await ana.hears('晚上好，Ana 😀');
  await ana.hears('Good evening');
});

test('they talk on phones', async ({ seat, town, room }) => {
  const ana = await seat(town.ana, PHONE);
  const ben = await seat(town.ben, PHONE);
  await ana.enters(room);
  await ben.enters(room);
  // On touch screens Enter is a new line; the button sends.
  await ana.composer.fill('From the train');
  await ana.page.getByRole('button', { name: 'Send' }).click();
  await ben.hears('From the train');
});

test('one sees that the other is writing', async ({ ana, ben, room }) => {
  await ana.enters(room);
  await ben.enters(room);
  await ben.composer.pressSequentially('Let me think');
  await expect(ana.page.getByText('Ben is typing…')).toBeVisible();
  await ben.composer.press('Enter');
  await ana.hears('Let me think');
  await expect(ana.page.getByText('Ben is typing…')).toBeHidden();
});

test('one sees who comes and goes', async ({ ana, ben, room }) => {
  await ana.enters(room);
  await expect(ana.page.getByText('1 here now')).toBeAttached();
  await ben.enters(room);
  await expect(ana.page.getByText('2 here now')).toBeAttached();
  await ben.goes('/');
  await expect(ana.page.getByText('1 here now')).toBeAttached();
});

test('links, emphasis and code are drawn, markup is not obeyed', async ({ ana, ben, room }) => {
  await ben.enters(room);
  await ana.enters(room);
  await ana.says('see https://example.org/a?b=c and **this** and `let x` <img src=x onerror=alert(1)>');
  const link = ben.log.getByRole('link', { name: 'https://example.org/a?b=c' });
  await expect(link).toHaveAttribute('href', 'https://example.org/a?b=c');
  await expect(link).toHaveAttribute('rel', /noopener/);
  await expect(ben.log.locator('strong', { hasText: 'this' })).toBeVisible();
  await expect(ben.log.locator('code', { hasText: 'let x' })).toBeVisible();
  await expect(ben.log.getByText('<img src=x onerror=alert(1)>')).toBeVisible();
});

test('a guest reads along and is asked to sign in', async ({ ana, guest, room }) => {
  await guest.enters(room);
  await ana.enters(room);
  await ana.says('Welcome, whoever you are');
  await guest.hears('Welcome, whoever you are');
  await expect(guest.composer).toHaveCount(0);
  await expect(guest.page.getByRole('link', { name: 'Sign in to write' })).toBeVisible();
});
