import type { Containers } from '../containers';
import { commandLine } from '../shell';
import { waitFor } from '../waiting';

export type Asterisk = 'asterisk' | 'asterisk-2';

/** Runs a command of Asterisk's CLI and returns its output. */
export function asteriskCli(
  containers: Containers,
  command: string,
  service: Asterisk = 'asterisk',
): Promise<string> {
  return containers.ask(service, commandLine(['asterisk', '-rx', command]));
}

/** Resolves when Asterisk takes calls. */
export async function untilBooted(
  containers: Containers,
  service: Asterisk,
  signal: AbortSignal,
): Promise<void> {
  const booted = () =>
    asteriskCli(containers, 'core waitfullybooted', service).then(
      () => true,
      () => undefined,
    );
  await waitFor(`${service} has booted`, booted, { limitMs: 30_000, everyMs: 200, signal });
}
