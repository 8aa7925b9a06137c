import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FINDINGS, AREAS } from '../../../src/findings/registry';
import { findingsPage } from '../../../src/findings/page';

const ROOT = join(__dirname, '../../..');
const codes = Object.keys(FINDINGS);

/** Every source file but the registry itself. */
const sources = ['src', 'adapters'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.startsWith('findings/'))
    .map((name) => ({
      name: `${folder}/${name}`,
      text: readFileSync(join(ROOT, folder, name), 'utf8'),
    })),
);

describe('each finding', () => {
  it('is used, and what is used is one', () => {
    const used = new Set(sources.flatMap(({ text }) => text.match(/\bCB\d{4}\b/g) ?? []));
    expect(codes.filter((code) => !used.has(code))).toEqual([]);
    expect([...used].filter((code) => !codes.includes(code))).toEqual([]);
  });

  it('has its paragraph in docs/findings.md, which is made of the registry', () => {
    expect(readFileSync(join(ROOT, 'docs/findings.md'), 'utf8')).toBe(findingsPage());
    for (const code of codes) expect(findingsPage()).toContain(`### ${code}: `);
  });

  it('has the digits of its area, and is in one area', () => {
    const digits = Object.values(AREAS).map((area) => [
      ...new Set(Object.keys(area).map((code) => code[2])),
    ]);
    expect(digits).toEqual([['1'], ['2'], ['3'], ['4'], ['5'], ['6'], ['7'], ['8'], ['9']]);
    expect(Object.values(AREAS).flatMap((area) => Object.keys(area))).toHaveLength(codes.length);
  });

  it('has a title of its own, and says what it means, how it is seen and what mends it', () => {
    const all = Object.values(FINDINGS);
    expect(new Set(all.map(({ title }) => title)).size).toBeGreaterThan(all.length * 0.9);
    for (const { title, means, seen, mend } of all) {
      expect(title).toMatch(/^\S.*[^.]$/);
      for (const text of [means, seen, mend]) expect(text).toMatch(/^.*\S\.$|^\S.*[`)…]$/s);
    }
  });
});

describe('a message names its finding', () => {
  /** What happened to a call, by its carrier or caller: nothing of ours is wrong. */
  const OF_CALLS = [
    ...['late-answer', 'invalid number', 'trunk held', 'alert', 'body_refused', 'codec_mismatch'],
    // Their `why` or `problem` ends with it.
    ...['not connected', 'policy problem'],
  ];

  it('in each warning and error of the log', () => {
    const calls = sources.flatMap(({ name, text }) =>
      [...text.matchAll(/\blog\.(?:warn|error)\((?!message, fields)|parts\.told\(/g)].map(
        ({ index }) => {
          const call = text.slice(index, index + 400).split(/;\n|\n {4,8}\}\)[,;]?\n/)[0] ?? '';
          return { name, call };
        },
      ),
    );
    expect(calls.length).toBeGreaterThan(30);
    const without = calls.filter(
      ({ call }) =>
        !call.includes('finding') &&
        !call.includes('is written again') &&
        !OF_CALLS.some((word) => call.includes(`'${word}'`)),
    );
    expect(without.map(({ name, call }) => `${name}: ${call.slice(0, 80)}`)).toEqual([]);
  });

  it('in each problem of a broken policy', () => {
    const folder = join(ROOT, 'test/policies/broken');
    const lines = readdirSync(folder)
      .filter((name) => name.endsWith('.txt'))
      .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
      .filter((line) => /^[\w-]+\.yaml:\d+:\d+: /.test(line));
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.filter((line) => !/ \[CB1\d{3}\]$/.test(line))).toEqual([]);
  });
});
