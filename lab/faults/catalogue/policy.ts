import { rename, rm, writeFile } from 'node:fs/promises';
import { policyFile } from '../../runner/layout';
import { ORDER } from '../call-mix';
import type { Fault, Target } from '../fault';
import { faultPolicy } from '../policy';

/** A file that is written is loaded, or refused, within this time. Milliseconds. */
const UNTIL_LOADED = 5000;
const HUGE_ROUTES = 100_000;
const UNKNOWN_KEYS = 100_000;

/** A file that is refused leaves the policy in force. */
const STAYS = {
  holdMs: 4000,
  recoversWithinMs: 1000,
  fallback: false,
  heal: ({ service }: Target) => service.savePolicy(faultPolicy()),
};

/** Faults of the policy file. */
export const POLICY_FAULTS: readonly Fault[] = [
  {
    name: 'policy-broken',
    about: 'a policy with a mistake, and then half of one, saved',
    ...STAYS,
    shows: /policy refused/,
    break: async ({ service }) => {
      await service.savePolicy(faultPolicy().replaceAll('carrier-c]', 'carrier-x]'));
      await service.savePolicy(faultPolicy().slice(0, 300));
    },
  },
  {
    name: 'policy-deleted',
    about: 'the policy file deleted, written again after 4 s',
    ...STAYS,
    shows: /policy refused/,
    break: () => rm(policyFile),
  },
  {
    name: 'policy-swapped',
    about: 'another policy with another order of trunks moved to its place',
    holdMs: 0,
    recoversWithinMs: UNTIL_LOADED,
    fallback: false,
    shows: /policy loaded/,
    laterOrder: [ORDER[0], ORDER[2], ORDER[1]],
    break: () => Promise.resolve(),
    heal: async () => {
      const other = faultPolicy({ order: [ORDER[0], ORDER[2], ORDER[1]] });
      await writeFile(`${policyFile}.new`, other);
      await rename(`${policyFile}.new`, policyFile);
    },
  },
  {
    name: 'policy-huge',
    about: `a valid policy of ${HUGE_ROUTES} routes saved`,
    quick: true,
    ...STAYS,
    holdMs: 7000,
    holdsUntilShown: true,
    shows: /policy loaded/,
    break: ({ service }) => service.savePolicy(faultPolicy({ routes: manyRoutes() })),
  },
  {
    name: 'policy-huge-refused',
    about: `a policy with ${UNKNOWN_KEYS} unknown keys saved`,
    ...STAYS,
    holdMs: 7000,
    holdsUntilShown: true,
    shows: /policy refused/,
    break: ({ service }) => service.savePolicy(`${faultPolicy()}${unknownKeys()}`),
  },
];

/** No call of the suite has such a number. */
function manyRoutes(): string {
  return Array.from(
    { length: HUGE_ROUTES },
    (_, index) => `  - { digits: "9${String(index).padStart(6, '0')}*", trunks: [carrier-a] }\n`,
  ).join('');
}

function unknownKeys(): string {
  return Array.from({ length: UNKNOWN_KEYS }, (_, index) => `unknown-${index}: 1\n`).join('');
}
