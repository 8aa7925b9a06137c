import fc from 'fast-check';
import { FAULT_OF } from '../../../src/model/classes';
import { CARRIER_PHRASES, KNOWN_PHRASES } from '../../../src/model/phrases';

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
  it('are 48, each with a class that exists, a fault and a meaning', () => {
    expect(CARRIER_PHRASES).toHaveLength(48);
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

describe('words of a listed phrase that mean something else', () => {
  it.each<[number, string]>([
    [404, 'Destination out of order'],
    [404, 'PBX not out of order'],
    [404, 'Line is out of order'],
    [404, 'Network out of order, try later'],
    [403, 'Conflict of caller ID'],
    [403, 'User disabled anonymous calls'],
    [403, 'No conflict'],
    [415, 'No media resources available'],
    [480, 'No codec mismatch'],
    [480, 'This is not a codec mismatch'],
    [480, "That isn't a database error"],
    [500, 'Database error not found'],
    [603, 'Not Network Blocked'],
  ])('%i %s', (sip, phrase) => {
    expect(KNOWN_PHRASES.find(sip, phrase)).toBeUndefined();
  });

  it.each<[number, string, string]>([
    [404, 'Out of Order', 'no-route'],
    [404, 'SIP/2.0 404 OUT OF ORDER', 'no-route'],
    [404, 'Out-of-order (D12)', 'no-route'],
    [404, 'Rejected: out of order; see log 4711', 'no-route'],
    [403, 'Conflict', 'auth-failed'],
    [480, 'Not found: codec mismatch', 'codec-mismatch'],
    [401, 'Not now: AUTH Error: Stall nonce', 'auth-failed'],
    [403, 'No Money Left', 'no-credit'],
    [403, 'Stale Date', 'caller-id-rejected'],
    [403, 'Anonymity Disallowed', 'caller-id-rejected'],
  ])('while %i %s is %s', (sip, phrase, expected) => {
    expect(KNOWN_PHRASES.find(sip, phrase)?.class).toBe(expected);
  });

  it('and of a policy file match as the operator has written them', () => {
    const book = KNOWN_PHRASES.with([{ sip: 503, phrase: 'capacity', class: 'trunk-congested' }]);
    expect(book.find(503, 'No capacity')?.class).toBe('trunk-congested');
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
    expect(KNOWN_PHRASES.find(480, '***')).toBeUndefined();
  });
});
