import { randomBytes } from 'node:crypto';
import { AsteriskAdapter } from '../adapters/asterisk/adapter';
import { FreeswitchAdapter } from '../adapters/freeswitch/adapter';
import { createMirror } from '../adapters/hep/mirror';
import { BadValues } from '../adapters/redis/bad-values';
import { FleetStream } from '../adapters/redis/fleet-stream';
import { createFleetMetrics, createRedisMetrics } from '../adapters/redis/metrics';
import { RedisHealthStore } from '../adapters/redis/redis-store';
import { SharedLimits } from '../adapters/redis/shared-limits';
import { collectedAlone } from './app/collected-alone';
import { ModeSwitch } from './app/mode-switch';
import { run, type PbxFactory } from './app/run';
import type { PbxPort } from './calls/ports';
import { ofPbx } from './policy/of-pbx';
import type { PbxSettings } from './settings/pbx-settings';
import type { FleetFactory } from './app/fleet';
import { lastingIdentity } from './app/lasting-identity';
import type { SharedLimitsFactory } from './app/shared-limits';
import type { HealthFactory } from './app/trunk-health';
import type { SettingFlags } from './settings/settings';
import { SingleInstanceStore } from './trunks/health/single-instance-store';

/** Long enough for a busy Asterisk, short enough to notice a dead one before the next call. */
const ARI_TIMEOUT_MS = 3_000;
const ESL_TIMEOUT_MS = 3_000;
const ESL_HEARTBEAT_MS = 3_000;
/** Seldom enough for FreeSWITCH's log; calls notice a dead way sooner themselves. */
const ESL_PROBE_EVERY_MS = 30_000;
const ESL_PROBE_TIMEOUT_MS = 2_000;

const createPbxes: PbxFactory = (all) =>
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

type PartsOfOne = Omit<Parameters<PbxFactory>[0], 'dropped'> & {
  readonly dropped: (reason: string) => void;
};

function portOf(pbx: PbxSettings, { settings, ...parts }: PartsOfOne): PbxPort {
  const more = settings.hep && { mirrorWaitMs: settings.hep.waitMs };
  if (pbx.kind === 'asterisk') {
    const { takeOver } = settings;
    const own = { ...pbx.ari, takeOver, timeoutMs: ARI_TIMEOUT_MS };
    return new ModeSwitch(
      parts.policy,
      (policy, observe) =>
        new AsteriskAdapter({ ...own, ...parts, ...{ policy, observe }, ...more }),
    );
  }
  const { listen: handover, secret = randomBytes(16).toString('hex'), ...esl } = pbx.esl;
  const observer = { ...esl, timeoutMs: ESL_TIMEOUT_MS, heartbeatMs: ESL_HEARTBEAT_MS };
  const probe = { everyMs: ESL_PROBE_EVERY_MS, timeoutMs: ESL_PROBE_TIMEOUT_MS };
  const own = { pbx: pbx.name, observer, handover, secret, probe };
  return new ModeSwitch(
    parts.policy,
    (policy, observe) =>
      new FreeswitchAdapter({ ...own, ...parts, ...{ policy, observe }, ...more }),
  );
}

const createHealth: HealthFactory = ({ settings, registry, log, ...parts }) =>
  settings.redis
    ? new RedisHealthStore({
        ...parts,
        settings: settings.redis,
        log,
        metrics: createRedisMetrics(registry),
      })
    : new SingleInstanceStore(parts);

const createFleet: FleetFactory = ({ settings: { redis, journal }, registry, log, take }) => {
  if (!redis || !journal.fleet) return undefined;
  return new FleetStream({
    ...{ settings: redis, bytes: journal.fleet.megabytes * 1_000_000, log, take },
    metrics: createFleetMetrics(registry),
    bad: new BadValues({ log, metrics: createRedisMetrics(registry), now: Date.now }),
  });
};

const createSharedLimits: SharedLimitsFactory = ({ settings, registry, log, now }) => {
  if (!settings.redis) return undefined;
  const metrics = createRedisMetrics(registry);
  return new SharedLimits({
    ...{ settings: settings.redis, log, metrics, now, random: Math.random },
    bad: new BadValues({ log, metrics, now }),
    instance: lastingIdentity(settings),
  });
};

/** `crankback run`: the service with every adapter. */
export function runService(flags: SettingFlags): Promise<void> {
  collectedAlone();
  return run(flags, createPbxes, createMirror, createHealth, createFleet, createSharedLimits);
}
