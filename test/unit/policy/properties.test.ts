import fc from 'fast-check';
import { sidesOf } from '../../../src/codecs/sides';
import type { Evidence, Failure } from '../../../src/model/failure';
import { decide } from '../../../src/policy/decide';
import type { Decision, Outcome } from '../../../src/policy/decision/decision';
import { explain } from '../../../src/policy/decision/explain';
import { FACTS, FACTS_OF_CALL, isNeeds, type Fact } from '../../../src/policy/facts';
import type { Hunt } from '../../../src/policy/hunt';
import { findRule } from '../../../src/policy/rules/find-rule';
import type { WholePolicy } from '../../../src/policy/policy';
import { indexed } from '../../../src/policy/assembly';
import { route } from '../../../src/policy/routes/route';
import { failedTrunk } from '../../../src/policy/situation';
import { frozen, type TrunkSnapshot } from '../../../src/policy/trunk-snapshot';
import {
  failures,
  hunts,
  moments,
  NUMBERS,
  policies,
  TRUNKS,
  trunkStates,
} from '../../doubles/arbitraries';
import { huntOf, IDLE, situationOf, START } from '../../doubles/policies';

/** `npm run test:long` raises it. */
const TIMES = Number(process.env.CRANKBACK_TEST_RUNS ?? 200);
const RUNS = { numRuns: TIMES };
const isEmergency = (hunt: Hunt) => hunt.number === '112';
const calls = (outcome: Outcome) => outcome.kind === 'dial' || outcome.kind === 'redirect';

describe('whatever the policy, the hunt, the failure and the trunks', () => {
  it('there is a decision that can be carried out, and it is the same twice', () => {
    fc.assert(
      fc.property(
        policies,
        hunts,
        failures,
        trunkStates,
        moments,
        (policy, hunt, failure, trunks, now) => {
          const state = frozen(trunks);
          const decisions: Decision[] = [
            decide(policy, hunt, failure, state, now),
            route(policy, hunt, state, now),
          ];
          expect(decide(policy, hunt, failure, state, now)).toEqual(decisions[0]);
          expect(route(policy, hunt, state, now)).toEqual(decisions[1]);
          for (const { outcome, why, reserve } of decisions) {
            expect(why).not.toBe('');
            expect(reserve !== undefined).toBe(calls(outcome));
            if (outcome.kind === 'relay' || outcome.kind === 'announce') {
              expect(outcome.sip).toBeGreaterThanOrEqual(400);
              expect(outcome.sip).toBeLessThanOrEqual(699);
            } else if (outcome.kind === 'voicemail') {
              expect(outcome.mailbox ?? '1@default').toMatch(/^[\w.-]+@[\w.-]+$/);
              expect(outcome.location?.extension ?? '1').toMatch(/^(?:[\w-]+|\*97\d*)$/);
              expect(outcome.mailbox === undefined).toBe(outcome.location !== undefined);
            } else {
              expect(policy.trunks.has(outcome.trunk)).toBe(true);
              expect(outcome.number).toMatch(/^[0-9A-D*#+]{1,32}$/);
              expect(reserve?.trunk).toBe(outcome.trunk);
            }
          }
        },
      ),
      RUNS,
    );
  });

  it('its explanation is made from the inputs alone and comes to the same decision', () => {
    fc.assert(
      fc.property(
        policies,
        hunts,
        failures,
        trunkStates,
        moments,
        (policy, hunt, failure, trunks, now) => {
          const inputs = { policyHash: policy.hash, hunt, failure, trunks, now };
          const made = decide(policy, hunt, failure, frozen(trunks), now);
          const { decision, rules } = explain(policy, JSON.parse(JSON.stringify(inputs)) as never);
          expect(decision).toEqual(made);
          const last = rules.at(-1);
          expect(last && !last.mismatch ? last.at : undefined).toEqual(made.rule);
          expect(rules.slice(0, -1).every(({ mismatch }) => mismatch !== undefined)).toBe(true);
        },
      ),
      RUNS,
    );
  });

  it('the rule found through the index is the one found by going through all', () => {
    fc.assert(
      fc.property(policies, hunts, failures, moments, (policy, hunt, failure, now) => {
        const situation = situationOf(policy, hunt, failure, { now });
        const { rules } = explain(policy, {
          policyHash: '',
          hunt: { ...hunt, number: '200' },
          failure,
          trunks: { obstacles: {}, turn: 0 },
          now,
        });
        const found = findRule({
          ...situation,
          hunt: { ...hunt, number: '200' },
          route: policy.index.routes.find({ ...hunt, number: '200' }),
        });
        const last = rules.at(-1);
        expect(found && !isNeeds(found) ? found.rule.at : undefined).toEqual(
          last && !last.mismatch ? last.at : undefined,
        );
      }),
      RUNS,
    );
  });

  it('a decision on a partial failure is the decision on everything it may turn out to be', () => {
    // What is unknown of the call itself is for `travelOf` alone, which has a property of its own.
    const ofCall: readonly Fact[] = FACTS_OF_CALL;
    const known = FACTS.filter((fact) => !ofCall.includes(fact));
    const facts = fc.subarray(known).map((unknown) => new Set<Fact>(unknown));
    let decided = 0;
    fc.assert(
      fc.property(
        policies,
        fc.tuple(hunts, hunts),
        fc.tuple(failures, failures),
        fc.tuple(trunkStates, trunkStates),
        fc.tuple(moments, moments),
        facts,
        (
          policy,
          [hunt, other],
          [failure, otherFailure],
          [trunks, otherTrunks],
          [now, later],
          unknown,
        ) => {
          const partial = decide(policy, hunt, { ...failure, unknown }, frozen(trunks), now);
          if (isNeeds(partial)) {
            expect(partial.facts.length).toBeGreaterThan(0);
            expect(partial.facts.every((fact) => unknown.has(fact))).toBe(true);
            return;
          }
          decided += 1;
          const is = (fact: Fact) => unknown.has(fact);
          const { sip, phrase, q850, location, afterMs, ...rest } = failure;
          const whole = {
            ...rest,
            ...optional('sip', is('sip') ? otherFailure.sip : sip),
            ...optional('phrase', is('phrase') ? otherFailure.phrase : phrase),
            ...optional('q850', is('q850') ? otherFailure.q850 : q850),
            ...optional('location', is('location') ? otherFailure.location : location),
            ...optional('afterMs', is('within') ? otherFailure.afterMs : afterMs),
            class: is('class') ? anyClass(failure, otherFailure, is('cancelled')) : failure.class,
            fault: is('fault') ? otherFailure.fault : failure.fault,
            rang: is('rang') ? otherFailure.rang : failure.rang,
            progress: is('progress') ? otherFailure.progress : failure.progress,
            earlyMediaMs: is('early_media') ? otherFailure.earlyMediaMs : failure.earlyMediaMs,
            origin: is('local') ? otherFailure.origin : failure.origin,
            evidence: withHeaders(
              is('media') ? otherFailure.evidence : failure.evidence,
              headersOf(is('header') ? otherFailure : failure),
            ),
          };
          const { contacts, ...known } = hunt;
          // Another time of day at which the hunt is as old, or another age at the same time of day.
          const moment = is('time') ? later + 7 * 3_600_000 : now;
          // Within its time the hunt may be of any age, if only the age is unknown.
          const isOver = (then: number) =>
            [0, 500].map((delay) => then + delay - hunt.startedAt > policy.limits.startWithin);
          const anyAge = is('time_left') || String(isOver(later)) === String(isOver(now));
          const age = (is('elapsed') && anyAge ? later : now) - hunt.startedAt;
          const completed: Hunt = {
            ...known,
            startedAt: moment - age,
            ...optional('contacts', is('contacts') ? other.contacts : contacts),
            // The trunk of the last attempt is always known.
            attempts: is('attempt')
              ? [...other.attempts.slice(0, -1), ...hunt.attempts.slice(-1)]
              : hunt.attempts,
          };
          const { retriesLeft, ...seen } = trunks;
          const state = frozen({
            ...seen,
            ...optional('retriesLeft', is('budget') ? otherTrunks.retriesLeft : retriesLeft),
          });
          expect(decide(policy, completed, whole, state, moment)).toEqual(partial);
        },
      ),
      { numRuns: TIMES * 5 },
    );
    // Or the property would be shown of nothing.
    expect(decided).toBeGreaterThan(TIMES / 2);
  });

  it('with everything known it never needs anything, with nothing known it mostly does', () => {
    let needed = 0;
    fc.assert(
      fc.property(policies, hunts, failures, moments, (policy, hunt, failure, now) => {
        expect(isNeeds(decide(policy, hunt, failure, IDLE, now))).toBe(false);
        const unknown = new Set<Fact>(FACTS);
        if (isNeeds(decide(policy, hunt, { ...failure, unknown }, IDLE, now))) needed += 1;
      }),
      RUNS,
    );
    expect(needed).toBeGreaterThan(TIMES / 4);
  });
});

function headersOf({ evidence }: Failure) {
  return evidence.find(({ headers }) => headers)?.headers;
}

/** The evidence with these headers instead of its own, in a source of its own. */
function withHeaders(evidence: readonly Evidence[], headers: Evidence['headers']): Evidence[] {
  const others = evidence.map(({ headers: _, ...rest }) => rest);
  if (!headers) return others;
  const source = { source: 'headers', rang: false, progress: false, origin: 'far' } as const;
  return [...others, { ...source, headers }];
}

/** What the class may turn out to be; that it is `cancelled` is a fact of its own. */
function anyClass(failure: Failure, other: Failure, mayBeCancelled: boolean): Failure['class'] {
  const alike = (failure.class === 'cancelled') === (other.class === 'cancelled');
  return mayBeCancelled || alike ? other.class : failure.class;
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined) {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: Value };
}

describe('of all calls but those for help', () => {
  const property = (
    check: (policy: WholePolicy, hunt: Hunt, decision: Decision, more: More) => void,
  ) =>
    fc.assert(
      fc.property(
        policies,
        hunts,
        failures,
        trunkStates,
        moments,
        (policy, hunt, failure, trunks, now) => {
          fc.pre(!isEmergency(hunt));
          const decision = decide(policy, hunt, failure, frozen(trunks), now);
          check(policy, hunt, decision, { failure, trunks, now });
        },
      ),
      RUNS,
    );
  type More = { failure: Failure; trunks: TrunkSnapshot; now: number };

  it('no attempt exceeds a limit, is put on a trunk that cannot take it, or overdraws the budget', () => {
    property((policy, hunt, { outcome, reserve }, { failure, trunks, now }) => {
      if (!calls(outcome)) return;
      const delay = outcome.kind === 'dial' ? (outcome.delayMs ?? 0) : 0;
      expect(hunt.attempts.length).toBeLessThan(policy.limits.attempts);
      expect(now + delay - hunt.startedAt).toBeLessThanOrEqual(policy.limits.startWithin);
      expect(failure.earlyMediaMs).toBeLessThanOrEqual(policy.limits.progressGrace);
      expect(Object.keys(trunks.obstacles)).not.toContain(reserve?.trunk);
      if (policy.limits.retryBudget && outcome.kind === 'dial') {
        expect(trunks.retriesLeft ?? 1).toBeGreaterThan(0);
        expect(reserve?.retry).toBe(true);
      }
    });
  });

  it('a trunk gets one re-offer of codecs that the PBX has, and none of what it refused', () => {
    property((_, hunt, { outcome }, { failure }) => {
      if (outcome.kind !== 'dial' || !outcome.codecs) return;
      const has = new Set(hunt.codecs);
      expect(outcome.codecs.length).toBeGreaterThan(0);
      expect(outcome.codecs.every((codec) => has.has(codec))).toBe(true);
      if (!outcome.reoffer) return;
      const { trunk, codecs } = outcome;
      expect(trunk).toBe(failedTrunk({ hunt }));
      expect(hunt.attempts.some((past) => past.trunk === trunk && past.reoffered)).toBe(false);
      expect(sidesOf(failure.evidence).offered).not.toEqual(codecs);
    });
  });

  it('nothing is done for a caller who is gone', () => {
    property((_, hunt, { outcome }, { failure }) => {
      if (hunt.callerGone || failure.class === 'cancelled') expect(outcome.kind).toBe('relay');
    });
  });

  it('nobody is rung twice unless the rule says so', () => {
    property((policy, hunt, decision, { failure }) => {
      const rang = failure.rang || hunt.attempts.some((past) => past.rang);
      if (!rang || decision.outcome.kind !== 'dial') return;
      const actions = rulesAt(policy, decision).flatMap((rule) => [rule.do, rule.else]);
      expect(
        actions.some((it) => it?.treatment.kind === 'retry' && it.treatment.evenAfterRinging),
      ).toBe(true);
    });
  });

  it('a 6xx goes to another trunk only by a rule of the trunk that sent it', () => {
    property((policy, hunt, decision, { failure }) => {
      const { outcome } = decision;
      if (failure.sip === undefined || failure.sip < 600 || outcome.kind !== 'dial') return;
      const trunk = failedTrunk({ hunt }) ?? '';
      if (outcome.trunk === trunk) return;
      const own = policy.trunks.get(trunk)?.rules ?? [];
      expect(own.map(({ at }) => at)).toContainEqual(decision.rule);
    });
  });

  it('a hunt ends, after no more attempts than it may have', () => {
    fc.assert(
      fc.property(policies, fc.constantFrom(...NUMBERS), failures, (policy, number, failure) => {
        const limit = number === '112' ? TRUNKS.length : policy.limits.attempts;
        const attempts: { trunk: string; rang: boolean }[] = [];
        let { outcome } = route(policy, huntOf([], { number }), IDLE, START);
        while (outcome.kind === 'dial') {
          attempts.push({ trunk: outcome.trunk, rang: failure.rang });
          expect(attempts.length).toBeLessThanOrEqual(limit);
          const hunt = huntOf([], { number, attempts: [...attempts] });
          ({ outcome } = decide(policy, hunt, failure, IDLE, START));
        }
      }),
      RUNS,
    );
  });
});

describe('an emergency call', () => {
  it('tries every trunk of its route in order, whatever stands in the way of others', () => {
    fc.assert(
      fc.property(
        policies,
        hunts,
        failures,
        trunkStates,
        moments,
        (policy, hunt, failure, trunks, now) => {
          const call: Hunt = { ...hunt, number: '112' };
          const tried = call.attempts.map(({ trunk }) => trunk);
          const names = policy.index.routes.find(call)?.trunks ?? [];
          const next = (past: readonly string[]) =>
            names.find((name) => policy.trunks.has(name) && !past.includes(name));
          const first = route(policy, { ...call, attempts: [] }, frozen(trunks), now);
          const after = decide(policy, call, failure, frozen(trunks), now);
          for (const [{ outcome, reserve, rule }, expected] of [
            [first, next([])],
            [after, next(tried)],
          ] as const) {
            if (expected === undefined) {
              expect(outcome.kind).toBe('relay');
              continue;
            }
            expect(outcome).toMatchObject({ kind: 'dial', trunk: expected, number: '112' });
            expect(outcome).not.toHaveProperty('delayMs');
            expect(reserve).toEqual({ trunk: expected, retry: false, unconditional: true });
            expect(rule).toBeUndefined();
          }
        },
      ),
      RUNS,
    );
  });

  it('is decided alike under any other rules, limits and trunk states', () => {
    fc.assert(
      fc.property(
        policies,
        policies,
        hunts,
        failures,
        trunkStates,
        (policy, other, hunt, failure, trunks) => {
          const call: Hunt = { ...hunt, number: '112' };
          const decision = decide(policy, call, failure, IDLE, START);
          fc.pre(decision.outcome.kind === 'dial');
          const { limits, rules, defaults, relay503As } = other;
          const changed = indexed({
            ...policy,
            limits,
            rules,
            defaults,
            ...(relay503As !== undefined && { relay503As }),
          });
          expect(decide(changed, call, failure, frozen(trunks), START + 1e9)).toEqual(decision);
        },
      ),
      RUNS,
    );
  });
});

/** The rules at the place that a decision names; generated rules may share one. */
function rulesAt({ trunks, routes, rules, defaults }: WholePolicy, { rule }: Decision) {
  return [...trunks.values(), ...routes, { rules }, { rules: defaults }]
    .flatMap((owner) => owner.rules)
    .filter(({ at }) => at.line === rule?.line);
}
