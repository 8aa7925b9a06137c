import type { Trunk } from '../../policy/policy-data';

type TimersOf = Pick<Trunk, 'name' | 'firstResponse' | 'progressTimeout' | 'ringTimeout' | 'dial'>;

/** RFC 3261 17.1.1.2, Timer B of sofia as it is shipped. Milliseconds. */
const TIMER_B_MS = 32_000;
/** Trunks named in one sentence. */
const MOST_NAMES = 8;

/** Whether the FreeSWITCH at hand mirrors its SIP; undefined if nobody has told. */
export type Mirrors = boolean | undefined;

/**
 * How long FreeSWITCH waits for a trunk that says nothing at all, if its SIP is not mirrored and its sofia profile has
 * no timer of its own. Milliseconds.
 */
export function unmirroredSilenceMs({
  progressTimeout,
  ringTimeout,
}: Pick<Trunk, 'progressTimeout' | 'ringTimeout'>): number {
  return Math.min(progressTimeout ?? ringTimeout, ringTimeout, TIMER_B_MS);
}

/**
 * What FreeSWITCH does about `first_response`: it reports no 100, so only mirrored SIP tells silence from one.
 * @returns undefined if no trunk is dialled there
 */
export function silenceOnFreeswitch(
  trunks: Iterable<TimersOf>,
  mirrors: Mirrors,
): string | undefined {
  const dialled = [...trunks].filter(({ dial }) => dial.freeswitch !== undefined);
  if (dialled.length === 0) return undefined;
  const seen = times(dialled, ({ firstResponse }) => firstResponse);
  const kept = `${times(dialled, unmirroredSilenceMs)}, or for timer-T1X64 of its sofia profile where that is shorter (docs/freeswitch.md)`;
  if (mirrors === true)
    return `FreeSWITCH's SIP is mirrored (CRANKBACK_HEP_PORT): a trunk that says nothing, not even 100, is given up after first_response: ${seen}. It needs capture-server in sofia.conf.xml (docs/hep.md)`;
  if (mirrors === false)
    return `FreeSWITCH's SIP is not mirrored (CRANKBACK_HEP_PORT is not set), so first_response has no effect there: a trunk that says nothing keeps the call for ${kept}`;
  return `FreeSWITCH sees silence only with mirrored SIP (CRANKBACK_HEP_PORT): then a trunk that says nothing is given up after first_response: ${seen}. Without it such a trunk keeps the call for ${kept}`;
}

/** `4 s`, or `4 s (carrier-a), 1 s (carrier-b, carrier-c)`. */
function times<T extends { readonly name: string }>(
  trunks: readonly T[],
  of: (trunk: T) => number,
): string {
  const named = new Map<number, string[]>();
  for (const trunk of trunks) named.set(of(trunk), [...(named.get(of(trunk)) ?? []), trunk.name]);
  const groups = [...named].sort(([one], [other]) => one - other);
  if (groups.length === 1) return seconds(groups[0]?.[0] ?? 0);
  const texts = groups.slice(0, MOST_NAMES).map(([ms, names]) => `${seconds(ms)} (${some(names)})`);
  return [...texts, ...(groups.length > MOST_NAMES ? ['…'] : [])].join(', ');
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES);
  const more = names.length - shown.length;
  return more === 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`;
}

function seconds(ms: number): string {
  return `${ms / 1000} s`;
}
