import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Copy } from '../../defences/copy';
import { defence } from '../../defences/defence';
import { isNamed } from '../../defences/jest';

const LIMIT = defence('limit', 'src/a.ts', 'if (n > 3) return;\n', '');
let root: string;
let copy: Copy;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'crankback-copy-'));
  for (const folder of ['src', 'node_modules', 'dist']) mkdirSync(join(root, folder));
  writeFileSync(join(root, 'src/a.ts'), 'if (n > 3) return;\nwork();\n');
  copy = new Copy(root);
});

afterEach(() => {
  copy.remove();
  rmSync(root, { recursive: true, force: true });
});

const read = (folder: string): string => readFileSync(join(folder, 'src/a.ts'), 'utf8');

describe('the copy in which defences are removed', () => {
  it('lacks the defence while its tests run, and has it again afterwards', async () => {
    const [there, here] = await copy.without(LIMIT, () =>
      Promise.resolve([read(copy.folder), read(root)]),
    );
    expect(there).toBe('work();\n');
    expect(here).toBe(read(root));
    expect(read(copy.folder)).toBe(read(root));
  });

  it('has it again also where something fails meanwhile', async () => {
    const failing = copy.without(LIMIT, () => Promise.reject(new Error('no jest')));
    await expect(failing).rejects.toThrow('no jest');
    expect(read(copy.folder)).toBe(read(root));
  });

  it('says which text of a defence is not there any more', async () => {
    const gone = defence('gone', 'src/a.ts', 'if (n > 4) return;', '');
    await expect(copy.without(gone, () => Promise.resolve())).rejects.toThrow(
      'src/a.ts: "if (n > 4) return;" stands there 0 times, expected once',
    );
  });

  it('has the packages of the project and nothing that was built', () => {
    expect(existsSync(join(copy.folder, 'node_modules'))).toBe(true);
    expect(existsSync(join(copy.folder, 'dist'))).toBe(false);
    copy.remove();
    expect(existsSync(copy.folder)).toBe(false);
    expect(existsSync(join(root, 'node_modules'))).toBe(true);
  });
});

it('a result is that of a named test by its file, and by its title or one above it', () => {
  const result = { file: 'test/a.ts', titles: ['a port', 'refuses 5'], failed: true };
  expect(isNamed(result, { file: 'test/a.ts', title: 'refuses %i' })).toBe(true);
  expect(isNamed(result, { file: 'test/a.ts', title: 'a port' })).toBe(true);
  expect(isNamed(result, { file: 'test/a.ts', title: 'refuses' })).toBe(false);
  expect(isNamed(result, { file: 'test/b.ts', title: 'refuses %i' })).toBe(false);
});
