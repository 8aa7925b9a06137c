import { FAILURE_CLASSES } from '../../../src/model/classes';
import table from '../../../src/model/classes.json';
import { CARRIER_PHRASES } from '../../../src/model/phrases';
import { SIP_CODES, UNREGISTERED_BUT_SEEN } from '../../../src/model/registries/sip-codes';
import { fill, LANGUAGES, loadTexts, type Language } from '../../../src/explain/texts';

const CODES = [...SIP_CODES, ...UNREGISTERED_BUT_SEEN].map(({ code }) => String(code));
const CAUSES = table.q850.map(({ cause }) => String(cause));
const english = loadTexts('en');

/** All `{…}` of all labels, by their path. */
function placeholders(node: unknown, path = ''): readonly string[] {
  if (typeof node === 'string') {
    return [...new Set<string>(node.match(/\{\w+\}/g) ?? [])]
      .sort()
      .map((name) => `${path} ${name}`);
  }
  return Object.entries(node as Record<string, unknown>).flatMap(([key, value]) =>
    placeholders(value, `${path}.${key}`),
  );
}

describe.each(LANGUAGES.map((language) => [language] as [Language]))(
  'the texts in %s',
  (language) => {
    const texts = loadTexts(language);

    it('speak of every code, cause and class, and of nothing else', () => {
      expect(Object.keys(texts.sip).sort()).toEqual([...CODES].sort());
      expect(Object.keys(texts.causes).sort()).toEqual([...CAUSES].sort());
      expect(Object.keys(texts.classes).sort()).toEqual([...FAILURE_CLASSES].sort());
    });

    it('leave nothing empty', () => {
      const entries = [...Object.values(texts.sip), ...Object.values(texts.causes)];
      const classes = Object.values(texts.classes);
      const all = [
        ...entries.flatMap((entry) => [entry.meaning, entry.seen, entry.do]),
        ...classes.flatMap((entry) => [entry.why, entry.do]),
      ];
      expect(all.filter((text) => text.trim() === '')).toEqual([]);
    });

    it('judge the ten pairs that people confuse', () => {
      expect(texts.pairs.map(({ of }) => of)).toEqual([
        [302, 481],
        [480, 486],
        [404, 484],
        [403, 603],
        [486, 600],
        [500, 503],
        [408, 504],
        [480, 487],
        [488, 606],
        [401, 407],
      ]);
    });

    it('fill the same places in as English does', () => {
      expect(placeholders(texts.labels)).toEqual(placeholders(english.labels));
    });

    it('translate every carrier phrase', () => {
      const pairs = CARRIER_PHRASES.map(({ sip, phrase }) => `${sip} ${phrase}`);
      if (language !== 'en') expect(Object.keys(texts.phrases).sort()).toEqual(pairs.sort());
    });
  },
);

describe('filling in', () => {
  it('leaves what it does not know, and what comes filled in', () => {
    expect(fill('{a} {b} {a}', { a: '{b}' })).toBe('{b} {b} {b}');
    expect(fill('{toString}', {})).toBe('{toString}');
  });
});
