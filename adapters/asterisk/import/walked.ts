import type { LeftOut } from '../../../src/import/draft';
import type { Destination } from '../init/dial-string';
import type { Step } from '../init/steps';

/** What one extension does with a call whose every `Dial()` ends in one way. */
export interface Walk {
  readonly attempts: readonly Attempt[];
  /** What else it does, and what was not understood. */
  readonly left: readonly LeftOut[];
  readonly mailbox?: string;
  /** What FreePBX says of the route: `EMERGENCYROUTE`, `ROUTENAME`. */
  readonly marks: ReadonlyMap<string, string>;
  /** It hangs up, and does nothing else. */
  readonly refuses?: true;
  /** Why it cannot be told what is dialled. */
  readonly unclear?: LeftOut;
}

/** How each `Dial()` ends. */
export type DialStatus = 'CHANUNAVAIL' | 'CONGESTION' | 'BUSY' | 'NOANSWER';

export interface Attempt {
  readonly where: string;
  readonly text: string;
  readonly destinations: readonly Destination[];
  /** Seconds. */
  readonly timeout?: number;
  /** Its number in FreePBX. */
  readonly freepbx?: string;
}

/** What was come by so far. */
export interface Found {
  readonly attempts: Attempt[];
  readonly left: LeftOut[];
  readonly marks: Map<string, string>;
}

export function nothingFound(): Found {
  return { attempts: [], left: [], marks: new Map() };
}

/** What came before, and both ways of a condition that a call alone knows. */
export function eitherWay({ where, text }: Step, before: Walk, one: Walk, other: Walk): Walk {
  const unclear = one.unclear ?? other.unclear;
  if (unclear) return joinedWalks(before, { ...one, unclear });
  if (wayOf(one) === wayOf(other)) {
    const left = [
      ...one.left,
      ...other.left.filter((it) => !one.left.some((same) => same.where === it.where)),
    ];
    return joinedWalks(before, { ...one, left });
  }
  const [dials, ends] = one.attempts.length > 0 ? [one, other] : [other, one];
  if (ends.attempts.length === 0) {
    const why = 'some calls are not dialled: keep this check in your dialplan';
    return joinedWalks(before, { ...dials, left: [{ where, text, why }, ...dials.left] });
  }
  const why = 'what is dialled depends on what a call alone knows';
  return joinedWalks(before, { ...one, attempts: [], unclear: { where, text, why } });
}

/** One after the other. */
export function joinedWalks(before: Walk, rest: Walk): Walk {
  return {
    ...rest,
    attempts: rest.unclear ? [] : [...before.attempts, ...rest.attempts],
    left: [...before.left, ...rest.left],
    marks: new Map([...before.marks, ...rest.marks]),
  };
}

function wayOf({ attempts, mailbox }: Walk): string {
  const dialled = attempts.flatMap((one) => one.destinations.map(({ target }) => target));
  return [...dialled, mailbox ?? ''].join('\n');
}
