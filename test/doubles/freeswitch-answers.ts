import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(__dirname, '../captures/freeswitch-1.11.2-vanilla');

/** What a real FreeSWITCH answered, by command. */
export function freeswitchAnswers(): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(join(FOLDER, 'answers.json'), 'utf8')) as Readonly<
    Record<string, string>
  >;
}

/** Its `xml_locate root`. */
export function freeswitchRoot(): string {
  return readFileSync(join(FOLDER, 'root.xml'), 'utf8');
}

/**
 * A FreeSWITCH that answers so.
 * @param changed other answers, by command
 * @throws Error at a command that was not recorded
 */
export function answeringFreeswitch(
  changed: Readonly<Record<string, string>> = {},
): (command: string, args: string) => Promise<string> {
  const answers: Readonly<Record<string, string>> = {
    ...freeswitchAnswers(),
    'xml_locate root': freeswitchRoot(),
    ...changed,
  };
  return (command, args) => {
    const asked = args === '' ? command : `${command} ${args}`;
    const known = asked.startsWith('module_exists ')
      ? (answers[asked] ?? answers['module_exists mod_voicemail'])
      : asked.startsWith('global_getvar ')
        ? (answers[asked] ?? answers['global_getvar nosuch'])
        : answers[asked];
    return known === undefined
      ? Promise.reject(new Error(`not recorded: ${asked}`))
      : Promise.resolve(known);
  };
}
