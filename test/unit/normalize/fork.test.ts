import { answerOf, bestOf, failureOfLegs } from '../../../src/normalize/fork';
import { normalize } from '../../../src/normalize/normalize';
import type { Evidence } from '../../../src/model/failure';

const said = (sip: number, more: Partial<Evidence> = {}) =>
  normalize([{ source: 'dialplan', sip, rang: false, progress: false, origin: 'far', ...more }]);
const noResponse = normalize([
  { source: 'dialplan', rang: false, progress: false, origin: 'no-response' },
]);

describe('the answer of a fork', () => {
  it.each([
    ["the callee's word, not the trunk's failure", [said(503), said(486)], 1],
    ['a 6xx before any other', [said(486), said(603)], 1],
    ['the lowest class of equals', [said(503), said(500), said(402)], 2],
    ['the first of equals', [said(486), said(480)], 0],
    ['a status before silence', [noResponse, said(503)], 1],
    ['silence where there is nothing else', [noResponse], 0],
  ])('is %s', (_, failures, expected) => {
    expect(bestOf(failures)).toBe(expected);
    expect(answerOf(failures)?.sip).toBe(failures[expected]?.sip);
  });

  it('has rung where any of its legs has, and played for as long as the longest', () => {
    const failures = [
      said(486),
      said(503, { rang: true, progress: true, earlyMediaMs: 70 }),
      said(503, { earlyMediaMs: 9 }),
    ];
    expect(answerOf(failures)).toMatchObject({
      sip: 486,
      rang: true,
      progress: true,
      earlyMediaMs: 70,
    });
  });

  it('of phones that said no status is the one that rang', () => {
    const rang = normalize([
      { source: 'dialplan', rang: true, progress: true, origin: 'no-response' },
    ]);
    const absent = normalize([
      { source: 'dialplan', rang: false, progress: false, origin: 'local', pbxCause: 20 },
    ]);
    expect(bestOf([absent, rang])).toBe(1);
    expect(bestOf([rang, absent])).toBe(0);
  });

  it('of no leg is none', () => {
    expect(answerOf([])).toBeUndefined();
  });
});

describe('one attempt that rang several phones', () => {
  const cancelled = said(487, { origin: 'ours' });

  it.each([
    ['a busy phone before one that failed', [said(503), said(486)], 486, ['trunk-congested']],
    ['the same in the other order', [said(486), said(503)], 486, ['trunk-congested']],
    ['a refusal for all phones', [said(486), said(603)], 603, ['busy']],
    ['a phone that is off before one that failed', [said(500), said(480)], 480, ['trunk-failed']],
    ['a busy phone beside one that says nothing', [noResponse, said(486)], 486, ['trunk-timeout']],
    ['not a leg that this side ended', [cancelled, said(503)], 503, ['cancelled']],
    ['that leg if all were', [cancelled, cancelled], 487, ['cancelled']],
  ])('failed by %s', (_, legs, sip, others) => {
    const failure = failureOfLegs(legs);
    expect(failure?.sip).toBe(sip);
    expect(failure?.otherLegs?.map((leg) => leg.class)).toEqual(others);
  });

  it('is told like any other where there was one leg', () => {
    const single = said(486);
    expect(failureOfLegs([single])).toBe(single);
    expect(failureOfLegs([])).toBeUndefined();
  });
});
