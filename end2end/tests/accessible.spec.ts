import { PHONE, type Room, expect, test } from '../fixtures';
import { fitsItsWidth, isAccessible } from '../fixtures/axe';

/** Every page; who looks at it; what the browser itself reports about refusals. */
const PAGES: { name: string; who: 'ana' | 'ben' | 'guest'; path: (room: Room) => string }[] = [
  { name: 'room list', who: 'ben', path: () => '/' },
  { name: 'room list of a guest', who: 'guest', path: () => '/' },
  { name: 'sign-in', who: 'guest', path: () => '/sign-in' },
  { name: 'register', who: 'guest', path: () => '/register' },
  { name: 'set-up that is over', who: 'guest', path: () => '/setup/used' },
  { name: 'room', who: 'ben', path: (room) => room.path },
  { name: 'room of a guest', who: 'guest', path: (room) => room.path },
  { name: 'pictures on a phone', who: 'ben', path: (room) => `${room.path}?tab=pictures` },
  { name: 'people on a phone', who: 'ben', path: (room) => `${room.path}?tab=people` },
  { name: 'managing pictures', who: 'ana', path: (room) => `${room.path}/pictures` },
  { name: 'search', who: 'guest', path: () => '/search' },
  { name: 'what search found', who: 'ben', path: (room) => `/search?q=${encodeURIComponent(room.title)}` },
  { name: 'profile', who: 'ben', path: () => '/me' },
  { name: 'rooms of the house', who: 'ana', path: () => '/admin/rooms' },
  { name: 'new room', who: 'ana', path: () => '/admin/rooms/new' },
  { name: 'settings of a room', who: 'ana', path: (room) => `/admin/rooms/${room.slug}` },
  { name: 'other sites and a room', who: 'ana', path: (room) => `/admin/rooms/${room.slug}/integration` },
  { name: 'webhooks of a room', who: 'ana', path: (room) => `/admin/rooms/${room.slug}/webhooks` },
  { name: 'people of the house', who: 'ana', path: () => '/admin/people' },
  { name: 'people', who: 'ben', path: () => '/people' },
  { name: 'somebody', who: 'ben', path: () => '/people/ana' },
  { name: 'privacy', who: 'ben', path: () => '/me/privacy' },
  { name: 'people of a room', who: 'ana', path: (room) => `/admin/rooms/${room.slug}/people` },
  { name: 'moderation of a room', who: 'ana', path: (room) => `/admin/rooms/${room.slug}/moderation` },
  { name: 'audit trail', who: 'ana', path: () => '/admin/audit' },
  { name: 'system', who: 'ana', path: () => '/admin/system' },
  { name: 'list of settings', who: 'ana', path: (room) => `/admin/settings?room=${room.slug}` },
  { name: 'reports', who: 'ana', path: () => '/admin/reports' },
  { name: 'not found', who: 'ben', path: () => '/nowhere' },
  { name: 'not allowed', who: 'ben', path: () => '/admin/rooms' },
];

const DESKTOP = { viewport: { width: 1440, height: 900 } };

for (const [width, screen] of [[390, PHONE], [1440, DESKTOP]] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`every page is open to everybody: ${width} px, ${colorScheme}`, async ({ seat, town, room, strict }) => {
      test.slow();
      strict.expects(/status of (401|403|404|410)/);
      await town.ana.says(room, 'Hello **everybody**', 'see https://example.org and `code`');
      await town.ben.says(room, '大家好');
      await town.ana.hangs(room, { caption: 'A picture' }, { caption: 'Another one', width: 200, height: 300 });
      const people = {
        ana: await seat(town.ana, { ...screen, colorScheme }),
        ben: await seat(town.ben, { ...screen, colorScheme }),
        guest: await seat(undefined, { ...screen, colorScheme }),
      };
      for (const { name, who, path } of PAGES) {
        await test.step(name, async () => {
          await people[who].goes(path(room));
          await expect(people[who].page.getByRole('main')).toBeVisible();
          await isAccessible(people[who].page);
          await fitsItsWidth(people[who].page);
        });
      }
    });
  }
}
