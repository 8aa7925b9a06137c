import type { Condition } from '../../../../src/policy/rules/condition';
import { FACTS, isNeeds, type Fact } from '../../../../src/policy/facts';
import type { Hunt } from '../../../../src/policy/hunt';
import { compileRule, matches } from '../../../../src/policy/rules/match';
import { findRule } from '../../../../src/policy/rules/find-rule';
import { indexed } from '../../../../src/policy/assembly';
import type { Situation } from '../../../../src/policy/situation';
import {
  failureOf,
  huntOf,
  policyOf,
  noResponse,
  situationOf,
  START,
} from '../../../doubles/policies';

const EMPTY = policyOf(`version: 1
emergency: []
timezone: Europe/Berlin
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@a" } }
routes:
  - { digits: "*", trunks: [carrier-a] }
`);

function asked(when: Condition, situation: Situation) {
  const at = { file: 'policy.yaml', line: 1, column: 1 };
  return matches(compileRule({ at, when, do: { treatment: { kind: 'relay' } } }), situation);
}

describe('a condition', () => {
  const range = (from: number, to = from) => ({ from, to });

  it.each([
    ['nothing', {}, failureOf(503), true],
    ['nothing, of a failure without a status', {}, noResponse(), true],
    ['the class', { class: ['busy'] as const }, failureOf(486), true],
    ['another class', { class: ['declined'] as const }, failureOf(486), false],
    ['one of two classes', { class: ['declined', 'busy'] as const }, failureOf(600), true],
    ['the status', { sip: [range(503)] }, failureOf(503), true],
    ['another status', { sip: [range(503)] }, failureOf(500), false],
    ['the first status of a family', { sip: [range(500, 599)] }, failureOf(500), true],
    ['the last status of a family', { sip: [range(500, 599)] }, failureOf(599), true],
    ['the status below a family', { sip: [range(500, 599)] }, failureOf(499), false],
    ['the status above a family', { sip: [range(500, 599)] }, failureOf(600), false],
    ['one of two statuses', { sip: [range(480), range(503)] }, failureOf(503), true],
    ['a status, of a failure without one', { sip: [range(300, 699)] }, noResponse(), false],
    [
      'status and class',
      { sip: [range(480)], class: ['no-answer'] as const },
      failureOf(480, { rang: true }),
      true,
    ],
    [
      'the status but not the class',
      { sip: [range(480)], class: ['no-answer'] as const },
      failureOf(480),
      false,
    ],
    [
      'the class but not the status',
      { sip: [range(503)], class: ['busy'] as const },
      failureOf(486),
      false,
    ],
    ['no class at all', { class: [] }, failureOf(486), false],
  ])('that asks for %s: %#', (_, condition, failure, expected) => {
    expect(asked(condition, situationOf(EMPTY, huntOf([]), failure))).toBe(expected);
  });

  // START is Tuesday, 2026-11-24; in Berlin it is an hour later than in Greenwich.
  const at = (text: string) => Date.parse(`${text}Z`);
  const far = { source: 'test', rang: false, progress: false, origin: 'far' } as const;
  const hunt = (more: Partial<Hunt>) => ({
    hunt: huntOf(['carrier-a:503', 'carrier-b:503'], more),
  });
  const failed = (more: object) => ({ failure: failureOf(503, more) });
  const CODES = {
    headers: [
      { name: 'x-code', value: 'D12; full' },
      { name: 'x-other', value: 'no' },
      { name: 'x-code', value: 'E7' },
    ],
  };
  const night = { days: [0], from: 22 * 60, to: 6 * 60 };

  it.each<[string, Condition, Partial<Situation>, boolean]>([
    ['the fault', { fault: ['callee', 'trunk'] }, {}, true],
    ['another fault', { fault: ['callee'] }, {}, false],
    ['the phrase', { phrase: ['no *', '*full*'] }, failed({ phrase: 'Lines FULL' }), true],
    ['another phrase', { phrase: ['*full*'] }, failed({ phrase: 'Busy' }), false],
    ['any phrase, of a failure without one', { phrase: ['*'] }, {}, false],
    ['the cause', { q850: [17, 34] }, failed({ q850: 34 }), true],
    ['another cause', { q850: [17] }, failed({ q850: 34 }), false],
    ['a cause, of a failure without one', { q850: [17] }, {}, false],
    [
      'the location',
      { location: ['LN'] },
      failed({ reasons: [{ protocol: 'Q.850', location: 'LN' }] }),
      true,
    ],
    [
      'another location',
      { location: ['U'] },
      failed({ reasons: [{ protocol: 'Q.850', location: 'LN' }] }),
      false,
    ],
    ['a location, of a failure without one', { location: ['U'] }, {}, false],
    ['a header', { header: { name: 'x-code' } }, failed(CODES), true],
    ['another header', { header: { name: 'x-codes' } }, failed(CODES), false],
    ['its value', { header: { name: 'x-code', value: ['full', 'd12*'] } }, failed(CODES), true],
    [
      'the value of its second line',
      { header: { name: 'x-code', value: ['e7'] } },
      failed(CODES),
      true,
    ],
    ['a part of its value', { header: { name: 'x-code', value: ['d12'] } }, failed(CODES), false],
    ['the value of another', { header: { name: 'x-code', value: ['no'] } }, failed(CODES), false],
    [
      'a header, of a response without',
      { header: { name: 'x-code' } },
      failed({ headers: [] }),
      false,
    ],
    ['a header, where nobody sees any', { header: { name: 'x-code' } }, {}, false],
    ['ringing', { rang: true }, failed({ rang: true }), true],
    ['ringing, of a failure without', { rang: true }, {}, false],
    ['no ringing', { rang: false }, {}, true],
    ['no ringing, of a failure after ringing', { rang: false }, failed({ rang: true }), false],
    ['progress', { progress: true }, failed({ progress: true }), true],
    ['no progress', { progress: false }, failed({ progress: true }), false],
    ['early media', { earlyMedia: true }, failed({ earlyMediaMs: 1 }), true],
    ['early media, of a failure without', { earlyMedia: true }, failed({ earlyMediaMs: 0 }), false],
    ['no early media', { earlyMedia: false }, failed({ progress: true }), true],
    ['soon', { within: 200 }, failed({ failedAfterMs: 200 }), true],
    ['later', { within: 200 }, failed({ failedAfterMs: 201 }), false],
    ['at once', { within: 1 }, failed({ failedAfterMs: 0 }), true],
    ['soon, where nobody knows', { within: 200 }, {}, false],
    ['an old hunt', { elapsed: { than: 'more', ms: 8000 } }, { now: START + 8001 }, true],
    ['an older hunt', { elapsed: { than: 'more', ms: 8000 } }, { now: START + 8000 }, false],
    ['a young hunt', { elapsed: { than: 'less', ms: 8000 } }, { now: START + 7999 }, true],
    ['a younger hunt', { elapsed: { than: 'less', ms: 8000 } }, { now: START + 8000 }, false],
    ['local', { local: true }, failed({ origin: 'local' }), true],
    ['local, of the far side', { local: true }, {}, false],
    ['not local', { local: false }, {}, true],
    ['the attempt', { attempt: [2] }, hunt({}), true],
    ['an earlier attempt', { attempt: [1, 3] }, hunt({}), false],
    ['the trunk', { trunk: ['carrier-b'] }, hunt({}), true],
    ['a trunk before it', { trunk: ['carrier-a'] }, hunt({}), false],
    ['a trunk, before the first attempt', { trunk: ['carrier-a'] }, { hunt: huntOf([]) }, false],
    ['the digits', { digits: ['1*', '2*'] }, hunt({ number: '200' }), true],
    ['other digits', { digits: ['1*'] }, hunt({ number: '200' }), false],
    ['the caller', { from: ['+4930*'] }, hunt({ from: '+493055' }), true],
    ['another caller', { from: ['+4930*'] }, hunt({ from: '+494055' }), false],
    ['any caller, of an anonymous call', { from: ['*'] }, hunt({}), false],
    [
      'the context',
      { context: ['from-queue', 'from-phones'] },
      hunt({ context: 'from-phones' }),
      true,
    ],
    ['another context', { context: ['from-phones'] }, hunt({ context: 'from-phones2' }), false],
    ['a context, where none is known', { context: ['from-phones'] }, hunt({}), false],
    [
      'hours',
      { time: [{ days: [1], from: 8 * 60, to: 9 * 60 }] },
      { now: at('2026-11-24T07:00') },
      true,
    ],
    [
      'hours a minute before',
      { time: [{ days: [1], from: 8 * 60, to: 9 * 60 }] },
      { now: at('2026-11-24T06:59') },
      false,
    ],
    [
      'hours that have just ended',
      { time: [{ days: [1], from: 8 * 60, to: 9 * 60 }] },
      { now: at('2026-11-24T08:00') },
      false,
    ],
    [
      'hours of another day',
      { time: [{ days: [2], from: 8 * 60, to: 9 * 60 }] },
      { now: at('2026-11-24T07:00') },
      false,
    ],
    [
      'one of two windows',
      { time: [night, { days: [1], from: 480, to: 540 }] },
      { now: at('2026-11-24T07:00') },
      true,
    ],
    ['a night, before midnight', { time: [night] }, { now: at('2026-11-23T22:59') }, true],
    ['a night, after midnight', { time: [night] }, { now: at('2026-11-24T04:59') }, true],
    ['a night that is over', { time: [night] }, { now: at('2026-11-24T05:00') }, false],
    ['the night before', { time: [night] }, { now: at('2026-11-23T04:59') }, false],
    ['the evening after', { time: [night] }, { now: at('2026-11-24T22:00') }, false],
  ])('that asks for %s: %#', (_, when, more, expected) => {
    const situation = situationOf(EMPTY, huntOf(['carrier-a:503']), failureOf(503, far), more);
    expect(asked(when, situation)).toBe(expected);
  });

  it('that asks for the time is not met by a policy without a time zone', () => {
    const nowhere = policyOf(`version: 1
emergency: []
trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}@a" } } }
routes: [{ digits: "*", trunks: [carrier-a] }]
`);
    const situation = situationOf(nowhere, huntOf([]), failureOf(503));
    expect(asked({ time: [{ days: [0, 1, 2, 3, 4, 5, 6], from: 0, to: 1440 }] }, situation)).toBe(
      false,
    );
  });
});

describe('a condition that asks how many trunks are left', () => {
  const three = policyOf(`version: 1
emergency: []
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" } }
  b: { dial: { asterisk: "PJSIP/{number}@b" } }
  c: { dial: { asterisk: "PJSIP/{number}@c" } }
routes: [{ digits: "1*", trunks: [a, b] }, { digits: "2*", trunks: [a, b, c] }]
limits: { attempts: 3 }
`);
  it.each([
    ['one of two trunks tried', '100', ['a:503'], 1],
    ['the same trunk tried twice', '100', ['a:503', 'a:503'], 1],
    ['both tried', '100', ['a:503', 'b:503'], 0],
    ['three trunks, and two attempts left', '200', ['a:503'], 2],
    ['two trunks, and one attempt left', '200', ['a:503', 'a:503'], 1],
    ['two trunks, and no attempt left', '200', ['a:503', 'a:503', 'a:503'], 0],
    ['more attempts than the limit has by now', '200', ['a:503', 'a:503', 'a:503', 'a:503'], 0],
    ['a trunk that the route no longer has', '100', ['c:503'], 2],
    ['no route', '300', ['a:503'], 0],
  ])('%s', (_, number, attempts, left) => {
    const situation = situationOf(three, huntOf(attempts, { number }), failureOf(503));
    for (const wanted of [0, 1, 2, 3])
      expect(asked({ attemptsLeft: [wanted] }, situation)).toBe(wanted === left);
    expect(asked({ attemptsLeft: [0, 1, 2] }, situation)).toBe(true);
  });
});

describe('a condition that asks for a country', () => {
  const by = (numbering: string, hunt: Partial<Hunt>, route = '', rules = 'callee_country: DE') => {
    const policy = policyOf(`version: 1
emergency: []
${numbering}
trunks: { a: { dial: { asterisk: "PJSIP/{number}@a" } } }
routes: [{ digits: "*", trunks: [a]${route} }]
rules: [{ when: { ${rules} }, do: { relay: true } }]
`);
    const situation = situationOf(policy, huntOf(['a:503'], hunt), failureOf(503));
    return (when: Condition) => asked(when, situation);
  };
  const US = 'numbering: { country: US }';
  const PREFIXES =
    'numbering: { country_code: 49, national_prefix: "0", international_prefix: "00" }';

  it.each([
    ['a national number', US, '2025550101', 'US'],
    ['with the national prefix', US, '12025550101', 'US'],
    ['another country of the same code', US, '14165550101', 'CA'],
    ['abroad', US, '011442079460000', 'GB'],
    ['with a plus', US, '+4930123456', 'DE'],
    ['by prefixes', PREFIXES, '030123456', 'DE'],
    ['abroad by prefixes', PREFIXES, '0012025550101', 'US'],
    ['another country of a code by prefixes', PREFIXES, '0077011234567', 'KZ'],
  ])('%s', (_, numbering, number, country) => {
    const callee = by(numbering, { number });
    expect(callee({ calleeCountry: [country] })).toBe(true);
    expect(callee({ calleeCountry: ['FR', country] })).toBe(true);
    expect(callee({ calleeCountry: ['FR'] })).toBe(false);
    expect(callee({ callerCountry: [country] })).toBe(false);
    const caller = by(numbering, { number: '112', from: number });
    expect(caller({ callerCountry: [country] })).toBe(true);
    expect(caller({ callerCountry: ['FR'] })).toBe(false);
    expect(caller({ calleeCountry: [country] })).toBe(false);
  });

  it.each([
    '112',
    '*72',
    '5550101',
    '+88312345',
    '+',
    '+1',
    '9'.repeat(32),
    'anonymous',
    '1&2',
    '',
  ])('is met by no country of %j', (number) => {
    const call = by(US, { number, from: number });
    const all = ['US', 'CA', 'DE', 'GB', 'NO', 'BS'];
    expect(call({ calleeCountry: all })).toBe(false);
    expect(call({ callerCountry: all })).toBe(false);
  });

  it('is not met by an anonymous caller', () => {
    expect(by(US, { number: '2025550101' })({ callerCountry: ['US'] })).toBe(false);
  });

  it('reads the number behind the access code that the route takes off', () => {
    const behind = by(US, { number: '912025550101' }, ', number: { strip: "9" }');
    expect(behind({ calleeCountry: ['US'] })).toBe(true);
    expect(by(US, { number: '912025550101' })({ calleeCountry: ['US'] })).toBe(false);
  });

  it('is read only in a policy with a rule that asks for one', () => {
    const none = by(US, { number: '2025550101' }, '', 'class: busy');
    expect(none({ calleeCountry: ['US'] })).toBe(false);
    const ofCaller = by(US, { number: '2025550101' }, '', 'caller_country: DE');
    expect(ofCaller({ calleeCountry: ['US'] })).toBe(true);
    const ofRoute = ', rules: [{ when: { callee_country: DE }, do: { relay: true } }]';
    expect(
      by(US, { number: '2025550101' }, ofRoute, 'class: busy')({ calleeCountry: ['US'] }),
    ).toBe(true);
  });
});

describe('a condition on what is unknown', () => {
  const unknown = (...facts: Fact[]) =>
    situationOf(EMPTY, huntOf(['carrier-a:503']), failureOf(503, { phrase: 'Full' }), {
      unknown: new Set(facts),
    });

  it('is open, and names what it asks', () => {
    expect(asked({ phrase: ['full'] }, unknown('phrase'))).toEqual(['phrase']);
    expect(asked({ phrase: ['other'] }, unknown('phrase'))).toEqual(['phrase']);
    expect(
      asked(
        { rang: true, phrase: ['x'], sip: [{ from: 503, to: 503 }] },
        unknown('rang', 'phrase'),
      ),
    ).toEqual(['rang', 'phrase']);
  });

  it('is settled by another field that does not match, in any order', () => {
    expect(asked({ class: ['busy'], phrase: ['full'] }, unknown('phrase'))).toBe(false);
    expect(asked({ class: ['busy'], context: ['x'] }, unknown('class'))).toBe(false);
  });

  it('does not mind what it does not ask', () => {
    expect(asked({ phrase: ['full'] }, unknown('rang', 'sip', 'class'))).toBe(true);
    expect(asked({}, unknown(...FACTS))).toBe(true);
  });

  it.each<[Condition, Fact]>([
    [{ class: ['busy'] }, 'class'],
    [{ fault: ['trunk'] }, 'fault'],
    [{ sip: [] }, 'sip'],
    [{ phrase: ['*'] }, 'phrase'],
    [{ q850: [1] }, 'q850'],
    [{ location: ['U'] }, 'location'],
    [{ rang: true }, 'rang'],
    [{ progress: true }, 'progress'],
    [{ earlyMedia: true }, 'early_media'],
    [{ local: true }, 'local'],
    [{ within: 1 }, 'within'],
    [{ header: { name: 'x-code' } }, 'header'],
    [{ elapsed: { than: 'more', ms: 1 } }, 'elapsed'],
    [{ attempt: [1] }, 'attempt'],
    [{ attemptsLeft: [0] }, 'attempt'],
    [{ time: [] }, 'time'],
  ])('%j depends on the fact %s', (when, fact) => {
    expect(asked(when, unknown(fact))).toEqual([fact]);
    const others = FACTS.filter((other) => other !== fact);
    expect(typeof asked(when, unknown(...others))).toBe('boolean');
  });
});

describe('a rule that could still match', () => {
  const policy = policyOf(`version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@a" } }
routes:
  - { digits: "*", trunks: [carrier-a] }
rules:
  - { when: { phrase: "full" }, do: { relay: true } }
  - { when: { class: busy, rang: true }, do: { relay: true } }
  - { when: { q850: 34 }, do: { relay: true } }
  - { when: { sip: 503 }, do: { relay: true } }
  - { when: { location: U }, do: { relay: true } }
`);
  const found = (unknown: Fact[], failure = failureOf(503, { phrase: 'Full', q850: 1 })) =>
    findRule(
      situationOf(policy, huntOf(['carrier-a:503']), failure, { unknown: new Set(unknown) }),
    );

  it('makes the answer Needs with the facts of all such rules before the first sure one', () => {
    expect(found(['location', 'q850', 'phrase', 'rang'])).toEqual({
      kind: 'needs',
      facts: ['phrase', 'q850'],
    });
  });

  it('does not matter behind one that matches for sure', () => {
    const rule = found(['location', 'rang']);
    expect(rule && !isNeeds(rule) && rule.rule.at.line).toBe(8);
  });

  it('makes the answer Needs also where no other rule matches', () => {
    const bare = indexed({ ...policy, rules: policy.rules.slice(0, 1), defaults: [] });
    const situation = situationOf(bare, huntOf(['carrier-a:503']), failureOf(503), {
      unknown: new Set<Fact>(['phrase']),
    });
    expect(findRule(situation)).toEqual({ kind: 'needs', facts: ['phrase'] });
  });
});

describe('of several rules that match', () => {
  const policy = policyOf(`version: 1
emergency: []
trunks:
  carrier-a:
    dial: { asterisk: "PJSIP/{number}@carrier-a" }
    rules:
      - { when: { sip: 500 }, do: { relay: true } }
      - { when: { class: trunk-failed }, do: { retry: next-trunk } }
  carrier-b:
    dial: { asterisk: "PJSIP/{number}@carrier-b" }
routes:
  - digits: "2XX"
    trunks: [carrier-a, carrier-b]
    rules:
      - { when: { sip: 5xx }, do: { relay: true } }
  - { digits: "*", trunks: [carrier-a, carrier-b] }
rules:
  - { when: { sip: [500, 503] }, do: { relay: true } }
`);
  const [byRoute, other] = ['200', '300'].map((number) =>
    policy.index.routes.find({ number, startedAt: 0 }),
  );

  /** File and line of the rule that wins. */
  function winner(trunk: string | undefined, route: typeof other, sip: number): string | undefined {
    const hunt = huntOf(trunk === undefined ? [] : [`${trunk}:${sip}`]);
    const found = findRule(situationOf(policy, hunt, failureOf(sip), { route }));
    return found && !isNeeds(found) ? `${found.rule.at.file}:${found.rule.at.line}` : undefined;
  }

  it.each([
    ["the trunk's own comes before the route's", 'carrier-a', byRoute, 500, 'policy.yaml:7'],
    ["the trunk's second comes before the route's", 'carrier-a', byRoute, 502, 'policy.yaml:8'],
    ["the route's comes before the general ones", 'carrier-b', byRoute, 500, 'policy.yaml:15'],
    ["another trunk's own rules do not count", 'carrier-b', other, 500, 'policy.yaml:18'],
    ['a general one comes before the built-in ones', 'carrier-b', other, 503, 'policy.yaml:18'],
    ['without a trunk the route decides', undefined, byRoute, 500, 'policy.yaml:15'],
    ['without a route the general ones decide', undefined, undefined, 500, 'policy.yaml:18'],
    ['a trunk that the policy has lost has no rules', 'carrier-z', other, 503, 'policy.yaml:18'],
  ])('%s', (_, trunk, route, sip, expected) => {
    expect(winner(trunk, route, sip)).toBe(expected);
  });

  it('none of the file: the built-in ones decide', () => {
    expect(winner('carrier-b', other, 486)).toMatch(/^built-in\/defaults\.yaml:\d+$/);
  });

  it('the built-in ones leave no failure without a rule', () => {
    for (let sip = 300; sip <= 699; sip++) expect(winner('carrier-b', other, sip)).toBeDefined();
    expect(findRule(situationOf(policy, huntOf([]), noResponse(), { route: other }))).toBeDefined();
  });

  it('none anywhere: undefined', () => {
    const bare = indexed({ ...policy, rules: [], defaults: [] });
    const hunt = huntOf(['carrier-b:503']);
    expect(findRule(situationOf(bare, hunt, failureOf(503), { route: other }))).toBeUndefined();
  });
});
