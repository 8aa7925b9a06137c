/**
 * `npm run bench:dashboards`: how long decisions take while ten dashboards are open and Prometheus scrapes each second,
 * against none, in turn within one run of one service, as `crankback run` puts it together. Time is from sending the
 * handover to its answer, and a handover is sent when it is due, whatever the service does then. The clients are a process
 * of their own.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { at, median, PlayedService, type Block } from '../decisions/played-service';

const ALLOWED = 1.1;
const TURNS = ['without', 'with'] as const;

interface Counts {
  readonly answers: number;
  readonly failed: number;
  readonly scrapes: number;
  readonly eventBytes: number;
}

async function main(rate: number, seconds: number, rounds: number, pages: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-bench-dashboards-'));
  const service = new PlayedService('bench', { file: join(folder, 'journal.db'), http: true });
  const end = (): void => {
    service.end();
    rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => {
      end();
      process.exit(1);
    });
  try {
    const port = await service.ready();
    const clients = fork(join(__dirname, 'clients.js'), [String(port), String(pages)]);
    await once(clients, 'message');
    const blocks: Record<(typeof TURNS)[number], Block[]> = { without: [], with: [] };
    const play = async (turn: (typeof TURNS)[number]): Promise<Block> => {
      if (turn === 'with') clients.send('begin');
      const block = await service.block(rate, seconds);
      if (turn === 'without') return block;
      clients.send('end');
      told.push(((await once(clients, 'message')) as [Counts])[0]);
      return block;
    };
    const told: Counts[] = [];
    // What is compiled and what is in caches is so for both.
    for (const turn of TURNS) await play(turn);
    told.pop();
    const ratios: number[] = [];
    console.log('round  without p50   p99 ms  with p50   p99 ms  ratio of p99');
    for (let round = 0; round < rounds; round++) {
      // What comes first in one round comes second in the next one.
      for (const turn of round % 2 === 0 ? TURNS : TURNS.toReversed())
        blocks[turn].push(await play(turn));
      const [without, open] = [blocks.without.at(-1), blocks.with.at(-1)];
      if (!without || !open) continue;
      ratios.push(open.p99 / without.p99);
      const row = [without.p50, without.p99, open.p50, open.p99, open.p99 / without.p99];
      console.log(
        `${String(round + 1).padStart(5)}${row.map((ms) => ms.toFixed(3).padStart(10)).join('')}`,
      );
    }
    const of = (turn: (typeof TURNS)[number], share: number): number =>
      at(
        blocks[turn].flatMap(({ took }) => took),
        share,
      );
    const ofCalls = (
      turn: (typeof TURNS)[number],
      name: 'cpuMsPerCall' | 'busyMsPerCall',
    ): string => median(blocks[turn].map((block) => block[name])).toFixed(2);
    for (const turn of TURNS)
      console.log(
        `${turn.padEnd(8)} p50 ${of(turn, 0.5).toFixed(3)} ms, p99 ${of(turn, 0.99).toFixed(3)} ms, p99.9 ${of(turn, 0.999).toFixed(3)} ms of all decisions; a call takes ${ofCalls(turn, 'cpuMsPerCall')} ms CPU of all threads, the deciding thread ${ofCalls(turn, 'busyMsPerCall')} ms`,
      );
    const each = (name: keyof Counts): number => median(told.map((one) => one[name]));
    console.log(
      `${pages} pages: ${each('answers')} answers, ${each('failed')} refused, ${each('scrapes')} scrapes, ${(each('eventBytes') / 1e6 / pages).toFixed(2)} MB of events to each in a block`,
    );
    const ratio = median(ratios);
    console.log(
      `ratio of the p99, median of ${rounds} rounds: ${ratio.toFixed(3)} (allowed ${ALLOWED}), of all decisions ${(of('with', 0.99) / of('without', 0.99)).toFixed(3)}`,
    );
    if (ratio > ALLOWED) process.exitCode = 1;
    clients.disconnect();
  } finally {
    end();
  }
}

const flags = new Command()
  .option('--rate <calls>', 'calls per second', '100')
  .option('--seconds <seconds>', 'of a block', '5')
  .option('--rounds <count>', 'of two blocks each', '40')
  .option('--pages <count>', 'dashboards that are open', '10')
  .parse()
  .opts<{ rate: string; seconds: string; rounds: string; pages: string }>();
void main(Number(flags.rate), Number(flags.seconds), Number(flags.rounds), Number(flags.pages));
