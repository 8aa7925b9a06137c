import type { Failure } from '../model/failure';

/**
 * Something a decision may depend on that may not be known yet. `early_media`, `elapsed` (whether the
 * hunt's time is over), `time` (of day), `attempt` (how many attempts there were, on which trunks, and
 * what they met), `budget` and `contacts` (where a 3xx points to) belong to the situation, the others to
 * the failure; `media` is what both sides said of codecs.
 *
 * `class` alone leaves open which class it is, but not whether it is `cancelled`: that is a fact of its
 * own, because nothing is done any more for a caller that has left, and any other caller always gets
 * a response.
 */
export const FACTS = [
  'class',
  'cancelled',
  'fault',
  'sip',
  'phrase',
  'q850',
  'location',
  'rang',
  'progress',
  'early_media',
  'local',
  'attempt',
  'elapsed',
  'time',
  'budget',
  'contacts',
  'media',
] as const;

export type Fact = (typeof FACTS)[number];

/**
 * A failure that is partly unknown: each fact named here may still turn out to be anything, whatever
 * value stands in its place now. Only the trunk of the last attempt is always known.
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
