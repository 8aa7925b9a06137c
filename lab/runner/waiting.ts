import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Polls until there is an answer.
 * @param ask returns undefined for not yet
 * @throws if `limitMs` is over or the signal is aborted
 */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  options: { limitMs: number; everyMs?: number; signal?: AbortSignal },
): Promise<T> {
  const deadline = performance.now() + options.limitMs;
  for (;;) {
    options.signal?.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${options.limitMs} ms`);
    await pause(options.everyMs ?? 50, options.signal);
  }
}

/** Waits; an abort ends it with the signal's reason. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
}
