import type { Containers } from './containers';
import { commandLine } from './shell';

/** Runs a command of Asterisk's CLI and gives what it printed. */
export function asteriskCli(containers: Containers, command: string): Promise<string> {
  return containers.ask('asterisk', commandLine(['asterisk', '-rx', command]));
}
