import { randomBytes } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import { createMirror } from '../adapters/hep/mirror';
import { ModeSwitch } from './app/mode-switch';
import type { Factories, PbxFactory } from './app/factories';
import { run } from './app/run';
import type { PbxPort } from './calls/ports';
import { ofPbx } from './policy/of-pbx';
import type { AriSettings, EslSettings, PbxSettings } from './settings/pbx-settings';
import { lastingIdentity } from './app/lasting-identity';
import type { SettingFlags, Settings } from './settings/settings';
import { SingleInstanceStore } from './trunks/health/single-instance-store';

/** Long enough for a busy Asterisk, short enough to notice a dead one before the next call. */
const ARI_TIMEOUT_MS = 3_000;
const ESL_TIMEOUT_MS = 3_000;
const ESL_HEARTBEAT_MS = 3_000;
/** Seldom enough for FreeSWITCH's log; calls notice a dead way sooner themselves. */
const ESL_PROBE_EVERY_MS = 30_000;
const ESL_PROBE_TIMEOUT_MS = 2_000;

type PartsOfOne = Omit<Parameters<PbxFactory>[0], 'dropped'> & {
  readonly dropped: (reason: string) => void;
};
/** Creates the port of one PBX of a kind, with its own settings. */
type PortFactory<Own> = (pbx: { readonly name: string } & Own, parts: PartsOfOne) => PbxPort;

async function asteriskPorts(): Promise<PortFactory<{ readonly ari: AriSettings }>> {
  const { AsteriskAdapter } = await import('../adapters/asterisk/adapter.js');
  return ({ ari }, { settings: { takeOver, hep }, ...parts }) => {
    const own = { ...ari, takeOver, timeoutMs: ARI_TIMEOUT_MS };
    const more = hep && { mirrorWaitMs: hep.waitMs };
    return new ModeSwitch(
      parts.policy,
      (policy, observe) =>
        new AsteriskAdapter({ ...own, ...parts, ...{ policy, observe }, ...more }),
    );
  };
}

async function freeswitchPorts(): Promise<PortFactory<{ readonly esl: EslSettings }>> {
  const { FreeswitchAdapter } = await import('../adapters/freeswitch/adapter.js');
  return ({ name, esl: of }, { settings: { hep }, ...parts }) => {
    const { listen: handover, secret = randomBytes(16).toString('hex'), ...esl } = of;
    const observer = { ...esl, timeoutMs: ESL_TIMEOUT_MS, heartbeatMs: ESL_HEARTBEAT_MS };
    const probe = { everyMs: ESL_PROBE_EVERY_MS, timeoutMs: ESL_PROBE_TIMEOUT_MS };
    const own = { pbx: name, observer, handover, secret, probe };
    const more = hep && { mirrorWaitMs: hep.waitMs };
    return new ModeSwitch(
      parts.policy,
      (policy, observe) =>
        new FreeswitchAdapter({ ...own, ...parts, ...{ policy, observe }, ...more }),
    );
  };
}

async function pbxFactory(pbxes: readonly PbxSettings[]): Promise<PbxFactory> {
  const has = (kind: PbxSettings['kind']): boolean => pbxes.some((pbx) => pbx.kind === kind);
  const asterisk = has('asterisk') ? await asteriskPorts() : undefined;
  const freeswitch = has('freeswitch') ? await freeswitchPorts() : undefined;
  const portOf = (pbx: PbxSettings, parts: PartsOfOne): PbxPort => {
    const port = pbx.kind === 'asterisk' ? asterisk?.(pbx, parts) : freeswitch?.(pbx, parts);
    if (!port) throw new Error(`${pbx.name}: no settings of it when the service started`);
    return port;
  };
  return (all) =>
    all.settings.pbxes.map((pbx) => {
      const its = {
        ...all,
        policy: ofPbx(all.policy, pbx.name),
        // Of several, a line has to say whose it is.
        log: pbx.name === pbx.kind ? all.log : all.log.child({ pbx: pbx.name }),
        dropped: (reason: string) => all.dropped(pbx.name, reason),
      };
      return { pbx: pbx.name, port: portOf(pbx, its) };
    });
}

type SharedFactories = Pick<Factories, 'createHealth' | 'createFleet' | 'createSharedLimits'>;

/** What is shared by Redis. */
async function sharedFactories(redis: NonNullable<Settings['redis']>): Promise<SharedFactories> {
  const { BadValues } = await import('../adapters/redis/bad-values.js');
  const { FleetStream } = await import('../adapters/redis/fleet-stream.js');
  const { createFleetMetrics, createRedisMetrics } = await import('../adapters/redis/metrics.js');
  const { RedisHealthStore } = await import('../adapters/redis/redis-store.js');
  const { SharedLimits } = await import('../adapters/redis/shared-limits.js');
  return {
    createHealth: ({ registry, log, ...parts }) =>
      new RedisHealthStore({
        ...parts,
        ...{ settings: redis, log, metrics: createRedisMetrics(registry) },
      }),
    createFleet: ({ settings: { journal }, registry, log, take }) =>
      journal.fleet &&
      new FleetStream({
        ...{ settings: redis, bytes: journal.fleet.megabytes * 1_000_000, log, take },
        metrics: createFleetMetrics(registry),
        bad: new BadValues({ log, metrics: createRedisMetrics(registry), now: Date.now }),
      }),
    createSharedLimits: ({ settings, registry, log, now }) => {
      const metrics = createRedisMetrics(registry);
      return new SharedLimits({
        ...{ settings: redis, log, metrics, now, random: Math.random },
        bad: new BadValues({ log, metrics, now }),
        instance: lastingIdentity(settings),
      });
    },
  };
}

const OWN: SharedFactories = {
  createHealth: (parts) => new SingleInstanceStore(parts),
  createFleet: () => undefined,
  createSharedLimits: () => undefined,
};

/** Loads what the settings ask for alone: all of it would take a third of the time of a start. */
async function factoriesFor({ pbxes, redis }: Settings): Promise<Factories> {
  const createPbxes = await pbxFactory(pbxes);
  return { createPbxes, createMirror, ...(redis ? await sharedFactories(redis) : OWN) };
}

/**
 * `crankback run`: the service with every adapter.
 * @param thread reads the policy, see `policyThread`
 */
export function runService(flags: SettingFlags, thread: Worker): Promise<void> {
  return run(flags, factoriesFor, thread);
}
