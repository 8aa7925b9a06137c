/**
 * The library: the failure policy without the service, for an application that places its calls itself.
 * Importing it opens no socket, file or timer. What stands here is under semantic versioning; a module
 * below it is not. docs/library.md shows it at work.
 */

/** Reads a policy file and checks it: the policy, or all that is wrong with it. Never throws. */
export { loadPolicy } from './policy-file/policy-file';
/** The same for a policy file's text. */
export { policyFromText } from './policy-file/policy-file';
/** One problem of a policy file as text, with the line and a caret under the place. */
export { renderProblem } from './policy-file/problems/problems';
/** Reads the line that a decision's `rule` points to. */
export { readPolicyLine } from './policy-file/policy-lines';

/** What the sources say of one failed attempt → one failure with its class and its fault. */
export { normalize } from './normalize/normalize';
/** Of several failures at once (a fork): the one that answers the call. */
export { answerOf } from './normalize/fork';
/** Every failure class, in the order of the documentation. */
export { FAILURE_CLASSES } from './model/classes';

/** The first attempt of a hunt. Pure. */
export { route } from './policy/routes/route';
/** What happens after an attempt failed. Pure. */
export { decide } from './policy/decide';
/** Whether an answer of `decide` is no decision yet, but the facts that it still needs. */
export { isNeeds } from './policy/facts';
/** Decides, and takes from the trunks what the decision needs. */
export { decideAndReserve } from './trunks/reserve';
/** Whether a number may reach a dial string: `route` and `decide` expect one that may. */
export { isDialable } from './policy/routes/digits';
/** The decision on a number that may not: 484. */
export { refuseNumber } from './policy/routes/route';
/** A hunt's share of chance from its id, for routes with weights: `hunt.draw`. */
export { drawFrom } from './policy/routes/draw';
/** The trunks of this process: channels, starts, holds, retry budget, turns and learned codecs. */
export { InProcessTrunks } from './trunks/limits/trunk-limits';

/** Why a decision came out as it did: the rules tried, the trunks, and what was left of the limits. */
export { explain } from './policy/decision/explain';
/** The outcome of a decision in a few words, for a log line. */
export { outcomeText } from './policy/decision/text';
/** The sentence behind each refusal of a treatment. */
export { REFUSALS } from './policy/decision/decision';

/** Why the far side refused an offer of codecs (488 and its like), and the line to change. Pure. */
export { diagnose } from './codecs/mismatch';
/** Reads the SDP of an offer or a refusal, for the evidence that `diagnose` asks for. */
export { parseSdp } from './codecs/sdp';

/** Plays one call against a policy: what trunks say → the ladder of attempts and decisions. */
export { simulate } from './simulate/simulate';
/** The ladder as text. */
export { ladderText } from './simulate/ladder';
/** What `simulate` throws for a line that it cannot read. */
export { SayError } from './simulate/say';
/** What `simulate` throws for a trunk that the policy has not. */
export { UnknownTrunkError } from './simulate/simulate';

/** What reading a policy file gives. */
export type { LoadedPolicy } from './policy-file/policy-file';
export type { Problem } from './policy-file/problems/problems';
/** The policy and its parts. */
export type {
  Action,
  Announcement,
  CallerIdRule,
  DialplanLocation,
  Limits,
  LogLevel,
  NextTrunk,
  NumberFormat,
  Numbering,
  PolicyData,
  Position,
  Redirection,
  RelayTreatment,
  Reoffer,
  RetryBudget,
  Route,
  Rule,
  SameTrunk,
  Strategy,
  Treatment,
  Trunk,
  TrunkLimits,
  VoicemailTreatment,
} from './policy/policy-data';
export type { Policy, WholePolicy } from './policy/policy';
/** What a rule's `when` asks for. */
export type { Condition } from './policy/rules/condition';
/** How the trunks' health is judged. */
export type { HealthSettings } from './policy/health-settings';

/** What one source says of an attempt, and what becomes of it. */
export type {
  Contact,
  DialStatus,
  Evidence,
  Failure,
  Provisional,
  Reason,
  Statement,
  SubAttempt,
  Warning,
} from './model/failure';
export type { FailureClass, Fault } from './model/classes';
/** Session descriptions. */
export type { Codec, MediaDescription, MediaEncryption, MediaStream } from './model/media';
/** Phrases of carriers, the shipped ones and a policy's own: `policy.phrases`. */
export type { CarrierPhrase, PhraseBook } from './model/phrases';

/** One call on its way through the trunks. */
export type { Hunt, PastAttempt } from './policy/hunt';
/** A decision and its parts. */
export type {
  Announce,
  Decision,
  Dial,
  FinalStatus,
  Leg,
  Outcome,
  Redirect,
  Refusal,
  Voicemail,
} from './policy/decision/decision';
/** Deciding before everything is known. */
export type { Fact, Needs, PartialFailure } from './policy/facts';
/** What deciding asks of trunks and takes from them; a store of your own implements `TrunkStore`. */
export type { Obstacle, PlannableTrunks, Reservation, TrunkState } from './policy/trunk-port';
export type { Lost, RuleHold, TrunkStore } from './trunks/trunk-store';
export type { TrunkSnapshot } from './policy/trunk-snapshot';

/** What `explain` is given and what it tells. */
export type { Explanation, LimitsLeft, Mismatch, TriedRule } from './policy/decision/explain';
export type { DecisionInputs } from './policy/decision/inputs';
/** Trunks that a decision skipped, and why. */
export type { PassedOver } from './policy/decision/passed-over';
/** What `diagnose` is given and what it tells. */
export type { CodecMismatch, Refusal as MediaRefusal } from './codecs/mismatch';
export type { ConfigurationDialect } from './codecs/dialect';
export type { MismatchCause } from './codecs/mismatch-cause';

/** What `simulate` is given and what it tells. */
export type { SimulatedCall, Simulation } from './simulate/simulate';
export type { Rung } from './simulate/play';
export type { LadderOptions } from './simulate/ladder';
