import fc from 'fast-check';
import { FAULT_OF } from '../../../src/model/classes';
import { CARRIER_PHRASES, KNOWN_PHRASES, PhraseBook } from '../../../src/model/phrases';

const DRESSED: readonly [string, (phrase: string) => string][] = [
  ['as listed', (phrase) => phrase],
  ['in capitals', (phrase) => phrase.toUpperCase()],
  ['in small letters', (phrase) => phrase.toLowerCase()],
  ['with words around it', (phrase) => `Call rejected: ${phrase}, see log 4711`],
  ['with punctuation around it', (phrase) => `*** [${phrase}]!`],
  ['with other blanks and dashes', (phrase) => phrase.replace(/[ -]+/g, ' -\t_')],
];

describe.each(CARRIER_PHRASES.map((entry) => [`${entry.sip} ${entry.phrase}`, entry] as const))(
  '%s',
  (_, entry) => {
    it.each(DRESSED)('is found %s', (__, dress) => {
      const found = KNOWN_PHRASES.find(entry.sip, dress(entry.phrase));
      expect(found).toMatchObject({ class: entry.class, fault: entry.fault });
    });

    it('is not found on another status, nor inside other words', () => {
      expect(KNOWN_PHRASES.find(486, entry.phrase)).toBeUndefined();
      expect(KNOWN_PHRASES.find(entry.sip, `x${entry.phrase}x`)).toBeUndefined();
    });
  },
);

describe('the shipped phrases', () => {
  it('are 40, each with a class that exists, a fault and a meaning', () => {
    expect(CARRIER_PHRASES).toHaveLength(40);
    for (const { class: name, fault, meaning } of CARRIER_PHRASES) {
      expect(FAULT_OF[name]).toBeDefined();
      expect(fault).not.toBe('');
      expect(meaning).toBeTruthy();
    }
  });

  it('the longer of two that match counts', () => {
    const found = KNOWN_PHRASES.find(480, 'No Money Left on RFC Account');
    expect(found?.phrase).toBe('No Money Left on RFC Account');
  });
});

describe('phrases of a policy file', () => {
  const own = [
    { sip: 480, phrase: 'CPS limit', class: 'trunk-congested' as const },
    { sip: 480, phrase: 'codec  MISMATCH', class: 'trunk-failed' as const },
  ];
  const book = KNOWN_PHRASES.with(own);

  it('are found beside the shipped ones', () => {
    expect(book.find(480, 'cps-limit reached')).toMatchObject({ fault: 'trunk' });
    expect(book.find(403, 'Wrong Guess')?.class).toBe('auth-failed');
  });

  it('replace the shipped one of the same words', () => {
    expect(book.find(480, 'Codec Mismatch')?.class).toBe('trunk-failed');
    expect(KNOWN_PHRASES.find(480, 'Codec Mismatch')?.class).toBe('codec-mismatch');
  });

  it('leave the book as it is where there are none', () => {
    expect(KNOWN_PHRASES.with([])).toBe(KNOWN_PHRASES);
  });
});

describe('any phrase', () => {
  it('is looked up without throwing, and what is found is on that status', () => {
    fc.assert(
      fc.property(fc.integer(), fc.string({ unit: 'binary', maxLength: 2000 }), (sip, phrase) => {
        const found = KNOWN_PHRASES.find(sip, phrase);
        if (found) expect(found.sip).toBe(sip);
      }),
    );
  });

  it('without any word matches nothing', () => {
    expect(KNOWN_PHRASES.find(480, '')).toBeUndefined();
    expect(new PhraseBook([]).find(480, '***')).toBeUndefined();
  });
});
