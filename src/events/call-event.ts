import type { LegTimes } from '../model/leg-times';
import type { Codec } from '../model/media';
import type { Failure, SubAttempt } from '../model/failure';
import type { Decision } from '../policy/decision/decision';
import type { DecisionInputs } from '../policy/decision/inputs';
import type { PastAttempt } from '../policy/hunt';
import type { Observed } from '../observe/observed-call';
import type { ModeOfCall } from '../policy/mode';
import type { PassedOver } from '../policy/decision/passed-over';
import type { HealthChange } from '../trunks/health/health-store';

/**
 * All events of calls, and some beside calls, in order of occurrence. Log, metrics and journal are made
 * from these events alone. Numbers are complete and text is as received: `src/records/shown.ts` masks and
 * escapes what is shown.
 */
export type CallEvent =
  | HuntBegun
  | AttemptRecovered
  | AttemptFailed
  | EvidenceCompleted
  | AttemptObserved
  | CallObserved
  | Declined
  | AttemptAnswered
  | AttemptTimed
  | LateAnswered
  | EvidenceAwaited
  | Decided
  | AnswerTaken
  | AnswerNotTaken
  | FellBack
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

/** This process sees a hunt for the first time. */
export interface HuntBegun extends OfHunt {
  readonly kind: 'hunt-begun';
  /** The PBX's name of leg A. */
  readonly leg: string;
  /** SIP Call-ID of leg A; absent for a leg that is not SIP. Untrusted. */
  readonly callerCallId?: string;
  readonly number: string;
  /** By the PBX's clock. Unix time in milliseconds. */
  readonly startedAt: number;
  readonly policyHash: string;
  /** Digits of the policy's route for the number; absent without one. */
  readonly route?: string;
}

/** An attempt known only from the call's own state: crankback was restarted since. */
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
  /** The same attempt was an `attempt-observed` before: the user's own dialplan dialled it. */
  readonly observed: boolean;
  /** False if the leg's mirrored SIP is still on its way; `evidence-completed` follows. */
  readonly complete: boolean;
}

/** The mirrored SIP of a failed attempt has come. */
export interface EvidenceCompleted extends OfHunt {
  readonly kind: 'evidence-completed';
  readonly number: string;
  readonly trunk: string;
  /** As in `attempt-failed`. */
  readonly reported: Failure;
  /** With all evidence. */
  readonly failure: Failure;
}

/** An attempt of a call that never entered crankback's dialplan has ended or was answered. */
export interface AttemptObserved extends AtPbx {
  readonly kind: 'attempt-observed';
  /** The PBX's own, unique id of the leg, as in `attempt-timed`. */
  readonly legId?: string;
  readonly leg: string;
  readonly number: string;
  /** The policy's trunk, or the PBX's own name of the far end if `known` is false. */
  readonly trunk: string;
  readonly known: boolean;
  /** Absent if the attempt was answered. */
  readonly failure?: Failure;
  /** From dialling to the end or the answer. Milliseconds. */
  readonly ms: number;
}

/** A call of the user's own dialplan, in which an attempt on a trunk of the policy has failed, beside the policy. */
export interface CallObserved extends AtPbx {
  readonly kind: 'call-observed';
  /** Names the call, as a hunt's id names a hunt; of a call that was handed over and declined, the hunt's id. */
  readonly call: string;
  readonly leg: string;
  /** SIP Call-ID of leg A; absent for a leg that is not SIP. Untrusted. */
  readonly callerCallId?: string;
  readonly number: string;
  readonly from?: string;
  /** When its first attempt began. Unix time in milliseconds. */
  readonly startedAt: number;
  readonly answered: boolean;
  readonly policyHash: string;
  readonly observed: Observed;
}

/** A call came to us that the policy only observes: it goes on in its own dialplan. `CallObserved` has it as `call`. */
export interface Declined extends OfHunt {
  readonly kind: 'declined';
  /** The PBX's name of leg A. */
  readonly leg: string;
  /** Untrusted: empty, or with anything in it, where the dialplan has not checked it. */
  readonly number: string;
  /** What says that it is only observed. */
  readonly mode: ModeOfCall;
}

/** An attempt that a decision began was answered. */
export interface AttemptAnswered extends OfHunt {
  readonly kind: 'attempt-answered';
  readonly trunk: string;
  /** An earlier attempt of the call failed. */
  readonly retry: boolean;
  /** Its INVITEs that were not answered (407, 422, another SRV host), from mirrored SIP. */
  readonly earlier: readonly SubAttempt[];
}

/**
 * The times of an attempt's leg: once its setup is over, and once more at the end of one that was answered. An attempt
 * that rang several phones has one event for each.
 */
export interface AttemptTimed extends AtPbx {
  readonly kind: 'attempt-timed';
  /** Absent for an attempt of the user's own dialplan, whose `attempt-observed` came before. */
  readonly hunt?: string;
  /** The policy's trunk, or the PBX's own name of the far end. */
  readonly trunk: string;
  readonly times: LegTimes;
}

/** A carrier answered a leg that had been given up. */
export interface LateAnswered extends AtPbx {
  readonly kind: 'late-answered';
  /** Absent for a call that was only observed. */
  readonly hunt?: string;
  readonly trunk: string;
  readonly leg: string;
}

/** A decision depended on mirrored SIP and waited for it. */
export interface EvidenceAwaited extends OfHunt {
  readonly kind: 'evidence-awaited';
  /** Milliseconds. */
  readonly ms: number;
}

/** The next step of a call was decided. */
export interface Decided extends OfHunt {
  readonly kind: 'decided';
  /** What the PBX handed over: a new call, a failure, or a number that must not reach a dial string. */
  readonly on: 'route' | 'failed' | 'invalid-number';
  /** Untrusted if `on` is `invalid-number`. */
  readonly number: string;
  readonly decision: Decision;
  /** Trunks skipped on the way to the outcome, in file order, and why. */
  readonly passedOver: readonly PassedOver[];
  /** The decision's inputs; absent if no policy was asked. */
  readonly inputs?: DecisionInputs;
  /** The failure that decided; absent before the first attempt. */
  readonly failure?: Failure;
  /** Trunk of that failure. */
  readonly trunk?: string;
  /** The PBX carried the decision out by a plan, without asking. */
  readonly planned: boolean;
  /** The PBX cannot send leg A the status, its phrase or its Retry-After as decided. */
  readonly degraded: boolean;
  /** The mailbox of an earlier answer is missing, so the same failure is decided on again. */
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
  /** `at` of the `decided` event. */
  readonly decidedAt: number;
  readonly why: string;
}

/** The call took the PBX's static fallback: nothing that was decided last has been done. */
export interface FellBack extends OfHunt {
  readonly kind: 'fell-back';
  readonly leg: string;
  /** Empty where it was invalid. */
  readonly number: string;
  /** The place in the PBX's dialplan that sent it there. */
  readonly from: string;
  /** The PBX had taken an answer and could not carry it out; otherwise it had none. */
  readonly answered: boolean;
}

/** The call went on by a plan unknown to this process: it was made before a restart. */
export interface PlannedStepUnknown extends OfHunt {
  readonly kind: 'planned-step-unknown';
}

/** A plan differed from the policy's decision with all facts known; a fault of crankback. */
export interface PlanMismatched extends OfHunt {
  readonly kind: 'plan-mismatched';
  readonly planned: Decision;
  readonly decided: Decision;
}

/** The trunk accepted a reoffer; it is offered these codecs first from now on. */
export interface OfferLearned extends OfHunt {
  readonly kind: 'offer-learned';
  readonly trunk: string;
  readonly codecs: readonly Codec[];
}

/** The trunk refused an offer for its codecs; its learned offer no longer counts. */
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
  /** The file as it was read, UTF-8. */
  readonly text: Uint8Array;
}
