import { PHONE, type Person, expect, test } from '../fixtures';

/** What browsers send when somebody takes a composed word with Enter. */
const ORDERS = {
  // Chrome, Edge and Firefox: the key comes while composing.
  'key first': (field: HTMLElement) => {
    field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true }));
    field.dispatchEvent(new CompositionEvent('compositionend', { data: '你好', bubbles: true }));
  },
  // Safari: the composition is over before the key comes.
  'end first': (field: HTMLElement) => {
    field.dispatchEvent(new CompositionEvent('compositionstart', { bubbles: true }));
    field.dispatchEvent(new CompositionEvent('compositionend', { data: '你好', bubbles: true }));
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', keyCode: 229, isComposing: false, bubbles: true, cancelable: true }));
  },
};

for (const [order, takesTheWord] of Object.entries(ORDERS)) {
  test(`taking a composed word with Enter does not send (${order})`, async ({ ana, room }) => {
    await ana.enters(room);
    await ana.composer.fill('你好');
    await ana.composer.evaluate(takesTheWord);
    await expect(ana.composer).toHaveValue('你好');
    await expect(ana.message('你好')).toHaveCount(0);
    // The next Enter, in its own time, does.
    await ana.page.evaluate(() => new Promise((later) => requestAnimationFrame(() => requestIdleCallback(later, { timeout: 500 }))));
    await expect(async () => {
      await ana.composer.press('Enter');
      await expect(ana.message('你好')).toHaveCount(1, { timeout: 500 });
    }).toPass();
  });
}

test('Shift and Enter make a new line', async ({ ana, room }) => {
  await ana.enters(room);
  await ana.composer.fill('One');
  await ana.composer.press('Shift+Enter');
  await ana.composer.pressSequentially('Two');
  await expect(ana.composer).toHaveValue('One\nTwo');
});

test('a text that is too long says by how much and stays', async ({ ana, room }) => {
  await ana.enters(room);
  await ana.composer.fill('字'.repeat(4_003));
  await expect(ana.page.getByText('3 too many')).toBeVisible();
  await ana.composer.press('Enter');
  await expect(ana.composer).toHaveValue('字'.repeat(4_003));
});

const emojiButton = (person: Person) => person.page.getByRole('button', { name: 'Emoji' });

test('the emoji picker finds by name and pinyin, goes by arrow keys, and remembers', async ({ ana, room }) => {
  await ana.enters(room);
  await ana.composer.fill('Well ');
  await emojiButton(ana).click();
  const panel = ana.page.getByRole('dialog', { name: 'Emoji' });
  const search = panel.getByRole('searchbox');
  await expect(search).toBeFocused();
  await expect(panel.getByRole('grid').getByRole('gridcell').first()).toBeVisible();
  await search.fill('muzhi');
  await expect(panel.getByRole('gridcell', { name: '+1' })).toBeVisible();
  await search.fill('rocket');
  await search.press('ArrowDown');
  await expect(panel.getByRole('gridcell', { name: 'rocket' })).toBeFocused();
  await ana.page.keyboard.press('Enter');
  await expect(panel).toHaveCount(0);
  await expect(ana.composer).toHaveValue('Well 🚀');
  await expect(ana.composer).toBeFocused();
  await emojiButton(ana).click();
  await expect(panel.getByRole('rowgroup', { name: 'Recent' }).getByRole('gridcell')).toHaveText(['🚀']);
  await ana.page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await expect(ana.composer).toBeFocused();
});

test('a skin tone is chosen once', async ({ ana, room }) => {
  await ana.enters(room);
  await emojiButton(ana).click();
  const panel = ana.page.getByRole('dialog', { name: 'Emoji' });
  await panel.getByRole('radio', { name: 'medium', exact: true }).click();
  await panel.getByRole('searchbox').fill('wave');
  await panel.getByRole('gridcell', { name: 'wave', exact: true }).click();
  await expect(ana.composer).toHaveValue('👋🏽');
});

test('`:short:` becomes an emoji, a time does not', async ({ ana, ben, room }) => {
  await ben.enters(room);
  await ana.enters(room);
  await ana.composer.pressSequentially('At 12:30 :rocke');
  const list = ana.page.getByRole('listbox', { name: 'Emoji suggestions' });
  await expect(list.getByRole('option').first()).toHaveText('🚀 :rocket:');
  await ana.composer.press('Enter');
  await expect(ana.composer).toHaveValue('At 12:30 🚀');
  await expect(list).toHaveCount(0);
  await ana.composer.pressSequentially(' :tada:');
  await expect(ana.composer).toHaveValue('At 12:30 🚀 🎉');
  await ana.composer.pressSequentially(' :heart');
  await expect(list).toBeVisible();
  await ana.composer.press('Escape');
  await expect(list).toHaveCount(0);
  await ana.composer.press('Enter');
  await ben.hears('At 12:30 🚀 🎉 :heart');
});

test('a draft is there on the other device, and in the list of rooms', async ({ ana, seat, town, room }) => {
  await ana.enters(room);
  const saved = ana.page.waitForResponse('**/call/save-draft');
  await ana.composer.fill('Half a thought');
  expect((await saved).ok()).toBe(true);
  const phone = await seat(town.ana, PHONE);
  await phone.enters(room);
  await expect(phone.composer).toHaveValue('Half a thought');
  await phone.goes('/');
  await expect(phone.page.getByRole('article').filter({ hasText: room.title })).toContainText('[Draft] Half a thought');
  const emptied = ana.page.waitForResponse('**/call/save-draft');
  await ana.composer.press('Enter');
  await ana.hears('Half a thought');
  expect((await emptied).ok()).toBe(true);
  await phone.page.reload();
  await expect(phone.page.getByRole('article').filter({ hasText: room.title })).not.toContainText('[Draft]');
});

test('a long text can be sent as a file instead', async ({ ana, ben, room }) => {
  await ben.enters(room);
  await ana.enters(room);
  await ana.composer.fill('See: ');
  await ana.composer.evaluate((field: HTMLTextAreaElement) => {
    const data = new DataTransfer();
    data.setData('text/plain', 'long '.repeat(500));
    const isOurs = field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    // What the browser does with a paste that nobody prevents.
    if (isOurs) field.setRangeText('long '.repeat(500), field.value.length, field.value.length, 'end');
  });
  await ana.page.getByRole('button', { name: 'Send as a file' }).click();
  await expect(ana.composer).toHaveValue('See: ');
  await expect(ana.page.getByText('Ready')).toBeVisible();
  await ana.composer.press('Enter');
  await expect(ben.log.getByRole('link', { name: 'text.txt' })).toBeVisible();
});

test('the sheet of keys says them, and lets Ctrl+Enter send', async ({ ana, room }) => {
  await ana.enters(room);
  await ana.composer.press('Control+/');
  const sheet = ana.page.getByRole('dialog', { name: 'Keyboard' });
  await expect(sheet).toContainText('Send');
  await sheet.getByLabel('Ctrl+Enter sends, Enter makes a new line').check();
  await ana.page.keyboard.press('Escape');
  await expect(sheet).toHaveCount(0);
  await ana.composer.pressSequentially('One');
  await ana.composer.press('Enter');
  await ana.composer.pressSequentially('Two');
  await expect(ana.composer).toHaveValue('One\nTwo');
  await ana.composer.press('Control+Enter');
  await expect(ana.composer).toHaveValue('');
  await ana.page.reload();
  await ana.isReady();
  await ana.page.locator('body').click({ position: { x: 2, y: 2 } });
  await ana.page.keyboard.press('?');
  await expect(sheet.getByRole('checkbox')).toBeChecked();
  // The same choice on the account page.
  await ana.goes('/me');
  const choice = ana.page.getByRole('group', { name: 'While you write, Enter' });
  await expect(choice.getByRole('button', { name: 'New line; Ctrl+Enter sends' })).toHaveAttribute('aria-pressed', 'true');
  await choice.getByRole('button', { name: 'Sends', exact: true }).click();
  await expect(choice.getByRole('button', { name: 'Sends', exact: true })).toHaveAttribute('aria-pressed', 'true');
  await ana.enters(room);
  await ana.composer.fill('By Enter again');
  await ana.composer.press('Enter');
  await ana.hears('By Enter again');
});
