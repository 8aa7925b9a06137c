import type { ConfigurationDialect } from '../codecs/dialect';
import type { FailureClass } from '../model/classes';
import type { Evidence, SubAttempt } from '../model/failure';
import type { PlannedStatus } from '../model/planned';
import type { Decision } from '../policy/decision/decision';
import type { Hunt } from '../policy/hunt';
import type { Plan } from '../policy/plan/plan';
import type { Policy } from '../policy/policy';

/** A call that a PBX has handed over and that waits for an answer. */
export interface Handover {
  /** Names the hunt: unique per PBX, stable over its handovers. */
  readonly huntId: string;
  /** The PBX's name of leg A, for the operator. */
  readonly leg: string;
  /** Tells leg A from any other where names do not: a PBX may name all calls of one caller alike. */
  readonly channel?: string;
  /** When the PBX handed it over, by the PBX's own clock, as `hunt.startedAt`. Milliseconds. */
  readonly at: number;
  /** Whether leg A can be sent any SIP status; otherwise a relay is approximated by a cause. */
  readonly exactRelay: boolean;
  /** Whether leg A can be sent a reason phrase and a Retry-After of our choice with it. */
  readonly exactDetails: boolean;
  readonly event: HandoverEvent;
  readonly hunt: Hunt;
}

export type HandoverEvent =
  | { readonly kind: 'route' }
  /** What was dialled last has failed: one attempt, or every trunk leg of a fork; never empty. */
  | { readonly kind: 'failed'; readonly attempts: readonly FailedAttempt[] }
  /** The number must reach no dial string; `number` is as the caller sent it, hostile. */
  | { readonly kind: 'invalid-number'; readonly number: string };

export interface FailedAttempt {
  readonly trunk: string;
  readonly evidence: readonly Evidence[];
  /** Already reported through `PbxListener.observed`: the user's own dialplan dialled it. */
  readonly counted: boolean;
  /**
   * What the leg's own SIP says, where it was still on its way; settles soon, never rejects. A decision
   * waits for it only where it depends on what nothing else tells.
   */
  readonly late?: Promise<readonly Evidence[]>;
}

/** An attempt of a call that never entered crankback's dialplan, seen from channel events alone. */
export interface ObservedAttempt {
  /** The policy's trunk, or the PBX's own name of the far end where the policy has none. */
  readonly trunk: string;
  readonly known: boolean;
  readonly leg: string;
  readonly answered: boolean;
  /** As dialled; empty where the PBX does not tell. Hostile. */
  readonly number: string;
  readonly evidence: readonly Evidence[];
  /** From dialling to the end of the attempt or its answer. Milliseconds. */
  readonly durationMs: number;
}

export interface LateAnswer {
  /** Absent for an attempt of a call that we merely observed. */
  readonly huntId?: string;
  readonly trunk: string;
  readonly leg: string;
}

/** A call went its static way: nobody had answered it, or the PBX could not carry the answer out. */
export interface FellBack {
  /** Of a hunt that may never have been handed over. */
  readonly huntId: string;
  /** The PBX's name of leg A. */
  readonly leg: string;
  /** Empty where it was invalid. */
  readonly number: string;
  /** The place in the PBX's dialplan that sent it there. */
  readonly from: string;
  /** The PBX had taken an answer and could not carry it out; otherwise it had none. */
  readonly answered: boolean;
}

/** One OPTIONS that the PBX has sent to a trunk of its own accord: a qualify, a gateway's ping. */
export interface TrunkPing {
  readonly trunk: string;
  /** Whether the PBX has got an answer that it counts as one. */
  readonly answered: boolean;
  /** Final status of the answer; absent where neither the PBX nor its mirrored SIP tells it. */
  readonly sip?: number;
}

/** The slot of a plan that was used: its status, and whether it was for an attempt after progress. */
export interface PlannedSlot {
  readonly sip: number;
  readonly afterProgress: boolean;
}

/** What a PBX adapter reports to the service. */
export interface PbxListener {
  /** Must answer each handover exactly once through `PbxPort.answer`. */
  handover(handover: Handover): void;
  /**
   * A call went on by its plan, after one attempt that failed with a standard phrase: nobody waits for an
   * answer. Of the hunt, the attempts and the number count; the rest is as it was when the plan was made.
   */
  planned(handover: Handover, slot: PlannedSlot): void;
  observed(attempt: ObservedAttempt): void;
  /**
   * The attempt that a decision of ours began was answered. `earlier`: its INVITEs that were not, as its
   * own SIP tells; settles soon, never rejects.
   */
  answered(huntId: string, trunk: string, earlier?: Promise<readonly SubAttempt[]>): void;
  /** A leg was answered after it had been given up; the PBX has ended it. */
  lateAnswer(late: LateAnswer): void;
  /** The PBX tells that a call took the static fallback: no decision of ours was carried out. */
  fellBack(call: FellBack): void;
  /** Once for each OPTIONS to a trunk whose policy asks for it (`options_ping`). */
  pinged(ping: TrunkPing): void;
  /** The caller of a hunt is gone, or the hunt's leg A was answered and ended. */
  callerGone(huntId: string): void;
  /** Whether calls can be decided now, and in one sentence why not. */
  connection(state: ConnectionState): void;
}

export type ConnectionState =
  { readonly connected: true } | { readonly connected: false; readonly why: string };

/** What goes along with the answer to a handover. */
export interface AnswerDetails {
  /** Of the failure behind the decision, for the user's CDRs. */
  readonly failureClass?: FailureClass;
  /** For the attempt that the decision begins, where what follows its failure is decided already. */
  readonly plan?: Plan;
}

/** What the service asks of a PBX adapter. */
export interface PbxPort {
  /** How this PBX is told what to offer: the words for whoever has to change it. */
  readonly dialect: ConfigurationDialect;
  /**
   * What is wrong with our settings that no retry mends, naming the variable; undefined when nothing
   * is, or when the PBX cannot be reached now.
   */
  misconfiguration(): Promise<string | undefined>;
  /** Connects and keeps connected for ever; resolves at once. */
  start(listener: PbxListener): void;
  /** Executes a decision. Rejects when the PBX did not take it; the PBX then falls back by itself. */
  answer(handover: Handover, decision: Decision, about: AnswerDetails): Promise<void>;
  /** Whether evidence of this PBX can have Reason headers. */
  readonly reasonsKnown: boolean;
  /** Statuses that this PBX reports also where nothing could be sent. */
  readonly locallyGenerated?: readonly PlannedStatus[];
  /** Plans made under another generation than this are not used any more. Settles when the PBX knows. */
  generationRaised?(generation: string): Promise<void>;
  /** What is held in memory for calls under way, by kind: the same again whenever the PBX is idle. */
  tracked(): Readonly<Record<string, number>>;
  /**
   * A new policy is about to be in force: tells the PBX of its trunks. The policy counts once this has
   * settled, so that no decision names a trunk that the PBX does not know; it counts also if this
   * rejects, as a PBX that is away learns of it when it connects.
   */
  policyChanged?(policy: Policy): Promise<void>;
  /** Takes no more calls; resolves when the connection is closed. */
  stop(): Promise<void>;
}

/** What the PBX's mirrored SIP says about one leg. */
export type LegSip =
  /** The last INVITE was refused. */
  | { readonly kind: 'failed'; readonly evidence: Evidence }
  /** Some INVITE was answered by a 2xx, whatever the others got. */
  | { readonly kind: 'answered'; readonly subAttempts: readonly SubAttempt[] }
  /** No final response to the last INVITE has been seen; the evidence has no status. */
  | { readonly kind: 'unfinished'; readonly evidence: Evidence };

/** The SIP that a PBX mirrors to us: detail for evidence, never needed for a decision. */
export interface SipMirror {
  /**
   * Final status of the latest OPTIONS that was sent to this URI, if it came within that time
   * (milliseconds). What was sent before somebody first asked is not known.
   */
  pingStatus(uri: string, withinMs: number): number | undefined;
  /** What is known of the leg with this SIP Call-ID now; undefined where nothing was seen of it. */
  leg(callId: string): LegSip | undefined;
  /**
   * As `leg`, but waits for the leg's final response where it has not been seen, at most `withinMs`
   * milliseconds. With `sip`, the status that the PBX reports, only a response with that status ends
   * the wait: a 407 is final too, but what came of the next INVITE may be on its way. Never rejects.
   */
  awaitFinal(callId: string, wait: { withinMs: number; sip?: number }): Promise<LegSip | undefined>;
}
