import { expect, test } from '../fixtures';

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
