const BASE_MS = 250;
const MAX_MS = 10_000;

/**
 * Delay before the next attempt to connect, with full jitter so that a fleet does not return at once.
 * @param failures number of failures in a row, 1 or more
 * @param random in [0, 1)
 * @returns milliseconds
 */
export function reconnectDelay(failures: number, random: number): number {
  const ceiling = Math.min(MAX_MS, BASE_MS * 2 ** Math.min(failures, 16));
  return Math.round(BASE_MS / 2 + random * (ceiling - BASE_MS / 2));
}
