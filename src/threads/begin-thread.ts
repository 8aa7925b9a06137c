import { Worker } from 'node:worker_threads';

export interface ThreadProgram<Data> {
  /** For whoever looks at the process. */
  readonly name: string;
  /** Path of the program, as Node runs it. */
  readonly entry: string;
  /** What it is told at its beginning. */
  readonly data: Data;
  /** The most that it may keep; more ends the thread and not the service. MB. */
  readonly heapMb: number;
  /** All that it knows of the environment; absent: nothing. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Begins a thread that knows no secret of the settings, which are in the environment. */
export function beginThread<Data>(program: ThreadProgram<Data>): Worker {
  const { name, entry, data, heapMb, env = {} } = program;
  // What a thread says is piped to our outputs, and a pipe throws where nobody listens to one that breaks.
  for (const output of [process.stdout, process.stderr])
    if (!output.listeners('error').includes(ignore)) output.on('error', ignore);
  return new Worker(entry, {
    name,
    workerData: data,
    env: { ...env },
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
}

function ignore(): void {}
