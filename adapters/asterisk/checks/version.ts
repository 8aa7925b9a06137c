import { named, type Named } from '../../../src/findings/named';

/** The first release of each branch that has `PJSIPHangup()`; later branches have always had it. */
const FIRST_WITH_HANGUP: ReadonlyMap<number, number> = new Map([
  [18, 21],
  [20, 6],
  [21, 1],
]);
const OLDEST_BRANCH_WITHOUT_EXCEPTION = 22;

/**
 * Why an Asterisk of this version cannot be used, in one sentence; undefined where it can, or where the
 * version has no number that could be compared.
 * @param version as Asterisk tells it: `22.10.1`, `20.7-cert3`, `certified/18.9-cert5`, `GIT-master-1a2b3c`
 */
export function versionProblem(version: string): Named | undefined {
  const match = /^(?:certified[/-])?(\d{1,3})\.(\d{1,3})/.exec(version);
  if (!match) return undefined;
  const [branch, release] = [Number(match[1]), Number(match[2])];
  if (branch >= OLDEST_BRANCH_WITHOUT_EXCEPTION) return undefined;
  const first = FIRST_WITH_HANGUP.get(branch);
  if (first !== undefined && release >= first) return undefined;
  return named(
    'CB3006',
    `Asterisk ${version} has no PJSIPHangup(), so that no caller could be sent the SIP status of a failure: crankback needs Asterisk 18.21, 20.6, 21.1 or a later one`,
  );
}
