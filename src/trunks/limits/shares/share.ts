/** What a limit counts: calls at once, or attempts that start within any one second. */
export type LimitKind = 'calls' | 'starts';
export const LIMIT_KINDS: readonly LimitKind[] = ['calls', 'starts'];

/** What one instance may use of a limit that several share. */
export interface Share {
  /** Calls at once, or starts within any one second; undefined while nobody has said so yet: nothing may be used. */
  readonly mine: number | undefined;
  /** The limit of all of them together. */
  readonly limit: number;
  /** Instances that share it, this one included. */
  readonly instances: number;
}

/** What the decisions ask about limits that hold for several instances. Answers come from memory. */
export interface LimitShares {
  /** Undefined where the whole limit is this instance's. */
  of(trunk: string, kind: LimitKind): Share | undefined;
  /** A call would have used the trunk, and the share is in use. */
  refused(trunk: string, kind: LimitKind): void;
}

/** How much of its limits an instance uses now. */
export interface LimitUse {
  /** @param now Unix time in milliseconds, by the PBX's clock */
  use(trunk: string, kind: LimitKind, now: number): number;
}
