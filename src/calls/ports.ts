import type { Evidence } from '../model/failure';
import type { Decision } from '../policy/decision';
import type { Hunt } from '../policy/hunt';
import type { Policy } from '../policy/policy';

/** A call that a PBX has handed over and that waits for an answer. */
export interface Handover {
  /** Names the hunt: unique per PBX, stable over its handovers. */
  readonly huntId: string;
  /** The PBX's name of leg A, for the operator. */
  readonly leg: string;
  /** When the PBX handed it over, by the PBX's own clock, as `hunt.startedAt`. Milliseconds. */
  readonly at: number;
  /** Whether leg A can be sent any SIP status; otherwise a relay is approximated by a cause. */
  readonly exactRelay: boolean;
  readonly event: HandoverEvent;
  readonly hunt: Hunt;
}

export type HandoverEvent =
  | { readonly kind: 'route' }
  /** The last attempt of the hunt failed. */
  | { readonly kind: 'failed'; readonly trunk: string; readonly evidence: readonly Evidence[] }
  /** The number must reach no dial string; `number` is as the caller sent it, hostile. */
  | { readonly kind: 'invalid-number'; readonly number: string };

/** An attempt of a call that never entered crankback's dialplan, seen from channel events alone. */
export interface ObservedAttempt {
  /** The policy's trunk, or the PBX's own name of the far end where the policy has none. */
  readonly trunk: string;
  readonly known: boolean;
  readonly leg: string;
  readonly answered: boolean;
  readonly evidence: readonly Evidence[];
  /** From dialling to the end of the attempt or its answer. Milliseconds. */
  readonly durationMs: number;
}

/** What a PBX adapter reports to the service. */
export interface PbxListener {
  /** Must answer each handover exactly once through `PbxPort.answer`. */
  handover(handover: Handover): void;
  observed(attempt: ObservedAttempt): void;
  /** The caller of a hunt is gone, or the hunt's leg A was answered and ended. */
  callerGone(huntId: string): void;
  /** Whether calls can be decided now, and in one sentence why not. */
  connection(state: ConnectionState): void;
}

export type ConnectionState =
  { readonly connected: true } | { readonly connected: false; readonly why: string };

/** What the service asks of a PBX adapter. */
export interface PbxPort {
  /**
   * What is wrong with our settings that no retry mends, naming the variable; undefined when nothing
   * is, or when the PBX cannot be reached now.
   */
  misconfiguration(): Promise<string | undefined>;
  /** Connects and keeps connected for ever; resolves at once. */
  start(listener: PbxListener): void;
  /** Executes a decision. Rejects when the PBX did not take it; the PBX then falls back by itself. */
  answer(handover: Handover, decision: Decision): Promise<void>;
  /**
   * A new policy is about to be in force: tells the PBX of its trunks. The policy counts once this has
   * settled, so that no decision names a trunk that the PBX does not know; it counts also if this
   * rejects, as a PBX that is away learns of it when it connects.
   */
  policyChanged?(policy: Policy): Promise<void>;
  /** Takes no more calls; resolves when the connection is closed. */
  stop(): Promise<void>;
}
