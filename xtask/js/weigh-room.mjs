// Prints the bytes, compressed with gzip, of the heaviest room page that a guest sees.
// Usage: node weigh-room.mjs http://127.0.0.1:3000
import { gzipSync } from 'node:zlib';

const base = process.argv[2];
const html = async (path) => {
  const answer = await fetch(base + path, { headers: { accept: 'text/html' } });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  return answer.text();
};

const rooms = new Set((await html('/')).match(/(?<=href=")\/r\/[a-z0-9-]+(?=")/g));
if (rooms.size === 0) throw new Error('the front page shows a guest no room');
const sizes = await Promise.all([...rooms].map(async (room) => gzipSync(await html(room), { level: 6 }).length));
console.log(Math.max(...sizes));
