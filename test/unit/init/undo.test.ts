import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  chmodSync,
  appendFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { changeOf, type FileChange } from '../../../src/init/changes';
import { apply, knownFiles } from '../../../src/init/files/apply';
import { disk, type Disk } from '../../../src/init/files/disk';
import { placesIn } from '../../../src/init/files/manifest';
import { undo, undoing } from '../../../src/init/files/undo';
import { CONF_COMMENT, XML_COMMENT, type Wanted } from '../../../src/init/wanted';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'crankback-undo-'));
  mkdirSync(join(root, 'var/lib'), { recursive: true });
  mkdirSync(join(root, 'etc/asterisk'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const HTTP = '/etc/asterisk/http.conf';
const POLICY = '/etc/crankback/policy.yaml';
const block = (path: string, ...lines: readonly string[]): Wanted => ({
  kind: 'block',
  path,
  lines,
  comment: CONF_COMMENT,
  mode: 0o640,
});
const whole = (path: string, text: string): Wanted => ({ kind: 'file', path, text, mode: 0o600 });

function put(path: string, text: string | Buffer): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function text(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function changes(wanted: readonly Wanted[]): readonly FileChange[] {
  const known = knownFiles(disk, placesIn(root));
  return wanted.map((one) => changeOf(one, disk.read(root + one.path)?.bytes, known.get(one.path)));
}

function write(wanted: readonly Wanted[], on: Disk = disk): void {
  apply(on, placesIn(root), 'asterisk', changes(wanted));
}

/** Everything below the root: folders, and files with bytes and mode. */
function tree(folder = root): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      const name = path.slice(root.length);
      if (entry.isDirectory()) return [`${name}/`, ...tree(path)];
      return [
        `${name} ${statSync(path).mode.toString(8)} ${readFileSync(path).toString('base64')}`,
      ];
    });
}

/** A disk that stops working at its nth step; a file that was being created is half there. */
function stopping(after: number): { readonly on: Disk; readonly hasStopped: () => boolean } {
  let left = after;
  let stopped = false;
  const step = <A extends readonly unknown[]>(
    run: (...args: A) => void,
    half?: (...args: A) => void,
  ) => {
    return (...args: A): void => {
      if (left === 0) {
        if (!stopped) half?.(...args);
        stopped = true;
        throw new Error('the power is off');
      }
      left -= 1;
      run(...args);
    };
  };
  const on: Disk = {
    ...disk,
    create: step(disk.create, (path, bytes, rights) =>
      disk.create(path, bytes.slice(0, bytes.length / 2), rights),
    ),
    rename: step(disk.rename),
    remove: step(disk.remove),
    makeFolder: step(disk.makeFolder),
    removeFolder: step(disk.removeFolder),
    removeTree: step(disk.removeTree, (path) => {
      const [first] = disk.list(path);
      if (first !== undefined) disk.removeTree(join(path, first));
    }),
  };
  return { on, hasStopped: () => stopped };
}

const XML: Wanted = {
  kind: 'block',
  path: '/etc/freeswitch/vars.xml',
  lines: ['<X/>'],
  comment: XML_COMMENT,
  before: /^\s*<\/include>/,
  mode: 0o640,
};
const WANTED: readonly Wanted[] = [
  block(HTTP, '[general]', 'enabled = yes'),
  block('/etc/asterisk/ari.conf', '[crankback]'),
  whole('/etc/asterisk/crankback/extensions.conf', '[crankback]\n'),
  whole(POLICY, 'mode: observe\n'),
  XML,
];

/** Bytes of any kind, also without a line break at the end, with CR LF, and in no encoding at all. */
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  fc
    .array(fc.constantFrom('[general]', 'enabled = no', '', ';', '</include>', 'ü\r'), {
      maxLength: 6,
    })
    .map((lines) => Buffer.from(lines.join('\n'))),
);
interface PlantedTree {
  readonly http: Buffer | null;
  readonly policy: Buffer | null;
  readonly vars: Buffer | null;
}
const anyTree: fc.Arbitrary<PlantedTree> = fc.record({
  http: fc.option(anyBytes),
  policy: fc.option(anyBytes),
  vars: fc.option(anyBytes),
});

function plant({ http, policy, vars }: PlantedTree): void {
  if (http) put(HTTP, http);
  if (policy) put(POLICY, policy);
  if (vars) put('/etc/freeswitch/vars.xml', vars);
}

function fresh(): void {
  rmSync(root, { recursive: true, force: true });
  mkdirSync(join(root, 'var/lib'), { recursive: true });
  mkdirSync(join(root, 'etc/asterisk'), { recursive: true });
}

describe('what was written', () => {
  it('is undone to the byte, whatever was there, after one run or two', () => {
    fc.assert(
      fc.property(anyTree, fc.boolean(), (there, isTwice) => {
        fresh();
        plant(there);
        const before = tree();
        write(WANTED);
        if (isTwice) write([...WANTED.slice(1), block(HTTP, '[general]', 'enabled = no')]);
        undo(disk, placesIn(root));
        expect(tree()).toEqual(before);
      }),
      { numRuns: 20 },
    );
  });

  it('is undone to the byte wherever the writing was interrupted', () => {
    fc.assert(
      fc.property(anyTree, fc.nat({ max: 24 }), (there, step) => {
        fresh();
        plant(there);
        const before = tree();
        const { on, hasStopped } = stopping(step);
        try {
          write(WANTED, on);
        } catch (error) {
          expect((error as Error).message).toBe('the power is off');
        }
        fc.pre(hasStopped());
        undo(disk, placesIn(root));
        expect(tree()).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  it('is undone to the byte wherever the undoing was interrupted, by calling it again', () => {
    for (let step = 0; ; step += 1) {
      fresh();
      put(HTTP, '[general]\nenabled = no');
      const before = tree();
      write(WANTED);
      const { on, hasStopped } = stopping(step);
      try {
        undo(on, placesIn(root));
      } catch (error) {
        expect((error as Error).message).toBe('the power is off');
      }
      undo(disk, placesIn(root));
      expect(tree()).toEqual(before);
      if (!hasStopped()) {
        expect(step).toBeGreaterThan(10);
        break;
      }
    }
  });

  it('is finished by the next run, wherever the writing was interrupted', () => {
    put(HTTP, '[general]\nenabled = no');
    write(WANTED);
    const whole = tree();
    for (let step = 0; ; step += 1) {
      fresh();
      put(HTTP, '[general]\nenabled = no');
      const { on, hasStopped } = stopping(step);
      try {
        write(WANTED, on);
      } catch (error) {
        expect((error as Error).message).toBe('the power is off');
      }
      write(WANTED);
      expect(tree()).toEqual(whole);
      if (!hasStopped()) break;
    }
  });

  it('has the mode of what was there before, and no temporary file beside it', () => {
    put(HTTP, '[general]\n');
    chmodSync(join(root, HTTP), 0o604);
    write(WANTED);
    expect(statSync(join(root, HTTP)).mode & 0o777).toBe(0o604);
    expect(statSync(join(root, '/etc/asterisk/ari.conf')).mode & 0o777).toBe(0o640);
    expect(readdirSync(join(root, 'etc/asterisk'))).toEqual(['ari.conf', 'crankback', 'http.conf']);
  });

  it('is the same after a second run', () => {
    write(WANTED);
    const once = tree();
    expect(changes(WANTED).map(({ what }) => what)).toEqual(WANTED.map(() => 'same'));
    write(WANTED);
    expect(tree()).toEqual(once);
  });
});

describe('a file that somebody has changed since', () => {
  it('loses only our lines, and keeps everything else', () => {
    put(HTTP, '[general]\nbindport = 8088');
    write(WANTED);
    put(HTTP, text(HTTP).replace('8088', '8090'));
    const [first] = undoing(disk, placesIn(root)) ?? [];
    expect(first).toEqual({ path: HTTP, what: 'block-removed' });
    undo(disk, placesIn(root));
    expect(text(HTTP)).toBe('[general]\nbindport = 8090');
  });

  it('keeps also what was added behind our lines', () => {
    write(WANTED);
    appendFileSync(join(root, HTTP), '[more]\n');
    undo(disk, placesIn(root));
    expect(text(HTTP)).toBe('[more]\n');
  });

  it('is left alone where our lines are changed too', () => {
    put(HTTP, '');
    write(WANTED);
    put(HTTP, text(HTTP).replace('enabled = yes', 'enabled = no'));
    const changed = text(HTTP);
    expect(changes(WANTED)[0]?.what).toBe('kept');
    expect(undo(disk, placesIn(root))?.[0]).toEqual({
      path: HTTP,
      what: 'left',
      why: 'changed since, also our lines in it',
    });
    expect(text(HTTP)).toBe(changed);
  });

  it('is left alone where it was ours as a whole, by a second run as well', () => {
    write(WANTED);
    put(POLICY, 'mode: decide\n');
    expect(changes(WANTED)[3]?.what).toBe('kept');
    write(WANTED);
    expect(undo(disk, placesIn(root))?.[3]).toEqual({
      path: POLICY,
      what: 'left',
      why: 'changed since',
    });
    expect(text(POLICY)).toBe('mode: decide\n');
  });

  it('is not brought back to what it was before that change, also if we have written again', () => {
    put(HTTP, '[general]\nbindport = 8088\n');
    write(WANTED);
    put(HTTP, text(HTTP).replace('8088', '8090'));
    write([block(HTTP, '[general]', 'enabled = yes', 'more = 1')]);
    undo(disk, placesIn(root));
    expect(text(HTTP)).toBe('[general]\nbindport = 8090\n');
  });

  it('is not overwritten where that happened while we were asking', () => {
    put(HTTP, '[general]\n');
    const asked = changes(WANTED);
    put(HTTP, '[general]\nbindport = 1\n');
    expect(() => apply(disk, placesIn(root), 'asterisk', asked)).toThrow('changed meanwhile');
    expect(text(HTTP)).toBe('[general]\nbindport = 1\n');
  });
});

describe('a link', () => {
  it('in place of a file is not followed: it could lead anywhere', () => {
    put('/etc/secret', 'root only');
    symlinkSync(join(root, 'etc/secret'), join(root, HTTP));
    expect(() => write(WANTED)).toThrow('links are not followed');
    expect(text('/etc/secret')).toBe('root only');
  });

  it('in place of a temporary file is not written through', () => {
    put('/etc/secret', 'root only');
    put(HTTP, '[general]\n');
    const temporary = join(root, `${HTTP}.crankback-new`);
    symlinkSync(join(root, 'etc/secret'), temporary);
    expect(() => write(WANTED)).toThrow('links are not followed');
    // Also if it comes a moment later.
    const rights = { mode: 0o600, uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
    expect(() => disk.create(temporary, 'ours', rights)).toThrow('EEXIST');
    expect(text('/etc/secret')).toBe('root only');
  });
});

describe('the manifest', () => {
  it.each(['..', '/etc/../../other', 'etc/http.conf'])('with a path %s is refused', (path) => {
    write(WANTED);
    const { manifest } = placesIn(root);
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(HTTP, path));
    expect(() => undo(disk, placesIn(root))).toThrow('not a manifest of crankback init');
  });

  it('that has no place on this root is said before anything is written', () => {
    rmSync(join(root, 'var'), { recursive: true });
    const before = tree();
    expect(() => write([block(HTTP, '[general]')])).toThrow(
      `${root}/var/lib: missing, and what is written is noted there; make it first`,
    );
    expect(tree()).toEqual(before);
  });

  it('that others may write is not believed', () => {
    write(WANTED);
    chmodSync(placesIn(root).manifest, 0o622);
    expect(() => undo(disk, placesIn(root))).toThrow('others than root may write there');
  });

  it('is readable for nobody else, like the backups: they have passwords', () => {
    put(HTTP, 'secret');
    write(WANTED);
    const { folder } = placesIn(root);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder))
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['0001', 'manifest.json']);
  });
});
