import winston from 'winston';
import { formatOf, isJournal, prioritized, type LogFormat } from './log-format';
import { LogOutput, withoutBlocking } from './log-output';
import { showing, type Shown } from './shown';

export interface LogOptions {
  readonly format: LogFormat;
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  /** `<4>` before each line, for journald; `auto`: where standard output goes there. Default: off. */
  readonly priorities?: 'auto' | 'on' | 'off';
  /** Numbers are shown masked. */
  readonly maskNumbers?: boolean;
}

export interface LoggerParts {
  readonly dropped?: (lines: number) => void;
  readonly output?: LineOutput;
}

/** winston names a line's level and text by symbols as well. */
const LEVEL = Symbol.for('level');

/** Nothing reaches a line but what may be shown. */
const shownLine = winston.format((info, shown) => {
  const fields = (shown as Shown)<winston.Logform.TransformableInfo>({ ...info });
  return Object.assign(fields, { [LEVEL]: info[LEVEL] });
});

/** Where logform stores the finished line. */
const MESSAGE = Symbol.for('message');

/**
 * Each write wakes the log's reader: with one write per line at 100 calls a second, this took a tenth of
 * our CPU.
 */
const TOGETHER_MS = 20;
/** More lines than this do not wait to be made. */
const MOST_PENDING = 10_000;

/** Where finished lines go, each with its line feed. */
export interface LineOutput {
  offer(lines: readonly string[]): void;
  /** At the end of the process, with the last lines. */
  flush(lines: readonly string[]): void;
}

interface StandardOutputParts {
  readonly lines: winston.Logform.Format;
  readonly output: LineOutput;
  readonly dropped: (lines: number) => void;
}

/**
 * Formats lines later and writes several at once: neither formatting nor a slow terminal may delay the
 * answer to a call.
 */
class StandardOutput extends winston.transports.Console {
  private pending: winston.Logform.TransformableInfo[] = [];

  constructor(private readonly parts: StandardOutputParts) {
    super();
    process.once('exit', this.atExit);
  }

  override log(info: winston.Logform.TransformableInfo, done: () => void): void {
    if (this.pending.length === 0) setTimeout(this.makeLines, TOGETHER_MS).unref();
    if (this.pending.length < MOST_PENDING) this.pending.push(info);
    else this.parts.dropped(1);
    done();
  }

  override close(): void {
    process.off('exit', this.atExit);
    this.atExit();
  }

  private readonly atExit = (): void => {
    this.parts.output.flush(this.takeLines());
  };

  private readonly makeLines = (): void => {
    const lines = this.takeLines();
    if (lines.length > 0) this.parts.output.offer(lines);
  };

  private takeLines(): readonly string[] {
    const { pending } = this;
    this.pending = [];
    return pending.flatMap((info) => this.lineOf(info));
  }

  /** A line that cannot be made is lost alone. */
  private lineOf(info: winston.Logform.TransformableInfo): readonly string[] {
    try {
      return [lineOf(this.parts.lines, info)];
    } catch {
      this.parts.dropped(1);
      return [];
    }
  }
}

function lineOf(lines: winston.Logform.Format, info: winston.Logform.TransformableInfo): string {
  const made = lines.transform(info, lines.options);
  return typeof made === 'object' ? `${String(made[MESSAGE])}\n` : '';
}

/** Standard output, with a line in place of what was lost. */
function standardOutput(
  lines: winston.Logform.Format,
  dropped: (lines: number) => void,
): LineOutput {
  const gap = (missing: number, why: string): string =>
    lineOf(lines, {
      [LEVEL]: 'warn',
      level: 'warn',
      message: 'log lines lost',
      timestamp: new Date().toISOString(),
      lines: missing,
      why,
    });
  return new LogOutput({ fd: withoutBlocking(1), dropped, gap });
}

/**
 * The service's logger: one line per attempt and decision, to standard output. It never throws, never waits, and
 * keeps no more than `MOST_WAITING` for a reader that does not read.
 * @param dropped told of lines that are lost; `output` in place of standard output, for tests
 */
export function createLogger(
  options: LogOptions,
  { dropped = () => undefined, output }: LoggerParts = {},
): winston.Logger {
  const { combine, timestamp } = winston.format;
  const shown = showing({ maskNumbers: options.maskNumbers ?? false });
  const { priorities = 'off' } = options;
  const isPrioritized =
    priorities === 'on' || (priorities === 'auto' && isJournal(process.env.JOURNAL_STREAM));
  const lines = combine(
    ...[shownLine(shown), formatOf(options.format)],
    ...(isPrioritized ? [prioritized()] : []),
  );
  return winston.createLogger({
    level: options.level,
    // Time of the event, not of the write.
    format: timestamp(),
    transports: [
      new StandardOutput({ lines, dropped, output: output ?? standardOutput(lines, dropped) }),
    ],
  });
}
