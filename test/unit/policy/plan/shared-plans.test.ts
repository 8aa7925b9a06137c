import fc from 'fast-check';
import type { Hunt } from '../../../../src/policy/hunt';
import { makePlan, type PlanQuestion } from '../../../../src/policy/plan/plan';
import { SharedPlans } from '../../../../src/policy/plan/shared-plans';
import type { Trunk } from '../../../../src/policy/policy-data';
import { frozen, type TrunkSnapshot } from '../../../../src/policy/trunk-snapshot';
import { hunts, policies, trunkStates } from '../../../doubles/arbitraries';
import { huntOf, policyOf, START } from '../../../doubles/policies';

const TIMES = Number(process.env.CRANKBACK_TEST_RUNS ?? 200);
const CLEAR: TrunkSnapshot = { obstacles: {}, turn: 0 };

function storeOf(trunks: TrunkSnapshot) {
  const rationed = ({ limits }: Trunk) => limits.concurrentCalls !== undefined;
  return { ...frozen(trunks), rationed };
}

function policyWith(more = '', route = '') {
  return policyOf(`version: 1
timezone: Etc/UTC
emergency: [112]
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" } }
  b: { dial: { asterisk: "PJSIP/{number}@b" } }
routes:
  - { digits: "*", trunks: [a, b]${route} }
${more}`);
}

const RETRY = `rules:
  - { when: { sip: 503 }, do: { retry: next-trunk } }
  - { when: { sip: 500 }, do: { retry: same-trunk, delay: 2s, times: 1 } }
  - { when: { sip: 486 }, do: { voicemail: true } }`;

/** What is given for each of some calls, and whether the last one took decisions: each looks for its route. */
function given(
  policy: PlanQuestion['policy'],
  calls: readonly (Partial<Hunt> & { at?: number; seen?: TrunkSnapshot })[],
) {
  const shared = new SharedPlans();
  const questions = calls.map(({ at = 0, seen = CLEAR, ...hunt }): PlanQuestion => ({
    ...{ policy, hunt: huntOf([], hunt), trunk: 'a', store: storeOf(seen) },
    ...{ reasonsKnown: false, now: START + at },
  }));
  const found = jest.spyOn(policy.index.routes, 'find');
  const plans = questions.map((question) => {
    found.mockClear();
    return shared.planFor(question);
  });
  const isDecided = found.mock.calls.length > 2;
  found.mockRestore();
  return { plans, made: questions.map((question) => makePlan(question)), isDecided };
}

describe('plans that calls have in common', () => {
  it('are made once for a route, and each call has its number and its time', () => {
    const { plans, made, isDecided } = given(policyWith(RETRY, ', mailbox: 1@default'), [
      { number: '201', from: '5' },
      { number: '202' },
      { number: '203', startedAt: START - 700, context: 'x' },
    ]);
    expect(plans).toEqual(made);
    expect(isDecided).toBe(false);
  });

  it.each([
    ['asks for the caller', `rules: [{ when: { from: "5*" }, do: { relay: { as: 404 } } }]`, ''],
    ['asks for the number', `rules: [{ when: { digits: "5*" }, do: { relay: { as: 404 } } }]`, ''],
    ['has a mailbox for each number', RETRY, ', mailbox: "{number}@default"'],
    ['writes numbers in another way', RETRY, ', number: { strip: "5" }'],
    ['takes turns', RETRY, ', strategy: round-robin'],
  ])('are none where the policy %s', (_, rules, route) => {
    const { plans, made, isDecided } = given(policyWith(rules, route), [
      { number: '501' },
      { number: '502' },
      { number: '603', from: '51' },
    ]);
    expect(plans).toEqual(made);
    expect(isDecided).toBe(true);
  });

  it.each([
    ['a held trunk', { seen: { ...CLEAR, obstacles: { b: { kind: 'held', why: 'x' } } } } as const],
    ['a mailbox of its own', { mailbox: '7@default' }],
    ['a diverting number', { diverting: '7' }],
    ['no time left for a delay', { startedAt: START - 19_000 }],
    ['a begin in the future', { startedAt: START + 19_000 }],
  ])('are none for a call with %s', (_, call) => {
    const { plans, made, isDecided } = given(policyWith(RETRY), [{}, {}, {}, call]);
    expect(plans).toEqual(made);
    expect(isDecided).toBe(true);
  });

  it('are what is made for each call, whatever the policy, the calls and the trunks', () => {
    let filled = 0;
    const calls = fc.array(fc.tuple(hunts, fc.nat(30_000), trunkStates), {
      minLength: 3,
      maxLength: 6,
    });
    fc.assert(
      fc.property(policies, calls, fc.boolean(), (policy, them, reasonsKnown) => {
        const shared = new SharedPlans();
        for (const [start, at, seen] of them) {
          for (const trunks of [CLEAR, seen]) {
            const hunt: Hunt = { ...start, attempts: [] };
            const trunk = policy.index.routes.find(hunt)?.trunks[0] ?? 'a';
            const now = hunt.startedAt + at;
            const question = { policy, hunt, trunk, store: storeOf(trunks), reasonsKnown, now };
            const plan = makePlan(question);
            if (plan) filled += 1;
            expect(shared.planFor(question)).toEqual(plan);
          }
        }
      }),
      { numRuns: TIMES },
    );
    // Or the property would be shown of nothing.
    expect(filled).toBeGreaterThan(TIMES / 4);
  });
});
