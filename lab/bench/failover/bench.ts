import { join } from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import { BENCH_IMAGE, buildImages, LAB_IMAGES, provision, type DockerTools } from '../../provision';
import { repositoryRoot } from '../../provision/paths';
import { run } from '../../provision/run-command';
import { Containers, type Service as ServiceName } from '../../runner/containers';
import { ownScenarios, runFolder } from '../../runner/layout';
import { composeEnvironment, pbxOf, type Pbx } from '../../runner/pbx/pbx';
import type { PbxName } from '../../runner/pbx/name';
import { installPolicy, Service } from '../../runner/service';
import { commandLine } from '../../runner/shell';
import { Carrier, prepareSipp } from '../../runner/sip/sipp';
import { clearTrunk } from '../../runner/scenario/trunk-health';
import { pause, waitFor } from '../../runner/waiting';
import { USUAL, type Cell } from './report/cells';
import { callsOf } from './calls';
import { MODES, PBXES, prefixOf, type Mode, type PbxUnderTest } from './modes';
import { benchPolicy } from './policy';
import { measureRound, placeLoad, type RoundUsage } from './round';
import { summarize, type Measured } from './report/results';
import { Wire, wireExec } from './wire';

/** Files of a run, kept for later inspection. */
export const benchFolder = join(runFolder, 'bench');
const ownFolder = join(repositoryRoot, 'lab', 'bench', 'failover');

/** After this time SIPp's carriers stop by themselves. Seconds. */
const CARRIERS_LIMIT = 600;
/** After a round every call must be over within this time. Milliseconds. */
const SETTLE_LIMIT = 45_000;
/**
 * Per mode. V8 still compiles during the first two thousand calls, which takes half as much processor time
 * again as in service.
 */
const WARM_UP = { rate: 50, seconds: 18 };
const DRAW_LIMIT = 30_000;
/** Round number of unmeasured rounds. */
const WARM_UP_ROUND = 99;

/** The lab in the bench's setup, for one PBX. */
export class Bench {
  readonly pbx: PbxUnderTest;
  private mirrored: boolean = USUAL.mirrored;
  /** What is warmed up. */
  private warm = '';
  /** Modes that have lost a call at a rate; higher rates are not measured. */
  private readonly exhausted = new Set<Mode>();

  private constructor(
    private readonly tools: DockerTools,
    private readonly containers: Containers,
    private readonly service: Service,
    private readonly prepared: Pbx,
    private readonly signal: AbortSignal,
  ) {
    this.pbx = PBXES[prepared.name];
  }

  /** Prepares the machine and starts the programs under test. @throws with what is missing */
  static async up(
    name: PbxName,
    { log, signal }: { log: (line: string) => void; signal: AbortSignal },
  ): Promise<Bench> {
    const found = await provision({ log });
    const images = [...LAB_IMAGES.filter((image) => image !== 'redis'), BENCH_IMAGE] as const;
    await buildImages(found, { log, images });
    const compose = [...found.compose, '--file', join(ownFolder, 'compose.yml')];
    const environment = { ...composeEnvironment([name]), COMPOSE_PROFILES: name };
    const env = { ...found.env, ...environment, CRANKBACK_BENCH_PBX: name };
    const tools = { ...found, compose, env };
    const containers = new Containers(tools);
    await mkdir(benchFolder, { recursive: true });
    await prepareSipp(sippFiles());
    const prepared = pbxOf(name, containers);
    await prepared.prepare();
    const policy = benchPolicy(USUAL.trunks);
    await installPolicy(policy);
    log('starting the containers');
    try {
      const carriers = ['carrier-a', 'carrier-b', 'carrier-c', 'caller', 'crankback-host'] as const;
      await containers.up([name, ...carriers], signal);
      await waitFor(`${name} has booted`, async () => (await prepared.hasBooted()) || undefined, {
        limitMs: 30_000,
        everyMs: 200,
        signal,
      });
      await containers.up(['crankback'], signal);
      await run(
        [...compose, 'up', '--detach', '--no-deps', 'wire'],
        'read what docker says',
        tools,
      );
      const service = new Service(containers, [prepared], policy);
      await service.untilReady(signal);
      return new Bench(tools, containers, service, prepared, signal);
    } catch (error) {
      await containers.down();
      throw error;
    }
  }

  async down(): Promise<void> {
    await this.containers.down();
  }

  /** First line that a program in a container writes. */
  async firstLine(service: ServiceName, argv: readonly string[]): Promise<string> {
    return (await this.containers.ask(service, commandLine(argv))).split('\n')[0] ?? '';
  }

  /** Runs a gnuplot script in the folder of this run. */
  async draw(script: string): Promise<void> {
    await writeFile(join(benchFolder, 'plot.gp'), script);
    const argv = wireExec(this.tools, ['gnuplot', '/run/bench/plot.gp']);
    await run(argv, 'read what gnuplot says', { env: this.tools.env, timeLimitMs: DRAW_LIMIT });
  }

  /** Measures all modes in turn, round by round. Undefined if no mode has anything left to measure. */
  async measure(cell: Cell, modes: readonly Mode[] = MODES): Promise<Measured[] | undefined> {
    const wanted = cell.modes.filter(
      (mode) => modes.includes(mode) && !(cell.climbs && this.exhausted.has(mode)),
    );
    if (wanted.length === 0) return undefined;
    await this.bringTo(cell);
    const carriers = await this.startCarriers(cell);
    try {
      await this.warmUp(cell, wanted);
      const wire = await Wire.record(this.tools);
      const usage: RoundUsage[] = [];
      try {
        for (let round = 0; round < cell.rounds; round++) {
          for (const mode of wanted) usage.push(await this.round(cell, mode, round));
        }
      } finally {
        await this.settle();
      }
      const calls = callsOf(await wire.stop(), {
        status: cell.status,
        expects: expects(cell),
        prefix: (mode) => prefixOf(mode, expects(cell)),
      });
      const measured = wanted.map((mode) => summarize(cell, mode, calls, usage));
      if (cell.climbs) {
        for (const { mode, failed } of measured) if (failed > 0) this.exhausted.add(mode);
      }
      return measured;
    } finally {
      await Promise.all(carriers.map((carrier) => carrier.end()));
    }
  }

  private async round(cell: Cell, mode: Mode, round: number): Promise<RoundUsage> {
    // A carrier that fails all the time must not become held during a round.
    if (cell.crankback === 'running') await clearTrunk('carrier-a');
    const load = { cell, mode, round, prefix: prefixOf(mode, expects(cell)) };
    return measureRound(load, this.context);
  }

  private get context(): { containers: Containers; pbx: PbxUnderTest; signal: AbortSignal } {
    const { containers, pbx, signal } = this;
    return { containers, pbx, signal };
  }

  /** Runs once after each start of crankback. */
  private async warmUp(cell: Cell, modes: readonly Mode[]): Promise<void> {
    const started = `${benchPolicy(cell.trunks)} ${cell.crankback}`;
    if (this.warm === started) return;
    this.warm = started;
    for (const mode of modes) {
      const prefix = prefixOf(mode, expects(cell));
      const load = {
        cell: { ...cell, ...(cell.warmUp ?? WARM_UP) },
        mode,
        round: WARM_UP_ROUND,
        prefix,
      };
      await placeLoad(load, this.context);
    }
    await this.settle();
  }

  /** Sets the cell's policy and mirroring. */
  private async bringTo({ trunks, mirrored, crankback }: Cell): Promise<void> {
    if (this.mirrored !== mirrored) {
      await this.prepared.mirror(mirrored);
      this.mirrored = mirrored;
    }
    const wanted = { policy: benchPolicy(trunks), condition: crankback };
    await this.service.bringTo(wanted, this.signal);
  }

  private startCarriers({ status }: Cell): Promise<Carrier[]> {
    const context = { containers: this.containers, signal: this.signal };
    const start = (trunk: 'carrier-a' | 'carrier-b' | 'carrier-c', behaviour: string) =>
      Carrier.start(trunk, behaviour, context, { seconds: CARRIERS_LIMIT });
    return Promise.all([
      start('carrier-a', String(status)),
      start('carrier-b', 'answer'),
      start('carrier-c', 'answer'),
    ]);
  }

  /** Calls that are still there would disturb the next measurement. */
  private async settle(): Promise<void> {
    await waitFor(
      'all calls are over',
      async () => (await this.prepared.channels()).length === 0 || undefined,
      { limitMs: SETTLE_LIMIT, everyMs: 250, signal: this.signal },
    );
    await pause(100, this.signal);
  }
}

function expects({ trunks }: Cell): 'next' | 'relay' {
  return trunks > 1 ? 'next' : 'relay';
}

function sippFiles(): ReadonlyMap<string, string> {
  const lab = (name: string) => [name, join(ownScenarios, 'sipp', name)] as const;
  const names = ['uas-480.xml', 'uas-500.xml', 'uas-503.xml', 'uas-answer.xml'];
  return new Map([...names.map(lab), ['uac-load.xml', join(ownFolder, 'sipp', 'uac-load.xml')]]);
}
