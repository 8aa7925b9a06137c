import type { DraftTrunk } from '../../../src/import/draft';
import type { Destination } from '../init/dial-string';
import type { Endpoint } from '../init/endpoints';
import { freepbxTrunk } from './freepbx/generated';
import type { Translated } from './route-of-extension';

const PHONES = 'phones';
/** Seconds that a policy's trunk may ring. */
const LONGEST_RING = 600;

/** The trunks that attempts dial, each once. */
export function trunksOf(
  translated: readonly Translated[],
  endpoints: readonly Endpoint[],
  globals: ReadonlyMap<string, string>,
): readonly DraftTrunk[] {
  const known = new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
  const found = new Map<string, DraftTrunk & { readonly rings: Set<number> }>();
  for (const { walk: way } of translated)
    for (const { destinations, where, timeout, freepbx } of way.attempts)
      for (const destination of destinations) {
        const key = destination.dial;
        const endpoint = known.get(destination.name ?? '');
        const trunk = found.get(key) ?? {
          key,
          name: trunkName(destination),
          dial: destination.dial,
          where: endpoint?.where ?? where,
          facts: endpoint?.facts ?? [],
          ...(freepbx !== undefined && limitOf(globals, freepbx)),
          rings: new Set<number>(),
        };
        trunk.rings.add(timeout ?? 0);
        found.set(key, trunk);
      }
  return [...found.values()].map(({ rings, ...trunk }) => {
    const [ring = 0] = rings;
    const isOne = rings.size === 1 && ring >= 1 && ring <= LONGEST_RING;
    return isOne ? { ...trunk, ringTimeout: ring } : trunk;
  });
}

function limitOf(
  globals: ReadonlyMap<string, string>,
  trunk: string,
): Pick<DraftTrunk, 'concurrentCalls'> {
  const { concurrentCalls } = freepbxTrunk(globals, trunk);
  return concurrentCalls === undefined ? {} : { concurrentCalls };
}

/** Groups of lines have short names. */
function trunkName({ name, dial }: Destination): string {
  const [technology = ''] = dial.split('/');
  if (name === undefined)
    return technology === 'PJSIP' ? PHONES : `${PHONES}-${technology.toLowerCase()}`;
  return technology === 'PJSIP' || technology === 'SIP'
    ? name
    : `${technology.toLowerCase()}-${name}`;
}
