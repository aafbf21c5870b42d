import { defineConfig } from '@playwright/test';
import { SLOW } from './fixtures/patience';

/** Chromium refuses its sandbox to root. */
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'tests',
  timeout: 60_000 * SLOW,
  expect: { timeout: 10_000 * SLOW },
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  workers: 2,
  reporter: [['list'], ['./reporter.ts']],
  use: {
    // Requests that go through a service worker escape `page.route`: who tests it allows it.
    serviceWorkers: 'block',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.SALON_CHROMIUM || undefined,
      args: isRoot ? ['--no-sandbox'] : [],
    },
  },
});
