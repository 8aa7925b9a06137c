import { bucketOf } from './delays';
import { counts, statusKey, Sum, type Counts } from './counts';
import { isUnsent, type EndedAttempt } from './seizure';

/** Attempts that are alike, as the journal has them. */
export interface CountedAttempt {
  /** How many; default 1. */
  readonly count?: number;
  /** Name of the other instance whose it is. */
  readonly instance?: string;
  readonly pbx: string;
  /** Digits of the call's route; absent where it has none or is not known. */
  readonly route?: string;
  readonly trunk: string;
  /** An earlier attempt of the same call failed. */
  readonly retry: boolean;
  readonly answered: boolean;
  /** Absent while it is under way, and where it was answered. */
  readonly failure?: EndedAttempt;
  /** From the INVITE until something could be heard. Milliseconds. */
  readonly delayMs?: number;
  /** Of those that were answered: how many have ended, and how long they lasted together. Milliseconds. */
  readonly talks?: number;
  readonly talkMs?: number;
}

/** Calls that are alike, as the journal has them. */
export interface CountedCall {
  /** How many; default 1. */
  readonly count?: number;
  /** Name of the other instance whose it is. */
  readonly instance?: string;
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
  readonly instance: string;
  readonly pbx: string;
  readonly route: string;
  readonly trunk: string;
}

export interface Group extends Labels {
  readonly counts: Counts;
}

/** Groups of one minute and instance at most; beyond it routes, then trunks, are `other`: so many do not come by themselves. */
const MOST_GROUPS = 200;
export const OTHER = 'other';
const LONGEST_LABEL = 64;

/** Counts what began in one minute; the order does not matter. */
export function counted(
  attempts: readonly CountedAttempt[],
  calls: readonly CountedCall[],
): readonly Group[] {
  const groups = grouped([
    ...attempts.map((one) => ({ ...labels(one), counts: ofAttempt(one) })),
    ...calls.map((one) => ({ ...labels(one), counts: ofCall(one) })),
  ]);
  // What another instance says takes no names from this one.
  const instances = new Set(groups.map(({ instance }) => instance));
  return [...instances].flatMap((name) =>
    bounded(groups.filter(({ instance }) => instance === name)),
  );
}

/** One group for each combination of labels, in the order in which they first come. */
export function grouped(groups: Iterable<Group>): readonly Group[] {
  const found = new Map<string, { readonly labels: Labels; readonly sum: Sum }>();
  for (const { instance, pbx, route, trunk, counts: more } of groups) {
    const key = JSON.stringify([instance, pbx, route, trunk]);
    const group = found.get(key);
    if (group) group.sum.add(more);
    else found.set(key, { labels: { instance, pbx, route, trunk }, sum: new Sum(more) });
  }
  return [...found.values()].map(({ labels: of, sum }) => ({ ...of, counts: sum.counts }));
}

function labels({
  instance = '',
  pbx,
  route = '',
  trunk = '',
}: Partial<Labels> & { pbx: string }): Labels {
  const cut = (text: string) => text.slice(0, LONGEST_LABEL);
  return { instance: cut(instance), pbx: cut(pbx), route: cut(route), trunk: cut(trunk) };
}

function ofAttempt(attempt: CountedAttempt): Counts {
  const { count = 1, retry, answered, failure, delayMs, talks = 0, talkMs = 0 } = attempt;
  const pdd = delayMs === undefined ? {} : { [bucketOf(delayMs)]: count };
  const begun = { attempts: count, retries: retry ? count : 0, pdd };
  if (answered) return counts({ ...begun, answered: count, talks, talkMs });
  if (!failure) return counts(begun);
  const { class: name, sip, rang } = failure;
  const left = name === 'cancelled' ? count : 0;
  return counts({
    ...begun,
    failed: count,
    unsent: isUnsent(failure) ? count : 0,
    leftBeforeRinging: rang ? 0 : left,
    leftRinging: rang ? left : 0,
    classes: { [name]: count },
    statuses: { [statusKey(sip)]: count },
  });
}

function ofCall({ count = 1, failures, answered, outcome, fellBack }: CountedCall): Counts {
  const another = failures > 0 && !fellBack ? count : 0;
  return counts({
    calls: count,
    saved: answered ? another : 0,
    voicemailSaves: !answered && outcome === 'voicemail' ? another : 0,
    fallbacks: fellBack ? count : 0,
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
