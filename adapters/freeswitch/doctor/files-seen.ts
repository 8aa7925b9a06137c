import type { ConfigFiles } from '../../../src/init/pbx';
import { readDocument } from '../init/document';
import { contextsOf } from './dialplan';
import type { FilesSeen } from './seen';
import { elementOf } from './xml';

const INCLUDES_TRAVEL = /cmd\s*=\s*"include"\s+data\s*=\s*"(?:[^"]*\/)?travel\.xml"/;

/**
 * The files of a FreeSWITCH on this machine, as it would read them now.
 * @param folder its `conf_dir`; undefined is returned where it is not here, or may not be read
 */
export async function filesSeen(
  files: ConfigFiles,
  folder: string,
): Promise<FilesSeen | undefined> {
  if (files.read(`${folder}/freeswitch.xml`) === undefined) return undefined;
  const { root, broken } = await readDocument(files, folder);
  const own = `${folder}/dialplan/crankback`;
  const emergency = files.read(`${own}/emergency.xml`);
  return {
    folder,
    ...(broken !== undefined && { broken }),
    contexts: root ? contextsOf(elementOf(root)) : [],
    travel: {
      isThere: files.read(`${own}/travel.xml`) !== undefined,
      emergency:
        emergency === undefined
          ? 'absent'
          : INCLUDES_TRAVEL.test(emergency)
            ? 'includes'
            : 'without',
    },
  };
}
