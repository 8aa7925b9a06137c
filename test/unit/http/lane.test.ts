import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import type { Job } from '../../../src/http/desk/job';
import { Lane, type LaneLimits } from '../../../src/http/desk/lane';
import { JournalBusy } from '../../../src/journal/thread/journal-busy';

/** What the text of a checked policy says is done. */
const PROGRAM = `
const { parentPort, workerData, threadId } = require('node:worker_threads');
parentPort.on('message', ({ job, port }) => {
  const text = job.text ?? job.hash;
  if (text === 'for ever') for (;;);
  if (text === 'memory') { const all = []; for (;;) all.push(new Array(100000).fill({})); }
  if (text === 'fault') return parentPort.postMessage({ error: 'its own fault' });
  const env = Object.keys(process.env).length;
  const told = JSON.stringify({ text, threadId, env, port: port !== undefined, ...workerData });
  parentPort.postMessage({ bytes: new TextEncoder().encode(told), tag: '"x"' });
});
`;

const folder = mkdtempSync(join(tmpdir(), 'lane-'));
const entry = join(folder, 'program.js');
writeFileSync(entry, PROGRAM);
afterAll(() => rmSync(folder, { recursive: true }));

const lanes: Lane[] = [];
afterEach(() => Promise.all(lanes.splice(0).map((lane) => lane.stop())));

function begin({
  most = 4,
  limits,
  connect,
}: { most?: number; limits?: Partial<LaneLimits>; connect?: () => never } = {}) {
  const faults: string[] = [];
  const lane = new Lane({
    ...{ most, maskNumbers: true, entry, name: 'test', failed: (why) => faults.push(why) },
    connect: connect ?? (() => new MessageChannel().port1),
    limits: { jobMs: 20_000, enoughMs: 10_000, idleMs: 60_000, heapMb: 64, ...limits },
  });
  lanes.push(lane);
  return { lane, faults };
}

const check = (text: string): Job => ({ kind: 'check', text });

async function told(lane: Lane, job: Job) {
  const done = await lane.do(job);
  return (
    'bytes' in done ? JSON.parse(Buffer.from(done.bytes).toString()) : done.problem
  ) as Record<string, unknown>;
}

describe('a job beside the thread that decides', () => {
  it('is done in a thread that has no secret, and the way to the journal that it needs', async () => {
    const { lane } = begin();
    expect(await told(lane, check('a'))).toMatchObject({
      ...{ text: 'a', env: 0, port: false, maskNumbers: true },
    });
    expect(await told(lane, { kind: 'policy', hash: 'b' })).toMatchObject({ port: true });
  });

  it('that never ends is ended with its thread, and the next one gets another', async () => {
    const { lane } = begin({ limits: { jobMs: 1_500 } });
    const before = await told(lane, check('a'));
    const late = await told(lane, check('for ever'));
    expect(late).toMatchObject({
      ...{ type: 'urn:crankback:problem:took-too-long', status: 503 },
      detail: 'not done within 1.5 s',
    });
    const after = await told(lane, check('b'));
    expect(after).toMatchObject({ text: 'b' });
    expect(after['threadId']).not.toBe(before['threadId']);
  });

  it('that needs too much memory ends its thread and not the service', async () => {
    const { lane } = begin();
    expect(await told(lane, check('memory'))).toMatchObject({ status: 503 });
    expect(await told(lane, check('b'))).toMatchObject({ text: 'b' });
  });

  it('beyond those that may wait is refused at once', async () => {
    const { lane } = begin({ most: 1, limits: { jobMs: 1_500 } });
    const running = told(lane, check('for ever'));
    const waiting = told(lane, check('b'));
    expect(await told(lane, check('c'))).toMatchObject({ type: 'urn:crankback:problem:busy' });
    // Both have waited for their time.
    expect(await running).toMatchObject({ type: 'urn:crankback:problem:took-too-long' });
    expect([200, 503]).toContain(((await waiting)['status'] as number | undefined) ?? 200);
  });

  it('that fails by our fault says so to us alone', async () => {
    const { lane, faults } = begin();
    expect(await told(lane, check('fault'))).toEqual({
      ...{ type: 'urn:crankback:problem:failed', status: 500 },
      title: 'crankback could not answer',
    });
    expect(faults).toEqual(['its own fault']);
  });

  it('is refused while the journal begins again', async () => {
    const { lane } = begin({
      connect: () => {
        throw new JournalBusy('the journal begins again: ask again later');
      },
    });
    expect(await told(lane, { kind: 'policies' })).toMatchObject({ status: 503 });
    expect(await told(lane, check('a'))).toMatchObject({ text: 'a' });
  });
});
