import type { Decision } from '../policy/decision/decision';
import type { DecisionInputs } from '../policy/decision/inputs';
import type { Policy } from '../policy/policy';
import { routeName } from '../policy/routes/route-index';
import { again } from './again';
import { isSameOutcome } from './outcome-words';
import type { RecordedCall, RecordedDecision, Reclassified } from './recorded';

/** Why a call's decisions cannot be made again, each with its explanation. */
export const UNREPEATABLE = {
  'nothing-recorded': 'no decision was recorded',
  'no-inputs': 'the inputs of a decision were not kept',
  masked: 'its numbers are masked, and a masked number has no route',
  'no-policy-text': 'the text of the policy that was in force then was not kept',
  'policy-unreadable': 'this crankback cannot read the policy that was in force then',
  'not-as-recorded': 'decided again by the policy of then, it comes out otherwise',
  'too-long': 'it has more decisions than are looked at',
} as const;

export type Unrepeatable = keyof typeof UNREPEATABLE;

/** What the draft needs and nobody recorded then, because the policy of then did not ask for it. */
export const ASSUMPTIONS = {
  'trunk-free': 'its state then was not recorded: taken as free',
  'budget-left': 'the retry budget then was not recorded: taken as not used up',
  'first-turn': 'the turn of the round-robin route then was not recorded: taken as the first',
  'no-codecs': 'the codecs of the PBX then were not recorded: no second offer',
} as const;

export type Assumption = keyof typeof ASSUMPTIONS;

/** The first decision of a call that the draft makes otherwise; what follows it is unknown. */
export interface Difference {
  readonly kind: 'differs';
  /** Trunk whose failure was decided on; absent for a first attempt. */
  readonly failed?: string;
  readonly before: Decision;
  readonly now: Decision;
  readonly assumed: readonly Assumption[];
  /** On the trunk that the draft takes, an attempt of the same call from then on; absent if there was none. */
  readonly knownAnswered?: boolean;
}

export type CallReplayed = (
  { readonly kind: 'same' } | Difference | { readonly kind: 'unknown'; readonly why: Unrepeatable }
) & {
  /** Decisions that were made again. */
  readonly decisions: number;
};

/** The policy with this hash, or why there is none. */
export type PolicyOfThen = (hash: string) => Policy | 'no-policy-text' | 'policy-unreadable';

/**
 * Decides a recorded call again by a draft, up to the first difference. Each decision is first made again by the
 * policy of then: one that does not come out as recorded says nothing about the draft, and neither does what follows
 * it. Pure.
 */
export function replayCall(call: RecordedCall, then: PolicyOfThen, draft: Policy): CallReplayed {
  let decisions = 0;
  const unknown = (why: Unrepeatable) => ({ kind: 'unknown', why, decisions }) as const;
  if (call.decisions.length === 0) return unknown('nothing-recorded');
  let earlierThen: Reclassified = [];
  let earlierNow: Reclassified = [];
  for (const recorded of call.decisions) {
    // Refused before any policy is asked, by every policy.
    if (recorded.on === 'invalid-number') continue;
    const { inputs } = recorded;
    if (!inputs) return unknown('no-inputs');
    if (isMasked(inputs.hunt.number)) return unknown('masked');
    const policy = then(inputs.policyHash);
    if (typeof policy === 'string') return unknown(policy);
    const before = again(policy, inputs, earlierThen);
    if (!isAsRecorded(before.decision, recorded.decision)) return unknown('not-as-recorded');
    const now = again(draft, inputs, earlierNow);
    decisions += 1;
    if (!isSameOutcome(before.decision.outcome, now.decision.outcome))
      return { ...difference(call, recorded, inputs, { policy, draft, before, now }), decisions };
    earlierThen = withFailure(earlierThen, inputs, before.failure?.class);
    earlierNow = withFailure(earlierNow, inputs, now.failure?.class);
  }
  return call.more ? unknown('too-long') : { kind: 'same', decisions };
}

function difference(
  call: RecordedCall,
  { at }: RecordedDecision,
  inputs: DecisionInputs,
  made: {
    readonly policy: Policy;
    readonly draft: Policy;
    readonly before: { readonly decision: Decision };
    readonly now: { readonly decision: Decision };
  },
): Difference {
  const [before, now] = [made.before.decision, made.now.decision];
  const failed = inputs.failure && inputs.hunt.attempts.at(-1)?.trunk;
  const [was, wanted] = [trunkOf(before), trunkOf(now)];
  const known =
    wanted === was
      ? undefined
      : call.tried.find(
          ({ trunk, beganAt, endedAt }) =>
            trunk === wanted && beganAt >= at && endedAt !== undefined,
        );
  return {
    kind: 'differs',
    ...(failed !== undefined && { failed }),
    before,
    now,
    assumed: assumptions(made, inputs, now),
    ...(known && { knownAnswered: known.answered }),
  };
}

/** The trunk that a decision dials. */
export function trunkOf({ outcome }: Decision): string | undefined {
  return outcome.kind === 'dial' || outcome.kind === 'redirect' ? outcome.trunk : undefined;
}

function assumptions(
  { policy, draft }: { readonly policy: Policy; readonly draft: Policy },
  { hunt, trunks, failure }: DecisionInputs,
  now: Decision,
): readonly Assumption[] {
  const assumed: Assumption[] = [];
  const route = policy.index.routes.find(hunt);
  const looked = [...(route?.trunks ?? []), ...hunt.attempts.map(({ trunk }) => trunk)];
  const wanted = trunkOf(now);
  if (wanted !== undefined && !looked.includes(wanted) && !policy.index.redirectTrunks.has(wanted))
    assumed.push('trunk-free');
  const { reserve } = now;
  if (reserve?.retry && draft.limits.retryBudget && trunks.retriesLeft === undefined)
    assumed.push('budget-left');
  if (reserve?.turn !== undefined && reserve.turn !== (route && routeName(route)))
    assumed.push('first-turn');
  if (failure && draft.index.reoffers && hunt.codecs === undefined) assumed.push('no-codecs');
  return assumed;
}

function withFailure(
  earlier: Reclassified,
  { hunt, failure }: DecisionInputs,
  now: Reclassified[number]['now'] | undefined,
): Reclassified {
  const trunk = hunt.attempts.at(-1)?.trunk;
  if (!failure || trunk === undefined || now === undefined) return earlier;
  return [...earlier, { trunk, was: failure.class, now }];
}

function isAsRecorded({ outcome, rule }: Decision, recorded: Decision): boolean {
  if (!isSameOutcome(outcome, recorded.outcome) || rule?.file !== recorded.rule?.file) return false;
  // The shipped rules have moved with a new version, and mean what they meant.
  return rule?.line === recorded.rule?.line || rule?.file.startsWith(SHIPPED) === true;
}

const SHIPPED = 'built-in/';

/**
 * A number as masking leaves it. A code with nothing but stars within, `21*34`, looks the same: it is left out rather
 * than decided wrongly.
 */
export function isMasked(number: string): boolean {
  return /^(?:\*{1,4}|.{2}\*+.{2})$/.test(number);
}
