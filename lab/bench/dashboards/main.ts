/**
 * `npm run bench:dashboards`: how long decisions take while ten dashboards are open and Prometheus scrapes each second,
 * against none, in turn within one run of one service, as `crankback run` puts it together. Time is from sending the
 * handover to its answer, and a handover is sent when it is due, whatever the service does then. The clients are a process
 * of their own, on the same processors: so there is a control, in which they get the same from a process that stands in for
 * the service. What is above the control is what crankback adds, and that is what has a limit.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { at, median, PlayedService, SETTLING_MS, type Block } from '../decisions/played-service';
import { ratioOfP99 } from '../decisions/ratio';
import type { Learn } from './stand-in';

const ALLOWED = 1.1;
/** No clients; clients of what stands in for the service; clients of the service. */
const TURNS = ['none', 'control', 'dashboards'] as const;
type Turn = (typeof TURNS)[number];

interface Counts {
  readonly answers: number;
  readonly failed: number;
  readonly scrapes: number;
  readonly eventBytes: number;
}

interface Sizes {
  /** Calls per second. */
  readonly rate: number;
  /** Of a block. */
  readonly seconds: number;
  readonly rounds: number;
  readonly pages: number;
}

/** What the clients got in a block. */
const told: Counts[] = [];
const blocks: Record<Turn, Block[]> = { none: [], control: [], dashboards: [] };

async function main({ rate, seconds, rounds, pages }: Sizes): Promise<void> {
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
    const servicePort = await service.ready();
    const clients = fork(join(__dirname, 'clients.js'), [String(pages)]);
    await once(clients, 'message');
    const play = (port?: number) => playBlock(() => service.block(rate, seconds), clients, port);
    // What is compiled and what is in caches is so for all; and what stands in learns what clients get.
    await play();
    await play(servicePort);
    const bytes = told.pop()?.eventBytes ?? 0;
    const eventBytesPerSecond = bytes / pages / (seconds + SETTLING_MS / 1_000);
    const standIn = fork(join(__dirname, 'stand-in.js'));
    service.goOn();
    const port = await learnt(standIn, { servicePort, eventBytesPerSecond });
    service.pause();
    await play(port);
    told.length = 0;
    const ports = { none: undefined, control: port, dashboards: servicePort };
    console.log('p99 ms     none   control  dashboards  to none  to control');
    for (let round = 0; round < rounds; round++) {
      // What comes first in one round comes last in the next one.
      for (const turn of round % 2 === 0 ? TURNS : TURNS.toReversed())
        blocks[turn].push(await play(ports[turn]));
      const [none = 0, control = 0, open = 0] = TURNS.map((turn) => blocks[turn].at(-1)?.p99);
      const row = [none, control, open, open / none, open / control];
      console.log(
        `${String(round + 1).padStart(5)}${row.map((ms) => ms.toFixed(3).padStart(10)).join('')}`,
      );
    }
    report(pages);
    for (const child of [clients, standIn]) child.disconnect();
  } finally {
    end();
  }
}

/** @param port whom the clients ask; absent: nobody */
async function playBlock(
  block: () => Promise<Block>,
  clients: ChildProcess,
  port: number | undefined,
): Promise<Block> {
  if (port === undefined) return block();
  clients.send(port);
  const played = await block();
  clients.send('end');
  told.push(((await once(clients, 'message')) as [Counts])[0]);
  return played;
}

async function learnt(standIn: ChildProcess, learn: Learn): Promise<number> {
  standIn.send(learn);
  const [port] = (await once(standIn, 'message')) as [number];
  return port;
}

function report(pages: number): void {
  const of = (turn: Turn, share: number): number =>
    at(
      blocks[turn].flatMap(({ took }) => took),
      share,
    );
  const ofCalls = (turn: Turn, name: 'cpuMsPerCall' | 'busyMsPerCall'): string =>
    median(blocks[turn].map((block) => block[name])).toFixed(2);
  for (const turn of TURNS)
    console.log(
      `${turn.padEnd(10)} p50 ${of(turn, 0.5).toFixed(3)} ms, p99 ${of(turn, 0.99).toFixed(3)} ms, p99.9 ${of(turn, 0.999).toFixed(3)} ms of all decisions; a call takes ${ofCalls(turn, 'cpuMsPerCall')} ms CPU of all threads, the deciding thread ${ofCalls(turn, 'busyMsPerCall')} ms`,
    );
  const each = (name: keyof Counts): number => median(told.map((one) => one[name]));
  console.log(
    `${pages} pages: ${each('answers')} answers, ${each('failed')} refused, ${each('scrapes')} scrapes, ${(each('eventBytes') / 1e6 / pages).toFixed(2)} MB of events to each in a block`,
  );
  const medianTo = (other: Turn): number =>
    median(
      blocks.dashboards.map(({ p99 }, round) => p99 / (blocks[other][round]?.p99 ?? Number.NaN)),
    );
  const rounds = (turn: Turn) => blocks[turn].map(({ took }) => took);
  const ratioTo = (other: Turn): number => {
    const { pooled, low, high } = ratioOfP99(rounds('dashboards'), rounds(other));
    console.log(
      `ratio of the p99 to ${other}: ${pooled.toFixed(3)} (95%: ${low.toFixed(2)} to ${high.toFixed(2)}) of all decisions, median of ${blocks.none.length} rounds ${medianTo(other).toFixed(3)}`,
    );
    return pooled;
  };
  ratioTo('none');
  const added = ratioTo('control');
  console.log(`what crankback adds: ${added.toFixed(3)}, allowed ${ALLOWED}`);
  if (added > ALLOWED) process.exitCode = 1;
}

const flags = new Command()
  .option('--rate <calls>', 'calls per second', '100')
  .option('--seconds <seconds>', 'of a block', '2.5')
  .option('--rounds <count>', 'of three blocks each', '20')
  .option('--pages <count>', 'dashboards that are open', '10')
  .parse()
  .opts<{ rate: string; seconds: string; rounds: string; pages: string }>();
const { rate, seconds, rounds, pages } = flags;
void main({
  ...{ rate: Number(rate), seconds: Number(seconds) },
  ...{ rounds: Number(rounds), pages: Number(pages) },
});
