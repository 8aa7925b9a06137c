import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPolicy } from '../../../../src/policy-file/policy-file';
import { PolicyWatch } from '../../../../src/policy-file/watch/policy-watch';
import type { Policy } from '../../../../src/policy/policy';
import { SourceInThread } from '../../../doubles/policy-source';
import { until } from '../../../doubles/until';

const text = (number: string) => `version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
routes:
  - { digits: "${number}", trunks: [carrier-a] }
`;
const BROKEN = text('1*').replace('carrier-a]', 'carrier-x]');

/** The digits of the only route of a policy of the above. */
function digitsOf({ index }: Policy): string | undefined {
  return [1, 2, 3, 4]
    .map((digit) => index.routes.find({ number: String(digit), startedAt: 0 })?.digits[0])
    .find(Boolean);
}

let folder: string;
let watch: PolicyWatch | undefined;
let happened: string[];
let source: SourceInThread;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-watch-'));
  happened = [];
});
afterEach(() => {
  void watch?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start(file: string, publish: () => Promise<void> = () => Promise.resolve()): PolicyWatch {
  const loaded = loadPolicy(file);
  if (!loaded.ok) throw new Error('a broken policy to begin with');
  source = new SourceInThread(file);
  watch = new PolicyWatch(
    source,
    loaded.policy,
    {
      loaded: (policy) => {
        happened.push(`loaded ${digitsOf(policy)}`);
        return publish();
      },
      refused: ({ problems }) => happened.push(`refused ${problems[0]?.message}`),
      restored: () => happened.push('restored'),
    },
    5,
  );
  watch.start();
  return watch;
}

const inForce = () => watch && digitsOf(watch.current());
/** Long enough for what must not happen. */
const rest = () => new Promise((resolve) => setTimeout(resolve, 60));

describe('a changed policy file', () => {
  it('written in place is in force', async () => {
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, text('1*'));
    start(file);
    writeFileSync(file, text('2*'));
    await until(() => inForce() === '2*');
    expect(happened).toEqual(['loaded 2*']);
  });

  it('saved atomically, again and again, is in force each time', async () => {
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, text('1*'));
    start(file);
    for (const digits of ['2*', '3*', '4*']) {
      writeFileSync(`${file}.new`, text(digits));
      renameSync(`${file}.new`, file);
      await until(() => inForce() === digits);
    }
    expect(happened).toEqual(['loaded 2*', 'loaded 3*', 'loaded 4*']);
  });

  it('as editors save it (backup, new file, temporary files) is in force', async () => {
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, text('1*'));
    start(file);
    writeFileSync(join(folder, '.policy.yaml.swp'), 'x');
    renameSync(file, `${file}~`);
    writeFileSync(file, text('2*'));
    unlinkSync(join(folder, '.policy.yaml.swp'));
    await until(() => inForce() === '2*');
  });

  it('is not in force by a temporary file beside it', async () => {
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, text('1*'));
    start(file);
    writeFileSync(join(folder, 'policy.yaml.new'), text('2*'));
    writeFileSync(join(folder, '4913'), '');
    await rest();
    expect([inForce(), happened]).toEqual(['1*', []]);
  });

  it('behind links that are swapped, as Kubernetes does it, is in force', async () => {
    for (const [release, digits] of [
      ['..1', '1*'],
      ['..2', '2*'],
      ['..3', '3*'],
    ] as const) {
      mkdirSync(join(folder, release));
      writeFileSync(join(folder, release, 'policy.yaml'), text(digits));
    }
    symlinkSync('..1', join(folder, '..data'));
    symlinkSync('..data/policy.yaml', join(folder, 'policy.yaml'));
    start(join(folder, 'policy.yaml'));
    for (const [release, digits] of [
      ['..2', '2*'],
      ['..3', '3*'],
    ] as const) {
      symlinkSync(release, join(folder, '..tmp'));
      renameSync(join(folder, '..tmp'), join(folder, '..data'));
      await until(() => inForce() === digits);
    }
  });

  it('behind a link to a folder above, or changed where the link leads, is in force', async () => {
    for (const [release, digits] of [
      ['r1', '1*'],
      ['r2', '2*'],
    ] as const) {
      mkdirSync(join(folder, 'releases', release), { recursive: true });
      writeFileSync(join(folder, 'releases', release, 'policy.yaml'), text(digits));
    }
    mkdirSync(join(folder, 'etc'));
    symlinkSync(join(folder, 'releases', 'r1'), join(folder, 'etc', 'current'));
    start(join(folder, 'etc', 'current', 'policy.yaml'));
    symlinkSync(join(folder, 'releases', 'r2'), join(folder, 'etc', 'next'));
    renameSync(join(folder, 'etc', 'next'), join(folder, 'etc', 'current'));
    await until(() => inForce() === '2*');
    writeFileSync(join(folder, 'releases', 'r2', 'policy.yaml'), text('3*'));
    await until(() => inForce() === '3*');
  });

  it('is in force once the PBX has been told, and also where it cannot be told', async () => {
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, text('1*'));
    let tell: (error?: Error) => void = () => undefined;
    start(
      file,
      () =>
        new Promise((resolve, reject) => (tell = (error) => (error ? reject(error) : resolve()))),
    );
    writeFileSync(file, text('2*'));
    await until(() => happened.length === 1);
    expect(inForce()).toBe('1*');
    tell(new Error('away'));
    await until(() => inForce() === '2*');
  });

  it('that says the same as before changes nothing', async () => {
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, text('1*'));
    const before = start(file).current();
    writeFileSync(file, text('1*'));
    await rest();
    expect(watch?.current()).toBe(before);
    expect(happened).toEqual([]);
  });
});

describe('a folder', () => {
  it('that is renamed, and another one that takes its place, is found', async () => {
    const file = join(folder, 'etc', 'policy.yaml');
    mkdirSync(join(folder, 'etc'));
    writeFileSync(file, text('1*'));
    start(file);
    renameSync(join(folder, 'etc'), join(folder, 'old'));
    await until(() => happened.length === 1);
    expect(happened[0]).toMatch(/^refused cannot be read: ENOENT/);
    mkdirSync(join(folder, 'new'));
    writeFileSync(join(folder, 'new', 'policy.yaml'), text('2*'));
    renameSync(join(folder, 'new'), join(folder, 'etc'));
    await until(() => inForce() === '2*');
    writeFileSync(file, text('3*'));
    await until(() => inForce() === '3*');
  });

  it('that is removed and made again is found', async () => {
    const file = join(folder, 'etc', 'policy.yaml');
    mkdirSync(join(folder, 'etc'));
    writeFileSync(file, text('1*'));
    start(file);
    rmSync(join(folder, 'etc'), { recursive: true });
    await until(() => happened.length === 1);
    mkdirSync(join(folder, 'etc'));
    writeFileSync(file, text('1*'));
    await until(() => happened.length === 2);
    expect(happened[1]).toBe('restored');
    writeFileSync(file, text('2*'));
    await until(() => inForce() === '2*');
  });

  it('in which other files come and go starts no check', async () => {
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, text('1*'));
    start(file);
    for (let index = 0; index < 10; index++) {
      writeFileSync(join(folder, `other-${index}`), BROKEN);
      await rest();
    }
    expect(source.checked).toEqual([]);
  });
});

describe('a change that is not in order', () => {
  it('may be that there is no plain file any more', async () => {
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, text('1*'));
    start(file);
    unlinkSync(file);
    execFileSync('mkfifo', [file]);
    await until(() => happened.includes('refused a FIFO, not a plain file'));
    unlinkSync(file);
    writeFileSync(file, text('1*'));
    await until(() => happened.at(-1) === 'restored');
  });

  it('is checked once, and again when somebody asks', async () => {
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, text('1*'));
    start(file);
    writeFileSync(file, BROKEN);
    await until(() => happened.length === 1);
    await rest();
    expect(source.checked).toHaveLength(1);
    watch?.reload();
    await until(() => source.checked.length === 2);
    expect(happened).toHaveLength(1);
  });

  it('leaves the last good policy in force, is told once, and is over when mended', async () => {
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, text('1*'));
    const { hash } = start(file).current();
    writeFileSync(file, BROKEN);
    await until(() => happened.length === 1);
    watch?.reload();
    await rest();
    expect(watch?.current().hash).toBe(hash);
    expect(happened).toEqual(['refused unknown trunk "carrier-x"']);
    writeFileSync(file, text('1*'));
    await until(() => happened.length === 2);
    expect(happened[1]).toBe('restored');
    writeFileSync(file, text('2*'));
    await until(() => inForce() === '2*');
  });

  it('may be that the file is gone for a while', async () => {
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, text('1*'));
    start(file);
    unlinkSync(file);
    await until(() => happened.length === 1);
    expect(happened[0]).toMatch(/^refused cannot be read: ENOENT/);
    expect(inForce()).toBe('1*');
    writeFileSync(file, text('2*'));
    await until(() => inForce() === '2*');
  });
});

describe('after its end', () => {
  it('no change counts', async () => {
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, text('1*'));
    await start(file).stop();
    writeFileSync(file, text('2*'));
    watch?.reload();
    await rest();
    expect(inForce()).toBe('1*');
  });
});

describe('a change between the first reading and the watching', () => {
  it('is not missed', async () => {
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, text('1*'));
    const loaded = loadPolicy(file);
    if (!loaded.ok) throw new Error('broken');
    writeFileSync(file, text('2*'));
    watch = new PolicyWatch(new SourceInThread(file), loaded.policy, {
      loaded: () => Promise.resolve(),
      refused: () => undefined,
      restored: () => undefined,
    });
    watch.start();
    await until(() => inForce() === '2*');
  });
});
