import { findRoute } from '../../../src/policy/digits';
import { findRule, matches } from '../../../src/policy/match';
import { failureOf, policyOf, silence } from '../../doubles/policies';

describe('a condition', () => {
  const range = (from: number, to = from) => ({ from, to });

  it.each([
    ['nothing', {}, failureOf(503), true],
    ['nothing, of a failure without a status', {}, silence(), true],
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
    ['a status, of a failure without one', { sip: [range(300, 699)] }, silence(), false],
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
    expect(matches(condition, failure)).toBe(expected);
  });
});

describe('of several rules that match', () => {
  const policy = policyOf(`version: 1
emergency: []
trunks:
  carrier-a:
    asterisk: PJSIP/{number}@carrier-a
    rules:
      - { when: { sip: 500 }, do: { relay: true } }
      - { when: { class: trunk-failed }, do: { retry: next-trunk } }
  carrier-b:
    asterisk: PJSIP/{number}@carrier-b
routes:
  - digits: "2XX"
    trunks: [carrier-a, carrier-b]
    rules:
      - { when: { sip: 5xx }, do: { relay: true } }
  - { digits: "*", trunks: [carrier-a, carrier-b] }
rules:
  - { when: { sip: [500, 503] }, do: { relay: true } }
`);
  const [byRoute, other] = ['200', '300'].map((number) => findRoute(policy, number));

  /** File and line of the rule that wins. */
  function winner(trunk: string | undefined, route: typeof other, sip: number): string | undefined {
    const rule = findRule(policy, { trunk, route }, failureOf(sip));
    return rule && `${rule.at.file}:${rule.at.line}`;
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
    expect(findRule(policy, { trunk: undefined, route: other }, silence())).toBeDefined();
  });

  it('none anywhere: undefined', () => {
    const bare = { ...policy, rules: [], defaults: [] };
    expect(findRule(bare, { trunk: 'carrier-b', route: other }, failureOf(503))).toBeUndefined();
  });
});
