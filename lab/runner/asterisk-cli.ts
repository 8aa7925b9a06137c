import type { Containers } from './containers';
import { commandLine } from './shell';
import { waitFor } from './waiting';

export type Asterisk = 'asterisk' | 'asterisk-2';

/** Runs a command of Asterisk's CLI and gives what it printed. */
export function asteriskCli(
  containers: Containers,
  command: string,
  service: Asterisk = 'asterisk',
): Promise<string> {
  return containers.ask(service, commandLine(['asterisk', '-rx', command]));
}

/** Resolves when it takes calls. */
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

/** Channels that Asterisk has now, their names. */
export async function channelsLeft(containers: Containers): Promise<string[]> {
  const listed = await asteriskCli(containers, 'core show channels concise');
  return listed
    .split('\n')
    .flatMap((line) => (line.includes('!') ? [line.split('!')[0] ?? ''] : []));
}

/**
 * Waits for Asterisk's last channel to go: without one it sends no INVITE any more. Gives up after
 * `limitMs` in silence: a channel that stays is for the expectations to tell.
 */
export async function untilIdle(
  containers: Containers,
  { limitMs, signal }: { limitMs: number; signal: AbortSignal },
): Promise<void> {
  const idle = async () => ((await channelsLeft(containers)).length === 0 ? true : undefined);
  await waitFor('Asterisk is idle', idle, { limitMs, everyMs: 20, signal }).catch(() =>
    signal.throwIfAborted(),
  );
}
