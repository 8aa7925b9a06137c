import type { FailureClass } from '../../model/classes';
import { KNOWN_PHRASES } from '../../model/phrases';
import { PLANNED_STATUSES, type PlannedStatus } from '../../model/planned';
import { normalize } from '../../normalize/normalize';
import { frozen, snapshot, type TrunkSnapshot } from '../trunk-snapshot';
import type { PlannableTrunks } from '../trunk-port';
import { decide } from '../decide';
import type { Decision, Refusal } from '../decision/decision';
import { isNeeds, type Fact } from '../facts';
import { foreseen, type ForeseenFailure } from './foreseen';
import type { Hunt } from '../hunt';
import type { Policy } from '../policy';

/** What follows a status with its standard phrase. */
export interface Slot {
  readonly decision: Decision;
  /** Absent where it will be known only when the attempt has failed. */
  readonly failureClass?: FailureClass;
}

/** A status that is not in it: ask. */
export type Slots = ReadonlyMap<PlannedStatus, Slot>;

/**
 * What follows the failure of one attempt, decided before the attempt was made, so that the PBX can go on
 * without asking. It holds while nothing that it was made of has changed: see `until` and the plan generation.
 */
export interface Plan {
  /** How many of the hunt's attempts have failed when it is used, that one included. */
  readonly attempts: number;
  /** Not used later than this. Unix time in milliseconds, by the PBX's clock. */
  readonly until: number;
  /** Before progress: nothing came but a 100. */
  readonly beforeProgress: Slots;
  /** After progress: the callee may have rung, or early media may have played. */
  readonly afterProgress: Slots;
  /** What was seen of the trunks. */
  readonly trunks: TrunkSnapshot;
}

export interface PlanQuestion {
  readonly policy: Policy;
  /** As it is when the attempt begins: without that attempt. */
  readonly hunt: Hunt;
  /** Trunk of the attempt. */
  readonly trunk: string;
  readonly store: PlannableTrunks;
  /** Whether whoever is asked would know the failure's Reason headers, as mirrored SIP has them. */
  readonly reasonsKnown: boolean;
  /** Statuses that the PBX also reports where nothing could be sent at all: they prove nothing. */
  readonly locallyGenerated?: readonly PlannedStatus[];
  /** Unix time in milliseconds, by the PBX's clock. */
  readonly now: number;
}

/**
 * Evaluates `decide` on all that can be known before an attempt: the status, with its standard phrase, and
 * whether it failed before or after progress. What comes out as `Needs` has no slot. Undefined where
 * no slot is filled.
 */
export function makePlan(question: PlanQuestion): Plan | undefined {
  const { policy, hunt, trunk, store, now } = question;
  if (policy.index.emergency.has(hunt.number)) return undefined;
  const failed = { ...hunt, attempts: [...hunt.attempts, { trunk, rang: false }] };
  const trunks = snapshot(store, policy, failed, now);
  const known = {
    ...question,
    trunks,
    budgetSpent: trunks.retriesLeft !== undefined && trunks.retriesLeft < 1,
  };
  const beforeProgress = new Map<PlannedStatus, Slot>();
  const afterProgress = new Map<PlannedStatus, Slot>();
  for (const sip of PLANNED_STATUSES) {
    const slot = slotBeforeProgress(known, sip);
    // What is undecided before progress is undecided after progress too.
    if (!slot || !isFixed(question, slot.decision)) continue;
    if (question.locallyGenerated?.includes(sip) && !sameWhenLocal(known, slot)) continue;
    beforeProgress.set(sip, slot);
    const alike = slotAfterProgress(known, sip);
    if (alike && isFixed(question, alike.decision)) afterProgress.set(sip, alike);
  }
  if (beforeProgress.size === 0) return undefined;
  const delays = [...beforeProgress.values(), ...afterProgress.values()].map(delayOf);
  return {
    attempts: failed.attempts.length,
    until: hunt.startedAt + policy.limits.startWithin - Math.max(0, ...delays),
    beforeProgress,
    afterProgress,
    trunks,
  };
}

/** The decision of a plan's slot, where it has one. */
export function plannedFor(plan: Plan, sip: number, afterProgress: boolean): Decision | undefined {
  return (afterProgress ? plan.afterProgress : plan.beforeProgress).get(sip as PlannedStatus)
    ?.decision;
}

type Known = PlanQuestion & { readonly trunks: TrunkSnapshot; readonly budgetSpent: boolean };

function slotBeforeProgress(known: Known, sip: PlannedStatus): Slot | undefined {
  return decideOn(known, { sip, afterProgress: false, rang: false });
}

function slotAfterProgress(known: Known, sip: PlannedStatus): Slot | undefined {
  const decision = decideOn(known, { sip, afterProgress: true, rang: false });
  if (!decision) return undefined;
  // Whether it rang is also part of the hunt's history.
  const other = decideOn(known, { sip, afterProgress: true, rang: true });
  return JSON.stringify(decision) === JSON.stringify(other) ? decision : undefined;
}

/** Whether the call goes the same way where nothing could be sent; the rule may be another one. */
function sameWhenLocal({ policy, hunt, trunk, trunks, now }: Known, { decision }: Slot): boolean {
  const failure = normalize([{ source: 'plan', rang: false, progress: false, origin: 'local' }]);
  const failed = { ...hunt, attempts: [...hunt.attempts, { trunk, rang: false }] };
  const unknown = new Set<Fact>(['time', 'media']);
  const answer = decide(policy, failed, { ...failure, unknown }, frozen(trunks), now);
  return !isNeeds(answer) && JSON.stringify(answer.outcome) === JSON.stringify(decision.outcome);
}

function decideOn(known: Known, said: ForeseenFailure): Slot | undefined {
  const { policy, hunt, trunk, trunks, now } = known;
  const { sip, rang } = said;
  const failure = foreseen(policy.phrases ?? KNOWN_PHRASES, known, said);
  const failed = { ...hunt, attempts: [...hunt.attempts, { trunk, sip, rang }] };
  const answer = decide(policy, failed, failure, frozen(trunks), now);
  if (isNeeds(answer)) return undefined;
  return {
    decision: answer,
    ...(!failure.unknown.has('class') && { failureClass: failure.class }),
  };
}

const OF_TRUNKS: readonly Refusal[] = ['trunks-full', 'trunks-held', 'no-trunk-left'];

/**
 * Whether no trunk's limits can make it another decision before the attempt fails: a trunk that is full now
 * may be free then, and the other way round, and no plan generation shows it.
 */
function isFixed(
  { policy, hunt, trunk, store }: PlanQuestion,
  { outcome, refused }: Decision,
): boolean {
  const goesOut = outcome.kind === 'dial' || outcome.kind === 'redirect';
  const wasRefused = refused.some((refusal) => OF_TRUNKS.includes(refusal));
  if (!goesOut && !wasRefused) return true;
  const tried = new Set([...hunt.attempts.map((past) => past.trunk), trunk]);
  const route = policy.index.routes.find(hunt.number)?.trunks ?? [];
  const mayMatter = [
    ...route.filter((name) => !tried.has(name)),
    ...(goesOut ? [outcome.trunk] : []),
    ...(wasRefused ? [trunk] : []),
  ];
  return mayMatter.every((name) => {
    const known = policy.trunks.get(name);
    return known === undefined || !store.rationed(known);
  });
}

function delayOf({ decision: { outcome } }: Slot): number {
  return outcome.kind === 'dial' ? (outcome.delayMs ?? 0) : 0;
}
