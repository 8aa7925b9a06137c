import { join } from 'node:path';
import { repositoryRoot } from './paths';

/** Which of several labs on this machine: each has its own network, folder and ports. */
const VARIABLE = 'CRANKBACK_LAB_PLACE';
/** What docker-compose.yml and the PBXes' configuration name, without the last number. */
export const WRITTEN_NETWORK = '172.30.77';

const place = Number(process.env[VARIABLE] ?? 1);
if (!Number.isInteger(place) || place < 1 || place > 99) throw new Error(`${VARIABLE}: 1 to 99`);

const isFirst = place === 1;
const network = isFirst ? WRITTEN_NETWORK : `172.30.${76 + place}`;

/** Created by a run, and seen by the containers as /run/lab; may be deleted while the lab is down. */
export const runFolder = isFirst
  ? join(repositoryRoot, 'lab', '.run')
  : join(repositoryRoot, 'lab', '.run', `place-${place}`);

/** The PBXes' configuration, with this lab's addresses. */
export const pbxFolder = isFirst ? join(repositoryRoot, 'lab', 'pbx') : join(runFolder, 'pbx');

/** The address of a container of this lab by its last number. */
export const labAddress = (last: number): string => `${network}.${last}`;

/** A text with this lab's addresses instead of the written ones. */
export const atThisPlace = (text: string): string =>
  isFirst ? text : text.replaceAll(`${WRITTEN_NETWORK}.`, `${network}.`);

/** Published ports of the first lab, each movable by its variable (docs/lab.md). */
const PORTS = {
  CRANKBACK_LAB_HTTP_PORT: 18090,
  CRANKBACK_LAB_SECOND_HTTP_PORT: 18091,
  CRANKBACK_LAB_ARI_PORT: 18088,
};
type PortVariable = keyof typeof PORTS;

/** A published port of this lab. */
export const labPort = (name: PortVariable): string =>
  String(Number(process.env[name] ?? PORTS[name]) + 100 * (place - 1));

/** Variables for docker-compose.yml. */
export function placeVariables(): Readonly<Record<string, string>> {
  if (isFirst) return {};
  const ports = (Object.keys(PORTS) as PortVariable[]).map((name) => [name, labPort(name)]);
  return {
    ...(Object.fromEntries(ports) as Record<string, string>),
    COMPOSE_PROJECT_NAME: `crankback-lab-${place}`,
    CRANKBACK_LAB_NETWORK: network,
    CRANKBACK_LAB_RUN: runFolder,
    CRANKBACK_LAB_PBX_FOLDER: pbxFolder,
  };
}
