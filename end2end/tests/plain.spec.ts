import { type Person, type Room, expect, test } from '../fixtures';
import { PASSWORD } from '../fixtures/house';
import { png } from '../fixtures/png';

test('everything works without JavaScript', async ({ seat, room }) => {
  const ana = await seat(undefined, { javaScriptEnabled: false });
  await anEveningWithPlainForms(ana, room);
});

test('everything works when the WebAssembly does not arrive', async ({ seat, room, strict }) => {
  strict.expects(/ERR_FAILED|Failed to fetch|WebAssembly/);
  const ana = await seat();
  await ana.context.route('**/*.wasm', (route) => route.abort());
  await anEveningWithPlainForms(ana, room);
  await expect(ana.page.getByText('Scripts did not load; the page runs in basic mode')).toBeVisible();
});

/** Sign in, read, write, page back, and a picture's whole life. */
async function anEveningWithPlainForms(ana: Person, room: Room): Promise<void> {
  await signsIn(ana, room);
  await talks(ana);
  await arrangesPictures(ana, room);
}

async function signsIn(ana: Person, room: Room): Promise<void> {
  const { page } = ana;
  await ana.opens(`/sign-in?from=${encodeURIComponent(room.path)}`);
  await page.getByLabel('User name').fill('ana');
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('User name')).toHaveValue('ana');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(new RegExp(`${room.path}$`));
  await ana.opens('/');
  await page.getByRole('main').getByRole('link', { name: new RegExp(room.title) }).first().click();
}

async function talks(ana: Person): Promise<void> {
  for (let n = 1; n <= 3; n += 1) {
    await ana.composer.fill(`Line ${n}`);
    await ana.page.getByRole('button', { name: 'Send' }).click();
    await ana.hears(`Line ${n}`);
  }
  await ana.composer.fill('x'.repeat(4_001));
  await ana.page.getByRole('button', { name: 'Send' }).click();
  await expect(ana.page.getByRole('alert')).toBeVisible();
}

async function arrangesPictures(ana: Person, room: Room): Promise<void> {
  const { page } = ana;
  await ana.opens(`${room.path}/pictures`);
  const cards = page.locator('[data-card]');
  for (const [n, caption] of ['Dawn', 'Dusk'].entries()) {
    const file = { name: `${caption}.png`, mimeType: 'image/png', buffer: png({ caption, colour: [200, 90 * n, 80] }) };
    await page.locator('input[type="file"][multiple]').setInputFiles(file);
    await page.getByRole('button', { name: 'Upload' }).click();
    await expect(cards).toHaveCount(n + 1);
    // The newest hangs in front.
    await cards.first().getByRole('link', { name: /^Edit/ }).click();
    await cards.first().getByLabel('Alternative text').fill(caption);
    await cards.first().getByRole('button', { name: 'Save' }).first().click();
    await expect(page.getByRole('img', { name: caption })).toBeVisible();
  }
  const line = (caption: string) => cards.filter({ has: page.getByRole('img', { name: caption }) });
  await line('Dawn').getByRole('button', { name: /To top/ }).click();
  await ana.opens(room.path);
  await ana.seesWall('Dawn', 'Dusk');
  await ana.opens(`${room.path}/pictures`);
  await line('Dusk').getByRole('button', { name: /Delete/ }).click();
  await ana.opens(room.path);
  await ana.seesWall('Dawn');
  await ana.wall.getByRole('link').first().click();
  await expect(page).toHaveURL(/\/p\/\d+$/);
  await expect(page.getByRole('img', { name: 'Dawn' }).first()).toBeVisible();
}
