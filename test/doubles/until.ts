const LIMIT_MS = 20_000;

/** Waits until the condition is true; throws if it never is. */
export async function until(condition: () => boolean): Promise<void> {
  const limit = Date.now() + LIMIT_MS;
  while (!condition()) {
    if (Date.now() > limit) throw new Error(`never so within ${LIMIT_MS} ms: ${String(condition)}`);
    await pause(5);
  }
}

/** The same where asking takes time; what rejects is not so yet. */
export async function untilAsync(
  condition: () => Promise<boolean>,
  limitMs = LIMIT_MS,
): Promise<void> {
  const limit = Date.now() + limitMs;
  while (!(await condition().catch(() => false))) {
    if (Date.now() > limit) throw new Error(`never so within ${limitMs} ms: ${String(condition)}`);
    await pause(5);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
