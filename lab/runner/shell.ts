import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomUUID } from 'node:crypto';

/** Result of a shell script: exit code, and the text of both outputs. */
export interface Ended {
  readonly exitCode: number;
  readonly output: string;
}

interface RunOptions {
  readonly limitMs: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A persistent POSIX shell: starting a program through it costs milliseconds; a `docker exec` costs a
 * hundred and more. Scripts run one after the other in one process, so they share variables and background
 * jobs.
 */
export class Shell {
  private readonly child: ChildProcessWithoutNullStreams;
  /** Marks the end of a script's output; no script writes it by chance. */
  private readonly mark = randomUUID();
  private written = '';
  private turn: Promise<unknown> = Promise.resolve();
  private waiting: { resolve(ended: Ended): void; reject(error: Error): void } | undefined;
  private over = false;

  /** @param argv command of the shell, which reads scripts from its standard input */
  constructor(
    private readonly argv: readonly string[],
    env: NodeJS.ProcessEnv,
  ) {
    const [program = '', ...args] = argv;
    this.child = spawn(program, args, { env });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => this.read(text));
    // Only the shell or docker writes here: scripts write to the other output.
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.written += text));
    this.child.stdin.on('error', () => this.end());
    this.child
      .on('error', (error) => (this.written += error.message))
      .on('close', () => this.end());
  }

  /** Whether no more scripts can run. */
  get hasEnded(): boolean {
    return this.over;
  }

  /**
   * Runs a script to its end. An abort ends only the waiting; later scripts still wait.
   * @throws if the shell ends, or if the script exceeds its limit, which ends the shell
   */
  async run(script: string, { limitMs, signal }: RunOptions): Promise<Ended> {
    const ended = this.turn.then(() => this.runNow(script, limitMs));
    this.turn = ended.catch(() => undefined);
    if (!signal) return ended;
    signal.throwIfAborted();
    const aborted = new AbortController();
    const abort = new Promise<never>((_, reject) => {
      const stop = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', stop, { once: true, signal: aborted.signal });
    });
    return Promise.race([ended, abort]).finally(() => aborted.abort());
  }

  /** Closes the shell; background jobs continue. */
  close(): void {
    this.child.stdin.end();
  }

  private async runNow(script: string, limitMs: number): Promise<Ended> {
    if (this.over) throw new Error(this.describe('the shell has ended'));
    const limit = setTimeout(() => {
      this.end(`not within ${limitMs} ms: ${script}`);
      this.child.kill('SIGKILL');
    }, limitMs);
    try {
      return await new Promise<Ended>((resolve, reject) => {
        this.waiting = { resolve, reject };
        // A script must not read the next ones.
        this.child.stdin.write(`{\n${script}\n} </dev/null 2>&1\nprintf '${this.mark} %d\\n' $?\n`);
      });
    } finally {
      clearTimeout(limit);
    }
  }

  private read(text: string): void {
    this.written += text;
    const end = this.written.indexOf(this.mark);
    const code = /^ (\d+)\n/.exec(this.written.slice(end + this.mark.length))?.[1];
    if (end < 0 || code === undefined) return;
    const output = this.written.slice(0, end);
    this.written = '';
    this.waiting?.resolve({ exitCode: Number(code), output });
    this.waiting = undefined;
  }

  private end(why = 'the shell has ended'): void {
    this.over = true;
    this.waiting?.reject(new Error(this.describe(why)));
    this.waiting = undefined;
  }

  private describe(why: string): string {
    return `${this.argv.join(' ')}: ${why}\n${this.written.slice(-2000)}`.trim();
  }
}

/** A command line from these arguments, each quoted literally. */
export function commandLine(argv: readonly string[]): string {
  return argv.map((argument) => `'${argument.replaceAll("'", "'\\''")}'`).join(' ');
}
