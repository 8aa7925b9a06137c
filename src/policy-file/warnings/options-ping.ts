import type { WholePolicy } from '../../policy/policy';
import { DIAL_STRING_KINDS } from '../schema/dial-string';
import type { Warning } from './warning';

const KNOWN = Object.values(DIAL_STRING_KINDS)
  .flatMap(({ reportsOptionsTo }) => reportsOptionsTo ?? [])
  .join(' or ');

/** Trunks with `options_ping` whose OPTIONS no PBX reports. */
export function unheardPings({ trunks }: WholePolicy): readonly Warning[] {
  return [...trunks.values()]
    .filter(({ health, dial }) => {
      const isReported = Object.entries(DIAL_STRING_KINDS).some(
        ([pbx, { reportsOptionsTo }]) =>
          reportsOptionsTo !== undefined && dial[pbx]?.startsWith(reportsOptionsTo),
      );
      return health.ping && !isReported;
    })
    .map(({ name, at }) => ({
      at,
      finding: 'CB1312',
      message: `options_ping of trunk ${name} has no effect: crankback learns only of OPTIONS to dial strings that begin with ${KNOWN}`,
      expected: 'Take it out',
    }));
}
