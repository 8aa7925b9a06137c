import { isMap } from '../../src/policy-file/schema/parts';
import { pause } from './waiting';

/** One line of crankback's JSON log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** What crankback has said elsewhere may come so much later in its log, on a busy machine. Milliseconds. */
const LATE = 5000;
const LOOK_EVERY = 50;

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

/** Those that tell of that time or later; Docker's own times are those of the writing. */
export function linesSince(log: readonly LogLine[], time: number): LogLine[] {
  return log.filter(({ timestamp }) => Date.parse(String(timestamp)) >= time);
}

/**
 * Reads a log until what shall be in it is: crankback writes its lines some milliseconds after what
 * they tell, and Docker hands them on later still. Lines come in order, so what is missing before the
 * one that was waited for was never logged.
 * @returns what there is when the time is over, for the test to say what is missing
 */
export async function untilLogged(
  isThere: (log: readonly LogLine[]) => boolean,
  read: () => Promise<LogLine[]>,
  signal: AbortSignal,
): Promise<LogLine[]> {
  const deadline = performance.now() + LATE;
  for (;;) {
    const log = await read();
    if (isThere(log) || performance.now() > deadline) return log;
    await pause(LOOK_EVERY, signal);
  }
}
