import { gunzipSync, gzipSync } from 'node:zlib';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../provision/paths';

/** An ARI event of the types that crankback asks for, as Asterisk wrote it. */
export interface RecordedEvent {
  readonly type: string;
  readonly timestamp: string;
  readonly args?: readonly string[];
  readonly channel?: { readonly id: string; readonly name: string; readonly state?: string };
}

/** One call: its events in order, and what SIPp's traces saw. */
export interface Recorded {
  readonly name: string;
  readonly trunk: string;
  readonly observed: boolean;
  readonly events: readonly RecordedEvent[];
  readonly wire: {
    /** Statuses that the carrier sent, in order. */
    readonly carrier: readonly number[];
    /** Statuses that the caller got, in order. */
    readonly caller: readonly number[];
  };
}

/** What one Asterisk did. */
export interface VersionRecording {
  /** As ARI tells it. */
  readonly version: string;
  /** Applications of its dialplan, of those that ours uses and not every version has. */
  readonly applications: Readonly<Record<string, boolean>>;
  readonly calls: readonly Recorded[];
}

export const VERSIONS_FOLDER = join(repositoryRoot, 'test', 'captures', 'asterisk-versions');
/** Calls that do not ask, as `crankback run` with `travel: on` hears of them. */
export const TRAVELLED_FOLDER = join(repositoryRoot, 'test', 'captures', 'asterisk-travelled');
const SUFFIX = '.jsonl.gz';

/** One JSON line for the version, and one for each call. */
export function writeVersion({ calls, ...head }: VersionRecording, folder: string): string {
  const file = join(folder, `${head.version}${SUFFIX}`);
  const text = [head, ...calls].map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(file, gzipSync(text, { level: 9 }));
  return file;
}

/** All recordings, the oldest version first. */
export function readVersions(folder = VERSIONS_FOLDER): VersionRecording[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => {
      const text = gunzipSync(readFileSync(join(folder, name))).toString('utf8');
      const [head, ...calls] = text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown);
      return { ...(head as Omit<VersionRecording, 'calls'>), calls: calls as Recorded[] };
    })
    .sort((a, b) => a.version.localeCompare(b.version, 'en', { numeric: true }));
}
