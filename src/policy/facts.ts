import type { Failure } from '../model/failure';

/**
 * A fact that a decision may depend on and that may still be unknown. The situation has `elapsed` (how old
 * the hunt is), `time_left` (whether an attempt may still start), `time` (of day), `attempt` (number of
 * attempts, their trunks and failures), `budget` and `contacts` (targets of a 3xx). The failure has the others; `media` is what both sides said
 * of codecs. `digits`, `from`, `context` and `mailbox` are of the call: unknown before there is one, see `travelOf`.
 *
 * If only `class` is unknown, it is still known whether the class is `cancelled`. That is a fact of its
 * own: nothing more is done for a caller that has left, and every other caller gets a response.
 *
 * If `from` is unknown, it is still known which trunks present the caller, and which one another in its place: the hunt has the
 * number of a caller of whom the same is true.
 */
export const FACTS = [
  'class',
  'cancelled',
  'fault',
  'sip',
  'phrase',
  'header',
  'q850',
  'location',
  'rang',
  'progress',
  'early_media',
  'local',
  'within',
  'attempt',
  'elapsed',
  'time_left',
  'time',
  'budget',
  'contacts',
  'media',
  'digits',
  'from',
  'context',
  'mailbox',
] as const;

/** What no failure tells: a plan for any call of a route has to do without it. */
export const FACTS_OF_CALL = [
  'digits',
  'from',
  'context',
  'mailbox',
] as const satisfies readonly Fact[];

export type Fact = (typeof FACTS)[number];

/**
 * A partly unknown failure: each fact in `unknown` may still take any value, whatever its field says now.
 * Only the trunk of the last attempt is always known.
 */
export interface PartialFailure extends Failure {
  readonly unknown: ReadonlySet<Fact>;
}

/** No decision yet: these facts could still change it. Never empty, in the order of `FACTS`. */
export interface Needs {
  readonly kind: 'needs';
  readonly facts: readonly Fact[];
}

export const NOTHING_UNKNOWN: ReadonlySet<Fact> = new Set();

export function needs(facts: Iterable<Fact>): Needs {
  const named = new Set(facts);
  return { kind: 'needs', facts: FACTS.filter((fact) => named.has(fact)) };
}

export function isNeeds(answer: object | string | undefined): answer is Needs {
  return typeof answer === 'object' && 'kind' in answer && answer.kind === 'needs';
}
