import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { FromService, ServiceParts, ToService, Usage } from './protocol';

/** At the begin of a block, what the service was stopped in the middle of. Milliseconds. */
export const SETTLING_MS = 1_500;
/** Until a trunk fails, and until the call is over. Milliseconds. */
const FAILS_AFTER_MS = 20;
const OVER_AFTER_MS = 60;

/** Times in milliseconds. */
export interface Block {
  readonly p50: number;
  readonly p99: number;
  /** Of each decision. */
  readonly took: readonly number[];
  readonly cpuMsPerCall: number;
  /** Of the thread that decides. */
  readonly busyMsPerCall: number;
}

/** A service under test, and the PBX whose calls it decides on: 100 each second or so, each with two decisions. */
export class PlayedService {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<string, (trunk: string) => void>();
  private told: ((usage: Usage) => void) | undefined;
  private calls = 0;
  private took: number[] | undefined;

  constructor(
    private readonly name: string,
    parts: ServiceParts = {},
  ) {
    this.child = fork(join(__dirname, 'service.js'), [JSON.stringify(parts)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...process.env, NODE_OPTIONS: nodeOptions() },
    });
    this.child.on('message', (message: FromService) => {
      if (message.kind === 'decided') this.waiting.get(message.hunt)?.(message.trunk);
      if (message.kind === 'usage') this.told?.(message);
    });
  }

  /** @returns the port of its HTTP; 0: it has none */
  async ready(): Promise<number> {
    const [{ port }] = (await once(this.child, 'message')) as [FromService & { kind: 'ready' }];
    return port;
  }

  /** Calls for so long; a service that is stopped goes on for it. */
  async block(rate: number, seconds: number): Promise<Block> {
    this.goOn();
    await this.play(rate, SETTLING_MS / 1000);
    const took: number[] = [];
    this.took = took;
    const before = await this.usage();
    const calls = await this.play(rate, seconds);
    const after = await this.usage();
    this.took = undefined;
    const usage = {
      cpuMsPerCall: (after.cpuMs - before.cpuMs) / calls,
      busyMsPerCall: (after.busyMs - before.busyMs) / calls,
    };
    this.pause();
    return { p50: at(took, 0.5), p99: at(took, 0.99), took, ...usage };
  }

  /** It is stopped and takes no part in anything. */
  pause(): void {
    this.child.kill('SIGSTOP');
  }

  goOn(): void {
    this.child.kill('SIGCONT');
  }

  end(): void {
    this.child.kill('SIGKILL');
  }

  private async play(rate: number, seconds: number): Promise<number> {
    const count = Math.round(rate * seconds);
    const began = performance.now();
    const calls: Promise<void>[] = [];
    while (calls.length < count) {
      const due = Math.floor(((performance.now() - began) * rate) / 1000);
      while (calls.length < Math.min(due, count)) calls.push(this.call());
      await pause(1);
    }
    await Promise.all(calls);
    return count;
  }

  private async call(): Promise<void> {
    const index = this.calls++;
    const hunt = `${this.name}.${index}`;
    const number = `${index % 10}30${String(1_000_000 + index)}`;
    await this.decided({ kind: 'decide', hunt, number, at: Date.now() });
    await pause(FAILS_AFTER_MS);
    const trunk = await this.decided({ kind: 'failed', hunt, number, at: Date.now() });
    await pause(OVER_AFTER_MS);
    this.send({ kind: 'over', hunt, trunk, at: Date.now() });
  }

  private async decided(message: ToService & { readonly hunt: string }): Promise<string> {
    const answered = new Promise<string>((resolve) => this.waiting.set(message.hunt, resolve));
    const sentAt = performance.now();
    this.send(message);
    const trunk = await answered;
    this.took?.push(performance.now() - sentAt);
    this.waiting.delete(message.hunt);
    return trunk;
  }

  private usage(): Promise<Usage> {
    const told = new Promise<Usage>((resolve) => (this.told = resolve));
    this.send({ kind: 'usage' });
    return told;
  }

  private send(message: ToService): void {
    this.child.send(message);
  }
}

/** As the unit starts the service. */
function nodeOptions(): string {
  const unit = readFileSync('lab/release/debian/template/crankback.service', 'utf8');
  return /^Environment=NODE_OPTIONS=(.*)$/m.exec(unit)?.[1] ?? '';
}

/** The value that so large a share of them is below. */
export function at(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length * share)] ?? 0;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const [low = 0, high = low] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}
