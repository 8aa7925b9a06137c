import type { Evidence } from '../model/failure';

/** Most trusted first; what is not listed comes before mirrored SIP. */
const TRUST: ReadonlyMap<string, number> = new Map([
  ['dialplan', 0],
  ['channel-events', 1],
  ['hep', 3],
]);
const OTHERS = 2;

/**
 * All evidence in order of precedence, whatever order it came in: who has a status first, then by source.
 * Two of the same source, which no adapter reports for one attempt, are ordered by their content.
 */
export function inOrderOfTrust(evidence: readonly Evidence[]): readonly Evidence[] {
  if (evidence.length < 2) return evidence;
  return evidence.toSorted(
    (one, other) => rank(one) - rank(other) || compare(contentOf(one), contentOf(other)),
  );
}

function rank({ source, sip }: Evidence): number {
  return (sip === undefined ? 10 : 0) + (TRUST.get(source) ?? OTHERS);
}

/** The order of an object's fields is no content. */
function contentOf(evidence: Evidence): string {
  return JSON.stringify(Object.entries(evidence).toSorted(([one], [other]) => compare(one, other)));
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
