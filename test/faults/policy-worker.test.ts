import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Looked } from '../../src/policy-file/watch/policy-source';
import { policyThread } from '../../src/policy-file/watch/policy-thread';
import { PolicyWorker } from '../../src/policy-file/watch/policy-worker';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { compileMain } from '../doubles/main';
import { until } from '../doubles/until';

jest.setTimeout(30_000);

const program = compileMain();
const LOADER = join(dirname(program.main), 'load-worker.js');
const POLICY = `version: 1
emergency: [112]
trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } } }
routes: [{ digits: "*", trunks: [carrier-a] }]
`;

let folder: string;
let file: string;
let worker: PolicyWorker | undefined;
let release: (() => void) | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-worker-'));
  file = join(folder, 'policy.yaml');
  writeFileSync(file, POLICY);
});
afterEach(async () => {
  jest.useRealTimers();
  release?.();
  await worker?.stop();
  worker = undefined;
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => rmSync(program.folder, { recursive: true, force: true }));

/** A thread that does this first, and is the real one when that is over. */
function workerThat(does: string): PolicyWorker {
  const entry = join(folder, 'entry.js');
  writeFileSync(
    entry,
    `const fs = require('node:fs');
const { parentPort } = require('node:worker_threads');
const now = () => fs.writeFileSync('${folder}/now', '');
${does}
require('${LOADER}');
`,
  );
  worker = new PolicyWorker(file, entry);
  return worker;
}

/** A thread that waits in the kernel where it opens this, as on a file system that hangs, until `release`. */
function fifo(): string {
  const path = join(folder, 'hangs');
  execFileSync('mkfifo', [path]);
  release = () => {
    release = undefined;
    // Read and write, so that opening it waits for nobody.
    const end = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
    rmSync(path);
    closeSync(end);
  };
  return path;
}

/** Without a timer, for tests in which no time passes by itself. */
async function untilThen(condition: () => boolean): Promise<void> {
  for (let turns = 0; turns < 10;) {
    if (condition()) turns += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What a look comes to when its thread has got where it writes the mark, and the time is over. */
async function lookThatTakesTooLong(source: PolicyWorker, ms: number): Promise<Looked> {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  const looked = source.look(FIRST);
  await untilThen(() => existsSync(join(folder, 'now')));
  jest.advanceTimersByTime(ms);
  return looked;
}

const FIRST = { atOnce: true };
const messages = (looked: Looked) =>
  looked.kind === 'refused' ? looked.problems.map(({ message }) => message) : looked.kind;

describe('the thread for the policy file', () => {
  it('hands over what it made of the file: loaded, the same, refused, in force again', async () => {
    worker = new PolicyWorker(file, LOADER);
    const loaded = await worker.look(FIRST);
    if (loaded.kind !== 'loaded') throw new Error(loaded.kind);
    const { hash, index, trunks } = loaded.policy;
    expect(index.routes.find({ number: '0301', startedAt: 0 })).toMatchObject({
      digits: ['*'],
      trunks: ['carrier-a'],
    });
    expect([...trunks.keys()]).toEqual(['carrier-a']);
    const again = { atOnce: true, known: hash, inForce: hash };
    expect(await worker.look(again)).toEqual({ kind: 'same' });
    writeFileSync(file, POLICY.replace('[carrier-a]', '[carrier-x]'));
    expect(messages(await worker.look(again))).toEqual(['unknown trunk "carrier-x"']);
    writeFileSync(file, POLICY);
    expect(await worker.look({ ...again, known: 'x' })).toEqual({ kind: 'restored' });
  });

  it('is the one that was begun before the service was loaded', async () => {
    const begun = policyThread(LOADER);
    worker = new PolicyWorker(file, join(folder, 'nothing.js'), begun);
    expect(await worker.look(FIRST)).toMatchObject({ kind: 'loaded' });
  });

  it('is another one where the one that was begun has died', async () => {
    const begun = policyThread(join(folder, 'nothing.js'));
    await new Promise((died) => begun.once('exit', died));
    worker = new PolicyWorker(file, LOADER, begun);
    expect(await worker.look(FIRST)).toMatchObject({ kind: 'loaded' });
  });

  it('that hangs in the kernel holds nobody up, and is replaced when it comes back', async () => {
    const path = fifo();
    const hanging = workerThat(
      `if (fs.existsSync('${path}')) { now(); fs.readFileSync('${path}'); }`,
    );
    const looked = await lookThatTakesTooLong(hanging, 60_000);
    expect(messages(looked)).toEqual(['not read within 60 s']);
    // No second thread hangs beside it.
    expect(await hanging.look(FIRST)).toEqual({ kind: 'same' });
    release?.();
    let later: Looked = { kind: 'same' };
    while (later.kind === 'same') {
      await new Promise((resolve) => setImmediate(resolve));
      later = await hanging.look(FIRST);
    }
    expect(later.kind).toBe('loaded');
  });

  it('that never finishes is ended, and says what it could not load', async () => {
    const endless = workerThat(`parentPort.on('message', () => {
  parentPort.postMessage({ kind: 'changed', hash: 'abc' });
  now();
  for (;;);
});`);
    expect(await lookThatTakesTooLong(endless, 300_000)).toMatchObject({
      hash: 'abc',
      problems: [{ file, message: 'not checked within 300 s' }],
    });
  });

  it('that dies says why, and the next look begins another one', async () => {
    const mark = join(folder, 'died');
    const mortal = workerThat(
      `if (!fs.existsSync('${mark}')) { fs.writeFileSync('${mark}', ''); throw new Error('no memory'); }`,
    );
    expect(messages(await mortal.look(FIRST))).toEqual(['cannot be loaded: no memory']);
    expect((await mortal.look(FIRST)).kind).toBe('loaded');
  });
});

describe('a service whose policy file hangs', () => {
  it('ends when it shall', async () => {
    const path = fifo();
    const real = join(dirname(LOADER), 'real-load-worker.js');
    renameSync(LOADER, real);
    writeFileSync(
      LOADER,
      `const { parentPort } = require('node:worker_threads');
const fs = require('node:fs');
require('${real}');
let looks = 0;
parentPort.on('message', ({ kind }) => {
  if (kind !== 'look' || ++looks < 2) return;
  fs.writeFileSync('${path}.now', '');
  fs.readFileSync('${path}');
});
`,
    );
    const server = await AriServer.start();
    const child = spawn(process.execPath, [program.main, 'run'], {
      env: {
        PATH: process.env.PATH,
        CRANKBACK_POLICY: file,
        CRANKBACK_ARI_URL: server.url,
        CRANKBACK_ARI_USER: USER,
        CRANKBACK_ARI_PASSWORD: PASSWORD,
        CRANKBACK_HTTP_PORT: '0',
        CRANKBACK_LOG_FORMAT: 'json',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    try {
      await until(() => existsSync(`${path}.now`) && stdout.includes('crankback runs'));
      child.kill('SIGTERM');
      await once(child, 'exit');
      expect(stdout).toContain('stopped');
    } finally {
      child.kill('SIGKILL');
      release?.();
      await server.stop();
      writeFileSync(LOADER, readFileSync(real));
    }
  });
});
