import { join } from 'node:path';
import type * as TheService from '../service';
import { runCompiled } from './compiled';

type Service = typeof TheService;

/** lab/release/bundle.ts puts this in. */
declare const CRANKBACK_BUNDLED: true;

/** When all that a start compiles is compiled, also what comes after the connection to the PBX. Milliseconds. */
const STARTED_MS = 5_000;

/**
 * Loads the service. The program as it is shipped keeps what is compiled of it in the folder of systemd's
 * `CacheDirectory=`, where there is one.
 * @param folder of the program
 * @param plain loads it by Node alone
 */
export async function loadService(folder: string, plain: () => Promise<Service>): Promise<Service> {
  const cache = process.env.CACHE_DIRECTORY;
  if (typeof CRANKBACK_BUNDLED === 'undefined' || !cache) return plain();
  const { exports, keep } = runCompiled<Service>(join(folder, 'service.js'), cache);
  if (keep) setTimeout(keep, STARTED_MS).unref();
  return exports;
}
