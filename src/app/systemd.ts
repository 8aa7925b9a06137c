/**
 * What systemd is told of the service, sd_notify(3). Own code: Node has no datagram sockets of Unix, and the packages
 * that add them (sd-notify, unix-dgram) are native ones, which a bundle cannot have inside.
 */
import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Passes each line on. A shell does so, because starting `systemd-notify` from here would stop the event loop for
 * 10 ms each time; a line to the shell takes a tenth of one. The shell ends with its standard input.
 */
const HELPER = 'while read -r state; do systemd-notify "$state"; done';

/** Tells whoever supervises the process how it is. */
export interface Supervisor {
  /** The service does what it is for; from now on a sign of life is given in time, as long as the event loop turns. */
  ready(): void;
  stopping(): void;
}

/**
 * systemd's variables, of a unit with `Type=notify`, `NotifyAccess=all` and perhaps `WatchdogSec`. Without them
 * nothing is started and nothing is told.
 * @param pid of this process; another's watchdog is none of ours
 */
export function systemd(env: NodeJS.ProcessEnv, pid: number): Supervisor {
  const { NOTIFY_SOCKET, PATH, WATCHDOG_PID, WATCHDOG_USEC } = env;
  if (NOTIFY_SOCKET === undefined) return { ready: () => {}, stopping: () => {} };
  let helper: ChildProcess | undefined;
  const tell = (state: string): void => {
    helper ??= started({ NOTIFY_SOCKET, PATH }, () => (helper = undefined));
    helper.stdin?.write(`${state}\n`);
  };
  const isOurs = WATCHDOG_PID === undefined || WATCHDOG_PID === String(pid);
  const watchdogMs = isOurs ? Number(WATCHDOG_USEC ?? 0) / 1_000 : 0;
  return {
    ready: () => {
      tell('READY=1');
      // Half of the limit, as sd_watchdog_enabled(3) advises.
      if (watchdogMs > 0) setInterval(() => tell('WATCHDOG=1'), watchdogMs / 2).unref();
    },
    stopping: () => tell('STOPPING=1'),
  };
}

/** @param ended is called once, when another one is needed */
function started(env: NodeJS.ProcessEnv, ended: () => void): ChildProcess {
  const child = spawn('/bin/sh', ['-c', HELPER], { env, stdio: ['pipe', 'ignore', 'ignore'] });
  child.once('error', ended).once('exit', ended);
  // A helper that is gone is noticed by its end; the write that met this is lost, and the next one comes in time.
  child.stdin?.on('error', () => {});
  child.unref();
  // The pipe alone must not keep a service alive that has stopped.
  if (child.stdin && 'unref' in child.stdin) (child.stdin as unknown as { unref(): void }).unref();
  return child;
}
