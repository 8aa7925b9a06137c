import { isMap } from '../../src/policy-file/schema/parts';
import { pause } from './waiting';

/** One line of crankback's JSON log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** On a busy machine, crankback's log may lag this much behind its other outputs. Milliseconds. */
const LATE = 5000;
const LOOK_EVERY = 50;

/** The lines that are JSON objects; other output of a container is dropped. */
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

/** Lines with that timestamp or a later one; Docker's own times are those of writing. */
export function linesSince(log: readonly LogLine[], time: number): LogLine[] {
  return log.filter(({ timestamp }) => Date.parse(String(timestamp)) >= time);
}

/**
 * Reads a log until it has the expected lines: crankback writes its lines some milliseconds after the
 * event, and Docker passes them on even later. Lines come in order, so a line that is missing before an
 * awaited one was never logged.
 * @returns the lines so far when the time is over, so that the test shows what is missing
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
