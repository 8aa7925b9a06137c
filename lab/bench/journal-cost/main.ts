/**
 * `npm run bench:journal-cost`: how long decisions take with and without the journal at 100 calls/s, in turn within one
 * run. Each call is decided twice: its first trunk fails. Two services, as `crankback run` puts them together, take
 * turns; the one whose turn it is not is stopped, so that it costs nothing. Time is from sending the handover to its
 * answer, and a handover is sent when it is due, whatever the service does then. With `--fleet` both have a journal, and
 * one tells a real Redis of it.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { provideRedisServers } from '../../provision/redis-server';
import { RedisServer } from '../../redis/server';
import { median, PlayedService, type Block } from '../decisions/played-service';

const ALLOWED = 1.05;

async function main(rate: number, seconds: number, rounds: number, fleet: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-bench-cost-'));
  const file = join(folder, 'journal.db');
  const [redis] = fleet ? await provideRedisServers() : [];
  const server = redis && (await RedisServer.start(redis));
  const services = {
    without: new PlayedService('without', fleet ? { file: join(folder, 'alone.db') } : {}),
    with: new PlayedService('with', { file, ...(server && { redisPort: server.port }) }),
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
    const of = (turn: keyof typeof services, name: 'p50' | 'p99' | 'cpuMsPerCall'): number =>
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

const flags = new Command()
  .option('--rate <calls>', 'calls per second', '100')
  .option('--seconds <seconds>', 'of a block', '6')
  .option('--rounds <count>', 'of two blocks each', '40')
  .option('--fleet', 'what telling other instances costs, beside a journal of its own', false)
  .parse()
  .opts<{ rate: string; seconds: string; rounds: string; fleet: boolean }>();
void main(Number(flags.rate), Number(flags.seconds), Number(flags.rounds), flags.fleet);
