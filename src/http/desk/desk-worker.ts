/** A thread that reads records and policies for HTTP clients. Entry point of `Lane`. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { showing } from '../../records/shown';
import { askOver } from './ask-over';
import { doJob } from './do-job';
import type { Done, Job } from './job';

export interface DeskThreadData {
  readonly maskNumbers: boolean;
}

export interface ToDesk {
  readonly job: Job;
  /** To the journal; absent for a job that does without it. */
  readonly port?: MessagePort;
  /** What takes long ends with what it has after this. Milliseconds. */
  readonly enoughMs: number;
}

export type FromDesk = Done | { readonly error: string };

const own = parentPort;
// `workerData` is what `Lane` gave.
const shown = showing(workerData as DeskThreadData);

own?.on('message', (asked: ToDesk) => void serve(asked));

async function serve({ job, port, enoughMs }: ToDesk): Promise<void> {
  const until = performance.now() + enoughMs;
  const isEnough = (): boolean => performance.now() > until;
  try {
    const done = await doJob(job, { ask: askOver(port), isEnough }, shown);
    // Handed over, not copied.
    const whole = 'bytes' in done ? [done.bytes.buffer] : [];
    own?.postMessage(done satisfies FromDesk, whole);
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    own?.postMessage({ error: text } satisfies FromDesk);
  } finally {
    port?.close();
  }
}
