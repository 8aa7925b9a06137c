import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { administratorEnvironment } from './debian/administrator-environment';

/**
 * The path of the first of these programs on this machine; an administrator's folders count, also for any other user.
 * @param more folders to look into afterwards
 */
export async function findProgram(
  names: readonly string[],
  more: readonly string[] = [],
): Promise<string | undefined> {
  const folders = [...(administratorEnvironment().PATH ?? '').split(delimiter), ...more];
  for (const folder of folders)
    for (const name of names) {
      const path = join(folder, name);
      if (await isThere(path)) return path;
    }
  return undefined;
}

/** Whether there is a program of this path. */
export function isThere(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
