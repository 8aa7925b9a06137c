import type { LeftOut } from '../../../src/import/draft';
import type { Context } from './contexts';
import { timeOf } from './times';

/** When a context counts that is included by the clock alone. */
export interface Times {
  /** None: the policy has no word for them. */
  readonly windows: readonly string[];
  readonly zones: readonly string[];
  readonly left: readonly LeftOut[];
}

/** By context. */
export function timesOf(contexts: ReadonlyMap<string, Context>): ReadonlyMap<string, Times> {
  const found = new Map<string, Times>();
  for (const { timed } of contexts.values())
    for (const { name, time, where } of timed) {
      const before = found.get(name) ?? { windows: [], zones: [], left: [] };
      const read = timeOf(time);
      const why = 'a time that the policy has no word for';
      found.set(name, {
        windows: read ? [...new Set([...before.windows, read.window])] : before.windows,
        zones: read?.zone === undefined ? before.zones : [...before.zones, read.zone],
        left: read ? before.left : [...before.left, { where, text: `${name},${time}`, why }],
      });
    }
  return found;
}

/** The policy has one; without it, a time would be another one in winter. */
export function zoneOf(times: ReadonlyMap<string, Times>): string {
  const [zone = 'UTC'] = [...times.values()].flatMap(({ zones }) => zones);
  return zone;
}
