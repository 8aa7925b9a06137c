import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Repair } from '../../../src/doctor/found';
import { KEPT, mend } from '../../../src/doctor/repair';

let folder: string;
let path: string;
let told: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-repair-'));
  path = join(folder, 'extensions.conf');
  told = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function mending(repair: Repair): Promise<void> {
  return mend(repair, (pbx, command) => {
    told.push(`${pbx}: ${command}`);
    return Promise.resolve();
  });
}

function modeOf(file: string): number {
  return statSync(file).mode & 0o777;
}

const LINE = { kind: 'line', line: '#include crankback/extensions.conf' } as const;

describe('a line', () => {
  it('is added at the end, and the file before is kept beside it, with the same rights', async () => {
    writeFileSync(path, '[mine]', { mode: 0o640 });
    await mending({ ...LINE, path });
    expect(readFileSync(path, 'utf8')).toBe(`[mine]\n${LINE.line}\n`);
    expect(readFileSync(path + KEPT, 'utf8')).toBe('[mine]');
    expect([modeOf(path), modeOf(path + KEPT)]).toEqual([0o640, 0o640]);
  });

  it('is put above the last line that is this one', async () => {
    writeFileSync(path, '<include>\n  </include>\n</include>\n');
    await mending({ kind: 'line', path, line: '  <here/>', above: '</include>' });
    expect(readFileSync(path, 'utf8')).toBe('<include>\n  </include>\n  <here/>\n</include>\n');
    writeFileSync(path, '<other/>');
    await mending({ kind: 'line', path, line: '  <here/>', above: '</include>' });
    expect(readFileSync(path, 'utf8')).toBe('<other/>\n  <here/>\n');
  });

  it('leaves what was kept at first as it is', async () => {
    writeFileSync(path, '[mine]');
    await mending({ ...LINE, path });
    writeFileSync(path, '[later]');
    await mending({ ...LINE, path });
    expect(readFileSync(path + KEPT, 'utf8')).toBe('[mine]');
  });

  it('keeps bytes that are no UTF-8', async () => {
    const bytes = Buffer.from([0x5b, 0xe9, 0xff, 0x5d]);
    writeFileSync(path, bytes);
    await mending({ ...LINE, path });
    expect(readFileSync(path).subarray(0, 4)).toEqual(bytes);
    expect(readFileSync(path + KEPT)).toEqual(bytes);
  });

  it('is not written through a link', async () => {
    const elsewhere = join(folder, 'elsewhere');
    writeFileSync(elsewhere, 'theirs');
    symlinkSync(elsewhere, path);
    await expect(mending({ ...LINE, path })).rejects.toThrow('a link, and links are not followed');
    expect(readFileSync(elsewhere, 'utf8')).toBe('theirs');
  });

  it('is not written where a link is in the place of what is kept', async () => {
    writeFileSync(path, '* * * * * root anything');
    symlinkSync(join(folder, 'cron.d'), path + KEPT);
    await expect(mending({ ...LINE, path })).rejects.toThrow('a link, and links are not followed');
    expect(existsSync(join(folder, 'cron.d'))).toBe(false);
    expect(readFileSync(path, 'utf8')).toBe('* * * * * root anything');
  });
});

describe('shipped files', () => {
  const shipped = (): string => {
    const from = join(folder, 'shipped.conf');
    writeFileSync(from, 'as it came');
    return from;
  };

  it('take the place of others, which are kept', async () => {
    writeFileSync(path, 'changed by hand', { mode: 0o600 });
    await mending({ kind: 'copy', files: [{ from: shipped(), to: path }] });
    expect(readFileSync(path, 'utf8')).toBe('as it came');
    expect(readFileSync(path + KEPT, 'utf8')).toBe('changed by hand');
    expect(modeOf(path)).toBe(0o600);
  });

  it('are put where none was, for everybody to read, and nothing is kept', async () => {
    await mending({ kind: 'copy', files: [{ from: shipped(), to: path }] });
    expect(readFileSync(path, 'utf8')).toBe('as it came');
    expect([modeOf(path), existsSync(path + KEPT)]).toEqual([0o644, false]);
  });

  it('change nothing where they are there', async () => {
    writeFileSync(path, 'as it came');
    const { ino } = statSync(path);
    await mending({ kind: 'copy', files: [{ from: shipped(), to: path }] });
    expect([statSync(path).ino, existsSync(path + KEPT)]).toEqual([ino, false]);
  });
});

describe('rights', () => {
  it('are taken away', async () => {
    writeFileSync(path, 'secret');
    chmodSync(path, 0o646);
    await mending({ kind: 'mode', path, mode: 0o640 });
    expect(modeOf(path)).toBe(0o640);
  });

  it('are never given, whatever the file has become since it was looked at', async () => {
    writeFileSync(path, 'another file');
    chmodSync(path, 0o600);
    await mending({ kind: 'mode', path, mode: 0o644 });
    expect(modeOf(path)).toBe(0o600);
  });

  it('of what a link leads to are left alone', async () => {
    const elsewhere = join(folder, 'elsewhere');
    writeFileSync(elsewhere, 'theirs');
    chmodSync(elsewhere, 0o666);
    symlinkSync(elsewhere, path);
    await expect(mending({ kind: 'mode', path, mode: 0o640 })).rejects.toThrow('ELOOP');
    expect([modeOf(elsewhere), readlinkSync(path)]).toEqual([0o666, elsewhere]);
  });
});

it('makes a folder with those above it, for its owner and group alone', async () => {
  const made = join(folder, 'a', 'b');
  await mending({ kind: 'folder', path: made });
  expect(lstatSync(made).mode & 0o007).toBe(0);
  mkdirSync(join(made, 'kept'));
  await mending({ kind: 'folder', path: made });
  expect(existsSync(join(made, 'kept'))).toBe(true);
});

it('gives a command to the PBX that it is for', async () => {
  await mending({ kind: 'command', pbx: 'asterisk', command: 'dialplan reload' });
  expect(told).toEqual(['asterisk: dialplan reload']);
});
