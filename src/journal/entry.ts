import type { LegTimes } from '../model/leg-times';

/**
 * What the journal is told, as plain data that goes to its thread. Texts are bounded and, where numbers are masked,
 * masked already. Times are Unix time in milliseconds.
 */
export type JournalEntry =
  | HuntEntry
  | DecisionEntry
  | AttemptEndEntry
  | AnsweredEntry
  | TimedEntry
  | LateAnswerEntry
  | ObservedEntry
  | ObservedCallEntry
  | NotCarriedOutEntry
  | HuntEndEntry
  | TrunkEntry
  | PolicyEntry
  | ConnectionEntry
  | LostEntry;

interface OfHunt {
  readonly at: number;
  readonly pbx: string;
  readonly hunt: string;
}

export interface HuntEntry extends OfHunt {
  readonly kind: 'hunt';
  readonly leg: string;
  /** SIP Call-ID of leg A. */
  readonly callerCallId?: string;
  readonly number: string;
  readonly policy: string;
  /** Digits of the policy's route. */
  readonly route?: string;
}

export interface DecisionEntry extends OfHunt {
  readonly kind: 'decision';
  /** What was decided on: `route`, `failed`, `invalid-number`. */
  readonly on: string;
  /** Of the outcome: `dial`, `relay` … */
  readonly outcome: string;
  /** The trunk that is dialled. */
  readonly trunk?: string;
  /** The final status for the caller. */
  readonly sip?: number;
  readonly ruleFile?: string;
  readonly ruleLine?: number;
  readonly caller?: string;
  readonly context?: string;
  /** The decision, what it passed over, and its inputs: JSON. */
  readonly detail: string;
}

export interface AttemptEndEntry extends OfHunt {
  readonly kind: 'attempt-end';
  readonly trunk: string;
  /** More is known of an attempt that has ended. */
  readonly completes: boolean;
  /** An `observed` entry of the same attempt came before. */
  readonly seenBefore?: true;
  readonly failure: FailureColumns;
}

/** What a failed attempt can be looked for by. */
export interface FailureColumns {
  readonly class: string;
  readonly fault: string;
  readonly sip?: number;
  readonly phrase?: string;
  readonly q850?: number;
  readonly rang: boolean;
  /** The failure: JSON. */
  readonly detail: string;
}

export interface AnsweredEntry extends OfHunt {
  readonly kind: 'answered';
  readonly trunk: string;
}

/** What is known of an attempt's leg so far. */
export interface TimedEntry {
  readonly kind: 'timed';
  readonly at: number;
  readonly pbx: string;
  /** Absent for a call that was only observed. */
  readonly hunt?: string;
  readonly trunk: string;
  readonly times: LegTimes;
}

export interface LateAnswerEntry {
  readonly kind: 'late-answer';
  readonly at: number;
  readonly pbx: string;
  /** Absent for a call that was only observed. */
  readonly hunt?: string;
  readonly trunk: string;
  readonly leg: string;
}

/** An attempt of the user's own dialplan. */
export interface ObservedEntry {
  readonly kind: 'observed';
  readonly at: number;
  readonly pbx: string;
  /** The PBX's own, unique id of the leg. */
  readonly legId?: string;
  readonly leg: string;
  readonly number: string;
  readonly trunk: string;
  /** False: the PBX's own name of the far end. */
  readonly known: boolean;
  /** From dialling to the end or the answer. Milliseconds. */
  readonly ms: number;
  /** Absent if it was answered. */
  readonly failure?: FailureColumns;
}

/** A call of the user's own dialplan beside the policy. */
export interface ObservedCallEntry {
  readonly kind: 'observed-call';
  readonly at: number;
  readonly pbx: string;
  readonly call: string;
  readonly leg: string;
  readonly callerCallId?: string;
  readonly number: string;
  readonly caller?: string;
  readonly startedAt: number;
  readonly answered: boolean;
  readonly policy: string;
  readonly verdict: string;
  /** The trunk whose failure the verdict is about. */
  readonly trunk: string;
  readonly class: string;
  readonly sip?: number;
  /** The trunk that was dialled next; absent where none was. */
  readonly didTrunk?: string;
  /** What would have been decided, in a few words that are the same for many calls. */
  readonly would: string;
  readonly ruleFile?: string;
  readonly ruleLine?: number;
  readonly waitedMs?: number;
  /** The steps: JSON. */
  readonly detail: string;
}

/** The call takes the PBX's static fallback. */
export interface NotCarriedOutEntry extends OfHunt {
  readonly kind: 'not-carried-out';
  readonly why: string;
}

export interface HuntEndEntry extends OfHunt {
  readonly kind: 'hunt-end';
}

export interface TrunkEntry {
  readonly kind: 'trunk';
  readonly at: number;
  readonly trunk: string;
  readonly side: string;
  readonly from: string;
  readonly to: string;
  /** The change: JSON. */
  readonly detail: string;
}

export interface PolicyEntry {
  readonly kind: 'policy';
  readonly at: number;
  readonly hash: string;
  readonly file: string;
  /** Of the file, as bytes in UTF-8; absent where another instance has not told it. */
  readonly text?: string | Uint8Array;
}

export interface ConnectionEntry {
  readonly kind: 'connection';
  readonly at: number;
  readonly pbx: string;
  readonly connected: boolean;
  readonly why?: string;
}

/** So many entries could not be kept before this one. */
export interface LostEntry {
  readonly kind: 'lost';
  readonly at: number;
  /** When the first of them was lost; an earlier crankback did not tell. */
  readonly since?: number | undefined;
  readonly count: number;
  readonly why: string;
}
