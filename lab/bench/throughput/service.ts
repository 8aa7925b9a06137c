import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../../test/doubles/program';

/** A start must not take longer. Milliseconds. */
const START_MS = 30_000;
const MS_PER_TICK = 10;
const NS_PER_MS = 1e6;

export interface Usage {
  /** CPU time of the process, in steps of 10. Milliseconds. */
  readonly cpuMs: number;
  /** CPU time of the thread that decides. Milliseconds. */
  readonly decidingMs: number;
  /** Most resident memory so far. Megabytes (10^6 bytes). */
  readonly peakMb: number;
}

/** A real `crankback run` of a build, with a journal of its own and a log that nobody keeps. */
export class Service {
  private constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
    private readonly folder: string,
    /** From its start until it could decide calls, with Node's own start. Milliseconds. */
    readonly readyMs: number,
  ) {}

  /**
   * Starts one, and waits until it is ready.
   * @param program `dist/program/main.js` of the build
   * @param node options of Node
   */
  static async start(
    program: string,
    policy: string,
    env: Readonly<Record<string, string>>,
    node: readonly string[] = [],
  ): Promise<Service> {
    const folder = mkdtempSync(join(tmpdir(), 'crankback-bench-'));
    const file = join(folder, 'policy.yaml');
    writeFileSync(file, policy);
    const port = await freePort();
    const began = performance.now();
    const child = spawn(process.execPath, [...node, program, 'run'], {
      env: {
        PATH: process.env.PATH,
        // As in the unit.
        NODE_OPTIONS: '--max-semi-space-size=2',
        CRANKBACK_POLICY: file,
        CRANKBACK_HTTP_PORT: String(port),
        CRANKBACK_JOURNAL_FILE: join(folder, 'journal.db'),
        CRANKBACK_STATE_FILE: join(folder, 'state.json'),
        CRANKBACK_LOG_FORMAT: 'json',
        ...env,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ready = await isReady(port, child);
    const service = new Service(child, port, folder, performance.now() - began);
    if (ready) return service;
    await service.end();
    throw new Error(`${program} run was not ready within ${START_MS / 1000} s`);
  }

  usage(): Usage {
    const stat = this.proc('stat')
      .replace(/^.*\) /s, '')
      .split(' ');
    // proc(5) counts the state as field 3.
    const ticks = Number(stat[14 - 3]) + Number(stat[15 - 3]);
    const [decidingNs = '0'] = this.proc(`task/${this.child.pid}/schedstat`).split(' ');
    const [, peak = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(this.proc('status')) ?? [];
    return {
      cpuMs: ticks * MS_PER_TICK,
      decidingMs: Number(decidingNs) / NS_PER_MS,
      peakMb: (Number(peak) * 1024) / 1e6,
    };
  }

  /** Sum of a metric's series. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.port}/metrics`)).text();
    return text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  async end(): Promise<void> {
    const ended = once(this.child, 'exit');
    if (this.child.exitCode === null && this.child.kill('SIGTERM')) await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  private proc(file: string): string {
    return readFileSync(`/proc/${this.child.pid}/${file}`, 'utf8');
  }
}

async function isReady(port: number, child: ChildProcess): Promise<boolean> {
  const until = performance.now() + START_MS;
  while (performance.now() < until && child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/ready`).catch(() => undefined);
    if (answer?.ok) return true;
    await pause(5);
  }
  return false;
}
