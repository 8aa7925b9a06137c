import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIAL_STRING_KINDS } from '../../../src/policy-file/schema/dial-string';

const SRC = join(__dirname, '../../../src');
const CORE = ['model', 'normalize', 'codecs', 'sip', 'policy', 'trunks', 'calls'];
const PBX = new RegExp(Object.keys(DIAL_STRING_KINDS).join('|'), 'i');

describe.each(CORE)('src/%s', (room) => {
  it('names no PBX, in code, data or comment', () => {
    const files = readdirSync(join(SRC, room), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    expect(files.length).toBeGreaterThan(1);
    const named = files.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, index) => (PBX.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
    );
    expect(named).toEqual([]);
  });
});
