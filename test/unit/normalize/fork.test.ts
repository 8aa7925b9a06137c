import { answerOf, bestOf } from '../../../src/normalize/fork';
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

  it('of no leg is none', () => {
    expect(answerOf([])).toBeUndefined();
  });
});
