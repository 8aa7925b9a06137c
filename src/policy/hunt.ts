/** One entry of a call into crankback, up to one outcome. */
export interface Hunt {
  /** Validated: `[0-9A-D*#+]{1,32}`. */
  readonly number: string;
  /** Milliseconds since the epoch, by the PBX's clock. */
  readonly startedAt: number;
  /** Attempts that have failed, oldest first; the one just failed is the last. */
  readonly attempts: readonly PastAttempt[];
  /** The callee's mailbox as the user's dialplan set it, `1001@default`. */
  readonly mailbox?: string;
  /** The PBX looked and the mailbox does not exist. */
  readonly mailboxMissing: boolean;
}

export interface PastAttempt {
  readonly trunk: string;
  /** Final SIP status; absent when none came. */
  readonly sip?: number;
  readonly rang: boolean;
}
