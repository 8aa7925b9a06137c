import { createHash } from 'node:crypto';
import type { BegunNote } from './note';

/**
 * The trace of a call: the same from every process that sees the call, so that what a restart divides is found together.
 * @returns 32 hexadecimal digits (W3C Trace Context), as good as random for samplers
 */
export function traceIdOf({ pbx, hunt, startedAt }: Pick<BegunNote, 'pbx' | 'hunt' | 'startedAt'>) {
  const text = JSON.stringify([pbx, hunt, startedAt]);
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
