import { buildImages, provision } from '../provision';
import { playBulk, type BulkCall, type BulkCallers } from './scenario/many-calls';
import { Containers, SERVICES } from './containers';
import { mismatches } from './scenario/expectations';
import { disturb } from './scenario/steps-during-call';
import { fetchHunts } from './hunt-records';
import { NOTHING_LISTENING, TRUNKS, WITNESS, type Trunk } from './layout';
import { adviceIn, triedSettings, carrierXml, PROOF_CARRIER, settingsOf } from './scenario/proof';
import type { Observation } from './scenario/observation';
import { composeEnvironment, pbxOf, untilIdle, type Pbx } from './pbx/pbx';
import type { PbxName } from './pbx/name';
import type { LoadedScenario, ScenarioFolder } from './scenario/folder';
import { parseLogLines, untilLogged, type LogLine } from './log-lines';
import { installPolicy, Service } from './service';
import { addSippFile, Carrier, clearTraces, placeCalls, prepareSipp, readTrace } from './sip/sipp';
import { commandLine } from './shell';
import type { SipMessage } from './sip/trace';
import { prepareVoice } from './pbx/voicemail';
import { pause, waitFor } from './waiting';
import { readFrom, sizeOf } from './growing-file';
import { attemptsAt, callerView, callsOf, handovers } from './sip/wire';

/** No scenario takes longer, from the moment that crankback is as it wants it. Milliseconds. */
export const SCENARIO_LIMIT = 20_000;
/** crankback is as the scenario wants it: stopped, started anew, under its policy. Milliseconds. */
const READY_LIMIT = 25_000;
/** After the last channel is gone, late messages and log lines may come for this long. Milliseconds. */
const QUIET = 160;
/** The PBX's clock dates a hunt's start; FreeSWITCH's may lag under load. Less than QUIET. Milliseconds. */
const SKEW = 150;
/** Records, logs and recordings may come this much later than the call's end. Milliseconds. */
const LATE = 3000;

/** A scenario that was played; it failed if there are `failures`. */
export interface Played {
  readonly scenario: LoadedScenario;
  readonly failures: readonly string[];
  /** Undefined if it could not be played to its end. */
  readonly seen: Observation | undefined;
  /** Unix time in milliseconds. */
  readonly begunAt: number;
  readonly durationMs: number;
}

/** Start of a scenario: Unix time in milliseconds, and positions in files in bytes. */
interface Since {
  readonly time: number;
  readonly pbxLog: number;
  readonly cdr: number;
}

/** Ports that the first instance does not have. */
const SECOND_ENVIRONMENT = 'CRANKBACK_HTTP_PORT=8091 CRANKBACK_HEP_PORT=0';
const SECOND_INSTANCE = 'node /opt/crankback/main.js run';

/** The running lab. */
export class Lab {
  /** INVITEs of finished calls that are still repeated to a side that never answered (RFC 3261 17.1). */
  private readonly strayCallIds = new Set<string>();
  private readonly strayNumbers = new Set<string>();

  private constructor(
    private readonly containers: Containers,
    /** The first one gets calls outside of scenarios. */
    private readonly pbxes: readonly Pbx[],
    private readonly service: Service,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * Prepares the machine, builds what has changed and starts everything. If that fails, takes down what it
   * started. Expects a finished `npm run build`.
   * @throws with what is missing and a remedy
   */
  static async up(
    { scenarios, sippFiles, pbxes: names }: ScenarioFolder,
    options: { log(line: string): void; signal: AbortSignal },
  ): Promise<Lab> {
    const { signal } = options;
    const log = (line: string): void => options.log(line);
    const tools = await provision({ log });
    signal.throwIfAborted();
    await buildImages(tools, { log });
    signal.throwIfAborted();

    const containers = new Containers(tools, composeEnvironment(names));
    const pbxes = names.map((name) => pbxOf(name, containers));
    const policy = scenarios[0]?.policyText ?? '';
    await prepareSipp(sippFiles);
    await prepareVoice();
    await Promise.all(pbxes.map((pbx) => pbx.prepare()));
    await installPolicy(policy);
    log('starting the containers');
    try {
      // crankback would keep retrying while a PBX boots; started later, it is ready for the first scenario.
      const others = SERVICES.filter((service) => service !== 'crankback');
      await containers.up([...names, ...others], signal);
      for (const pbx of pbxes) {
        const booted = async () => ((await pbx.hasBooted()) ? true : undefined);
        const limits = { limitMs: 30_000, everyMs: 200, signal };
        await waitFor(`${pbx.name} has booted`, booted, limits);
      }
      await containers.up(['crankback'], signal);
      const service = new Service(containers, pbxes, policy);
      await service.untilReady(signal);
      return new Lab(containers, pbxes, service, signal);
    } catch (error) {
      await containers.down();
      throw error;
    }
  }

  /** Plays one scenario. Every failure is in the result; only an abort throws. */
  async play(scenario: LoadedScenario): Promise<Played> {
    const startedAt = performance.now();
    const begunAt = Date.now();
    const done = async (failures: readonly string[], seen?: Observation): Promise<Played> => {
      const durationMs = performance.now() - startedAt;
      // What one scenario left behind is not the next one's failure.
      if (failures.length > 0) await Promise.all(this.pbxes.map((pbx) => pbx.hangUpAll()));
      return { scenario, failures, seen, begunAt, durationMs };
    };
    try {
      const seen = await this.observe(scenario);
      return await done(mismatches(scenario, seen), seen);
    } catch (error) {
      this.signal.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      return await done([`could not be played to its end: ${why}`]);
    }
  }

  /** Plays many calls at once under one policy; see `playBulk`. */
  async playBulk(
    policy: string,
    carriers: Parameters<typeof playBulk>[0],
    bursts: readonly BulkCallers[],
    limitSeconds: number,
  ): Promise<BulkCall[]> {
    const signal = AbortSignal.any([
      this.signal,
      AbortSignal.timeout(limitSeconds * 1000 + 20_000),
    ]);
    await this.run(policy, signal);
    await clearTraces();
    const { containers } = this;
    const pbx = this.pbx().name;
    const placed = bursts.map((burst) => ({ pbx, ...burst }));
    return playBulk(carriers, placed, { containers, signal, limitSeconds });
  }

  /** Runs crankback with this policy. */
  async run(policy: string, signal: AbortSignal = this.signal): Promise<void> {
    await this.service.bringTo({ policy, condition: 'running' }, signal);
  }

  /** For tests that go beyond scenarios. */
  get parts(): { containers: Containers; service: Service; signal: AbortSignal } {
    const { containers, service, signal } = this;
    return { containers, service, signal };
  }

  /** What the PBX has now. */
  async pbxHolds(): Promise<{ channels: readonly string[]; bridges: readonly string[] }> {
    const pbx = this.pbx();
    const [channels, bridges] = await Promise.all([pbx.channels(), pbx.bridges()]);
    return { channels, bridges };
  }

  /**
   * Runs a second crankback in the first one's container, with its own HTTP server.
   * @returns a function that ends it and returns its log
   */
  startSecondInstance(): () => Promise<LogLine[]> {
    const command = `echo $$ >/tmp/second.pid && ${SECOND_ENVIRONMENT} exec ${SECOND_INSTANCE} --take-over`;
    const limitMs = 60_000;
    const finished = this.containers.exec('crankback', ['sh', '-c', command], { limitMs });
    return async () => {
      this.service.markDisturbed();
      await this.containers.ask('crankback', 'kill "$(cat /tmp/second.pid)"');
      const { stdout, stderr } = await finished;
      return parseLogLines(stdout + stderr);
    };
  }

  /** Starts a second crankback that is not told to take over, and which therefore ends. @throws with what it said */
  async startPoliteInstance(): Promise<void> {
    await this.containers.ask('crankback', `${SECOND_ENVIRONMENT} ${SECOND_INSTANCE}`);
  }

  /** Runs a crankback command beside the service and returns its output. */
  async crankback(argv: readonly string[]): Promise<string> {
    const command = ['node', '/opt/crankback/main.js', ...argv];
    return this.containers.ask('crankback', commandLine(command));
  }

  /** Log of the first crankback since then, once it is complete; see `untilLogged`. */
  async logSince(time: number, isThere: (log: readonly LogLine[]) => boolean): Promise<LogLine[]> {
    return untilLogged(isThere, () => this.service.linesSince(time), this.signal);
  }

  /** Lets the lab go; it stays up. */
  leave(): void {
    this.containers.leave();
  }

  /** Removes the containers and their network. */
  async down(): Promise<void> {
    await this.containers.down();
  }

  private async observe(scenario: LoadedScenario): Promise<Observation> {
    const { policyText: policy, crankback: condition } = scenario;
    if (scenario.fresh) this.service.markDisturbed();
    await this.service.bringTo({ policy, condition }, this.within(READY_LIMIT));
    const signal = this.within(SCENARIO_LIMIT);
    const pbx = this.pbx(scenario.on);
    if (!scenario.mirrored) await pbx.mirror(false);
    await Promise.all([clearTraces(), pbx.clearMessages()]);
    const { proves } = scenario;
    if (proves) {
      await addSippFile(`uas-${PROOF_CARRIER}.xml`, carrierXml(proves));
      await pbx.configure(triedSettings(proves));
    }
    const context = { containers: this.containers, signal };
    const carriers = await Promise.all(
      TRUNKS.filter((trunk) => scenario.carriers[trunk] !== NOTHING_LISTENING).map((trunk) =>
        Carrier.start(trunk, behaviourOf(trunk, scenario), context),
      ),
    );
    try {
      const since = {
        time: Date.now(),
        pbxLog: await sizeOf(pbx.logFile),
        cdr: await sizeOf(pbx.cdrFile),
      };
      await Promise.all([
        this.placeCalls(scenario, since.time, signal),
        disturb(scenario, { ...context, service: this.service }),
      ]);
      await untilIdle(pbx, { limitMs: LATE, signal });
      await pause(QUIET, signal);
      return await this.collect(scenario, since, signal);
    } finally {
      if (!scenario.mirrored) await pbx.mirror(true);
      if (proves) await pbx.configure([]);
      // crankback may remember a sick trunk.
      if (scenario.fresh) this.service.markDisturbed();
      await Promise.all(carriers.map((carrier) => carrier.end()));
      await this.rememberStrays(scenario);
    }
  }

  /** The calls of a scenario. Before the call of a proof that counts, one is refused and the advice applied. */
  private async placeCalls(scenario: LoadedScenario, since: number, signal: AbortSignal) {
    const context = { containers: this.containers, signal };
    const { proves } = scenario;
    if (proves) {
      await placeCalls({ ...scenario, calls: 1 }, context);
      const log = await this.logSince(since, (lines) => adviceIn(lines) !== undefined);
      const advised = settingsOf(adviceIn(log) ?? 'nothing');
      await this.pbx(scenario.on).configure([...triedSettings(proves), ...advised]);
    }
    await placeCalls(scenario, context);
  }

  /** Polls until everything expected is there, or until it is too late for it. */
  private async collect(
    scenario: LoadedScenario,
    since: Since,
    signal: AbortSignal,
  ): Promise<Observation> {
    const deadline = performance.now() + LATE;
    for (;;) {
      const seen = await this.look(scenario, since);
      if (mismatches(scenario, seen).length === 0 || performance.now() > deadline) return seen;
      await pause(200, signal);
    }
  }

  private async look(scenario: LoadedScenario, since: Since): Promise<Observation> {
    const pbx = this.pbx(scenario.on);
    const [callerTrace, hunts, log, pbxLog, cdr, messages, channels, ...carrierTraces] =
      await Promise.all([
        readTrace('caller'),
        this.service.isRunning ? fetchHunts(since.time - SKEW) : undefined,
        this.service.linesSince(since.time),
        readFrom(pbx.logFile, since.pbxLog),
        readFrom(pbx.cdrFile, since.cdr),
        pbx.countMessages(),
        pbx.channels(),
        ...TRUNKS.map(async (trunk) => [trunk, await readTrace(trunk)] as const),
      ]);
    const caller = callerView(callerTrace);
    const calls = callsOf(callerTrace);
    const attempts = carrierTraces
      .flatMap(([trunk, trace]) =>
        attemptsAt(trunk, trace, (invite) => this.isStray(invite, scenario.number)),
      )
      .sort((a, b) => a.invitedAt - b.invitedAt);
    const deaf = TRUNKS.filter((trunk) => scenario.carriers[trunk] === NOTHING_LISTENING);
    return {
      caller,
      calls,
      attempts,
      // With several calls, attempts cannot be assigned to calls.
      handovers: calls.length === 1 && !scenario.proves ? handovers(attempts, caller, deaf) : [],
      hunts,
      log,
      pbxLog: pbx.noticesIn(pbxLog),
      cdr: cdr.split('\n').filter((line) => line !== ''),
      greetings: pbx.greetingsIn(pbxLog),
      messages,
      channels,
      traces: new Map<Trunk | 'caller', SipMessage[]>([['caller', callerTrace], ...carrierTraces]),
    };
  }

  private within(limitMs: number): AbortSignal {
    return AbortSignal.any([this.signal, AbortSignal.timeout(limitMs)]);
  }

  private pbx(name?: PbxName): Pbx {
    const found = this.pbxes.find((pbx) => name === undefined || pbx.name === name);
    if (!found) throw new Error(`the lab runs without ${name}`);
    return found;
  }

  private isStray({ callId, user }: SipMessage, number: string): boolean {
    return (
      this.strayCallIds.has(callId) ||
      (user !== undefined && user !== number && this.strayNumbers.has(user))
    );
  }

  private async rememberStrays({ carriers, number }: LoadedScenario): Promise<void> {
    const traces = await Promise.all(TRUNKS.map((trunk) => readTrace(trunk)));
    for (const { callId } of traces.flat()) this.strayCallIds.add(callId);
    if (Object.values(carriers).includes(NOTHING_LISTENING)) this.strayNumbers.add(number);
  }
}

function behaviourOf(trunk: Trunk, { carriers, proves }: LoadedScenario): string {
  return carriers[trunk] ?? (proves && trunk === 'carrier-a' ? PROOF_CARRIER : WITNESS);
}
