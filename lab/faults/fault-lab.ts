import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildImages, provision, type DockerTools } from '../provision';
import { repositoryRoot } from '../provision/paths';
import { labAddress } from '../provision/place';
import { run } from '../provision/run-command';
import { Containers, SERVICES } from '../runner/containers';
import { ownScenarios, runFolder } from '../runner/layout';
import { composeEnvironment, pbxOf, untilIdle, type Pbx } from '../runner/pbx/pbx';
import { prepareVoice } from '../runner/pbx/voicemail';
import { startCarriers } from '../runner/scenario/many-calls';
import { switchCarrier } from '../runner/scenario/switch-carrier';
import { installPolicy, Service } from '../runner/service';
import { clearTraces, prepareSipp, readTrace, type Carrier as Sipp } from '../runner/sip/sipp';
import { travelling } from '../runner/travelling';
import { pause, waitFor } from '../runner/waiting';
import { ANSWERED, callsOfKinds, digitPattern, DIGITS, ORDER } from './call-mix';
import { callersTrace, placeCalls, type Callers } from './callers';
import { CrankbackProcess } from './crankback-process';
import type { Fault, Target } from './fault';
import { Firewall } from './firewall';
import { readMetrics, sumOf } from './metrics';
import { faultPolicy } from './policy';
import { joinCalls, type SeenCall } from './seen';
import { callsFor, durationOf, judgeAll, LEAD, recoveryOf, type Moments } from './timeline';
import type { Verdict } from './verdict';

const ownFolder = join(repositoryRoot, 'lab', 'faults');
/** Files of a run, kept for later inspection. */
export const faultsFolder = join(runFolder, 'faults');
const REDIS_URL = `redis://${labAddress(50)}`;
const BOOT_LIMIT = 60_000;
/** After the last call every channel must be gone within this time. Milliseconds. */
const SETTLE_LIMIT = 25_000;
/** A policy of 100,000 routes is checked within this time, on a slow machine too. Milliseconds. */
const SHOW_LIMIT = 40_000;
/** Carriers stop by themselves this long after the last call. Seconds. */
const CARRIERS_GRACE = 90;
/** Calls in progress for the whole time. */
const STANDING = 5;
/** More calls than any fault has. */
const NUMBERS_EACH = 10_000;
const TALK_MS = 2000;
const MIX_PORT = 5060;
const STANDING_PORT = 5062;

/** What became of the calls while one thing was broken. */
export interface PlayedFault {
  readonly fault: Fault;
  readonly verdicts: readonly Verdict[];
  /** Milliseconds; see `recoveryOf`. */
  readonly recoveryMs: number | undefined;
  /** Channels of the PBX that stayed. */
  readonly left: readonly string[];
  readonly moments: Moments;
}

/** The lab with everything that can be broken. */
export class FaultLab {
  private played = 0;

  private constructor(
    private readonly target: Target,
    private readonly pbx: Pbx,
  ) {}

  /**
   * Prepares the machine and starts everything.
   * @param travel every policy travels to the PBX
   * @throws with what is missing
   */
  static async up({
    log,
    signal,
    travel = false,
  }: {
    log: (line: string) => void;
    signal: AbortSignal;
    travel?: boolean;
  }): Promise<FaultLab> {
    const found = await provision({ log });
    await buildImages(found, { log });
    const compose = [...found.compose, '--file', join(ownFolder, 'compose.yml')];
    const env = { ...found.env, CRANKBACK_LAB_REDIS_URL: REDIS_URL };
    const tools: DockerTools = { ...found, compose, env };
    const containers = new Containers(tools, composeEnvironment(['asterisk']));
    const pbx = pbxOf('asterisk', containers);
    await rm(faultsFolder, { recursive: true, force: true });
    await mkdir(faultsFolder, { recursive: true });
    await prepareSipp(new Map([['uac-call.xml', join(ownScenarios, 'sipp', 'uac-call.xml')]]));
    await prepareVoice();
    await pbx.prepare();
    await new CrankbackProcess(containers, signal).setFlags([]);
    const saved = travel ? travelling : undefined;
    await installPolicy(saved?.(faultPolicy()) ?? faultPolicy());
    log('starting the containers');
    try {
      await containers.up(['asterisk', ...SERVICES.filter((it) => it !== 'crankback')], signal);
      await untilBooted(pbx, signal);
      await containers.up(['crankback'], signal);
      const service = new Service(containers, [pbx], faultPolicy(), saved);
      await service.untilReady(signal);
      const crankback = new CrankbackProcess(containers, signal);
      const firewall = new Firewall(await pidOf(tools, 'crankback-host'));
      const target = { containers, service, crankback, firewall, signal };
      return new FaultLab(target, pbx);
    } catch (error) {
      await containers.down();
      throw error;
    }
  }

  async down(): Promise<void> {
    await this.target.containers.down();
  }

  get parts(): Target {
    return this.target;
  }

  /** Places calls, breaks one thing, heals it, and judges every call by its SIP messages. */
  async play(fault: Fault, rate: number): Promise<PlayedFault> {
    await this.reset(fault.policy ?? faultPolicy());
    if (fault.prepare) {
      await fault.prepare(this.target);
      await this.target.service.untilReady(this.target.signal);
    }
    const calls = callsFor(fault, rate, this.played * NUMBERS_EACH + STANDING);
    const seconds = durationOf(fault);
    const standing = callsOfKinds(ANSWERED, STANDING, this.played * NUMBERS_EACH);
    this.played += 1;
    const loads: Callers[] = [
      { calls, rate, talkMs: TALK_MS, port: MIX_PORT },
      { calls: standing, rate: STANDING, talkMs: seconds * 1000, port: STANDING_PORT },
    ];
    await clearTraces();
    const carriers = await this.startCarriers(seconds + CARRIERS_GRACE);
    const placed = Promise.all(loads.map((load) => placeCalls(load, this.target)));
    // Awaited below, whatever else fails first.
    placed.catch(() => undefined);
    try {
      const moments = await this.breakAndHeal(fault);
      await placed;
      const left = await this.channelsLeft();
      const seen = await this.look();
      const log = await this.target.containers.logsSince('crankback', moments.brokenAt);
      await writeFile(join(faultsFolder, `${fault.name}.log`), log);
      await this.requireEffect(fault, log);
      const verdicts = judgeAll([...standing, ...calls], seen, fault, moments);
      return { fault, verdicts, recoveryMs: recoveryOf(verdicts, moments), left, moments };
    } finally {
      // No call may reach into the next fault, also if this one could not be played.
      await placed.catch(() => undefined);
      await fault.cleanUp?.(this.target);
      await this.target.firewall.clear();
      await Promise.all(carriers.map((carrier) => carrier.end()));
    }
  }

  /** Waits until the last channel of the PBX is gone. @returns those that stay */
  async channelsLeft(): Promise<readonly string[]> {
    await untilIdle(this.pbx, { limitMs: SETTLE_LIMIT, signal: this.target.signal });
    return this.pbx.channels();
  }

  /** Carriers that do what a call's number says. */
  startCarriers(limitSeconds: number, traced = true): Promise<Sipp[]> {
    const play = ORDER.map((it) => [it, switchCarrier(digitPattern(it), DIGITS)] as const);
    const context = { ...this.target, limitSeconds, traced };
    return startCarriers(Object.fromEntries(play), context);
  }

  /** A new crankback with this policy, and nothing left of what was before. */
  async reset(policy: string): Promise<void> {
    const { containers, crankback, service, signal } = this.target;
    await crankback.setFlags([]);
    await containers.control('redis', 'restart');
    service.markDisturbed();
    await service.bringTo({ policy, condition: 'running' }, signal);
    await this.pbx.clearMessages();
  }

  private async breakAndHeal(fault: Fault): Promise<Moments> {
    const { signal } = this.target;
    await pause(LEAD * 1000, signal);
    const brokenAt = Date.now();
    await fault.break(this.target);
    await pause(fault.holdMs, signal);
    if (fault.holdsUntilShown) await this.untilShown(fault, brokenAt);
    const healedAt = Date.now();
    await fault.heal(this.target);
    if (fault.pbxDies) await untilBooted(this.pbx, signal);
    return { brokenAt, healedAt };
  }

  private async untilShown({ name, shows }: Fault, since: number): Promise<void> {
    if (!(shows instanceof RegExp)) return;
    const { containers, signal } = this.target;
    const shown = async () =>
      shows.test(await containers.logsSince('crankback', since)) || undefined;
    await waitFor(`${name} shows`, shown, { limitMs: SHOW_LIMIT, everyMs: 500, signal });
  }

  /** A fault that breaks nothing shows nothing. */
  private async requireEffect({ name, shows }: Fault, log: string): Promise<void> {
    if (!shows) return;
    if (shows instanceof RegExp) {
      if (!shows.test(log))
        throw new Error(`${name} had no effect: no ${String(shows)} in the log`);
      return;
    }
    const counted = sumOf(await readMetrics(), shows.metric);
    if (counted < shows.atLeast) {
      throw new Error(`${name} had no effect: ${shows.metric} has counted ${counted}`);
    }
  }

  private async look(): Promise<Map<string, SeenCall>> {
    const callers = await Promise.all([MIX_PORT, STANDING_PORT].map(callersTrace));
    const carriers = await Promise.all(
      ORDER.map(async (carrier) => [carrier, await readTrace(carrier)] as const),
    );
    return joinCalls(callers, new Map(carriers));
  }
}

async function untilBooted(pbx: Pbx, signal: AbortSignal): Promise<void> {
  const booted = async () => ((await pbx.hasBooted()) ? true : undefined);
  const limits = { limitMs: BOOT_LIMIT, everyMs: 200, signal };
  await waitFor(`${pbx.name} has booted`, booted, limits);
}

/** The first process of a container, as this machine counts it. */
async function pidOf({ compose, docker, env }: DockerTools, service: string): Promise<number> {
  const id = await run([...compose, 'ps', '--quiet', service], 'read what docker says', { env });
  const inspect = [...docker, 'inspect', '--format', '{{.State.Pid}}', id.trim()];
  return Number(await run(inspect, 'read what docker says', { env }));
}
