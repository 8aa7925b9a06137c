import { join } from 'node:path';
import { repositoryRoot } from '../provision/paths';
import { labPort, runFolder } from '../provision/place';

export { runFolder };

/** The lab's trunks: one SIPp container each, with the same name in docker-compose.yml. */
export const TRUNKS = ['carrier-a', 'carrier-b', 'carrier-c', 'phones'] as const;
export type Trunk = (typeof TRUNKS)[number];

/** A trunk with an address where nothing listens. */
export const NOTHING_LISTENING = 'nothing-listening';
/** Plays each trunk that a scenario does not name, so that a stray INVITE is seen. */
export const WITNESS = 'silent';

/** The scenarios that come with the project. */
export const ownScenarios = join(repositoryRoot, 'lab', 'scenarios');

export const sippFolder = join(runFolder, 'sipp');
export const traceFolder = join(runFolder, 'traces');
export const policyFile = join(runFolder, 'policy', 'policy.yaml');

export const configFile = join(runFolder, 'policy', 'crankback.yaml');

/** The policy's name inside crankback's container, and therefore in its records. */
export const POLICY_IN_CONTAINER = '/etc/crankback/policy.yaml';
export const CONFIG_IN_CONTAINER = '/etc/crankback/crankback.yaml';

export type Crankback = 'crankback' | 'crankback-2';

const HTTP_PORTS = {
  crankback: 'CRANKBACK_LAB_HTTP_PORT',
  'crankback-2': 'CRANKBACK_LAB_SECOND_HTTP_PORT',
} as const;

/** Where the lab publishes its HTTP server; docker-compose.yml reads the same variable. */
export function crankbackUrl(path: string, which: Crankback = 'crankback'): string {
  return `http://127.0.0.1:${labPort(HTTP_PORTS[which])}${path}`;
}

/** What reads, clears and holds trunks there; docker-compose.yml sets it. */
export const HTTP_TOKEN = 'lab-only-secret-token';

/** Asks crankback's HTTP server where the lab publishes it, by the token that may do everything. */
export function askCrankback(
  path: string,
  which: Crankback = 'crankback',
  request: Pick<RequestInit, 'method' | 'signal'> = {},
): Promise<Response> {
  const headers = { authorization: `Bearer ${HTTP_TOKEN}` };
  return fetch(crankbackUrl(path, which), { ...request, headers });
}
