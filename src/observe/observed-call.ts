import type { Failure } from '../model/failure';
import { answerOf, bestOf } from '../normalize/fork';
import { decide } from '../policy/decide';
import type { Decision, Outcome } from '../policy/decision/decision';
import { saysOfPolicy, type DecisionInputs } from '../policy/decision/inputs';
import type { Hunt } from '../policy/hunt';
import type { Policy } from '../policy/policy';
import { frozen, type TrunkSnapshot } from '../policy/trunk-snapshot';

/** An attempt of the user's own dialplan. Times are Unix time in milliseconds. */
export interface SeenAttempt {
  /** The policy's trunk, or the PBX's own name of the far end if `known` is false. */
  readonly trunk: string;
  readonly known: boolean;
  readonly beganAt: number;
  readonly endedAt: number;
  /** Absent if it was answered. */
  readonly failure?: Failure;
  /** The trunks when it failed. */
  readonly trunks: TrunkSnapshot;
}

/** A call of the user's own dialplan, once it is over or answered. */
export interface SeenCall {
  readonly hunt: Pick<Hunt, 'number' | 'from' | 'context' | 'mailbox' | 'diverting' | 'draw'>;
  readonly attempts: readonly SeenAttempt[];
  /** The PBX itself answered the caller: voicemail, an announcement. */
  readonly answeredHere: boolean;
}

/** What the user's dialplan did after a failed attempt. */
export type Did =
  | { readonly kind: 'dialled'; readonly trunk: string }
  | { readonly kind: 'answered-here' }
  | { readonly kind: 'ended' };

/** A failed attempt: what followed, and what crankback would have decided. */
export interface ObservedStep {
  readonly trunk: string;
  readonly at: number;
  /** From dialling to the end. Milliseconds. */
  readonly ms: number;
  readonly failure: Failure;
  readonly did: Did;
  /** Absent for a trunk that the policy does not have. */
  readonly would?: { readonly decision: Decision; readonly inputs: DecisionInputs };
}

/**
 * How the policy differs from what happened, each with its explanation. `waited`: the same, but crankback would have
 * given the silent trunk up earlier.
 */
export const VERDICTS = {
  same: 'the same as happened',
  'would-go-on': 'the call ended; another attempt would have been made',
  'would-take-message': 'the call ended; it would have gone to voicemail',
  'would-stop': 'the call was tried elsewhere; it would have ended at once',
  'would-dial-other': 'the call was tried elsewhere, but not where the policy has it',
  waited: 'the caller waited longer for a trunk that did not respond',
} as const;

export type Verdict = keyof typeof VERDICTS;

/** A call of the user's own dialplan beside the policy. */
export interface Observed {
  readonly steps: readonly ObservedStep[];
  readonly verdict: Verdict;
  /** Index of the step that the verdict is about; what would have followed it is unknown. */
  readonly step: number;
  /** With `waited`: how much longer. Milliseconds. */
  readonly waitedMs?: number;
}

/** A trunk that is given up may take this long to be so. Milliseconds. */
const SLACK_MS = 1_000;

/**
 * Compares a call with the policy: after each failed attempt, what would have been decided, given what the dialplan had
 * done until then. Pure. Undefined if no attempt on a trunk of the policy failed.
 */
export function observe(policy: Policy, call: SeenCall): Observed | undefined {
  const rounds = roundsOf(call.attempts);
  const startedAt = rounds[0]?.[0]?.beganAt ?? 0;
  const past: Hunt['attempts'][number][] = [];
  const steps: ObservedStep[] = [];
  for (const [index, round] of rounds.entries()) {
    const failures = round.flatMap(({ failure }) => failure ?? []);
    // Answered: what the other legs of a fork said decides nothing.
    if (failures.length < round.length) break;
    const decisive = round[bestOf(failures)];
    const failure = answerOf(failures);
    if (!decisive || !failure) break;
    for (const one of [...round.filter((other) => other !== decisive), decisive])
      past.push(pastOf(one, one === decisive ? failure : one.failure));
    const { trunk, endedAt: at, beganAt, trunks } = decisive;
    const did = didAfter(rounds[index + 1], call);
    const step = { trunk, at, ms: at - beganAt, failure, did };
    if (!decisive.known) {
      steps.push(step);
      continue;
    }
    const hunt: Hunt = { ...call.hunt, startedAt, attempts: [...past], mailboxMissing: false };
    const limit = responseLimit(policy, trunk, failure);
    const now = limit === undefined ? at : Math.min(at, beganAt + limit);
    const decision = decide(policy, hunt, failure, frozen(trunks), now);
    const inputs = { ...saysOfPolicy(policy), hunt, failure, trunks, now };
    steps.push({ ...step, would: { decision, inputs } });
  }
  const known = steps.findIndex(({ would }) => would !== undefined);
  if (known < 0) return undefined;
  return { steps, ...judged(policy, steps, known) };
}

/** Attempts that went on at the same time are one: a fork. */
function roundsOf(attempts: readonly SeenAttempt[]): readonly (readonly SeenAttempt[])[] {
  const rounds: SeenAttempt[][] = [];
  for (const attempt of attempts.toSorted((one, other) => one.beganAt - other.beganAt)) {
    const round = rounds.at(-1);
    if (round?.some(({ endedAt }) => endedAt > attempt.beganAt)) round.push(attempt);
    else rounds.push([attempt]);
  }
  return rounds;
}

function pastOf({ trunk }: SeenAttempt, failure: Failure | undefined): Hunt['attempts'][number] {
  const { sip, rang = false, class: name } = failure ?? {};
  return { trunk, rang, ...(sip !== undefined && { sip }), ...(name && { class: name }) };
}

function didAfter(next: readonly SeenAttempt[] | undefined, { answeredHere }: SeenCall): Did {
  const [first] = next ?? [];
  if (first) return { kind: 'dialled', trunk: first.trunk };
  return { kind: answeredHere ? 'answered-here' : 'ended' };
}

function judged(
  policy: Policy,
  steps: readonly ObservedStep[],
  known: number,
): Omit<Observed, 'steps'> {
  for (const [index, { would, did, trunk, failure, ms }] of steps.entries()) {
    // The caller has left: nothing that is decided then changes anything.
    if (!would || failure.class === 'cancelled') continue;
    const verdict = verdictOf(would.decision.outcome, did);
    if (verdict !== 'same') return { verdict, step: index };
    const limit = responseLimit(policy, trunk, failure);
    if (limit !== undefined && ms > limit + SLACK_MS)
      return { verdict: 'waited', step: index, waitedMs: ms - limit };
  }
  return { verdict: 'same', step: known };
}

/**
 * When crankback gives up a trunk that neither rings nor fails; undefined if this one did. Milliseconds. Only mirrored
 * SIP tells that not even a 100 came: without it the later limit counts.
 */
function responseLimit(policy: Policy, name: string, failure: Failure): number | undefined {
  const { class: kind, sip, progress, evidence } = failure;
  const trunk = policy.trunks.get(name);
  if (!trunk || kind !== 'trunk-timeout' || sip !== undefined || progress) return undefined;
  const wire = evidence.find(({ source }) => source === 'hep');
  const isMute = wire !== undefined && (wire.provisional ?? []).length === 0;
  return isMute ? trunk.firstResponse : (trunk.progressTimeout ?? trunk.ringTimeout);
}

function verdictOf(would: Outcome, did: Did): Verdict {
  const isAttempt = would.kind === 'dial' || would.kind === 'redirect';
  switch (did.kind) {
    case 'dialled':
      if (!isAttempt) return 'would-stop';
      return would.trunk === did.trunk ? 'same' : 'would-dial-other';
    case 'answered-here':
      // Their own voicemail or announcement: an end as good as ours.
      return isAttempt ? 'would-go-on' : 'same';
    case 'ended':
      if (isAttempt) return 'would-go-on';
      return would.kind === 'voicemail' ? 'would-take-message' : 'same';
  }
}
