import { setFlagsFromString } from 'node:v8';

/**
 * From now on each thread collects its young generation by itself. V8 lets other threads help and waits for all of them; for
 * one that gets no processor, it waits in the middle of a pause in which nothing is decided. A small generation
 * (`--max-semi-space-size=2`) is collected as fast without help. For the whole process.
 */
export function collectedAlone(): void {
  setFlagsFromString('--no-parallel-scavenge');
}
