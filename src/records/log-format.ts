// Own logfmt: the package of that name is no longer kept, and writes objects as `[object Object]`.
import { fstatSync } from 'node:fs';
import winston from 'winston';

export type LogFormat = 'json' | 'logfmt' | 'readable';

/** Where logform stores the finished line. */
const MESSAGE = Symbol.for('message');
const LEVEL = Symbol.for('level');

/** Of syslog, by winston's level. */
export const PRIORITIES: Readonly<Record<string, number>> = {
  error: 3,
  warn: 4,
  info: 6,
  debug: 7,
};

const readable = winston.format.printf(({ timestamp, level, message, ...fields }) =>
  [String(timestamp), level.toUpperCase().padEnd(5), String(message), ...pairs(fields)].join(' '),
);

const logfmt = winston.format.printf(({ timestamp, level, message, ...fields }) =>
  pairs({ timestamp, level, message, ...fields }).join(' '),
);

/** How a line is written. */
export function formatOf(name: LogFormat): winston.Logform.Format {
  if (name === 'json') return winston.format.json();
  return name === 'logfmt' ? logfmt : readable;
}

/** Puts `<4>` before each line, by which journald knows how serious it is. */
export const prioritized = winston.format((info) => {
  const priority = PRIORITIES[String(info[LEVEL])] ?? PRIORITIES['info'];
  info[MESSAGE] = `<${priority}>${String(info[MESSAGE])}`;
  return info;
});

/**
 * Whether standard output goes to journald.
 * @param stream `JOURNAL_STREAM`, device and inode as systemd sets it (systemd.exec(5)); a child may have inherited it
 */
export function isJournal(stream: string | undefined, fd = 1): boolean {
  if (stream === undefined) return false;
  try {
    const { dev, ino } = fstatSync(fd);
    return stream === `${dev}:${ino}`;
  } catch {
    return false;
  }
}

/** `key=value`; what is no plain word is JSON, in quotes. */
function pairs(fields: object): readonly string[] {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key.replaceAll(/[\s="]/g, '_')}=${text(value)}`);
}

function text(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const written = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[^\s="]+$/.test(written) ? written : JSON.stringify(written);
}
