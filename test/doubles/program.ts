import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';

/** A process that is watched from its start. */
export interface Program {
  readonly process: ChildProcess;
  /** Exit code or signal. */
  readonly ended: Promise<number | NodeJS.Signals>;
  /** What came on its pipes. */
  stdout: string;
  stderr: string;
}

/**
 * Starts the compiled program.
 * @param options `node`: another one than that of the test; `stdio`
 */
export function startProgram(
  main: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  {
    node = process.execPath,
    stdio = ['ignore', 'pipe', 'pipe'],
  }: { readonly node?: string; readonly stdio?: StdioOptions } = {},
): Program {
  const child = spawn(node, [main, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio,
  });
  const service: Program = {
    process: child,
    ended: once(child, 'exit').then(
      ([code, signal]) => (code ?? signal) as number | NodeJS.Signals,
    ),
    stdout: '',
    stderr: '',
  };
  child.stdout?.on('data', (chunk: Buffer) => (service.stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (service.stderr += chunk.toString()));
  return service;
}

/** A TCP port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const probe = net.createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as net.AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
