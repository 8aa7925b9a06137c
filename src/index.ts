/**
 * The library: the failure policy without the service, for an application that places its own calls.
 * Importing it opens no socket, file or timer. Exports of this file follow semantic versioning; the modules
 * below it do not. docs/library.md shows examples.
 */

/** Reads and checks a policy file: the policy, or all its problems. Never throws. */
export { loadPolicy } from './policy-file/policy-file';
/** The same for the text of a policy file. */
export { policyFromText } from './policy-file/policy-file';
/** One problem of a policy file as text, with the line and a caret. */
export { renderProblem } from './policy-file/problems/problems';
/** Reads the line that a decision's `rule` points to. */
export { readPolicyLine } from './policy-file/policy-lines';

/** Evidence of one failed attempt → one failure with its class and fault. */
export { normalize } from './normalize/normalize';
/** The same for an attempt on a trunk of a policy: its phrases, the trunk's carrier and kind count. */
export { failureOf } from './policy/failure-of';
/** The failure that answers the call, out of several at once (a fork). */
export { answerOf } from './normalize/fork';
/** Every failure class, in the documentation's order. */
export { FAILURE_CLASSES } from './model/classes';

/** The first attempt of a hunt. Pure. */
export { route } from './policy/routes/route';
/** Decides what happens after a failed attempt. Pure. */
export { decide } from './policy/decide';
/** Whether an answer of `decide` is not a decision yet, but the facts that it still needs. */
export { isNeeds } from './policy/facts';
/** Decides, and reserves what the decision needs. */
export { decideAndReserve } from './trunks/reserve';
/** Whether a number may be put into a dial string; `route` and `decide` expect such a number. */
export { isDialable } from './policy/routes/digits';
/** The decision on any other number: 484. */
export { refuseNumber } from './policy/routes/route';
/** A hunt's random draw from its id, for routes with weights: `hunt.draw`. */
export { drawFrom } from './policy/routes/draw';
/** The trunks of this process: channels, starts, holds, retry budget, turns and learned offers. */
export { InProcessTrunks } from './trunks/limits/trunk-limits';

/** Explains a decision: the rules tried, the trunks, and what was left of the limits. */
export { explain } from './policy/decision/explain';
/** The outcome of a decision in a few words, for a log line. */
export { outcomeText } from './policy/decision/text';
/** The explanation of each refusal of a treatment. */
export { REFUSALS } from './policy/decision/decision';

/** Explains why the far side refused an offer of codecs (488 and similar), with the line to change. Pure. */
export { diagnose } from './codecs/mismatch';
/** Parses the SDP of an offer or a refusal, for the evidence that `diagnose` needs. */
export { parseSdp } from './codecs/sdp';

/** Plays one call against a policy: the trunks' responses → the ladder of attempts and decisions. */
export { simulate } from './simulate/simulate';
/** The ladder as text. */
export { ladderText } from './simulate/ladder';
/** Thrown by `simulate` for a line that it cannot parse. */
export { SayError } from './simulate/say';
/** Thrown by `simulate` for a trunk that the policy does not have. */
export { UnknownTrunkError } from './simulate/simulate';

/** Result of reading a policy file. */
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
/** A rule's `when`. */
export type { Condition } from './policy/rules/condition';
/** Settings of trunk health. */
export type { HealthSettings } from './policy/health-settings';

/** What one source says about an attempt, and the failure made from it. */
export type {
  Contact,
  DialStatus,
  Evidence,
  Failure,
  Provisional,
  Reason,
  SentBody,
  Statement,
  SubAttempt,
  TakenBodies,
  Warning,
} from './model/failure';
export type { FailureClass, Fault } from './model/classes';
/** Session descriptions. */
export type {
  Codec,
  CodecFormat,
  FormatParameter,
  MediaDescription,
  MediaEncryption,
  MediaStream,
} from './model/media';
/** Phrases of carriers, shipped and from a policy: `policy.phrases`. */
export type { CarrierPhrase, PhraseBook } from './model/phrases';

/** One call and its attempts so far. */
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
/** Decisions before everything is known. */
export type { Fact, Needs, PartialFailure } from './policy/facts';
/** Queries and reservations of a decision; your own store implements `TrunkStore`. */
export type {
  Obstacle,
  PlannableTrunks,
  Ranking,
  Reservation,
  TrunkState,
} from './policy/trunk-port';
export type { Lost, RuleHold, TrunkStore } from './trunks/trunk-store';
export type { TrunkSnapshot } from './policy/trunk-snapshot';

/** Input and result of `explain`. */
export type { Explanation, LimitsLeft, Mismatch, TriedRule } from './policy/decision/explain';
export type { DecisionInputs } from './policy/decision/inputs';
/** Trunks that a decision skipped, and why. */
export type { PassedOver } from './policy/decision/passed-over';
/** Input and result of `diagnose`. */
export type { CodecMismatch, MediaDisagreement, Refusal as MediaRefusal } from './codecs/mismatch';
export type { Advice, ConfigurationDialect } from './codecs/dialect';
export type { Remedy } from './codecs/remedy';
export type { MismatchCause } from './codecs/mismatch-cause';

/** Input and result of `simulate`. */
export type { SimulatedCall, Simulation } from './simulate/simulate';
export type { Rung } from './simulate/play';
export type { LadderOptions } from './simulate/ladder';
