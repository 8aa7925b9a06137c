import { Registry } from 'prom-client';
import type { Logger } from 'winston';
import { DEFAULT_HEALTH } from '../../../src/policy/health-settings';
import { createStateFileMetrics } from '../../../src/records/state-file-metrics';
import type { Files } from '../../../src/state-file/files';
import { OperatorHolds } from '../../../src/state-file/operator-holds';
import { SingleInstanceStore } from '../../../src/trunks/health/single-instance-store';

const NOON = Date.UTC(2026, 0, 31, 12);

/** A disk in memory that does as it is told. */
class Disk implements Files {
  content = new Map<string, string>();
  writes = 0;
  behaviour: 'works' | 'full' | 'hangs' | 'forbids' = 'works';

  async read(path: string): Promise<string | undefined> {
    await this.behave();
    return this.content.get(path);
  }

  async replace(path: string, text: string): Promise<void> {
    this.writes += 1;
    await this.behave();
    this.content.set(path, text);
  }

  setAside(path: string): Promise<string> {
    const aside = `${path}.bad`;
    this.content.set(aside, this.content.get(path) ?? '');
    this.content.delete(path);
    return Promise.resolve(aside);
  }

  private behave(): Promise<void> {
    if (this.behaviour === 'hangs') return new Promise(() => undefined);
    if (this.behaviour === 'full') return Promise.reject(new Error('ENOSPC: no space left'));
    if (this.behaviour === 'forbids') return Promise.reject(new Error('EACCES: permission denied'));
    return Promise.resolve();
  }
}

const FILE = '/state.json';
let disk: Disk;

beforeEach(() => {
  jest.useFakeTimers({ now: NOON });
  disk = new Disk();
});
afterEach(() => jest.useRealTimers());

/** A process: its trunks, and the holds that it keeps. */
function process(trunks = ['a', 'b']) {
  const lines: string[] = [];
  const write = (level: string) => (message: string, fields: object) =>
    lines.push(`${level}: ${message} ${JSON.stringify(fields)}`);
  const log = { info: write('info'), warn: write('warn'), error: write('error') };
  const registry = new Registry();
  const health = new SingleInstanceStore({
    trunks: new Map(trunks.map((name) => [name, DEFAULT_HEALTH])),
    now: () => Date.now(),
    random: () => 0,
    instance: `i${Math.random()}`,
    changed: () => holds.changed(),
  });
  const holds = new OperatorHolds({
    file: FILE,
    health,
    log: log as unknown as Logger,
    metrics: createStateFileMetrics(registry),
    now: () => Date.now(),
    files: disk,
  });
  const metric = async (name: string) =>
    (await registry.metrics()).split('\n').find((line) => line.startsWith(`${name} `));
  return { health, holds, lines, metric };
}

type Running = ReturnType<typeof process>;

async function started(trunks?: string[]): Promise<Running> {
  const made = process(trunks);
  const restored = made.holds.restore();
  await jest.advanceTimersByTimeAsync(5_000);
  await restored;
  return made;
}

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);
const byOperator = (why: string, more = {}) => ({ by: 'operator' as const, why, ...more });

describe('what an operator has held', () => {
  it('is held after a restart, until the same moment and for the same reason', async () => {
    const before = await started();
    before.health.hold('a', byOperator('maintenance'));
    before.health.hold('b', byOperator('moving', { for: 600_000 }));
    await pass(1000);
    const after = await started();
    expect(after.health.read('a').hold).toMatchObject({ why: 'maintenance', absolute: true });
    expect(after.health.read('b').hold).toEqual(before.health.read('b').hold);
    expect(after.lines).toEqual([expect.stringMatching(/^info: held as before.*\["a","b"\]/)]);
  });

  it('is not held any more where it was cleared, or its time has passed', async () => {
    const before = await started();
    before.health.hold('a', byOperator('x'));
    before.health.hold('b', byOperator('y', { for: 20_000 }));
    await pass(1000);
    before.health.clear('a');
    await pass(1000);
    await pass(30_000);
    const after = await started();
    expect(after.health.list().map(({ phase }) => phase)).toEqual(['closed', 'closed']);
  });

  it('is forgotten where the policy has no such trunk, and the log names it', async () => {
    const before = await started();
    before.health.hold('a', byOperator('x'));
    await pass(1000);
    const after = await started(['b']);
    expect(after.lines).toEqual([expect.stringMatching(/^info: holds forgotten.*\["a"\]/)]);
    await pass(1000);
    expect(disk.content.get(FILE)).not.toContain('"a"');
  });

  it('is all that is kept: what was found of a trunk is found again', async () => {
    const before = await started();
    before.health.hold('a', { by: 'rule', why: 'policy.yaml:7', for: 600_000 });
    await pass(1000);
    expect((await started()).health.read('a').phase).toBe('closed');
  });

  it('is written at once, once, and never while a call is decided', async () => {
    const { health } = await started();
    const writes = disk.writes;
    health.hold('a', byOperator('x'));
    expect(disk.writes).toBe(writes);
    await pass(50);
    expect(disk.writes).toBe(writes + 1);
    // Other changes of trunks cost the disk nothing.
    for (let time = 0; time < 100; time++) {
      health.hold('b', { by: 'rule', why: String(time), for: 1000 + time });
      await pass(1000);
    }
    expect(disk.writes).toBe(writes + 1);
  });

  it('is written at the end, also where nothing was written before', async () => {
    const { health, holds } = await started();
    health.hold('a', byOperator('x'));
    await holds.stop();
    expect(disk.content.get(FILE)).toContain('"trunk": "a"');
  });
});

describe('a state file that is not in order', () => {
  it('is set aside, its name is in the log, and a new one is begun', async () => {
    disk.content.set(FILE, '{{{');
    const { health, lines } = await started();
    expect(lines).toEqual([expect.stringMatching(/^error: .*"aside":"\/state\.json\.bad"/)]);
    expect(disk.content.get(`${FILE}.bad`)).toBe('{{{');
    health.hold('a', byOperator('x'));
    await pass(1000);
    expect(disk.content.get(FILE)).toContain('"trunk": "a"');
  });

  it('still says what it says of other trunks', async () => {
    const before = await started();
    before.health.hold('a', byOperator('x'));
    before.health.hold('b', byOperator('y'));
    await pass(1000);
    disk.content.set(FILE, (disk.content.get(FILE) ?? '').replace('"why": "x"', '"why": 7'));
    const after = await started();
    expect(after.health.list().map(({ phase }) => phase)).toEqual(['closed', 'held']);
    expect(after.lines.join('\n')).toContain('holds.0.why');
  });
});

describe('a disk that', () => {
  it('is full is said once, counted, and tried again until it is not', async () => {
    const { health, holds, lines, metric } = await started();
    disk.behaviour = 'full';
    health.hold('a', byOperator('x'));
    await pass(60_000);
    expect(lines.filter((line) => line.includes('do not survive'))).toHaveLength(1);
    expect(holds.warnings()).toEqual([expect.stringContaining('ENOSPC')]);
    expect(await metric('crankback_state_file_writable')).toBe('crankback_state_file_writable 0');
    expect(await metric('crankback_state_file_failures_total')).toMatch(/ [67]$/);
    disk.behaviour = 'works';
    await pass(11_000);
    expect(holds.warnings()).toEqual([]);
    expect(await metric('crankback_state_file_writable')).toBe('crankback_state_file_writable 1');
    expect(lines.at(-1)).toContain('survive a restart again');
    expect((await started()).health.read('a').phase).toBe('held');
  });

  it('cannot be written is said once at the start', async () => {
    disk.replace = () => Promise.reject(new Error('EROFS: read-only file system'));
    const { health, lines } = await started();
    health.hold('a', byOperator('x'));
    await pass(60_000);
    expect(lines).toEqual([expect.stringMatching(/^warn: .*EROFS.*CRANKBACK_STATE_FILE/)]);
    expect(health.read('a').phase).toBe('held');
  });

  it('hangs delays neither start nor end, nor is it asked more than once', async () => {
    const { health, holds, lines } = await started();
    disk.behaviour = 'hangs';
    const writes = disk.writes;
    health.hold('a', byOperator('x'));
    await pass(60_000);
    health.hold('b', byOperator('y'));
    await pass(60_000);
    expect(disk.writes).toBe(writes + 1);
    expect(lines).toEqual([expect.stringContaining('has not answered for 5 s')]);
    const stopped = holds.stop();
    await pass(1_000);
    await stopped;
    const after = await started();
    expect(after.lines).toEqual([expect.stringContaining('has not answered for 2 s')]);
  });

  it('does not show the file keeps it: what could not be read is not written over', async () => {
    const before = await started();
    before.health.hold('a', byOperator('x'));
    await pass(1000);
    const text = disk.content.get(FILE);
    disk.behaviour = 'forbids';
    const after = await started();
    disk.behaviour = 'works';
    after.health.hold('b', byOperator('y'));
    await pass(60_000);
    await after.holds.stop();
    expect(disk.content.get(FILE)).toBe(text);
    expect(after.holds.warnings()).toEqual([expect.stringContaining('EACCES')]);
  });
});
