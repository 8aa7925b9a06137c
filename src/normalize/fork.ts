import type { Failure } from '../model/failure';

/**
 * Index of the failure that answers the call, among the failures of one Dial() or bridge; `failures` is not
 * empty. A trunk's or unknown fault comes last; among equals RFC 3261 16.7 step 6: a 6xx, otherwise the
 * lowest class, otherwise the first.
 */
export function bestOf(failures: readonly Failure[]): number {
  const ranks = failures.map(rank);
  return ranks.indexOf(Math.min(...ranks));
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

function rank({ fault, sip }: Failure): number {
  const ofTrunk = fault === 'trunk' || fault === 'unknown' ? 100 : 0;
  if (sip === undefined) return ofTrunk + 10;
  return ofTrunk + (sip >= 600 ? 0 : Math.floor(sip / 100));
}
