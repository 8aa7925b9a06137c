import { writeFile } from 'node:fs/promises';
import { isMap } from '../../src/config/parts';
import type { Containers } from './containers';
import { whyNotReady } from './hunt-records';
import { policyFile } from './layout';
import { waitFor } from './waiting';

/** Longest time from a start to the connection with Asterisk. Milliseconds. */
const READY_LIMIT = 20_000;

export type LogLine = Readonly<Record<string, unknown>>;

/** crankback as the lab runs it: one policy at a time, or stopped. */
export class Service {
  private state: { policy: string; running: boolean };

  /** @param policy what crankback's container was started with */
  constructor(
    private readonly containers: Containers,
    policy: string,
  ) {
    this.state = { policy, running: true };
  }

  /** Makes crankback run with this policy, or stops it. */
  async bringTo(wanted: { policy: string; running: boolean }, signal: AbortSignal): Promise<void> {
    if (!wanted.running) {
      if (this.state.running) await this.containers.control('crankback', 'stop');
      this.state = { ...this.state, running: false };
      return;
    }
    if (this.state.running && this.state.policy === wanted.policy) return;
    await installPolicy(wanted.policy);
    await this.containers.control('crankback', this.state.running ? 'restart' : 'start');
    this.state = wanted;
    await this.untilReady(signal);
  }

  /** @throws with crankback's own log when it is not ready in time */
  async untilReady(signal: AbortSignal): Promise<void> {
    let why = '';
    try {
      await waitFor(
        'crankback is ready',
        async () => {
          why = (await whyNotReady()) ?? '';
          if (why !== '' && !(await this.containers.isRunning('crankback')))
            throw new Error('crankback has ended');
          return why === '' || undefined;
        },
        { limitMs: READY_LIMIT, everyMs: 100, signal },
      );
    } catch (error) {
      signal.throwIfAborted();
      const log = await this.containers.logsSince('crankback', Date.now() - 60_000);
      throw new Error(`crankback is not ready (${why}); its log:\n${log.slice(-4000)}`, {
        cause: error,
      });
    }
  }

  /** The JSON lines that crankback has logged since then (milliseconds since the epoch). */
  async linesSince(since: number): Promise<LogLine[]> {
    return parseLogLines(await this.containers.logsSince('crankback', since));
  }
}

/** Puts the policy where crankback's container reads it when it starts. */
export async function installPolicy(policy: string): Promise<void> {
  await writeFile(policyFile, policy);
}

/** The lines that are JSON objects; anything else a container may print is left out. */
export function parseLogLines(text: string): LogLine[] {
  return text.split('\n').flatMap((line) => {
    try {
      const value: unknown = JSON.parse(line);
      return isMap(value) ? [value] : [];
    } catch {
      return [];
    }
  });
}
