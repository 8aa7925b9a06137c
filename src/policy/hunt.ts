import type { FailureClass } from '../model/classes';
import type { Contact } from '../model/failure';
import type { TableRow } from './policy-data';
import type { Codec } from '../model/media';

/** The attempts for one call, from its handover to one outcome. */
export interface Hunt {
  /** Validated: `[0-9A-D*#+]{1,32}`. */
  readonly number: string;
  /** Unix time in milliseconds, by the PBX's clock. */
  readonly startedAt: number;
  /** Attempts that have failed, oldest first; the one just failed is the last. */
  readonly attempts: readonly PastAttempt[];
  /** The caller's number as the PBX has it; absent for an anonymous call. */
  readonly from?: string;
  /** The row of a route table that takes the call; of a recorded call, as the tables of then are not kept. */
  readonly row?: TableRow;
  /** The PBX's context (dialplan) that the call came from. */
  readonly context?: string;
  /** The callee's mailbox as the user's dialplan set it, `1001@default`. */
  readonly mailbox?: string;
  /** Number that diverted the call here (RFC 5806, RFC 7044). */
  readonly diverting?: string;
  /** The PBX found that the mailbox does not exist. */
  readonly mailboxMissing: boolean;
  /** The caller has hung up: nothing is dialled any more. */
  readonly callerGone?: boolean;
  /** Contacts of the 3xx that ended the last attempt, best first; untrusted. */
  readonly contacts?: readonly Contact[];
  /** Number from a followed 3xx; replaces `number` from then on. */
  readonly target?: string;
  /** Redirections that this hunt has followed; default 0. */
  readonly hops?: number;
  /** Codecs that the PBX can offer for this caller, in no order; absent if it does not report them. */
  readonly codecs?: readonly Codec[];
  /** This hunt's random draw, uniform in [0, 1), the same for all its decisions; default 0. */
  readonly draw?: number;
}

export interface PastAttempt {
  readonly trunk: string;
  /** Final SIP status; absent when none came. */
  readonly sip?: number;
  readonly rang: boolean;
  /** What the failure was, as its phrase and its Reason say too; absent if only the status is known. */
  readonly class?: FailureClass;
  /** The attempt was a reoffer. */
  readonly reoffered?: true;
}
