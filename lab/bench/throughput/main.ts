/**
 * `npm run bench -- --throughput`: how many calls one process decides, and what each takes of it: a double of the PBX, in
 * this process, plays recorded calls to a real `crankback run`, so many at a time, each followed by the next one.
 * Builds take turns within one run, so that what else the machine does is in both.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { PBXES, type PbxName } from '../../runner/pbx/name';
import { AsteriskDouble } from './asterisk';
import { FreeswitchDouble } from './freeswitch';
import { ASKING, KINDS, type Kind, type PbxDouble } from './pbx-double';
import { Service } from './service';

interface Options {
  readonly pbx: readonly PbxName[];
  readonly calls: readonly Kind[];
  readonly each?: true;
  readonly underWay: string;
  readonly seconds: string;
  readonly rounds: string;
  readonly rate?: string;
  readonly against?: string;
  readonly profile?: string;
}

const FIGURES = ['calls/s', 'CPU ms', 'deciding ms', '% of a core', 'peak MB', 'ready ms'] as const;
type Round = Readonly<Record<(typeof FIGURES)[number], number>>;

/** Until code is compiled and caches are warm: on a busy machine that takes longer. */
const WARM_UP = { seconds: 3, calls: 4_000 };
/** What was left to do at the end of a round is part of it. Milliseconds. */
const SETTLING_MS = 300;
/** Carriers fail all the time here and must not become held, as after 1,000 failures in a row: one call of so many is answered. */
const ANSWERED_EVERY = 500;
const HEALTH = 'health: { trip: { consecutive: 1000, or: 100% of 9999 in 1s } }';

function policyFor(pbx: PbxName, { routes }: PbxDouble): string {
  const dial = (name: string) =>
    pbx === 'asterisk' ? `PJSIP/{number}@${name}` : `sofia/gateway/${name}/{number}`;
  const trunks = ['carrier-a', 'carrier-b', 'carrier-c'].map(
    (name) => `  ${name}: { dial: { ${pbx}: "${dial(name)}" }, ${HEALTH} }`,
  );
  return `version: 1
timezone: Etc/UTC
emergency: [112]
trunks:
${trunks.join('\n')}
routes:${routes}
rules:
  - { when: { sip: 503 }, do: { retry: next-trunk } }
`;
}

export async function throughput(argv: readonly string[]): Promise<void> {
  const options = new Command('bench --throughput')
    .option('--throughput', 'this bench')
    .addOption(new Option('--pbx <names...>', 'these only').choices(PBXES).default(PBXES))
    .addOption(new Option('--calls <kinds...>', 'these only').choices(KINDS).default(ASKING))
    .option('--each', 'of each kind of calls its own figures')
    .option('--under-way <calls>', 'at any time', '50')
    .option('--seconds <seconds>', 'of a round', '8')
    .option('--rounds <count>', 'of each build', '3')
    .option('--rate <calls/s>', 'not as many as possible, but so many')
    .option('--against <folder>', 'another checkout that is built; ratios to it')
    .option('--profile <folder>', 'a CPU profile of each round into it')
    .parse(argv)
    .opts<Options>();
  const builds = [process.cwd(), ...(options.against ? [resolve(options.against)] : [])];
  for (const pbx of options.pbx) {
    for (const calls of options.each ? options.calls.map((kind) => [kind]) : [options.calls]) {
      const rounds = builds.map((): Round[] => []);
      for (let round = 0; round < Number(options.rounds); round++)
        // What comes first in one round comes last in the next one.
        for (const index of round % 2 === 0 ? builds.keys() : [...builds.keys()].reverse())
          rounds[index]?.push(await roundOf(builds[index] ?? '', pbx, { ...options, calls }));
      report(options.each ? `${pbx}: ${calls.join(', ')}` : pbx, builds, rounds);
    }
  }
}

async function roundOf(build: string, pbx: PbxName, options: Options): Promise<Round> {
  const double = await (pbx === 'asterisk' ? AsteriskDouble.start() : FreeswitchDouble.start());
  const profile = options.profile
    ? ['--cpu-prof', `--cpu-prof-dir=${resolve(options.profile)}`]
    : [];
  const program = join(build, 'dist/program/main.js');
  let service: Service | undefined;
  try {
    service = await Service.start(program, policyFor(pbx, double), double.env, profile);
    await play(
      double,
      options,
      options.rate === undefined ? WARM_UP : { seconds: WARM_UP.seconds },
    );
    const before = service.usage();
    const { calls, seconds } = await play(double, options, { seconds: Number(options.seconds) });
    await pause(SETTLING_MS);
    const after = service.usage();
    await check(service, options);
    const cpuMs = after.cpuMs - before.cpuMs;
    return {
      'calls/s': calls / seconds,
      'CPU ms': cpuMs / calls,
      'deciding ms': (after.decidingMs - before.decidingMs) / calls,
      '% of a core': cpuMs / seconds / 10,
      'peak MB': after.peakMb,
      'ready ms': service.readyMs,
    };
  } finally {
    await service?.end();
    await double.stop();
  }
}

/** Plays calls of each kind in turn, for so long and so many at least. */
async function play(
  double: PbxDouble,
  { calls: kinds, underWay, rate }: Options,
  least: { readonly seconds: number; readonly calls?: number },
): Promise<{ readonly calls: number; readonly seconds: number }> {
  const began = performance.now();
  const spent = (): number => (performance.now() - began) / 1000;
  let calls = 0;
  const next = (): Promise<void> => {
    const kind = calls % ANSWERED_EVERY === 0 ? 'route' : kinds[calls % kinds.length];
    calls += 1;
    return double.call(kind ?? 'route');
  };
  if (rate === undefined) {
    const one = async (): Promise<void> => {
      while (spent() < least.seconds || calls < (least.calls ?? 0)) await next();
    };
    await Promise.all(Array.from({ length: Number(underWay) }, one));
  } else {
    const started: Promise<void>[] = [];
    while (spent() < least.seconds) {
      while (calls < spent() * Number(rate)) started.push(next());
      await pause(1);
    }
    await Promise.all(started);
  }
  return { calls, seconds: spent() };
}

/** Calls that went as recorded, and are not told apart by the service, would make the figures worthless. */
async function check(service: Service, { calls }: Options): Promise<void> {
  const wrong = await service.metric('crankback_plan_mismatches_total');
  if (wrong > 0) throw new Error(`${wrong} plan mismatches`);
  if (!calls.some((kind) => kind.endsWith('planned'))) return;
  const planned = await service.metric('crankback_plans_used_total');
  if (planned === 0) throw new Error('no call went on by its plan');
}

function report(
  title: string,
  builds: readonly string[],
  rounds: readonly (readonly Round[])[],
): void {
  const width = 14;
  const line = (cells: readonly string[]): string =>
    cells.map((cell, index) => (index === 0 ? cell.padEnd(28) : cell.padStart(width))).join('');
  console.log(line([title, ...FIGURES]));
  const middles = rounds.map((of) => FIGURES.map((name) => median(of.map((one) => one[name]))));
  middles.forEach((of, index) => {
    console.log(line([index === 0 ? versionOf(builds[0]) : 'against', ...of.map(figure)]));
    const spread = FIGURES.map((name) => {
      const all = rounds[index]?.map((one) => one[name]) ?? [];
      return `${figure(Math.min(...all))}–${figure(Math.max(...all))}`;
    });
    console.log(line(['', ...spread]));
  });
  const [own, other] = middles;
  if (own && other)
    console.log(
      line(['ratio', ...own.map((value, at) => (value / (other[at] ?? NaN)).toFixed(2))]),
    );
}

function versionOf(build = ''): string {
  const text = readFileSync(join(build, 'package.json'), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 3);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
