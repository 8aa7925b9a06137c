import { decide } from '../../../../src/policy/decide';
import type { Hunt } from '../../../../src/policy/hunt';
import { route } from '../../../../src/policy/routes/route';
import { failureOf, huntOf, IDLE, policyOf } from '../../../doubles/policies';

const policy = policyOf(`version: 1
emergency: [112]
timezone: Europe/Berlin
numbering: { country_code: 49, national_prefix: "0", international_prefix: "00" }
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" }, number: { format: e164 } }
  b: { dial: { asterisk: "PJSIP/{number}@b" }, number: { prepend: "7" } }
  c: { dial: { asterisk: "PJSIP/{number}@c" } }
routes:
  - { digits: "112", trunks: [b, a] }
  - { digits: ["011*", "900*"], refuse: 403 "Not from here" }
  - { digits: "1*", refuse: 480 }
  - { digits: "8*", number: { strip: "8", format: national, prepend: "55" }, trunks: [a, b] }
  - { digits: "9*", number: { strip: "9" }, trunks: [a, b, c] }
  - { digits: "2*", time: "Sa 08:00-18:00", trunks: [a, b] }
  - { digits: "2*", trunks: [c, b] }
rules:
  - { do: { retry: next-trunk } }
`);
/** A Saturday. */
const NOON = Date.parse('2026-11-28T12:00:00+01:00');
const first = (number: string, more: Partial<Hunt> = {}) =>
  route(policy, huntOf([], { number, startedAt: NOON, ...more }), IDLE, NOON).outcome;

describe('a route without trunks', () => {
  it.each([
    ['0114930', { kind: 'relay', sip: 403, phrase: 'Not from here' }],
    ['900', { kind: 'relay', sip: 403, phrase: 'Not from here' }],
    ['1', { kind: 'relay', sip: 480 }],
  ])('refuses %s with its status', (number, outcome) => {
    expect(first(number)).toEqual(outcome);
  });

  it('takes no emergency call', () => {
    expect(first('112')).toEqual({ kind: 'dial', trunk: 'b', number: '112' });
  });
});

describe("a route's own number", () => {
  it('is made before the trunk makes its own', () => {
    expect(first('90301234567')).toMatchObject({ trunk: 'a', number: '49301234567' });
    expect(first('80301234567')).toMatchObject({ trunk: 'a', number: '550301234567' });
  });

  it.each([
    ['9123', ['a:503'], '7123'],
    ['9123', ['a:503', 'b:503'], '123'],
    ['8+49301234567', ['a:503'], '7550301234567'],
  ])('is the same at each attempt: %s after %j', (number, attempts, expected) => {
    const hunt = huntOf(attempts, { number, startedAt: NOON });
    const { outcome } = decide(policy, hunt, failureOf(503), IDLE, NOON);
    expect(outcome).toMatchObject({ number: expected });
  });

  it('that leaves nothing of the number refuses the call', () => {
    const decision = route(policy, huntOf([], { number: '9', startedAt: NOON }), IDLE, NOON);
    expect(decision.refused).toEqual(['number-unfit']);
  });
});

describe('a route at certain times', () => {
  it('is that of the call for all of its attempts, also after the time is over', () => {
    const startedAt = Date.parse('2026-11-28T17:59:59.900+01:00');
    expect(first('2', { startedAt })).toMatchObject({ trunk: 'a' });
    const hunt = huntOf(['a:503'], { number: '2', startedAt });
    const { outcome } = decide(policy, hunt, failureOf(503), IDLE, startedAt + 5_000);
    expect(outcome).toMatchObject({ trunk: 'b' });
    expect(first('2', { startedAt: startedAt + 100 })).toMatchObject({ trunk: 'c' });
  });
});
