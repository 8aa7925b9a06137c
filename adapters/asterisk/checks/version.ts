import { named, type Named } from '../../../src/findings/named';

/** The first release of each branch that has `PJSIPHangup()`; later branches have always had it. */
const HANGUP = new Map([
  [18, 21],
  [20, 6],
  [21, 1],
]);
/** The same for the SIP status in channel events, `tech_cause` (rest-api/api-docs/events.json); 18 and 21 never had it. */
const STATUS_IN_EVENTS = new Map([
  [20, 17],
  [22, 7],
  [23, 1],
]);
/** And for the second time-out of `Dial()`, `30^12` (apps/app_dial.c). */
const SECOND_TIMEOUT = new Map([
  [18, 26],
  [20, 11],
  [21, 6],
  [22, 1],
]);
/** Branches whose recordings are in test/captures/asterisk-versions. */
export const TRIED: readonly number[] = [18, 20, 21, 22, 23];
/** Older branches are not looked at. */
const OLDEST = 18;

/** What Asterisk tells of itself: `22.10.1`, `20.7-cert3`, `certified/18.9-cert5`, `GIT-master-1a2b3c`. */
type Version = string;

/**
 * Why an Asterisk of this version cannot be used, in one sentence; undefined where it can, or where the
 * version has no number that could be compared.
 * @param observe only to follow calls, for which less is enough
 */
export function versionProblem(version: Version, observe: boolean): Named | undefined {
  const number = numberOf(version);
  if (!number) return undefined;
  if (number.branch < OLDEST && observe)
    return named(
      'CB3006',
      `Asterisk ${version} is too old: crankback follows the calls of Asterisk ${OLDEST} and later`,
    );
  if (observe || has(HANGUP, number)) return undefined;
  return named(
    'CB3006',
    `Asterisk ${version} has no PJSIPHangup(), so that no caller could be sent the SIP status of a failure: crankback needs Asterisk 18.21, 20.6, 21.1 or a later one, except for mode: observe`,
  );
}

/** Whether its channel events have the SIP status; undefined where the version has no number that could be compared. */
export function hasStatusInEvents(version: Version): boolean | undefined {
  const number = numberOf(version);
  return number && has(STATUS_IN_EVENTS, number);
}

/** What is different with this version, one sentence each; see docs/versions.md. */
export function versionRemarks(version: Version): readonly string[] {
  const number = numberOf(version);
  if (!number) return [`crankback cannot tell how old an Asterisk ${version} is`];
  const { branch } = number;
  return [
    ...(TRIED.includes(branch)
      ? []
      : [`crankback was not tried with Asterisk ${branch}, only with ${TRIED.join(', ')}`]),
    ...(has(STATUS_IN_EVENTS, number)
      ? []
      : [
          'its channel events have no SIP status: an attempt that crankback only follows is classified by its cause',
        ]),
    ...(has(SECOND_TIMEOUT, number)
      ? []
      : ['its Dial() has no second time-out: progress_timeout has no effect']),
  ];
}

interface ReleaseNumber {
  readonly branch: number;
  readonly release: number;
}

function numberOf(version: Version): ReleaseNumber | undefined {
  const match = /^(?:certified[/-])?(\d{1,3})\.(\d{1,3})/.exec(version);
  return match ? { branch: Number(match[1]), release: Number(match[2]) } : undefined;
}

/** Whether it came before this release, as far as branches are known. */
function has(since: ReadonlyMap<number, number>, { branch, release }: ReleaseNumber): boolean {
  const newest = Math.max(...since.keys());
  if (branch > newest) return true;
  const first = since.get(branch);
  return first !== undefined && release >= first;
}
