import { spawnSync } from 'node:child_process';
import { printError } from './print';

/** Runs commands one after another, without a shell. @returns whether each ended with code 0; says which did not */
export function runCommands(
  commands: readonly (readonly string[])[],
  tell: (text: string) => void,
): boolean {
  const failed = commands.filter(([program = '', ...args]) => {
    const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
    const said = error ? error.message : `${stdout}${stderr}`.trim();
    tell(`$ ${[program, ...args].join(' ')}${said === '' ? '' : `\n${said}`}`);
    return status !== 0;
  });
  for (const command of failed) printError(`failed: ${command.join(' ')}`);
  return failed.length === 0;
}
