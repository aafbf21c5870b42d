// Makes public/pkg/emoji.json. Run in an empty folder after `npm i emojibase-data@17.0.0 pinyin-pro@3.29.4`.
import { readFileSync, writeFileSync } from 'node:fs';
import { pinyin } from 'pinyin-pro';
const base = 'node_modules/emojibase-data/';
const read = (p) => JSON.parse(readFileSync(base + p));
const en = read('en/data.json'), zh = read('zh/data.json');
const codes = read('en/shortcodes/github.json'), cldr = read('en/shortcodes/emojibase.json');
const byHex = new Map(zh.map((e) => [e.hexcode, e]));
const list = (x) => (x === undefined ? [] : Array.isArray(x) ? x : [x]);
const tone = (emoji, t) => { const [first, ...rest] = [...emoji]; return first + t + rest.join('').replace(/^\uFE0F/, ''); };
const TONES = ['🏻', '🏼', '🏽', '🏾', '🏿'];
const groups = new Map();
let n = 0, odd = 0;
for (const e of en.sort((a, b) => (a.order ?? 1e9) - (b.order ?? 1e9))) {
  // Letters of flags, and parts of emoji; what is newer than most devices' fonts.
  if (e.group === undefined || e.group === 2 || e.version > 15) continue;
  const z = byHex.get(e.hexcode);
  const short = list(codes[e.hexcode]).concat(list(cldr[e.hexcode]));
  const name = short[0] ?? e.label.replace(/\W+/g, '_').toLowerCase();
  const more = [...new Set([...short.slice(1), ...(e.tags ?? [])])].filter((w) => w !== name && !w.includes(' ')).slice(0, 7);
  const zwords = [...new Set([z?.label ?? '', ...(z?.tags ?? [])])].filter(Boolean).slice(0, 5);
  const py = zwords.map((w) => pinyin(w, { toneType: 'none', nonZh: 'removed', v: true, type: 'array' }).join('')).filter(Boolean);
  const skins = (e.skins ?? []).filter((s) => typeof s.tone === 'number').sort((a, b) => a.tone - b.tone).map((s) => s.emoji);
  let flag = 0;
  if (skins.length === 5) { if (skins.every((s, i) => s === tone(e.emoji, TONES[i]))) flag = 1; else odd += 1; }
  if (!groups.has(e.group)) groups.set(e.group, []);
  const row = [e.emoji, [name, ...more].join(' '), zwords.join(' '), [...new Set(py)].join(' ')];
  if (flag) row.push(1);
  groups.get(e.group).push(row); n += 1;
}
writeFileSync('emoji.json', JSON.stringify([...groups.values()].map((rows) => rows)).replaceAll('],[', '],\n[') + '\n');
console.log(n, odd, [...groups.keys()], readFileSync('emoji.json').length);
