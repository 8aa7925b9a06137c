import { named, type Named } from '../findings/named';
import type { ConfigurationDialect } from '../codecs/dialect';
import type { FailureClass } from '../model/classes';
import type { Evidence, SubAttempt } from '../model/failure';
import type { LegTimes } from '../model/leg-times';
import type { PlannedStatus } from '../model/planned';
import type { Decision } from '../policy/decision/decision';
import type { Hunt, PastAttempt } from '../policy/hunt';
import type { Plan } from '../policy/plan/plan';
import type { Travel } from '../policy/plan/travel';
import type { Policy } from '../policy/policy';
import type { AttemptSip } from '../sip/attempt';

/** A call that a PBX has handed over; it waits for an answer. */
export interface Handover {
  /** Names the hunt: unique per PBX, stable over its handovers. */
  readonly huntId: string;
  /** The PBX's name of leg A, for the operator. */
  readonly leg: string;
  /** The PBX's own, unique id of leg A, as in `ObservedCaller`; absent where `leg` is that id. */
  readonly channel?: string;
  /** SIP Call-ID of leg A; absent for a leg that is not SIP. Untrusted. */
  readonly callerCallId?: string;
  /** Time of the handover by the PBX's own clock, as `hunt.startedAt`. Milliseconds. */
  readonly at: number;
  /** Whether the PBX can send leg A any SIP status; otherwise a cause approximates a relay. */
  readonly exactRelay: boolean;
  /** Whether the PBX can also send leg A our reason phrase and Retry-After. */
  readonly exactDetails: boolean;
  readonly event: HandoverEvent;
  readonly hunt: Hunt;
  /** The call's own memory as the PBX has it; means nothing to anyone but the adapter that reported it. */
  readonly state?: string;
}

export type HandoverEvent =
  | { readonly kind: 'route' }
  /** The last dial has failed: one attempt, or every trunk leg of a fork; never empty. */
  | {
      readonly kind: 'failed';
      readonly attempts: readonly FailedAttempt[];
      /** The user's own dialplan dialled: with this handover the hunt begins. */
      readonly usersOwn?: true;
    }
  /** The number must not reach a dial string; `number` is as the caller sent it, untrusted. */
  | { readonly kind: 'invalid-number'; readonly number: string };

/** What is known of one leg of an attempt. */
export interface LegEvidence {
  readonly evidence: readonly Evidence[];
  /**
   * Evidence from the leg's mirrored SIP that is still on its way; settles soon, never rejects. Only a
   * decision that depends on it waits for it.
   */
  readonly late?: Promise<readonly Evidence[]>;
}

export interface FailedAttempt extends LegEvidence {
  readonly trunk: string;
  /**
   * Further legs, in any order, of an attempt that rang several phones at once: a user with two phones, a group. It is
   * one attempt, and the best answer is its answer. Absent for a single leg.
   */
  readonly otherLegs?: readonly LegEvidence[];
  /** Already reported through `PbxListener.observed`: the user's own dialplan dialled it. */
  readonly counted: boolean;
}

/** An attempt that was under way when the caller left: no handover will report it. */
export interface AbandonedAttempt extends Pick<FailedAttempt, 'trunk' | 'evidence' | 'otherLegs'> {
  readonly huntId: string;
  /** As dialled; shown only if the hunt is known no more. Untrusted. */
  readonly number: string;
}

/** An attempt that the user's own dialplan has made, seen from channel events alone. */
export interface ObservedAttempt {
  /** The policy's trunk, or the PBX's own name of the far end if the policy has none. */
  readonly trunk: string;
  readonly known: boolean;
  /** The PBX's own, unique id of the leg, as in its `TimedLeg`. */
  readonly legId?: string;
  readonly leg: string;
  /** Absent for a leg that was originated without a leg A. */
  readonly caller?: ObservedCaller;
  readonly answered: boolean;
  /** As dialled; empty if the PBX does not report it. Untrusted. */
  readonly number: string;
  readonly evidence: readonly Evidence[];
  /** As in `FailedAttempt`. */
  readonly otherLegs?: readonly LegEvidence[];
  /** When it was dialled; Unix time in milliseconds. */
  readonly beganAt: number;
  /** When it ended or was answered, whenever that is told: what was dialled next began after it. */
  readonly overAt: number;
}

/** Leg A of a call of the user's own dialplan. All but the id is untrusted. */
export interface ObservedCaller {
  /** The PBX's own, unique id of the leg. */
  readonly id: string;
  readonly leg: string;
  /** The extension that the dialplan runs: the number that the caller has dialled, or a place of a macro. */
  readonly extension: string;
  /** The caller's number as the PBX has it; absent for an anonymous call. */
  readonly from?: string;
  /** The dialplan's context. */
  readonly context?: string;
  readonly callId?: string;
}

/** A call of the user's own dialplan is over. */
export interface ObservedCallOver {
  /** Of leg A. */
  readonly id: string;
  /** Leg A was answered: by an attempt, or by the PBX itself, as voicemail does. */
  readonly answered: boolean;
  /** It came to us after its own attempts, which a handover has told. */
  readonly handedOver?: true;
}

export interface LateAnswer {
  /** Absent for an attempt of a call that we merely observed. */
  readonly huntId?: string;
  readonly trunk: string;
  readonly leg: string;
}

/** When what happened on a leg of an attempt. */
export interface TimedLeg {
  /** Absent for an attempt of a call that we merely observed. */
  readonly huntId?: string;
  /** The policy's trunk, or the PBX's own name of the far end if the policy has none. */
  readonly trunk: string;
  readonly times: LegTimes;
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

/** One OPTIONS that the PBX itself has sent to a trunk: a qualify, a gateway's ping. */
export interface TrunkPing {
  readonly trunk: string;
  /** Whether the PBX counts the OPTIONS as answered. */
  readonly answered: boolean;
  /** Final status of the answer; absent if neither the PBX nor its mirrored SIP has it. */
  readonly sip?: number;
}

/** The slot of a plan that was used: its status, before or after progress. */
export interface PlannedSlot {
  readonly sip: number;
  readonly afterProgress: boolean;
}

/** A call that the PBX has begun without asking. */
export interface BegunCall {
  /** As a handover for the first attempt would have been. */
  readonly handover: Handover;
  /** The trunk that it dials first. */
  readonly trunk: string;
  /** Whether it knew the plan generation of now. */
  readonly upToDate: boolean;
}

/** What travels to a PBX. */
export interface Travelling extends Travel {
  /** The plan generation under which it was made: the PBX uses it under no other. */
  readonly generation: string;
  /** Not used later. Unix time in milliseconds. */
  readonly until: number;
}

/** What a PBX adapter reports to the service. */
export interface PbxListener {
  /** Must answer each handover exactly once, through `PbxPort.answer` or `PbxPort.decline`. */
  handover(handover: Handover): void;
  /**
   * A call went on by its plan, after one attempt failed with a standard phrase; it waits for no answer.
   * Only the hunt's attempts and number count; the rest is as when the plan was made.
   */
  planned(handover: Handover, slot: PlannedSlot): void;
  /**
   * A call went on to this trunk after a failed attempt although nobody was there to be asked, by what the PBX was told before; it
   * waits for no answer.
   */
  wentOn(handover: Handover, trunk: string): void;
  /** The PBX has begun a call by what travels (`PbxPort.travels`); it waits for no answer. */
  begun(call: BegunCall): void;
  observed(attempt: ObservedAttempt): void;
  /** After the last `observed` of the call. */
  observedCallOver(call: ObservedCallOver): void;
  /**
   * An attempt that our decision began was answered.
   * @param earlier its INVITEs that were not answered, from mirrored SIP; settles soon, never rejects
   */
  answered(huntId: string, trunk: string, earlier?: Promise<readonly SubAttempt[]>): void;
  /**
   * The setup of a leg is over, or a leg that was answered has ended. For an attempt that is observed, `observed`
   * comes before.
   */
  timed(leg: TimedLeg): void;
  /** A leg was answered after it had been given up; the PBX has ended it. */
  lateAnswer(late: LateAnswer): void;
  /** The PBX tells that a call took the static fallback: no decision of ours was carried out. */
  fellBack(call: FellBack): void;
  /** Called once for each OPTIONS to a trunk whose policy asks for it (`options_ping`). */
  pinged(ping: TrunkPing): void;
  /** What kept this PBX from sending is over, such as the restart of a SIP profile. */
  sendsAgain(): void;
  /** Called once for each such attempt, before or shortly after `callerGone`. */
  abandoned(attempt: AbandonedAttempt): void;
  /** The caller of a hunt is gone, or the hunt's leg A was answered and ended. */
  callerGone(huntId: string): void;
  /** Whether calls can be decided now; if not, one sentence says why. */
  connection(state: ConnectionState): void;
}

export type ConnectionState =
  { readonly connected: true } | { readonly connected: false; readonly why: Named };

/** Before the first connection. */
export const NOT_YET = named('CB8008', 'not yet connected');

/** Details sent with the answer to a handover. */
export interface AnswerDetails {
  /** Class of the failure behind the decision, for the user's CDRs. */
  readonly failureClass?: FailureClass;
  /** What follows a failure of the attempt that the decision begins, if that is decided already. */
  readonly plan?: Plan;
  /**
   * The handover's failed attempts with what each was, for the call's own memory, in the order in which the
   * handover has them; absent before the first.
   */
  readonly attempts?: readonly PastAttempt[];
}

/** What the service asks of a PBX adapter. */
export interface PbxPort {
  /** How this PBX is configured, for hints to the operator. */
  readonly dialect: ConfigurationDialect;
  /**
   * Names the setting of ours that is wrong and that no retry mends; undefined if there is none, or if the
   * PBX cannot be reached now.
   */
  misconfiguration(): Promise<Named | undefined>;
  /** Connects and keeps connected for ever; resolves at once. */
  start(listener: PbxListener): void;
  /** Executes a decision. Rejects when the PBX did not take it; the PBX then falls back by itself. */
  answer(handover: Handover, decision: Decision, about: AnswerDetails): Promise<void>;
  /**
   * Lets a call that was handed over go on in its own dialplan, and follows it there: nothing is decided for it, and its
   * static way is no `fellBack`. Its `observedCallOver` comes in any case. Rejects when the PBX did not take it.
   */
  decline(handover: Handover): Promise<void>;
  /** Whether evidence of this PBX can have Reason headers. */
  readonly reasonsKnown: boolean;
  /** Statuses that this PBX also reports when it could send nothing. */
  readonly locallyGenerated?: readonly PlannedStatus[];
  /** Makes plans of every other generation void. Settles when the PBX knows. */
  generationRaised?(generation: string): Promise<void>;
  /**
   * Lets the PBX begin calls by this, also while we are away, in place of what it had before; undefined: every call
   * asks. Settles when the PBX knows. A PBX that is away gets it when it connects.
   */
  travels?(travelling: Travelling | undefined): Promise<void>;
  /** Number of entries kept in memory for calls in progress, by kind; the same whenever the PBX is idle. */
  tracked(): Readonly<Record<string, number>>;
  /**
   * Gives the PBX the trunks of a new policy. The policy takes effect once this settles, so that no
   * decision names a trunk that the PBX does not know. It takes effect also if this rejects: a PBX that is
   * away gets the trunks when it connects.
   */
  policyChanged?(policy: Policy): Promise<void>;
  /** Takes no more calls; resolves when the connection is closed. */
  stop(): Promise<void>;
}

/** What mirrored SIP says about one leg. */
export type LegSip = AttemptSip;

/** When what happened on a leg on the wire. Times are in milliseconds after its first INVITE. */
export interface LegSipTimes {
  readonly firstResponseMs?: number;
  /** The first response from 180 to 189. */
  readonly rangMs?: number;
  /** The 2xx. */
  readonly answeredMs?: number;
  /** The last final response that is none. */
  readonly failedMs?: number;
  /** Of the deciding INVITE, `192.0.2.1:5060`. */
  readonly local: string;
  readonly far: string;
  /** Names of the codecs that the 2xx took. */
  readonly codecs?: readonly string[];
}

/** An IP address, IPv6 in its short form without brackets, and a port. */
export interface SipEndpoint {
  readonly address: string;
  readonly port: number;
}

/**
 * The SIP that a PBX mirrors to us. It adds detail to evidence; a decision is possible without it. The PBX also
 * mirrors what outsiders send to it. Only requests that are known to have left the PBX count, and responses
 * that came back the same way.
 */
export interface SipMirror {
  /** When what happened on the leg with this SIP Call-ID, and where; undefined if nothing of it was seen. */
  timesOf(callId: string): LegSipTimes | undefined;
  /** This PBX sends SIP from these endpoints, and from none that it has named before. */
  sentFrom(pbx: string, endpoints: readonly SipEndpoint[]): void;
  /**
   * A PBX has just created a leg with this Call-ID. Nobody could guess the Call-ID before, so the first INVITE
   * with it left the PBX, and its source is the PBX's address. Not for Call-IDs made of a clock and a counter.
   */
  dialled(callId: string): void;
  /**
   * Final status of the latest OPTIONS that the PBX sent to this URI, if it came within that time
   * (milliseconds). OPTIONS sent before the first query for this URI are not known.
   */
  pingStatus(uri: string, withinMs: number): number | undefined;
  /**
   * Call-ID of the leg whose first INVITE offered a session description with this origin line (RFC 8866 5.2), for a
   * PBX that reports its offer before its Call-ID.
   * @param sdp the session description, or any text with its `o=` line
   */
  callIdOf(sdp: string): string | undefined;
  /** What is known of the leg with this SIP Call-ID; undefined if nothing of it was seen. */
  leg(callId: string): LegSip | undefined;
  /**
   * As `leg`, but waits at most `withinMs` milliseconds for the leg's final response. With `sip` only such a
   * status ends the wait: a 407 is final too, but the response to the next INVITE may be on its way. Never
   * rejects.
   */
  awaitFinal(
    callId: string,
    wait: { withinMs: number; sip?: AwaitedStatus },
  ): Promise<LegSip | undefined>;
}

/** The status that the PBX reports, or which statuses it may be where the PBX does not report one. */
export type AwaitedStatus = number | ((status: number) => boolean);
