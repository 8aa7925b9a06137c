import fc from 'fast-check';
import {
  counts,
  merged,
  NONE,
  packedCounts,
  statusKey,
  unpackedCounts,
  type Counts,
} from '../../../src/figures/counts';
import { counted, grouped, type CountedAttempt, type Group } from '../../../src/figures/count';
import { figuresOf, type Figures } from '../../../src/figures/figures';

const failed = (name: string, sip?: number, more: object = {}): CountedAttempt => ({
  ...{ pbx: 'asterisk', trunk: 'a', retry: false, answered: false },
  failure: { class: name, ...(sip !== undefined && { sip }), rang: false, ...more },
});
const answered: CountedAttempt = {
  ...{ pbx: 'asterisk', trunk: 'a', retry: false, answered: true },
};
const times = (count: number, attempt: CountedAttempt) =>
  Array.from({ length: count }, () => attempt);
const figures = (attempts: readonly CountedAttempt[]): Figures =>
  figuresOf(counted(attempts, [])[0]?.counts ?? NONE);

describe('ratios', () => {
  it.each<[string, readonly CountedAttempt[], Pick<Figures, 'asr' | 'ner' | 'seer'>]>([
    ['nothing', [], {}],
    ['an attempt under way', [{ ...answered, answered: false }], {}],
    ['answered', [answered], { asr: 1, ner: 1, seer: 1 }],
    ['486 counts as reached', [answered, failed('busy', 486)], { asr: 0.5, ner: 1, seer: 1 }],
    [
      'so do 480 and 603',
      [failed('unavailable', 480), failed('declined', 603)],
      { asr: 0, ner: 1, seer: 1 },
    ],
    [
      '408 while it rang: E.425 counts it, RFC 6076 does not',
      [failed('no-answer', 408, { rang: true })],
      { asr: 0, ner: 1, seer: 0 },
    ],
    [
      'a carrier’s 603 for congestion: the other way round',
      [failed('trunk-congested', 603)],
      { asr: 0, ner: 0, seer: 1 },
    ],
    [
      '503',
      [...times(3, answered), failed('trunk-congested', 503)],
      { asr: 0.75, ner: 0.75, seer: 0.75 },
    ],
    ['404', [answered, failed('invalid-number', 404)], { asr: 0.5, ner: 0.5, seer: 0.5 }],
    ['silence', [answered, failed('trunk-timeout')], { asr: 0.5, ner: 0.5, seer: 0.5 }],
    [
      'nothing could be sent: no seizure, no INVITE',
      [answered, failed('local-unreachable', undefined, { origin: 'local' })],
      { asr: 1, ner: 1, seer: 1 },
    ],
    [
      'nothing could be sent at all',
      [failed('local-unreachable', undefined, { origin: 'local' })],
      {},
    ],
    [
      '302 is no INVITE of SEER’s',
      [answered, failed('redirected', 302)],
      { asr: 0.5, ner: 0.5, seer: 1 },
    ],
    [
      'nor are 401, 402 and 407',
      [answered, failed('auth-failed', 401), failed('no-credit', 402), failed('auth-failed', 407)],
      { asr: 0.25, ner: 0.25, seer: 1 },
    ],
    [
      'an unregistered 3xx is left out as well',
      [answered, failed('redirected', 399)],
      { asr: 0.5, ner: 0.5, seer: 1 },
    ],
    [
      'caller gave up before it rang',
      [answered, failed('cancelled', 487)],
      { asr: 0.5, ner: 0.5, seer: 0.5 },
    ],
    [
      'caller gave up while it rang',
      [answered, failed('cancelled', 487, { rang: true })],
      { asr: 0.5, ner: 1, seer: 0.5 },
    ],
    ['608 is the network’s', [failed('blocked', 608)], { asr: 0, ner: 0, seer: 0 }],
  ])('%s', (_, attempts, { asr, ner, seer }) => {
    const found = figures(attempts);
    expect({ asr: found.asr, ner: found.ner, seer: found.seer }).toEqual({ asr, ner, seer });
  });

  it('lasting and ringing need times of the leg', () => {
    const found = figures([
      { ...answered, count: 2, delayMs: 2000, talks: 2, talkMs: 90_000 },
      // Goes on; answered at once; rang, then failed; never rang.
      { ...answered, delayMs: 2000 },
      { ...answered, delayMs: 100 },
      { ...failed('trunk-failed', 500, { rang: true }), delayMs: 2000 },
      failed('trunk-congested', 503),
    ]);
    expect(found.acdMs).toBe(45_000);
    expect(found.pddMs?.p50).toBeCloseTo(2000, -2);
    expect(found.pddMs?.p99).toBeCloseTo(2000, -2);
  });
});

const count = fc.integer({ min: 0, max: 1000 });
const tally = fc.dictionary(
  fc.constantFrom('503', '486', 'none', '7'),
  fc.integer({ min: 1, max: 9 }),
);
const someCounts: fc.Arbitrary<Counts> = fc
  .record({
    calls: count,
    attempts: count,
    answered: count,
    talkMs: count,
    statuses: tally,
    classes: tally,
    pdd: tally,
  })
  .map(counts);

describe('counts', () => {
  it('merge in any order to the same', () => {
    fc.assert(
      fc.property(someCounts, someCounts, someCounts, (a, b, c) => {
        expect(merged(merged(a, b), c)).toEqual(merged(a, merged(b, c)));
        expect(merged(a, b)).toEqual(merged(b, a));
        expect(merged(a, NONE)).toEqual(a);
      }),
    );
  });

  it('are kept and read again as they were', () => {
    fc.assert(fc.property(someCounts, (a) => expect(unpackedCounts(packedCounts(a))).toEqual(a)));
    expect(packedCounts(counts({ attempts: 2 }))).toBe('{"attempts":2}');
  });

  it.each([
    [486, '486'],
    [499, '4xx'],
    [699, '6xx'],
    [undefined, 'none'],
  ])('have status %s as %s, so that carriers make up no keys', (sip, key) => {
    expect(statusKey(sip)).toBe(key);
  });

  const routes = (many: number) =>
    counted(
      Array.from({ length: many }, (_, index) => [
        { ...answered, route: `0${index}*` },
        ...(index < 3 ? [{ ...answered, route: `0${index}*` }] : []),
      ]).flat(),
      [],
    );

  it('of a table with very many routes keep the busiest ones’ names, and every attempt', () => {
    expect(routes(200)).toHaveLength(200);
    const many = routes(5000);
    expect(many.length).toBeLessThanOrEqual(200);
    expect(many.slice(0, 3).map(({ route }) => route)).toEqual(['00*', '01*', '02*']);
    const sum = many.reduce((all, { counts: one }) => all + one.attempts, 0);
    expect(sum).toBe(5003);
  });

  it('of very many far ends are bounded as well, with labels of bounded length', () => {
    const attempts = Array.from({ length: 5000 }, (_, index) => ({
      ...answered,
      trunk: `t${index}`.padEnd(500, 'x'),
    }));
    const groups = counted(attempts, []);
    expect(groups.length).toBeLessThanOrEqual(200);
    expect(Math.max(...groups.map(({ trunk }) => trunk.length))).toBe(64);
  });

  it('of the same labels are one group', () => {
    const group = (trunk: string): Group => ({
      instance: '',
      pbx: 'p',
      route: '*',
      trunk,
      counts: counts({ attempts: 1 }),
    });
    expect(
      grouped([group('a'), group('b'), group('a')]).map(({ counts: { attempts } }) => attempts),
    ).toEqual([2, 1]);
  });
});
