import type { Outcome } from '../policy/decision/decision';
import { NotPlayable, type CallOfRecord } from './recorded';

/** Trunks of the lab, docs/lab.md; the first ones are taken first. */
const LAB_TRUNKS = ['carrier-a', 'carrier-b', 'carrier-c', 'phones'] as const;

/** The mailbox that the lab has, and one that it has not. */
export const MAILBOX = '1001@default';
export const MISSING_MAILBOX = '1002@default';
/** Where the lab's dialplan has a voicemail of the user's own. */
export const OWN_VOICEMAIL = { context: 'users-own-voicemail', extension: '{number}' } as const;
/** A recording that both PBXes of the lab have. */
export const RECORDING = 'activated';
/** A host that a redirection may name and the policy allows. */
export const FOLLOWED_HOST = 'followed.example';
export const OTHER_HOST = 'other.example';
const EMERGENCY = '112';
/** In the lab's dialplan: dialled by the user's own Dial() first. */
const FAILED_ONLY = '70';

/** The lab's names for those of a call. */
export interface LabNames {
  /** Of the policy's trunks, those that the scenario has, in the order of the route. */
  readonly trunks: ReadonlyMap<string, string>;
  /** Number that the policy sees. */
  readonly number: string;
  /** Number that the caller dials. */
  readonly dialled: string;
  /** Numbers of Contacts, by the number that was sent. */
  readonly targets: ReadonlyMap<string, string>;
  /** A text of the far side without anybody's number. */
  readonly hidden: (text: string) => string;
}

/**
 * @param untried trunks of the route that were not dialled and could have been
 * @throws NotPlayable
 */
export function labNames(
  call: CallOfRecord,
  untried: readonly string[],
  emergency: boolean,
): LabNames {
  const dialled = [...new Set(call.legs.map(({ trunk }) => trunk))];
  if (dialled.length > LAB_TRUNKS.length)
    throw new NotPlayable(
      `it was dialled on ${dialled.length} trunks, and the lab has ${LAB_TRUNKS.length}`,
    );
  const names = [...dialled, ...untried.filter((name) => !dialled.includes(name))];
  const trunks = new Map(
    LAB_TRUNKS.flatMap((lab, index) => {
      const name = names[index];
      return name === undefined ? [] : [[name, lab] as const];
    }),
  );
  const own = digitsOf(call.hunt);
  const number = emergency ? EMERGENCY : `2${own}`;
  const users = call.legs.flatMap(({ failure }) =>
    (failure?.evidence ?? []).flatMap(({ contacts = [] }) => contacts.map(({ user }) => user)),
  );
  const targets = new Map(
    [...new Set(users)].map((user, index) => [user, `3${own.slice(1)}${index}`] as const),
  );
  const failedOnly = call.decisions[0]?.on === 'failed';
  return {
    trunks,
    number,
    dialled: failedOnly ? `${FAILED_ONLY}${number}` : number,
    targets,
    hidden: (text) => text.replace(/\+?\d{7,}/g, number),
  };
}

/** Five digits that other calls hardly have: INVITEs of another scenario must not look like this one's. */
function digitsOf(hunt: string): string {
  let sum = 7;
  for (const char of hunt) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 100_000;
  return String(sum).padStart(5, '0');
}

/** The lab's trunk of an outcome that dials. */
export function labTrunk(names: LabNames, outcome: Outcome): string | undefined {
  const dials = outcome.kind === 'dial' || outcome.kind === 'redirect';
  return dials ? names.trunks.get(outcome.trunk) : undefined;
}
