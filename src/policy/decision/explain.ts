import { asFor, type DecisionInputs } from './inputs';
import { passedOver, type PassedOver } from './passed-over';
import { frozen } from '../trunk-snapshot';
import type { Condition } from '../rules/condition';
import { decide } from '../decide';
import type { Decision } from './decision';
import { compileRule, type RuleSource } from '../rules/match';
import type { Policy } from '../policy';
import type { Position, Rule } from '../policy-data';
import { route } from '../routes/route';
import { failedTrunk, surroundings, type Situation } from '../situation';
import { NOTHING_UNKNOWN } from '../facts';

/** Why a decision came out as it did. */
export interface Explanation {
  readonly decision: Decision;
  /** Every rule up to the one that matched, in the order tried. */
  readonly rules: readonly TriedRule[];
  /** Trunks of the route in order, each with its obstacle. */
  readonly trunks: readonly { readonly trunk: string; readonly state: string }[];
  /** Trunks that were skipped on the way to the outcome. */
  readonly passedOver: readonly PassedOver[];
  readonly left: LimitsLeft;
}

export interface TriedRule {
  readonly source: RuleSource;
  readonly at: Position;
  /** The first key of `when` that did not match; absent for the rule that matched. */
  readonly mismatch?: Mismatch;
}

export interface Mismatch {
  readonly key: keyof Condition;
  /** The situation's value for this key; absent if it had none. */
  readonly had?: string | number | boolean;
}

/** What was left of the limits when the decision was made. */
export interface LimitsLeft {
  readonly attempts: number;
  /** Time in which an attempt may still start; 0 when over. Milliseconds. */
  readonly startWithin: number;
  /** Absent without a budget. */
  readonly retries?: number;
}

/**
 * Repeats a recorded decision and lists every step to it. The decision is the same only if the policy has the
 * hash that the inputs name.
 */
export function explain(whole: Policy, inputs: DecisionInputs): Explanation {
  const policy = asFor(whole, inputs);
  const { hunt, failure, now } = inputs;
  const trunks = frozen(inputs.trunks);
  const decision = failure
    ? decide(policy, hunt, failure, trunks, now)
    : route(policy, hunt, trunks, now);
  const chosen = policy.index.routes.find(hunt);
  const emergency = policy.index.emergency.has(hunt.number);
  const rules =
    failure && !emergency
      ? triedRules(policy, {
          route: chosen,
          hunt,
          failure,
          unknown: NOTHING_UNKNOWN,
          ...surroundings(policy),
          now,
        })
      : [];
  const tried = new Set(hunt.attempts.map(({ trunk }) => trunk));
  const { attempts, startWithin, retryBudget } = policy.limits;
  return {
    decision,
    rules,
    trunks: (chosen?.trunks ?? []).map((name) => {
      const obstacle = inputs.trunks.obstacles[name]?.why;
      return { trunk: name, state: obstacle ?? (tried.has(name) ? 'tried' : 'free') };
    }),
    passedOver: passedOver(policy, inputs, decision),
    left: {
      attempts: Math.max(0, attempts - hunt.attempts.length),
      startWithin: Math.max(0, hunt.startedAt + startWithin - now),
      ...(retryBudget && { retries: trunks.retriesLeft(retryBudget, now) }),
    },
  };
}

function triedRules(policy: Policy, situation: Situation): readonly TriedRule[] {
  const { route: chosen } = situation;
  const trunk = policy.trunks.get(failedTrunk(situation) ?? '');
  const lists: readonly [RuleSource, readonly Rule[]][] = [
    ['trunk', trunk?.rules ?? []],
    ['route', chosen?.rules ?? []],
    ['general', policy.rules],
    ['built-in', policy.defaults],
  ];
  const tried: TriedRule[] = [];
  for (const [source, rules] of lists) {
    for (const rule of rules) {
      const missed = compileRule(rule).tests.find((test) => !test.meets(situation));
      if (!missed) return [...tried, { source, at: rule.at }];
      const had = missed.has(situation);
      const mismatch = { key: missed.key, ...(had !== undefined && { had }) };
      tried.push({ source, at: rule.at, mismatch });
    }
  }
  return tried;
}
