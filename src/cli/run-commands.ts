import { spawnSync } from 'node:child_process';
import { printError } from './print';

/**
 * Runs commands one after another, without a shell.
 * @param settings values of arguments such as `$CRANKBACK_ESL_PASSWORD`, which are shown by their name alone
 * @returns whether each ended with code 0; says which did not
 */
export function runCommands(
  commands: readonly (readonly string[])[],
  tell: (text: string) => void,
  settings: readonly (readonly [name: string, value: string])[] = [],
): boolean {
  const values = new Map(settings.map(([name, value]) => [`$${name}`, value]));
  const failed = commands.filter((command) => {
    const [program = '', ...args] = command.map((one) => values.get(one) ?? one);
    const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
    const said = error ? error.message : `${stdout}${stderr}`.trim();
    tell(`$ ${shellLine(command)}${said === '' ? '' : `\n${said}`}`);
    return status !== 0;
  });
  for (const command of failed) printError(`failed: ${shellLine(command)}`);
  return failed.length === 0;
}

/** A command as a shell takes it. */
export function shellLine(command: readonly string[]): string {
  return command.map(shellWord).join(' ');
}

function shellWord(word: string): string {
  if (/^\$\w+$/.test(word)) return `"${word}"`;
  return /\s/.test(word) ? `'${word}'` : word;
}
