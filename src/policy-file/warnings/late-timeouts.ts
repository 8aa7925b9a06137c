import type { WholePolicy } from '../../policy/policy';
import { waysOf } from '../../policy/routes/tables';
import type { Warning } from './warning';

/** Trunks that are given up so late that `start_within` allows no other attempt after them. */
export function lateTimeouts({
  trunks,
  routes,
  tables = [],
  limits,
}: WholePolicy): readonly Warning[] {
  const seconds = (ms: number) => `${ms / 1000}s`;
  const ways = [...routes.map((route) => route.trunks), ...tables.flatMap(waysOf)];
  const followed = new Set(ways.flatMap((way) => way.slice(0, -1)));
  return [...trunks.values()].flatMap(({ name, at, progressTimeout, ringTimeout }): Warning[] => {
    const patience = progressTimeout ?? ringTimeout;
    if (patience < limits.startWithin || !followed.has(name)) return [];
    return [
      {
        at,
        finding: 'CB1309',
        message: `trunk ${name} is given up after ${seconds(patience)} if it never rings; start_within (${seconds(limits.startWithin)}) then allows no other attempt`,
        expected: 'Shorten progress_timeout or ring_timeout, or raise limits.start_within',
      },
    ];
  });
}
