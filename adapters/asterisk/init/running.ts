import type { ConfigFiles, PbxReader } from '../../../src/init/pbx';
import { asteriskCommand } from '../doctor/ask-command';
import { isOurs, isUsers } from '../doctor/dialplan';
import { readLoaded } from '../doctor/loaded-dialplan';
import { readConf } from './conf-file';
import { asteriskReader } from './reader';

/** As the places of what is found there begin: `dialplan show:12`. */
const SHOWN = 'dialplan show';
/** Any other name would be more than a name in the text that is made of it. */
const NAME = /^[\w.-]+$/;

/**
 * Asterisk by its files, and behind them the contexts that it has loaded and its files do not have: of AEL, Lua, `#exec`, or
 * a file that may not be read. What a file says stays as the file says it.
 * @param words of Asterisk's command, `asterisk` or `docker exec pbx asterisk`
 */
export function askingAsterisk(words: readonly string[]): PbxReader {
  return {
    ...asteriskReader,
    read: async (files, folder) => {
      try {
        const shown = await asteriskCommand(words, SHOWN);
        return await asteriskReader.read(withLoaded(files, folder, shown), folder);
      } catch (error) {
        const read = await asteriskReader.read(files, folder);
        const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
        const notes = [`the running Asterisk was not asked: ${why}`, ...read.survey.notes];
        return { ...read, survey: { ...read.survey, notes } };
      }
    },
  };
}

/** @param shown the output of `dialplan show` */
export function withLoaded(files: ConfigFiles, folder: string, shown: string): ConfigFiles {
  const main = `${folder}/extensions.conf`;
  const written = new Set(
    readConf(files, folder, 'extensions.conf').sections.map(({ name }) => name),
  );
  const more = [...readLoaded(shown).values()].filter(
    ({ name }) => NAME.test(name) && !written.has(name) && !isOurs(name) && !isUsers(name),
  );
  const text = more
    .flatMap(({ name, steps }) => [
      `[${name}]`,
      ...steps
        .filter(({ priority }) => priority !== 'hint')
        .map(({ extension, priority, does }) =>
          `exten => ${extension},${priority},${does}`.replaceAll(';', '\\;'),
        ),
    ])
    .join('\n');
  return {
    ...files,
    read: (path) => {
      if (path === `${folder}/${SHOWN}`) return text;
      const own = files.read(path);
      return path === main ? `${own ?? ''}\n#include "${SHOWN}"\n` : own;
    },
  };
}
