import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { en } from '../../../web/texts/en';
import { ko } from '../../../web/texts/ko';
import { ru } from '../../../web/texts/ru';

const WEB = join(__dirname, '../../../web');

const source = readdirSync(WEB, { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file) && !/^texts\/(?:en|ko|ru)\.ts$/.test(file))
  .map((file) => readFileSync(join(WEB, file), 'utf8'))
  .join('\n');
/** Names that are made of a prefix and a value: `of('phase', …)`, `` t(`change.${…}`) ``. */
const prefixes = [...source.matchAll(/\bof\('([a-z]+)'|`([a-z]+)\.\$\{/g)].map(
  ([, one, other]) => `${one ?? other ?? ''}.`,
);

describe('the words of the dashboard', () => {
  it('are all used', () => {
    const unused = Object.keys(en).filter(
      (name) =>
        !source.includes(`'${name}'`) && !prefixes.some((prefix) => name.startsWith(prefix)),
    );
    expect(unused).toEqual([]);
    expect(prefixes).toContain('phase.');
  });

  it.each(Object.entries({ ko, ru }))('%s has the same values in each', (_, texts) => {
    const values = (text: string): number => text.split('{}').length;
    for (const [name, text] of Object.entries(en))
      expect([name, values(texts[name as keyof typeof en])]).toEqual([name, values(text)]);
  });
});
