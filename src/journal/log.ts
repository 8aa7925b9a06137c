import { Writable } from 'node:stream';
import winston from 'winston';

export interface LogOptions {
  readonly format: 'json' | 'readable';
  readonly level: 'error' | 'warn' | 'info' | 'debug';
}

/** Everything below U+0020, DEL, C1 and the Unicode line ends: what could forge a log line. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Deeper metadata is cut off; also what refers to itself ends here. */
const DEEPEST = 6;

/** winston logs an Error inside metadata as `{}`; control characters would forge lines. */
const clean = winston.format((info) => {
  for (const [key, value] of Object.entries(info)) info[key] = printable(value, DEEPEST);
  return info;
});

function printable(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return escapeControl(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.map((item) => printable(item, depth - 1));
  const { name, message, stack, cause } = value as Partial<Error>;
  const plain =
    value instanceof Error
      ? { name, message, stack, ...(cause !== undefined && { cause }) }
      : value;
  return Object.fromEntries(
    Object.entries(plain).map(([key, item]) => [escapeControl(key), printable(item, depth - 1)]),
  );
}

function escapeControl(text: string): string {
  return text.replace(CONTROL, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const readable = winston.format.printf(({ timestamp, level, message, ...fields }) => {
  const details = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        `${key}=${typeof value === 'string' && !/[\s="]/.test(value) ? value : JSON.stringify(value)}`,
    );
  return [String(timestamp), level.toUpperCase().padEnd(5), String(message), ...details].join(' ');
});

/**
 * Standard output, which gets the lines of one turn together when all else of that turn is done: each
 * write is a system call, and into a full pipe it stops everything, calls included.
 */
class StandardOutput extends Writable {
  private lines = '';

  constructor() {
    super({ decodeStrings: false });
    process.once('exit', () => this.flush());
  }

  override _write(line: string, _: BufferEncoding, done: () => void): void {
    if (this.lines === '') setImmediate(() => this.flush());
    this.lines += line;
    done();
  }

  private flush(): void {
    const { lines } = this;
    this.lines = '';
    if (lines !== '') process.stdout.write(lines);
  }
}

const standardOutput = new StandardOutput();

/** The service's logger: one line per attempt and decision, to standard output. */
export function createLogger(options: LogOptions): winston.Logger {
  const { combine, timestamp, json } = winston.format;
  return winston.createLogger({
    level: options.level,
    format: combine(clean(), timestamp(), options.format === 'json' ? json() : readable),
    transports: [new winston.transports.Stream({ stream: standardOutput, eol: '\n' })],
  });
}
