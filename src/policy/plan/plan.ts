import type { FailureClass } from '../../model/classes';
import { PLANNED_STATUSES, type PlannedStatus } from '../../model/planned';
import { frozen, snapshot, type TrunkSnapshot } from '../trunk-snapshot';
import type { PlannableTrunks } from '../trunk-port';
import { decide } from '../decide';
import { phrasesOf } from '../failure-of';
import type { Decision, Refusal } from '../decision/decision';
import { isNeeds, type Fact, type PartialFailure } from '../facts';
import { foreseen, type ForeseenFailure } from './foreseen';
import type { Hunt } from '../hunt';
import { unsent } from './unsent';
import type { Policy } from '../policy';

/** What follows a status with its standard phrase. */
export interface Slot {
  readonly decision: Decision;
  /** Absent if only the failed attempt itself shows it. */
  readonly failureClass?: FailureClass;
}

/** The PBX asks about a status without a slot. */
export type Slots = ReadonlyMap<PlannedStatus, Slot>;

/**
 * What follows a failure of one attempt, decided before the attempt so that the PBX goes on without asking.
 * It is valid while its inputs are unchanged: see `until` and the plan generation.
 */
export interface Plan {
  /** Number of the hunt's failed attempts when the plan is used, this attempt included. */
  readonly attempts: number;
  /** Not used later than this. Unix time in milliseconds, by the PBX's clock. */
  readonly until: number;
  /** Before progress: nothing came but a 100. */
  readonly beforeProgress: Slots;
  /** After progress: the callee may have rung, or early media may have played. */
  readonly afterProgress: Slots;
  /** The trunks' state when the plan was made. */
  readonly trunks: TrunkSnapshot;
}

export interface PlanQuestion {
  readonly policy: Policy;
  /** The hunt when the attempt begins, without that attempt. */
  readonly hunt: Hunt;
  /** Trunk of the attempt. */
  readonly trunk: string;
  readonly store: PlannableTrunks;
  /** Whether a handover would know the failure's Reason headers, from mirrored SIP. */
  readonly reasonsKnown: boolean;
  /** Statuses that the PBX also reports when it could send nothing; they prove nothing. */
  readonly locallyGenerated?: readonly PlannedStatus[];
  /** Facts of the call that are not known, as the hunt is only an example of those to come. */
  readonly unknownOfCall?: ReadonlySet<Fact>;
  /** Unix time in milliseconds, by the PBX's clock. */
  readonly now: number;
}

/**
 * Evaluates `decide` on all that is known before an attempt: the status with its standard phrase, before
 * and after progress. A slot stays empty if the answer is `Needs`.
 * @returns undefined if every slot is empty
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

/** The decision in a plan's slot, if it has one. */
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

/**
 * Whether the outcome is the same if nothing could be sent; the rule may differ. Of a phone the status of a relay may
 * differ too, as its absence has another one: the caller then gets the one that the PBX itself reports.
 */
function sameWhenLocal(known: Known, { decision }: Slot): boolean {
  const { policy, hunt, trunk, trunks, now } = known;
  const failed = { ...hunt, attempts: [...hunt.attempts, { trunk, rang: false }] };
  const answer = decide(policy, failed, asKnown(known, unsent(policy, trunk)), frozen(trunks), now);
  if (isNeeds(answer)) return false;
  const relayed = [answer, decision].every(({ outcome }) => outcome.kind === 'relay');
  if (relayed && policy.trunks.get(trunk)?.toPhones) return true;
  return JSON.stringify(answer.outcome) === JSON.stringify(decision.outcome);
}

function decideOn(known: Known, said: ForeseenFailure): Slot | undefined {
  const { policy, hunt, trunk, trunks, now } = known;
  const { sip, rang } = said;
  const failure = asKnown(known, foreseen(phrasesOf(policy, trunk), known, said));
  const failed = { ...hunt, attempts: [...hunt.attempts, { trunk, sip, rang }] };
  const answer = decide(policy, failed, failure, frozen(trunks), now);
  if (isNeeds(answer)) return undefined;
  return {
    decision: answer,
    ...(!failure.unknown.has('class') && { failureClass: failure.class }),
  };
}

function asKnown({ unknownOfCall }: Known, failure: PartialFailure): PartialFailure {
  if (!unknownOfCall) return failure;
  return { ...failure, unknown: new Set([...failure.unknown, ...unknownOfCall]) };
}

const OF_TRUNKS: readonly Refusal[] = ['trunks-full', 'trunks-held', 'no-trunk-left'];

/**
 * Whether no trunk's limits can change the decision before the attempt fails. A trunk that is full now may
 * be free then, or the other way round, and neither raises the plan generation.
 */
function isFixed(
  { policy, hunt, trunk, store }: PlanQuestion,
  { outcome, refused }: Decision,
): boolean {
  const goesOut = outcome.kind === 'dial' || outcome.kind === 'redirect';
  const wasRefused = refused.some((refusal) => OF_TRUNKS.includes(refusal));
  if (!goesOut && !wasRefused) return true;
  const tried = new Set([...hunt.attempts.map((past) => past.trunk), trunk]);
  const route = policy.index.routes.find(hunt)?.trunks ?? [];
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
