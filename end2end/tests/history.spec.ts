import { expect, test as base } from '@playwright/test';
import { PATIENCE } from '../fixtures/patience';
import { Person } from '../fixtures/person';
import { Salon } from '../fixtures/salon';
import { Strict } from '../fixtures/strict';

/** A reader in the example house, whose rooms have long histories. */
const test = base.extend<{ reader: Person }, { demo: Salon }>({
  demo: [
    async ({}, use) => {
      const salon = await Salon.begin({ demo: true });
      await use(salon);
      await salon.stop();
    },
    { scope: 'worker', timeout: 8 * PATIENCE },
  ],
  reader: async ({ demo, context, page }, use) => {
    const strict = new Strict();
    strict.watch(context, 'reader');
    const reader = new Person(demo, context, page);
    await reader.goes('/');
    await page.getByRole('main').locator('a[href^="/r/"]').first().click();
    await reader.isReady();
    await expect(reader.log).toBeVisible();
    await use(reader);
    strict.holds();
  },
});

test('a room opens at its end', async ({ reader }) => {
  await expect(reader.log.locator('li[id]').last()).toBeInViewport();
});

test('older messages come while one scrolls up, and nothing jumps', async ({ reader }) => {
  const rows = reader.log.locator('li[id]');
  for (let pages = 0; pages < 3; pages += 1) {
    const before = await rows.count();
    const anchor = await reader.log.evaluate(scrollsToOldest);
    await expect.poll(() => rows.count()).toBeGreaterThan(before);
    const after = await reader.page.locator('[data-test-anchor]').evaluate((row) => {
      row.removeAttribute('data-test-anchor');
      return row.getBoundingClientRect().top;
    });
    expect(Math.abs(after - anchor)).toBeLessThanOrEqual(1);
  }
});

test('after reading back one is at the latest again with a click', async ({ reader }) => {
  await reader.log.evaluate(scrollsToOldest);
  await reader.page.getByRole('button', { name: 'Jump to latest' }).click();
  await expect(reader.log.locator('li[id]').last()).toBeInViewport();
});

/** Scrolls nearly to the oldest row, marks the first visible one, and answers where it stands.
 * Runs in the page, in one task: nothing can be inserted in between. */
function scrollsToOldest(log: Element): number {
  let scroller: Element = log;
  const scrolls = (element: Element) =>
    element.scrollHeight > element.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(element).overflowY);
  while (!scrolls(scroller) && scroller.parentElement) scroller = scroller.parentElement;
  const oldest = log.querySelectorAll('li[id]')[2];
  scroller.scrollBy({ top: oldest.getBoundingClientRect().top - scroller.getBoundingClientRect().top, behavior: 'instant' });
  oldest.setAttribute('data-test-anchor', '');
  return oldest.getBoundingClientRect().top;
}
