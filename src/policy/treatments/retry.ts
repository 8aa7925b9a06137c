import type { Refusal } from '../decision/decision';
import { isNeeds, needs, type Fact, type Needs } from '../facts';
import type { RuleSource } from '../rules/match';
import { pickFrom, pickNext, tellsIdentitiesApart } from '../routes/pick';
import type { NextTrunk, SameTrunk } from '../policy-data';
import { learnedOffer, reoffer } from './reoffer';
import type { DecisionContext } from '../decision/context';
import { failedTrunk } from '../situation';
import type { Treated } from './treated';

/**
 * Refuses if nothing more may be done for this call. A cancelled attempt means that the caller has gone, or
 * that the call was answered elsewhere.
 */
export function gone({ hunt, failure, unknown }: DecisionContext): Refusal | Needs | undefined {
  if (hunt.callerGone) return 'caller-gone';
  if (unknown.has('cancelled')) return needs(['cancelled']);
  return failure.class === 'cancelled' ? 'caller-gone' : undefined;
}

/** One more attempt, or why not. */
export function retry(
  treatment: NextTrunk | SameTrunk,
  context: DecisionContext,
  source: RuleSource,
): Treated | Refusal | Needs {
  const delayMs = treatment.target === 'same-trunk' ? treatment.delay : 0;
  const { reoffer: wanted } = treatment.target === 'same-trunk' ? treatment : {};
  const refused =
    gone(context) ??
    elsewhere(treatment, context, source) ??
    (treatment.evenAfterRinging ? undefined : rung(context)) ??
    spent(context, delayMs);
  if (refused !== undefined) return refused;
  const offer = wanted && reoffer(wanted, context);
  if (typeof offer === 'string' || isNeeds(offer)) return offer;
  if (treatment.target === 'same-trunk' && timesSpent(treatment, context)) return 'times-spent';
  if (dependsOnCaller(treatment, context)) return needs(['from']);
  const picked =
    treatment.target === 'same-trunk'
      ? pickFrom(context, [failedTrunk(context) ?? ''])
      : pickNext(context, treatment);
  if ('refusal' in picked) return picked.refusal;
  const outOfBudget = budgetSpent(context);
  if (outOfBudget !== undefined) return outOfBudget;
  const delay = delayMs > 0 ? { delayMs } : {};
  return {
    outcome: {
      kind: 'dial',
      ...picked.leg,
      ...delay,
      ...(offer ?? learnedOffer(picked.leg, context)),
    },
    reserve: { trunk: picked.leg.trunk, retry: true, ...delay },
  };
}

/** RFC 3261 21.6: a 6xx is final for every server; only a rule of the trunk itself may override it. */
function elsewhere(
  { target }: NextTrunk | SameTrunk,
  { failure, unknown }: DecisionContext,
  source: RuleSource,
): Refusal | Needs | undefined {
  if (target === 'same-trunk' || source === 'trunk') return undefined;
  if (unknown.has('sip')) return needs(['sip']);
  return failure.sip !== undefined && failure.sip >= 600 ? '6xx-elsewhere' : undefined;
}

/** The callee has rung, now or in an earlier attempt; a second leg would ring again. */
function rung({ hunt, failure, unknown }: DecisionContext): Refusal | Needs | undefined {
  const open: Fact[] = (['attempt', 'rang'] as const).filter((fact) => unknown.has(fact));
  if (!unknown.has('rang') && failure.rang) return 'callee-has-rung';
  if (!unknown.has('attempt') && hunt.attempts.some(({ rang }) => rang)) return 'callee-has-rung';
  return open.length > 0 ? needs(open) : undefined;
}

/** Limits that end every hunt: early media, attempts, time. */
export function spent(context: DecisionContext, delayMs: number): Refusal | Needs | undefined {
  const { policy, hunt, failure, unknown, now } = context;
  const { progressGrace, attempts, startWithin } = policy.limits;
  const open = (['early_media', 'attempt', 'time_left'] as const).filter((it) => unknown.has(it));
  // All open facts at once, so that one query is enough.
  if (open.length > 0) return needs(open);
  // Early media that plays this long is the call itself: an announcement, a queue.
  if (failure.earlyMediaMs > progressGrace) return 'early-media';
  if (hunt.attempts.length >= attempts) return 'attempts-spent';
  return now + delayMs - hunt.startedAt > startWithin ? 'time-spent' : undefined;
}

function dependsOnCaller(treatment: NextTrunk | SameTrunk, context: DecisionContext): boolean {
  const byIdentity = treatment.target === 'next-trunk' && treatment.anotherIdentity === true;
  return byIdentity && context.unknown.has('from') && !tellsIdentitiesApart(context);
}

function timesSpent({ times }: SameTrunk, { hunt }: DecisionContext): boolean {
  const trunk = hunt.attempts.at(-1)?.trunk;
  const before = hunt.attempts.findLastIndex((past) => past.trunk !== trunk);
  const inARow = hunt.attempts.length - 1 - before;
  return inARow > times;
}

function budgetSpent({
  policy,
  trunks,
  unknown,
  now,
}: DecisionContext): Refusal | Needs | undefined {
  const { retryBudget } = policy.limits;
  if (!retryBudget) return undefined;
  if (unknown.has('budget')) return needs(['budget']);
  return trunks.retriesLeft(retryBudget, now) < 1 ? 'budget-spent' : undefined;
}
