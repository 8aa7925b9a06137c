import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { removed, type Defence } from './defence';

/** Neither sources nor tests. */
const LEFT_OUT = new Set(['node_modules', '.git', '.cache', 'dist', 'coverage', 'lab/.run']);

/** The project as it is now, uncommitted changes too, where defences can be removed. */
export class Copy {
  readonly folder = mkdtempSync(join(tmpdir(), 'crankback-defences-'));

  constructor(root: string) {
    cpSync(root, this.folder, {
      recursive: true,
      filter: (from) => !LEFT_OUT.has(relative(root, from)),
    });
    symlinkSync(join(root, 'node_modules'), join(this.folder, 'node_modules'));
  }

  /** Removes a defence while `work` runs. */
  async without<T>({ removals }: Defence, work: () => Promise<T>): Promise<T> {
    const before = new Map<string, string>();
    try {
      for (const removal of removals) {
        const path = join(this.folder, removal.file);
        const source = readFileSync(path, 'utf8');
        const changed = removed(source, removal);
        if (!before.has(path)) before.set(path, source);
        writeFileSync(path, changed);
      }
      return await work();
    } finally {
      for (const [path, source] of before) writeFileSync(path, source);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
