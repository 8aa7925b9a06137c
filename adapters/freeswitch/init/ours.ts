import type { ConfigFiles } from '../../../src/init/pbx';

/** Of files that `init` writes: FreeSWITCH's group reads them. */
export const CONF_MODE = 0o640;

/** Whether a whole file there is one that `init` writes. */
export function isOurs(files: ConfigFiles, path: string): boolean {
  return /proposed by `crankback init`/.test(files.read(path) ?? '');
}
