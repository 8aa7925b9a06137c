import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { beginThread } from '../../threads/begin-thread';

/** More than 100,000 routes need; a file that needs more ends the thread and not the service. MB. */
const LARGEST_HEAP = 2_048;

/** The program of the thread. */
export const LOADER = join(__dirname, 'load-worker.js');

/**
 * Begins the thread that reads policy files. A start begins it before anything else: it loads its program while the
 * service is loaded. Nothing waits for it until it is asked.
 */
export function policyThread(entry = LOADER): Worker {
  const worker = beginThread({ name: 'policy file', entry, data: undefined, heapMb: LARGEST_HEAP });
  worker.unref();
  // Of one that dies before it is asked; whoever asks begins another one, which says why.
  worker.on('error', () => undefined);
  return worker;
}
