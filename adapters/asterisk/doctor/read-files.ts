import { lookup } from 'node:dns/promises';
import { readFileSync, statSync } from 'node:fs';
import { isIP } from 'node:net';
import { isAbsolute, join } from 'node:path';
import { readConfiguration, type ReadConfiguration } from './written-dialplan';
import type { FilesSeen, OwnFile } from './seen';

/** What we ship. */
const OURS = ['extensions.conf', 'planned.conf', 'emergency.conf'];
/** Larger files are no configuration that people write. Bytes. */
const LARGEST = 16 * 1024 * 1024;

/**
 * The files of Asterisk's configuration that crankback has to do with. Changes nothing.
 * @param shipped folder of our dialplan as it came
 * @returns undefined where the folder cannot be read
 */
export async function readFiles(
  folder: string,
  shipped: string | undefined,
): Promise<FilesSeen | undefined> {
  if (modeOf(folder) === undefined) return undefined;
  const read = (name: string): string => readBounded(isAbsolute(name) ? name : join(folder, name));
  const one = (name: string): ReadConfiguration | undefined => readConfiguration(name, read);
  const [extensions, http, hep, stasis] = [
    one('extensions.conf'),
    one('http.conf'),
    one('hep.conf'),
    one('stasis.conf'),
  ];
  const capture = hep?.lines.find(({ name }) => name === 'capture_address')?.value;
  const resolves = capture === undefined ? undefined : await resolving(capture);
  return {
    folder,
    ...(extensions && { extensions }),
    ...(http && { http }),
    ...(hep && { hep }),
    hasHep: modeOf(join(folder, 'hep.conf')) !== undefined,
    ...(stasis && { stasis }),
    ours: OURS.map((name) => ownFile(folder, name, shipped)),
    ...(resolves !== undefined && { captureResolves: resolves }),
  };
}

function ownFile(folder: string, name: string, shipped: string | undefined): OwnFile {
  const path = join(folder, 'crankback', name);
  const mode = modeOf(path);
  const from = shipped === undefined ? undefined : join(shipped, name);
  const isShipped = from === undefined ? undefined : sameText(path, from);
  return {
    name,
    path,
    ...(mode !== undefined && { mode }),
    ...(isShipped !== undefined && { isShipped }),
    ...(from !== undefined && { shipped: from }),
  };
}

/** An included path may be a pipe, which would be waited for, or a device without an end. @throws Error */
function readBounded(path: string): string {
  const stat = statSync(path);
  if (!stat.isFile()) throw new Error('no plain file');
  if (stat.size > LARGEST) throw new Error(`${stat.size} bytes are too many`);
  return readFileSync(path, 'utf8');
}

function sameText(path: string, other: string): boolean | undefined {
  try {
    return readBounded(path) === readBounded(other);
  } catch {
    return undefined;
  }
}

function modeOf(path: string): number | undefined {
  try {
    return statSync(path).mode & 0o777;
  } catch {
    return undefined;
  }
}

/** @returns undefined for an address */
async function resolving(capture: string): Promise<boolean | undefined> {
  const host = capture.replace(/:\d+$/, '');
  if (isIP(host) > 0) return undefined;
  return lookup(host).then(
    () => true,
    () => false,
  );
}
