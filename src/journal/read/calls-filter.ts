/** Which calls are asked for; what is absent does not matter. Times are Unix time in milliseconds. */
export interface CallFilter {
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  readonly trunk?: string | undefined;
  /** As dialled; a `*` at its end stands for any more digits. */
  readonly to?: string | undefined;
  readonly from?: string | undefined;
  readonly class?: string | undefined;
  readonly sip?: number | undefined;
  readonly pbx?: string | undefined;
  /** Name of the instance that decided. */
  readonly instance?: string | undefined;
  readonly result?: CallResult | undefined;
  /** Of the latest 20,000 calls those that began or went on since then, so that somebody who follows pays little. */
  readonly changed?: number | undefined;
  /** Only calls that began before the one of this cursor; see `CallPage`. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** `saved`: a later attempt, or the mailbox, took what an earlier one had refused. */
export const CALL_RESULTS = ['saved', 'failed', 'fallback', 'answered'] as const;
export type CallResult = (typeof CALL_RESULTS)[number];

/** What `before` must be: a place in the order of a search. */
export const PLACE = /^(\d{1,15})-(\d{1,15})(a?)$/;
