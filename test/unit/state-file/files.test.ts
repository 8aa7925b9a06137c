import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FILES } from '../../../src/state-file/files';

let folder: string;
const path = () => join(folder, 'state.json');

beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'crankback-state-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a file that is kept', () => {
  it('is replaced as a whole, and nothing is left beside it', async () => {
    await FILES.replace(path(), 'one');
    await FILES.replace(path(), 'two');
    expect(await FILES.read(path())).toBe('two');
    expect(readdirSync(folder)).toEqual(['state.json']);
    expect(statSync(path()).mode & 0o007).toBe(0);
  });

  it('is written also where a process of the same number was killed while it wrote', async () => {
    writeFileSync(`${path()}.${process.pid}.tmp`, 'half');
    await FILES.replace(path(), 'whole');
    expect(readFileSync(path(), 'utf8')).toBe('whole');
  });

  it('stays as it was where the new one cannot take its place', async () => {
    mkdirSync(path());
    await expect(FILES.replace(path(), 'new')).rejects.toThrow(/EISDIR|ENOTEMPTY|EEXIST/);
    expect(readdirSync(folder)).toEqual(['state.json']);
  });

  it('is refused where its folder is missing', async () => {
    await expect(FILES.replace(join(folder, 'none/state.json'), '')).rejects.toThrow('ENOENT');
  });

  it('may not be there yet', async () => {
    expect(await FILES.read(path())).toBeUndefined();
    expect(await FILES.read(join(folder, 'none/state.json'))).toBeUndefined();
  });

  it('is not read where it is a folder, a pipe or larger than any of ours', async () => {
    await expect(FILES.read(folder)).rejects.toThrow('not a plain file');
    execFileSync('mkfifo', [path()]);
    await expect(FILES.read(path())).rejects.toThrow('not a plain file');
    rmSync(path());
    writeFileSync(path(), '');
    truncateSync(path(), 1e9);
    await expect(FILES.read(path())).rejects.toThrow('larger than');
  });

  it('is set aside under a name of its own', async () => {
    writeFileSync(path(), 'garbage');
    expect(await FILES.setAside(path())).toBe(`${path()}.bad`);
    expect(readdirSync(folder)).toEqual(['state.json.bad']);
  });
});
