import type { Failure, OtherLeg } from '../model/failure';

/**
 * Index of the failure that answers the call, among the failures of one Dial() or bridge; `failures` is not
 * empty. A trunk's or unknown fault comes last; among equals RFC 3261 16.7 step 6: a 6xx, otherwise the
 * lowest class, otherwise the first.
 */
export function bestOf(failures: readonly Failure[]): number {
  const ranks = failures.map(rank);
  return ranks.indexOf(Math.min(...ranks));
}

/**
 * The failure of one attempt that rang several phones at once; undefined without any leg. A leg that this side
 * cancelled, because of what another one said, is no answer as long as there is one. The order of the legs, which is
 * that of their ends, decides only among equals.
 */
export function failureOfLegs(legs: readonly Failure[]): Failure | undefined {
  if (legs.length < 2) return legs[0];
  const said = legs.filter((leg) => leg.class !== 'cancelled');
  const candidates = said.length > 0 ? said : legs;
  const chosen = candidates[bestOf(candidates)];
  const answer = answerOf(candidates);
  const answered = chosen ? legs.indexOf(chosen) : -1;
  const otherLegs = legs
    .filter((_, index) => index !== answered)
    .map(({ class: name, sip, phrase }): OtherLeg => ({
      class: name,
      ...(sip !== undefined && { sip }),
      ...(phrase !== undefined && { phrase }),
    }));
  return answer && { ...answer, otherLegs };
}

/** The chosen failure with the progress of all: if the callee rang on one leg of a fork, it rang. */
export function answerOf(failures: readonly Failure[]): Failure | undefined {
  const chosen = failures[bestOf(failures)];
  return (
    chosen && {
      ...chosen,
      rang: failures.some(({ rang }) => rang),
      progress: failures.some(({ progress }) => progress),
      earlyMediaMs: Math.max(...failures.map(({ earlyMediaMs }) => earlyMediaMs)),
    }
  );
}

function rank({ fault, sip, rang }: Failure): number {
  const ofTrunk = fault === 'trunk' || fault === 'unknown' ? 100 : 0;
  // Where no status came, a phone that rang says more than one that could not be reached.
  if (sip === undefined) return ofTrunk + (rang ? 9 : 10);
  return ofTrunk + (sip >= 600 ? 0 : Math.floor(sip / 100));
}
