import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCompiled } from '../../../src/cli/compiled';

let folder: string;
let file: string;
let kept: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-compiled-'));
  file = join(folder, 'module.js');
  kept = join(folder, 'module.js.v8');
  writeFileSync(join(folder, 'other.js'), 'exports.of = __filename;');
  writeFileSync(file, source(1));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Programs that differ in one digit: V8 takes what was compiled of one for the other. */
function source(digit: number): string {
  return `exports.said = () => ${digit}; exports.path = require('node:path').join(__dirname, 'x'); exports.other = require('./other.js').of;`;
}

interface Module {
  said(): number;
  readonly path: string;
  readonly other: string;
}

const start = () => runCompiled<Module>(file, folder);
function started(): void {
  const { exports, keep } = start();
  exports.said();
  keep?.();
}

describe('a module that is compiled at the first start', () => {
  it('runs as Node runs it, and is kept, which the next start makes use of', () => {
    const { exports, keep } = start();
    expect(exports).toMatchObject({ path: join(folder, 'x'), other: join(folder, 'other.js') });
    expect(exports.said()).toBe(1);
    keep?.();
    expect(readdirSync(folder).sort()).toEqual(['module.js', 'module.js.v8', 'other.js']);
    const next = start();
    expect(next.keep).toBeUndefined();
    expect(next.exports.said()).toBe(1);
  });

  it('is compiled anew where the program is another one of the same length', () => {
    started();
    writeFileSync(file, source(2));
    const next = start();
    expect(next.exports.said()).toBe(2);
    next.keep?.();
    expect(start().keep).toBeUndefined();
    expect(start().exports.said()).toBe(2);
  });

  it.each<[string, () => void]>([
    ['a power cut has left half of it', () => half()],
    ['a bit of it is another one', () => flipped()],
    ['others may write it', () => chmodSync(kept, 0o666)],
    ['it is a link', () => linked()],
    ['it is nothing', () => writeFileSync(kept, '')],
  ])('is compiled anew where %s', (_, harm) => {
    started();
    harm();
    const { exports, keep } = start();
    expect(exports.said()).toBe(1);
    expect(keep).toBeDefined();
  });

  it('runs where nothing can be kept', () => {
    const { exports, keep } = runCompiled<Module>(file, join(folder, 'nowhere'));
    keep?.();
    expect(exports.said()).toBe(1);
  });

  function half(): void {
    const bytes = readFileSync(kept);
    writeFileSync(kept, bytes.subarray(0, bytes.length / 2));
  }

  function flipped(): void {
    const bytes = readFileSync(kept);
    const at = bytes.length - 9;
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    writeFileSync(kept, bytes);
  }

  function linked(): void {
    renameSync(kept, join(folder, 'elsewhere'));
    symlinkSync(join(folder, 'elsewhere'), kept);
  }
});
