import { bucketOf } from './delays';
import { counts, merged, NONE, statusKey, type Counts } from './counts';

/** An attempt as the journal has it. Times are Unix time in milliseconds. */
export interface CountedAttempt {
  readonly pbx: string;
  /** Digits of the call's route; absent where it has none or is not known. */
  readonly route?: string;
  readonly trunk: string;
  /** An earlier attempt of the same call failed. */
  readonly retry: boolean;
  readonly answered: boolean;
  /** Absent while it is under way, and where it was answered. */
  readonly failure?: {
    readonly class: string;
    readonly sip?: number;
    readonly rang: boolean;
    /** As in `Evidence`. */
    readonly origin?: string;
  };
  readonly invitedAt?: number;
  readonly rangAt?: number;
  readonly answeredAt?: number;
  /** The end of the answered leg. */
  readonly overAt?: number;
}

/** A call as the journal has it. */
export interface CountedCall {
  readonly pbx: string;
  readonly route?: string;
  /** Dialled last; absent if none was. */
  readonly trunk?: string;
  readonly failures: number;
  readonly answered: boolean;
  /** Of the last decision. */
  readonly outcome?: string;
  readonly fellBack: boolean;
}

/** What counts are kept apart by. Empty where there is none. */
export interface Labels {
  readonly pbx: string;
  readonly route: string;
  readonly trunk: string;
}

export interface Group extends Labels {
  readonly counts: Counts;
}

/** Groups of one minute at most; beyond it routes, then trunks, are `other`: so many do not come by themselves. */
const MOST_GROUPS = 200;
export const OTHER = 'other';
const LONGEST_LABEL = 64;

/** Counts what began in one minute; the order does not matter. */
export function counted(
  attempts: readonly CountedAttempt[],
  calls: readonly CountedCall[],
): readonly Group[] {
  return bounded(
    grouped([
      ...attempts.map((one) => ({ ...labels(one), counts: ofAttempt(one) })),
      ...calls.map((one) => ({ ...labels(one), counts: ofCall(one) })),
    ]),
  );
}

/** One group for each combination of labels, in the order in which they first come. */
export function grouped(groups: Iterable<Group>): readonly Group[] {
  const found = new Map<string, Group>();
  for (const group of groups) {
    const { pbx, route, trunk, counts: more } = group;
    const key = JSON.stringify([pbx, route, trunk]);
    found.set(key, { pbx, route, trunk, counts: merged(found.get(key)?.counts ?? NONE, more) });
  }
  return [...found.values()];
}

function labels({ pbx, route = '', trunk = '' }: Partial<Labels> & { pbx: string }): Labels {
  const cut = (text: string) => text.slice(0, LONGEST_LABEL);
  return { pbx: cut(pbx), route: cut(route), trunk: cut(trunk) };
}

function ofAttempt(attempt: CountedAttempt): Counts {
  const { retry, answered, failure } = attempt;
  const begun = { attempts: 1, retries: retry ? 1 : 0, pdd: pddOf(attempt) };
  if (answered) return counts({ ...begun, answered: 1, ...talkOf(attempt) });
  if (!failure) return counts(begun);
  const { class: name, sip, rang, origin } = failure;
  const left = name === 'cancelled';
  return counts({
    ...begun,
    failed: 1,
    unsent: origin === 'local' && sip === undefined ? 1 : 0,
    leftBeforeRinging: left && !rang ? 1 : 0,
    leftRinging: left && rang ? 1 : 0,
    classes: { [name]: 1 },
    statuses: { [statusKey(sip)]: 1 },
  });
}

/** Until something could be heard; an answer that comes without it is heard as well. */
function pddOf({ invitedAt, rangAt, answeredAt }: CountedAttempt): Counts['pdd'] {
  const heardAt = rangAt ?? answeredAt;
  if (invitedAt === undefined || heardAt === undefined) return {};
  return { [bucketOf(heardAt - invitedAt)]: 1 };
}

function talkOf({ answeredAt, overAt }: CountedAttempt): Partial<Counts> {
  if (answeredAt === undefined || overAt === undefined) return {};
  return { talks: 1, talkMs: Math.max(overAt - answeredAt, 0) };
}

function ofCall({ failures, answered, outcome, fellBack }: CountedCall): Counts {
  const another = failures > 0 && !fellBack;
  return counts({
    calls: 1,
    saved: another && answered ? 1 : 0,
    voicemailSaves: another && !answered && outcome === 'voicemail' ? 1 : 0,
    fallbacks: fellBack ? 1 : 0,
  });
}

/** The largest groups keep their names. */
function bounded(groups: readonly Group[]): readonly Group[] {
  return folded(folded(groups, { route: OTHER }), { route: OTHER, trunk: OTHER });
}

function folded(groups: readonly Group[], into: Partial<Labels>): readonly Group[] {
  if (groups.length <= MOST_GROUPS) return groups;
  const size = ({ counts: { attempts, calls } }: Group) => attempts + calls;
  const bySize = [...groups].sort((one, other) => size(other) - size(one) || byName(one, other));
  return grouped(
    bySize.map((group, index) => (index < MOST_GROUPS / 2 ? group : { ...group, ...into })),
  );
}

/** So that the same minute counted again gives the same names. */
function byName(one: Group, other: Group): number {
  const [a, b] = [one, other].map(({ pbx, route, trunk }) => JSON.stringify([pbx, route, trunk]));
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
