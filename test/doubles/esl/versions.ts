import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Link } from '../../../adapters/freeswitch/esl/connection';
import { repositoryRoot } from '../../../lab/provision/paths';

const CAPTURES = join(repositoryRoot, 'test', 'captures');

/** `esl`: its event socket, both directions; `offers`: the offers that it makes. */
export type Recorded = 'esl' | 'offers';

/** Where the recordings of one version of FreeSWITCH are. */
export function recordingsOf(version: string, what: Recorded): string {
  return join(CAPTURES, `freeswitch-${version}-${what}`);
}

/** Versions of FreeSWITCH that were recorded, the oldest first. */
export function recordedVersions(what: Recorded): readonly string[] {
  const folder = new RegExp(`^freeswitch-(\\d+\\.\\d+\\.\\d+)-${what}$`);
  return readdirSync(CAPTURES)
    .flatMap((name) => folder.exec(name)?.[1] ?? [])
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

const DEAF = { message: () => undefined, dropped: () => undefined, closed: () => undefined };

/**
 * The answer of a real FreeSWITCH to one command.
 * @throws Error where it cannot be reached
 */
export async function askFreeswitch(
  freeswitch: { readonly host: string; readonly port: number; readonly password: string },
  text: string,
): Promise<string> {
  const [name = '', ...args] = text.split(' ');
  const link = await Link.connect(freeswitch, 3_000, { message: 1_000_000 }, DEAF);
  try {
    return await link.api(name, args.join(' '));
  } finally {
    link.close('asked');
  }
}

/** `1.11.2`, as a real FreeSWITCH says it. */
export async function versionOf(freeswitch: Parameters<typeof askFreeswitch>[0]): Promise<string> {
  const said = await askFreeswitch(freeswitch, 'version');
  const [, version] = /^FreeSWITCH Version (\d+\.\d+\.\d+)/.exec(said) ?? [];
  if (version === undefined) throw new Error(`no version of FreeSWITCH: ${said}`);
  return version;
}
