import { appendFileSync, chmodSync, copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Repair } from './found';

/** How the file before is named. */
export const KEPT = '.before-crankback-doctor';

/**
 * Mends it. A file that is changed is kept beside itself first, once: what was there before the first repair.
 * @param tell gives the PBX a command
 * @throws Error of the file system or the PBX
 */
export async function mend(
  repair: Repair,
  tell: (pbx: string, command: string) => Promise<void>,
): Promise<void> {
  switch (repair.kind) {
    case 'mode':
      return chmodSync(repair.path, repair.mode);
    case 'folder':
      return void mkdirSync(repair.path, { recursive: true, mode: 0o750 });
    case 'line':
      keep(repair.path);
      return appendFileSync(repair.path, `\n${repair.line}\n`);
    case 'copy':
      for (const { from, to } of repair.files) {
        keep(to);
        mkdirSync(dirname(to), { recursive: true });
        copyFileSync(from, to);
      }
      return repair.then && tell(repair.then.pbx, repair.then.command);
    case 'command':
      return tell(repair.pbx, repair.command);
  }
}

function keep(path: string): void {
  if (existsSync(path) && !existsSync(path + KEPT)) copyFileSync(path, path + KEPT);
}
