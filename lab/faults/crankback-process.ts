import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Containers } from '../runner/containers';
import { runFolder } from '../runner/layout';
import { waitFor } from '../runner/waiting';

type Signal = 'KILL' | 'TERM' | 'STOP' | 'CONT';

/** What start.sh looks at when it starts crankback. */
export type Flag = 'log-to-disk' | 'disk-is-full' | 'few-descriptors';

const flagFolder = join(runFolder, 'fault-flags');

/** The process itself, in its container. Its start is in start.sh. */
export class CrankbackProcess {
  constructor(
    private readonly containers: Containers,
    private readonly abort: AbortSignal,
  ) {}

  async signal(signal: Signal): Promise<void> {
    await this.ask(`kill -${signal} "$(cat /tmp/crankback.pid)"`);
  }

  /** Ends it and waits until it is gone. */
  async end(signal: 'KILL' | 'TERM'): Promise<void> {
    // The container ends with it, perhaps before the shell has answered.
    await this.signal(signal).catch(() => undefined);
    const gone = async () => ((await this.containers.isRunning('crankback')) ? undefined : true);
    await waitFor('crankback has ended', gone, {
      limitMs: 10_000,
      everyMs: 50,
      signal: this.abort,
    });
  }

  /** For the next start. */
  async setFlags(flags: readonly Flag[]): Promise<void> {
    // The folder itself stays: it is mounted.
    await mkdir(flagFolder, { recursive: true });
    for (const old of await readdir(flagFolder)) await rm(join(flagFolder, old));
    for (const flag of flags) await writeFile(join(flagFolder, flag), '');
  }

  async start(): Promise<void> {
    await this.containers.control('crankback', 'start');
  }

  /** Runs a script beside it. */
  ask(script: string): Promise<string> {
    return this.containers.ask('crankback', script);
  }
}
