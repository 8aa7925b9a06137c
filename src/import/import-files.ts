import { readdirSync } from 'node:fs';
import type { ConfigFiles } from '../init/pbx';
import { NoPlainFile, readPlainFile } from '../policy-file/plain-file';
import { NotImportable, type ImportFile } from './draft';

/** A larger one is no configuration; a dump of a database may have more in it. Bytes. */
const LARGEST = 64 * 1024 * 1024;

/**
 * The text of a file that the user names.
 * @throws NotImportable where it cannot be read
 */
export function importFile(path: string, largest = LARGEST): ImportFile {
  try {
    const bytes = readPlainFile(path, largest);
    // Old files have comments in other encodings: these characters are in nothing that is translated.
    return { name: path, text: bytes.toString('utf8').replace(/^\uFEFF/, '') };
  } catch (error) {
    const { message } = error as Error;
    throw new NotImportable(
      `${path}: ${error instanceof NoPlainFile ? message : `cannot be read: ${message}`}`,
    );
  }
}

/** The same for a reader of configuration: what is included and cannot be read is not there. */
export const filesOfDisk: ConfigFiles = {
  read: (path) => {
    try {
      return importFile(path).text;
    } catch {
      return undefined;
    }
  },
  readOwn: () => undefined,
  list: (folder) => {
    try {
      return readdirSync(folder).sort();
    } catch {
      return [];
    }
  },
};
