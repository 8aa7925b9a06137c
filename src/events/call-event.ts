import type { Codec } from '../model/media';
import type { Failure, SubAttempt } from '../model/failure';
import type { Decision } from '../policy/decision/decision';
import type { DecisionInputs } from '../policy/decision/inputs';
import type { PastAttempt } from '../policy/hunt';
import type { PassedOver } from '../policy/decision/passed-over';
import type { HealthChange } from '../trunks/health/health-store';

/**
 * Everything that happens to a call, and beside calls, in the order in which it happened. All that is
 * known of calls afterwards (log, metrics, journal) is made from these events alone.
 * Numbers are whole, text is as it came: `src/records/shown.ts` makes both fit to be shown.
 */
export type CallEvent =
  | HuntBegun
  | AttemptRecovered
  | AttemptFailed
  | EvidenceCompleted
  | AttemptObserved
  | AttemptAnswered
  | LateAnswered
  | EvidenceAwaited
  | Decided
  | AnswerTaken
  | AnswerNotTaken
  | PlannedStepUnknown
  | PlanMismatched
  | OfferLearned
  | OfferForgotten
  | HuntEnded
  | PbxConnected
  | PbxGone
  | TrunkChanged
  | PolicyChanged;

interface Happened {
  /** Unix time in milliseconds, by this machine's clock. */
  readonly at: number;
}

interface AtPbx extends Happened {
  /** Name of the PBX in records and logs. */
  readonly pbx: string;
}

interface OfHunt extends AtPbx {
  /** Id of the hunt, unique per PBX. */
  readonly hunt: string;
}

/** A hunt is seen for the first time by this process. */
export interface HuntBegun extends OfHunt {
  readonly kind: 'hunt-begun';
  /** The PBX's name of leg A. */
  readonly leg: string;
  readonly number: string;
  /** By the PBX's clock. Unix time in milliseconds. */
  readonly startedAt: number;
  readonly policyHash: string;
}

/** An attempt that only the call's own state remembers: crankback was restarted since. */
export interface AttemptRecovered extends OfHunt {
  readonly kind: 'attempt-recovered';
  readonly attempt: PastAttempt;
}

/** An attempt failed, as the PBX reports it. */
export interface AttemptFailed extends OfHunt {
  readonly kind: 'attempt-failed';
  readonly number: string;
  readonly trunk: string;
  readonly failure: Failure;
  /** The same attempt came as `attempt-observed` before: the user's own dialplan dialled it. */
  readonly observed: boolean;
  /** False where the leg's mirrored SIP is still on its way; `evidence-completed` follows. */
  readonly complete: boolean;
}

/** The mirrored SIP of a failed attempt has come. */
export interface EvidenceCompleted extends OfHunt {
  readonly kind: 'evidence-completed';
  readonly number: string;
  readonly trunk: string;
  /** As `attempt-failed` had it. */
  readonly reported: Failure;
  /** By all evidence. */
  readonly failure: Failure;
}

/** An attempt of a call that never entered crankback's dialplan has ended or was answered. */
export interface AttemptObserved extends AtPbx {
  readonly kind: 'attempt-observed';
  readonly leg: string;
  readonly number: string;
  /** The policy's trunk, or the PBX's own name of the far end where `known` is false. */
  readonly trunk: string;
  readonly known: boolean;
  /** Absent where it was answered. */
  readonly failure?: Failure;
  /** From dialling to the end or the answer. Milliseconds. */
  readonly ms: number;
}

/** The attempt that a decision began was answered. */
export interface AttemptAnswered extends OfHunt {
  readonly kind: 'attempt-answered';
  readonly trunk: string;
  /** Its INVITEs that were not answered (407, 422, another SRV host), as mirrored SIP has them. */
  readonly earlier: readonly SubAttempt[];
}

/** A carrier answered a leg that had been given up. */
export interface LateAnswered extends AtPbx {
  readonly kind: 'late-answered';
  /** Absent for a call that was merely observed. */
  readonly hunt?: string;
  readonly trunk: string;
  readonly leg: string;
}

/** A decision depended on mirrored SIP and has waited for it. */
export interface EvidenceAwaited extends OfHunt {
  readonly kind: 'evidence-awaited';
  /** Milliseconds. */
  readonly ms: number;
}

/** What happens next was decided. */
export interface Decided extends OfHunt {
  readonly kind: 'decided';
  /** What the PBX handed over: a new call, a failure, or a number that may reach no dial string. */
  readonly on: 'route' | 'failed' | 'invalid-number';
  /** Untrusted where `on` is `invalid-number`. */
  readonly number: string;
  readonly decision: Decision;
  /** Trunks that were skipped on the way to the outcome, in the order of the file, and why. */
  readonly passedOver: readonly PassedOver[];
  /** What it was made of; absent where no policy was asked. */
  readonly inputs?: DecisionInputs;
  /** The failure that decided; absent before the first attempt. */
  readonly failure?: Failure;
  /** Trunk of that failure. */
  readonly trunk?: string;
  /** The PBX carried it out by a plan, without asking. */
  readonly planned: boolean;
  /** Leg A cannot be sent the status, its phrase or its Retry-After as decided. */
  readonly degraded: boolean;
  /** The mailbox of an earlier answer is missing: the same failure is decided on a second time. */
  readonly repeated: boolean;
}

/** The PBX has taken the answer to a handover. */
export interface AnswerTaken extends OfHunt {
  readonly kind: 'answer-taken';
  /** Since the handover. Milliseconds. */
  readonly ms: number;
}

/** The PBX did not take the answer; the call goes to its static fallback. */
export interface AnswerNotTaken extends OfHunt {
  readonly kind: 'answer-not-taken';
  /** `at` of the decision. */
  readonly decidedAt: number;
  readonly why: string;
}

/** The call went on by a plan that this process does not know: made before a restart. */
export interface PlannedStepUnknown extends OfHunt {
  readonly kind: 'planned-step-unknown';
}

/** A plan said something else than the policy did once all was known; a fault of crankback. */
export interface PlanMismatched extends OfHunt {
  readonly kind: 'plan-mismatched';
  readonly planned: Decision;
  readonly decided: Decision;
}

/** The trunk took a second offer of codecs; it is offered these first from now on. */
export interface OfferLearned extends OfHunt {
  readonly kind: 'offer-learned';
  readonly trunk: string;
  readonly codecs: readonly Codec[];
}

/** The trunk refused an offer for its codecs; what was learned of it no longer counts. */
export interface OfferForgotten extends OfHunt {
  readonly kind: 'offer-forgotten';
  readonly trunk: string;
}

/** The caller hung up, or the call is over. */
export interface HuntEnded extends OfHunt {
  readonly kind: 'hunt-ended';
}

/** The PBX hands calls over from now on. */
export interface PbxConnected extends AtPbx {
  readonly kind: 'pbx-connected';
}

/** The PBX hands no calls over. */
export interface PbxGone extends AtPbx {
  readonly kind: 'pbx-gone';
  readonly why: string;
}

/** A trunk's health changed its phase, or the hold behind it. */
export interface TrunkChanged extends Happened {
  readonly kind: 'trunk-changed';
  readonly change: HealthChange;
}

/** Another policy is in force. */
export interface PolicyChanged extends Happened {
  readonly kind: 'policy-changed';
  /** Path of its file. */
  readonly file: string;
  readonly hash: string;
  /** Hash of the policy that was in force. */
  readonly before: string;
}
