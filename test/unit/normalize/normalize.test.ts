import fc from 'fast-check';
import { FAILURE_CLASSES, FAULT_OF } from '../../../src/model/classes';
import type { Evidence } from '../../../src/model/failure';
import { normalize } from '../../../src/normalize/normalize';

const quiet: Evidence = { source: 'test', rang: false, progress: false, origin: 'far' };

describe('one source', () => {
  it.each<[string, Partial<Evidence>, string]>([
    ['a status', { sip: 486 }, 'busy'],
    ['a status before its cause', { sip: 404, q850: 17 }, 'invalid-number'],
    ['480 without ringing', { sip: 480 }, 'unavailable'],
    ['480 after ringing', { sip: 480, rang: true }, 'no-answer'],
    ['480 after a mere 183', { sip: 480, progress: true }, 'unavailable'],
    ['487 of the far side', { sip: 487 }, 'unknown'],
    ['487 of our own', { sip: 487, origin: 'ours' }, 'cancelled'],
    ['silence', { origin: 'silence' }, 'trunk-timeout'],
    ['a time-out after ringing', { origin: 'silence', rang: true }, 'no-answer'],
    ['a time-out after in-band ringing', { origin: 'silence', progress: true }, 'no-answer'],
    ['our end before any ringing', { origin: 'ours' }, 'trunk-timeout'],
    ['what could not be sent', { origin: 'local' }, 'local-unreachable'],
    ['a cause alone', { q850: 17 }, 'busy'],
    ['cause 18 alone after ringing', { q850: 18, rang: true }, 'no-answer'],
    ['nothing', {}, 'unknown'],
  ])('%s', (_, evidence, expected) => {
    expect(normalize([{ ...quiet, ...evidence }]).class).toBe(expected);
  });
});

describe('several sources', () => {
  it('the first that has a status decides, also over causes before it', () => {
    const failure = normalize([
      { ...quiet, q850: 17, origin: 'silence' },
      { ...quiet, sip: 302, q850: 23 },
      { ...quiet, sip: 503, phrase: 'Late' },
    ]);
    expect(failure).toMatchObject({ class: 'redirected', sip: 302, q850: 17 });
    expect(failure).not.toHaveProperty('phrase');
  });

  it('ringing is heard by whoever heard it', () => {
    const failure = normalize([
      { ...quiet, sip: 480, phrase: 'Gone' },
      { ...quiet, rang: true },
    ]);
    expect(failure).toMatchObject({
      class: 'no-answer',
      phrase: 'Gone',
      rang: true,
      progress: true,
    });
  });

  it('a phrase belongs to its status and is not taken from another source', () => {
    const failure = normalize([
      { ...quiet, sip: 503 },
      { ...quiet, sip: 486, phrase: 'Busy Here' },
    ]);
    expect(failure.phrase).toBeUndefined();
  });

  it('all evidence is kept in its order', () => {
    const evidence = [quiet, { ...quiet, sip: 503 }];
    expect(normalize(evidence).evidence).toEqual(evidence);
  });
});

describe('no source at all', () => {
  it('is unknown and nobody heard it ring', () => {
    expect(normalize([])).toMatchObject({
      class: 'unknown',
      fault: 'unknown',
      rang: false,
      progress: false,
      evidence: [],
    });
  });
});

describe('early media', () => {
  it('lasted as long as whoever heard it longest says, and 0 where nobody did', () => {
    const of = (...ms: (number | undefined)[]) =>
      normalize(
        ms.map((earlyMediaMs) => ({
          ...quiet,
          ...(earlyMediaMs !== undefined && { earlyMediaMs }),
        })),
      ).earlyMediaMs;
    expect([of(), of(undefined), of(undefined, 300, 200)]).toEqual([0, 0, 300]);
  });
});

describe('any evidence', () => {
  it('has a known class with its own fault; whoever rang made progress', () => {
    const evidence = fc.record<Evidence>(
      {
        source: fc.string(),
        sip: fc.integer({ min: -1, max: 1000 }),
        phrase: fc.string(),
        q850: fc.integer({ min: -1, max: 300 }),
        rang: fc.boolean(),
        progress: fc.boolean(),
        origin: fc.constantFrom('far', 'local', 'silence', 'ours'),
      },
      { requiredKeys: ['source', 'rang', 'progress', 'origin'] },
    );
    fc.assert(
      fc.property(fc.array(evidence), (sources) => {
        const failure = normalize(sources);
        expect(FAILURE_CLASSES).toContain(failure.class);
        expect(failure.fault).toBe(FAULT_OF[failure.class]);
        if (failure.rang) expect(failure.progress).toBe(true);
        expect(normalize(sources)).toEqual(failure);
      }),
    );
  });
});
