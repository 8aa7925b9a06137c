/** What the service under test has beside the decisions; absent: it has it not. */
export interface ServiceParts {
  /** Of the journal. */
  readonly file?: string;
  /** Of the Redis that is told of the journal. */
  readonly redisPort?: number;
  /** Version 1 of the API, live events and metrics at a port of loopback; needs a journal. */
  readonly http?: boolean;
}

/** What a PBX tells the service under test of one call; the service answers `decide` by the hunt's id. */
export type ToService =
  | { readonly kind: 'decide'; readonly hunt: string; readonly number: string; readonly at: number }
  /** The attempt of that decision has failed: decide again. */
  | { readonly kind: 'failed'; readonly hunt: string; readonly number: string; readonly at: number }
  | { readonly kind: 'over'; readonly hunt: string; readonly trunk: string; readonly at: number }
  | { readonly kind: 'usage' };

export type FromService =
  /** Its HTTP port; 0: it has none. */
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'decided'; readonly hunt: string; readonly trunk: string }
  | ({ readonly kind: 'usage' } & Usage);

/** So far. Milliseconds. */
export interface Usage {
  /** CPU time of the whole process. */
  readonly cpuMs: number;
  /** The thread that decides was not idle. */
  readonly busyMs: number;
}
