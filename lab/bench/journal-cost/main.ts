/**
 * `npm run bench:journal-cost`: how long decisions take with and without the journal at 100 calls/s, in turn within one
 * run. Each call is decided twice: its first trunk fails. Two services, as `crankback run` puts them together, take
 * turns; the one whose turn it is not is stopped, so that it costs nothing. Time is from sending the handover to its
 * answer, and a handover is sent when it is due, whatever the service does then. With `--fleet` both have a journal, and
 * one tells a real Redis of it.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { provideRedisServers } from '../../provision/redis-server';
import { RedisServer } from '../../redis/server';
import type { FromService, ToService } from './protocol';

/** At the begin of a block, what the service was stopped in the middle of. Milliseconds. */
const SETTLING_MS = 1_500;
/** Until a trunk fails, and until the call is over. Milliseconds. */
const FAILS_AFTER_MS = 20;
const OVER_AFTER_MS = 60;
const ALLOWED = 1.05;

interface Block {
  readonly p50: number;
  readonly p99: number;
  readonly cpuMsPerCall: number;
}

class Service {
  private readonly child: ChildProcess;
  private readonly waiting = new Map<string, (trunk: string) => void>();
  private usage: ((cpuMs: number) => void) | undefined;
  private calls = 0;
  private took: number[] | undefined;

  constructor(
    private readonly name: string,
    file?: string,
    redisPort?: number,
  ) {
    const args = [file, redisPort?.toString()].filter((one) => one !== undefined);
    this.child = fork(join(__dirname, 'service.js'), args, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.child.on('message', (message: FromService) => {
      if (message.kind === 'decided') this.waiting.get(message.hunt)?.(message.trunk);
      if (message.kind === 'usage') this.usage?.(message.cpuMs);
    });
  }

  async ready(): Promise<void> {
    await once(this.child, 'message');
  }

  /** Calls for so long. */
  async block(rate: number, seconds: number): Promise<Block> {
    this.child.kill('SIGCONT');
    await this.play(rate, SETTLING_MS / 1000);
    const took: number[] = [];
    this.took = took;
    const before = await this.cpuMs();
    const calls = await this.play(rate, seconds);
    const cpuMs = (await this.cpuMs()) - before;
    this.took = undefined;
    this.child.kill('SIGSTOP');
    took.sort((one, other) => one - other);
    const at = (share: number): number => took[Math.floor(took.length * share)] ?? 0;
    return { p50: at(0.5), p99: at(0.99), cpuMsPerCall: cpuMs / calls };
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

  private cpuMs(): Promise<number> {
    const told = new Promise<number>((resolve) => (this.usage = resolve));
    this.send({ kind: 'usage' });
    return told;
  }

  private send(message: ToService): void {
    this.child.send(message);
  }
}

async function main(rate: number, seconds: number, rounds: number, fleet: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-bench-cost-'));
  const file = join(folder, 'journal.db');
  const [redis] = fleet ? await provideRedisServers() : [];
  const server = redis && (await RedisServer.start(redis));
  const services = {
    without: new Service('without', fleet ? join(folder, 'alone.db') : undefined),
    with: new Service('with', file, server?.port),
  };
  const all = Object.values(services);
  // One that is stopped would outlive us.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      for (const one of all) one.end();
      void server?.kill();
      rmSync(folder, { recursive: true, force: true });
      process.exit(1);
    });
  try {
    await Promise.all(all.map((one) => one.ready()));
    // What is compiled and what is in caches is so for both.
    for (const one of all) await one.block(rate, seconds);
    const ratios: number[] = [];
    const blocks: Record<keyof typeof services, Block[]> = { without: [], with: [] };
    console.log('round  without p50   p99 ms  with p50   p99 ms  ratio of p99');
    for (let round = 0; round < rounds; round++) {
      const turns = ['without', 'with'] as const;
      // What comes first in one round comes second in the next one.
      for (const turn of round % 2 === 0 ? turns : turns.toReversed())
        blocks[turn].push(await services[turn].block(rate, seconds));
      const [without, kept] = [blocks.without.at(-1), blocks.with.at(-1)];
      if (!without || !kept) continue;
      ratios.push(kept.p99 / without.p99);
      const row = [without.p50, without.p99, kept.p50, kept.p99, kept.p99 / without.p99];
      console.log(
        `${String(round + 1).padStart(5)}${row.map((ms) => ms.toFixed(3).padStart(10)).join('')}`,
      );
    }
    const of = (turn: keyof typeof services, name: keyof Block): number =>
      median(blocks[turn].map((block) => block[name]));
    for (const turn of ['without', 'with'] as const)
      console.log(
        `${turn.padEnd(8)} p50 ${of(turn, 'p50').toFixed(3)} ms, p99 ${of(turn, 'p99').toFixed(3)} ms, ${of(turn, 'cpuMsPerCall').toFixed(2)} ms CPU per call`,
      );
    const ratio = median(ratios);
    const size = statSync(file).size + statSync(`${file}-wal`).size;
    console.log(`the journal has ${(size / 1e6).toFixed(0)} MB`);
    console.log(
      `ratio of the p99, median of ${rounds} rounds: ${ratio.toFixed(3)} (allowed ${ALLOWED})`,
    );
    if (ratio > ALLOWED) process.exitCode = 1;
  } finally {
    for (const one of all) one.end();
    await server?.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  const [low = 0, high = low] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}

const flags = new Command()
  .option('--rate <calls>', 'calls per second', '100')
  .option('--seconds <seconds>', 'of a block', '6')
  .option('--rounds <count>', 'of two blocks each', '40')
  .option('--fleet', 'what telling other instances costs, beside a journal of its own', false)
  .parse()
  .opts<{ rate: string; seconds: string; rounds: string; fleet: boolean }>();
void main(Number(flags.rate), Number(flags.seconds), Number(flags.rounds), flags.fleet);
