import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { openAmong, openFacts } from '../../../../src/calls/open-facts';
import type { ClassifiedAttempt } from '../../../../src/calls/classified-attempts';
import { sidesOf } from '../../../../src/codecs/sides';
import type { Evidence, Failure } from '../../../../src/model/failure';
import { normalize } from '../../../../src/normalize/normalize';
import { decide } from '../../../../src/policy/decide';
import { isNeeds, type Fact } from '../../../../src/policy/facts';
import type { Hunt } from '../../../../src/policy/hunt';
import { frozen } from '../../../../src/policy/trunk-snapshot';
import {
  hunts,
  moments,
  policies,
  told,
  trunkStates,
  mirrored,
} from '../../../doubles/arbitraries';
import { failureOf } from '../../../doubles/policies';

const TIMES = Number(process.env.CRANKBACK_TEST_RUNS ?? 200);

function open(sip: number, more: Partial<Evidence> = {}): string {
  return [...openFacts(failureOf(sip, { phrase: 'As Sent', failedAfterMs: 20, ...more }))].join(
    ' ',
  );
}

describe('what the SIP of a leg may still change', () => {
  it.each<[number, Partial<Evidence>, string]>([
    [503, {}, 'q850 location header class fault media'],
    [480, { rang: true, progress: true }, 'q850 location header class fault media'],
    // No Reason outdoes a specific status.
    [486, {}, 'q850 location header media'],
    [488, {}, 'q850 location header media'],
    [302, {}, 'q850 location header media contacts'],
    // The carrier has said what its status means.
    [480, { phrase: 'Codec Mismatch' }, 'q850 location header media'],
    [503, { reasons: [], provisional: [], warnings: [] }, ''],
    // FreeSWITCH tells one Reason value of one response; others may say more.
    [
      503,
      { reasons: [{ protocol: 'Q.850', cause: 16 }] },
      'q850 location header class fault media',
    ],
    [
      503,
      { reasons: [{ protocol: 'Q.850', cause: 17 }] },
      'q850 location header class fault media',
    ],
    [302, { reasons: [], provisional: [], warnings: [], contacts: [] }, ''],
  ])('of a %i with %j: %s', (sip, more, expected) => {
    expect(open(sip, more)).toBe(expected);
  });

  it('of an attempt that nobody has timed: how long it took as well', () => {
    expect([...openFacts(failureOf(486, { phrase: 'As Sent' }))]).toContain('within');
  });

  it('of an answer whose status the PBX does not tell: everything that an answer says', () => {
    const redirected = normalize([
      { source: 'dialplan', rang: false, progress: false, origin: 'far', pbxCause: 23 },
    ]);
    expect([...openFacts(redirected)]).toEqual(
      expect.arrayContaining(['sip', 'class', 'fault', 'phrase', 'q850', 'contacts']),
    );
  });

  it('of a status without its phrase: what carriers mean by it as well', () => {
    expect([...openFacts(failureOf(486))]).toEqual(expect.arrayContaining(['phrase', 'class']));
  });

  it('is all that it does change, and a decision that does not need it stands', () => {
    let decided = 0;
    fc.assert(
      fc.property(
        policies,
        hunts,
        told,
        mirrored,
        trunkStates,
        moments,
        (policy, hunt, known, more, trunks, now) => {
          const failure = normalize([known]);
          const unknown = openFacts(failure);
          const sip = more.sip === undefined ? {} : { sip: failure.sip, phrase: known.phrase };
          const late = { ...more, ...sip } as Evidence;
          const whole = normalize([known, late]);
          for (const fact of changed(failure, whole)) expect(unknown).toContain(fact);
          const partial = decide(policy, hunt, { ...failure, unknown }, frozen(trunks), now);
          if (isNeeds(partial)) return;
          decided += 1;
          const completed: Hunt = unknown.has('contacts')
            ? { ...hunt, contacts: [{ user: '300', host: 'pbx.example.com' }] }
            : hunt;
          expect(decide(policy, completed, whole, frozen(trunks), now)).toEqual(partial);
        },
      ),
      { numRuns: TIMES * 5 },
    );
    expect(decided).toBeGreaterThan(TIMES);
  });
});

function headersOf({ evidence }: Failure) {
  return evidence.find(({ headers }) => headers)?.headers;
}

function changed(one: Failure, other: Failure): Fact[] {
  const facts = [
    'class',
    'fault',
    'sip',
    'phrase',
    'q850',
    'location',
    'rang',
    'progress',
  ] as const;
  return [
    ...facts.filter((fact) => one[fact] !== other[fact]),
    ...((one.class === 'cancelled') === (other.class === 'cancelled')
      ? []
      : ['cancelled' as const]),
    ...(one.earlyMediaMs === other.earlyMediaMs ? [] : ['early_media' as const]),
    ...(one.afterMs === other.afterMs ? [] : ['within' as const]),
    ...(one.origin === other.origin ? [] : ['local' as const]),
    ...(isDeepStrictEqual(headersOf(one), headersOf(other)) ? [] : ['header' as const]),
    ...(isDeepStrictEqual(sidesOf(one.evidence), sidesOf(other.evidence))
      ? []
      : ['media' as const]),
  ];
}

describe('of several legs of one Dial()', () => {
  const leg = (sip: number, isLate: boolean): ClassifiedAttempt => ({
    trunk: 'a',
    counted: false,
    failure: failureOf(sip, { phrase: 'As Sent', failedAfterMs: 20 }),
    legs: [{ evidence: [] }],
    late: isLate,
  });

  it('nothing is open where all has come', () => {
    expect(openAmong([leg(503, false), leg(486, false)], 1)).toBe('nothing');
    expect(openAmong([], -1)).toBe('nothing');
  });

  it('the answer itself is, where a Reason may make a trunk’s failure the callee’s word', () => {
    expect(openAmong([leg(503, true), leg(500, false)], 1)).toBe('answer');
  });

  it('only what the answer leaves open is, where no other can outdo it', () => {
    expect(openAmong([leg(486, false), leg(488, true)], 0)).toBe('nothing');
    expect([...(openAmong([leg(486, true), leg(488, false)], 0) as Set<Fact>)]).toEqual([
      'q850',
      'location',
      'header',
      'media',
    ]);
  });
});
