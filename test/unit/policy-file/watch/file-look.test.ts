import fs, { mkdtempSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileLook } from '../../../../src/policy-file/watch/file-look';

const text = (digits: string) => `version: 1
emergency: []
trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } } }
routes: [{ digits: "${digits}", trunks: [carrier-a] }]
`;

let folder: string;
let file: string;
let checked: string[];
let look: FileLook;
let opened: jest.SpyInstance;
const readings = () => opened.mock.calls.filter(([path]) => path === file).length;
const glance = (known = '') => look.look({ known, inForce: 'other', atOnce: false }).kind;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-look-'));
  file = join(folder, 'policy.yaml');
  writeFileSync(file, text('1*'));
  checked = [];
  look = new FileLook(file, (hash) => checked.push(hash));
  opened = jest.spyOn(fs, 'openSync');
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

/** As if what has been written were ten seconds old. */
const later = () => jest.spyOn(Date, 'now').mockReturnValue(statSync(file).ctimeMs + 10_000);

/** Reads the file at rest. @returns the hash of what it says */
function readOnce(): string {
  expect(look.look({ atOnce: true }).kind).toBe('compiled');
  return checked[0] ?? '';
}

it('a file that has not changed is not even opened, whatever is written beside it', () => {
  later();
  const hash = readOnce();
  for (const name of ['a', 'b', 'policy.yaml.new']) {
    writeFileSync(join(folder, name), text('2*'));
    expect(glance(hash)).toBe('same');
  }
  expect(readings()).toBe(1);
});

it('a file that says the same as before is read and not checked', () => {
  later();
  const hash = readOnce();
  utimesSync(file, 1, 1);
  later();
  expect([glance(hash), glance(hash), glance(hash)]).toEqual(['same', 'same', 'same']);
  expect([readings(), checked.length]).toEqual([2, 1]);
});

it('a file that says what is in force is not checked', () => {
  const hash = readOnce();
  expect(look.look({ inForce: hash, atOnce: true }).kind).toBe('restored');
  expect(checked).toHaveLength(1);
});

it('a changed file is read when it has come to rest, or when that takes too long', () => {
  later();
  const hash = readOnce();
  writeFileSync(file, text('2*'));
  later();
  expect(glance(hash)).toBe('same');
  expect(glance(hash)).toBe('compiled');
  const kinds = Array.from({ length: 11 }, (_, index) => {
    writeFileSync(`${file}.new`, text(`${index}*`));
    renameSync(`${file}.new`, file);
    return glance(hash);
  });
  expect(kinds).toEqual([...Array.from({ length: 10 }, () => 'same'), 'compiled']);
});

it('a file that was written a moment ago is read again: a second change may have the same time', () => {
  jest.spyOn(Date, 'now').mockReturnValue(statSync(file).ctimeMs + 1_000);
  const hash = readOnce();
  glance(hash);
  glance(hash);
  expect(readings()).toBe(3);
  later();
  glance(hash);
  glance(hash);
  expect(readings()).toBe(4);
});
