import { mkdtemp, mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashFolder, hashTexts } from '../../../../lab/provision/hash-files';

test('hashTexts tells where one text ends and the next begins', () => {
  expect(hashTexts(['ab', 'c'])).not.toBe(hashTexts(['a', 'bc']));
});

test('hashFolder depends on names and contents, not on age', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hash-folder-'));
  try {
    await mkdir(join(folder, 'nested'));
    const file = join(folder, 'nested', 'file');
    await writeFile(file, 'one');
    const first = await hashFolder(folder);
    await utimes(file, 1, 1);
    expect(await hashFolder(folder)).toBe(first);
    await writeFile(file, 'two');
    expect(await hashFolder(folder)).not.toBe(first);
  } finally {
    await rm(folder, { recursive: true });
  }
});
