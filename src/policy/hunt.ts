import type { Contact } from '../model/failure';
import type { Codec } from '../model/media';

/** One entry of a call into crankback, up to one outcome. */
export interface Hunt {
  /** Validated: `[0-9A-D*#+]{1,32}`. */
  readonly number: string;
  /** Unix time in milliseconds, by the PBX's clock. */
  readonly startedAt: number;
  /** Attempts that have failed, oldest first; the one just failed is the last. */
  readonly attempts: readonly PastAttempt[];
  /** The caller's number as the PBX has it; absent for an anonymous call. */
  readonly from?: string;
  /** The PBX's context (dialplan) that the call came from. */
  readonly context?: string;
  /** The callee's mailbox as the user's dialplan set it, `1001@default`. */
  readonly mailbox?: string;
  /** Who diverted the call here (RFC 5806, RFC 7044), as a number. */
  readonly diverting?: string;
  /** The PBX looked and the mailbox does not exist. */
  readonly mailboxMissing: boolean;
  /** The caller has hung up: nothing is dialled any more. */
  readonly callerGone?: boolean;
  /** Where the 3xx that ended the last attempt points to, best first; untrusted. */
  readonly contacts?: readonly Contact[];
  /** The number of a 3xx that was followed, in place of `number` from then on. */
  readonly target?: string;
  /** Redirections that this hunt has followed; default 0. */
  readonly hops?: number;
  /** What the PBX can offer on behalf of this caller, in no order; absent where it does not tell. */
  readonly codecs?: readonly Codec[];
  /** This hunt's share of chance, uniform in [0, 1), the same for all its decisions; default 0. */
  readonly draw?: number;
}

export interface PastAttempt {
  readonly trunk: string;
  /** Final SIP status; absent when none came. */
  readonly sip?: number;
  readonly rang: boolean;
  /** It was a second offer of other codecs. */
  readonly reoffered?: true;
}
