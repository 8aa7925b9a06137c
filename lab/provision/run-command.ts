import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Ends the command with SIGTERM after this time. */
  readonly timeLimitMs?: number;
  /** Also receives everything the command writes. */
  readonly logFile?: string;
  readonly signal?: AbortSignal;
  onOutput?(text: string): void;
}

export interface CommandResult {
  /** Undefined if the command could not be started or was ended by a signal. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Why there is no exit code. */
  readonly trouble?: string;
}

/** Names the command that failed, its failure, its last output and a remedy. */
export class CommandFailed extends Error {
  constructor(
    readonly argv: readonly string[],
    readonly result: CommandResult,
    whatToDo: string,
  ) {
    super(describeFailure(argv, result, whatToDo));
    this.name = 'CommandFailed';
  }
}

/** Runs a command to its end; a failure is a result, not an exception. */
export function tryRun(argv: readonly string[], options: RunOptions = {}): Promise<CommandResult> {
  const [program = '', ...args] = argv;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.timeLimitMs === undefined ? {} : { timeout: options.timeLimitMs }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const log =
      options.logFile === undefined ? undefined : createWriteStream(options.logFile, 'utf8');
    const written = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        written[name] += text;
        log?.write(text);
        options.onOutput?.(text);
      });
    }
    let startTrouble: string | undefined;
    child.on('error', (error) => (startTrouble = error.message));
    child.on('close', (code, signal) => {
      log?.end();
      const trouble = startTrouble ?? (signal === null ? undefined : `ended by ${signal}`);
      resolve({
        exitCode: trouble === undefined ? (code ?? undefined) : undefined,
        ...written,
        ...(trouble === undefined ? {} : { trouble }),
      });
    });
  });
}

/** Runs a command that must succeed and returns its stdout. */
export async function run(
  argv: readonly string[],
  whatToDo: string,
  options: RunOptions = {},
): Promise<string> {
  const result = await tryRun(argv, options);
  if (result.exitCode !== 0) throw new CommandFailed(argv, result, whatToDo);
  return result.stdout;
}

/** Whether the command can be started and ends with exit code 0. */
export async function succeeds(
  argv: readonly string[],
  options: RunOptions = {},
): Promise<boolean> {
  return (await tryRun(argv, options)).exitCode === 0;
}

function describeFailure(argv: readonly string[], result: CommandResult, whatToDo: string): string {
  const lines = `${result.stdout}\n${result.stderr}`.split('\n').filter((line) => line.trim());
  const outcome = result.trouble ?? `exit code ${String(result.exitCode)}`;
  return [
    `${argv.join(' ')}: ${outcome}`,
    ...lines.slice(-12).map((line) => `  | ${line}`),
    `What to do: ${whatToDo}`,
  ].join('\n');
}
