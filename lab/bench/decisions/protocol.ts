/** What a PBX tells the service under test of one call; the service answers `decide` by the hunt's id. */
export type ToService =
  | { readonly kind: 'decide'; readonly hunt: string; readonly number: string; readonly at: number }
  /** The attempt of that decision has failed: decide again. */
  | { readonly kind: 'failed'; readonly hunt: string; readonly number: string; readonly at: number }
  | { readonly kind: 'over'; readonly hunt: string; readonly trunk: string; readonly at: number }
  | { readonly kind: 'usage' };

export type FromService =
  | { readonly kind: 'ready' }
  | { readonly kind: 'decided'; readonly hunt: string; readonly trunk: string }
  /** CPU time of the whole process so far. Milliseconds. */
  | { readonly kind: 'usage'; readonly cpuMs: number };
