import { callsOfKinds, MIX, ORDER, type PlannedCall } from './call-mix';
import type { Fault } from './fault';
import { byDetour, byFallback, byPolicy } from './owed';
import type { SeenCall } from './seen';
import { judge, type Terms, type Verdict } from './verdict';

/** Calls go on for this long before anything breaks. Seconds. */
export const LEAD = 4;
/** Calls go on for this long after the latest allowed recovery; with what breaking and healing take. Seconds. */
const AFTER = 5;

/** When what happened; Unix times in milliseconds. */
export interface Moments {
  /** Before the fault began. */
  readonly brokenAt: number;
  /** Before healing began. */
  readonly healedAt: number;
}

/** How long calls are placed for a fault. Seconds. */
export function durationOf({ holdMs, recoversWithinMs }: Fault): number {
  return LEAD + Math.ceil((holdMs + recoversWithinMs) / 1000) + AFTER;
}

/** The calls of a fault's run, in the order of placing; their numbers count from `first`. */
export function callsFor(fault: Fault, rate: number, first: number): PlannedCall[] {
  const count = durationOf(fault) * rate;
  const { before, while: during } = fault.kinds ?? { before: MIX, while: MIX };
  const from = LEAD * rate;
  const until = from + Math.round((fault.holdMs / 1000) * rate);
  return callsOfKinds(before, count, first).map((call, index) =>
    index < from || index >= until ? call : callsOfKinds(during, 1, first + index)[0]!,
  );
}

/** What a call was owed at its time. */
export function termsOf(
  { kind }: PlannedCall,
  seen: SeenCall | undefined,
  fault: Fault,
  moments: Moments,
): Terms {
  const when = placeInTime(seen, fault, moments);
  const untended = when === 'during' && fault.fallback;
  const { laterOrder = ORDER, detour } = fault;
  const mayDetour =
    when === 'during' ? detour !== undefined : when === 'after' && detour === 'ever since';
  const orders = { before: [ORDER], during: [ORDER, laterOrder], after: [laterOrder] }[when];
  const ways = orders.flatMap((order) => [
    byPolicy(kind, order),
    ...(untended ? byFallback(kind, order) : []),
    ...(mayDetour ? byDetour(kind) : []),
  ]);
  return { ways, untended };
}

/** Judges every call of a run, in the order of their INVITEs. */
export function judgeAll(
  calls: readonly PlannedCall[],
  seen: ReadonlyMap<string, SeenCall>,
  fault: Fault,
  moments: Moments,
): Verdict[] {
  const verdicts = calls.map((call) => {
    const found = seen.get(call.number);
    const verdict = judge(call, found, termsOf(call, found, fault, moments));
    // A PBX that died took its calls along; they show the recovery, and nothing else.
    const excused = fault.pbxDies && placeInTime(found, fault, moments) === 'during';
    return excused ? { ...verdict, harms: [], waitedMs: 0, silenceMs: 0 } : verdict;
  });
  const begin = ({ seen: it }: Verdict) => it?.invitedAt ?? 0;
  return verdicts.sort((a, b) => begin(a) - begin(b));
}

/**
 * From healing to the first call since which the policy decides every call. Milliseconds; undefined if the
 * policy decided every call all the time; infinite if it never came back.
 */
export function recoveryOf(verdicts: readonly Verdict[], { healedAt }: Moments) {
  const last = verdicts.findLastIndex(({ by }) => by !== 'policy');
  if (last < 0) return undefined;
  const next = verdicts[last + 1]?.seen?.invitedAt ?? Infinity;
  return Math.max(0, next - healedAt);
}

/** Where the time from a call's INVITE to its final status lies. */
function placeInTime(
  seen: SeenCall | undefined,
  { recoversWithinMs, pbxDies }: Fault,
  { brokenAt, healedAt }: Moments,
): 'before' | 'during' | 'after' {
  if (!seen) return 'during';
  // A PBX that dies also ends answered calls.
  const over = pbxDies ? Math.max(seen.hungUpAt ?? 0, seen.finalAt ?? 0) : seen.finalAt;
  if (seen.invitedAt > healedAt + recoversWithinMs) return 'after';
  return over !== undefined && over > 0 && over < brokenAt ? 'before' : 'during';
}
