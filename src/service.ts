import { randomBytes, randomUUID } from 'node:crypto';
import { AsteriskAdapter } from '../adapters/asterisk/adapter';
import { FreeswitchAdapter } from '../adapters/freeswitch/adapter';
import { createMirror } from '../adapters/hep/mirror';
import { BadValues } from '../adapters/redis/bad-values';
import { FleetStream } from '../adapters/redis/fleet-stream';
import { createFleetMetrics, createRedisMetrics } from '../adapters/redis/metrics';
import { RedisHealthStore } from '../adapters/redis/redis-store';
import { SharedLimits } from '../adapters/redis/shared-limits';
import { ModeSwitch } from './app/mode-switch';
import { run, type NamedPbx, type PbxFactory } from './app/run';
import type { FleetFactory } from './app/fleet';
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

const createPbxes: PbxFactory = ({ settings, dropped, ...parts }) => {
  const pbxes: NamedPbx[] = [];
  if (settings.ari) {
    const timeoutMs = ARI_TIMEOUT_MS;
    const drop = (reason: string) => dropped('asterisk', reason);
    const ari = settings.ari;
    const port = new ModeSwitch(
      parts.policy,
      (policy, observe) =>
        new AsteriskAdapter({
          ...ari,
          takeOver: settings.takeOver,
          ...parts,
          ...{ policy, observe },
          ...(settings.hep && { mirrorWaitMs: settings.hep.waitMs }),
          timeoutMs,
          dropped: drop,
        }),
    );
    pbxes.push({ pbx: 'asterisk', port });
  }
  if (settings.esl) {
    const { listen, secret = randomBytes(16).toString('hex'), ...esl } = settings.esl;
    const observer = { ...esl, timeoutMs: ESL_TIMEOUT_MS, heartbeatMs: ESL_HEARTBEAT_MS };
    const drop = (reason: string) => dropped('freeswitch', reason);
    const port = new ModeSwitch(
      parts.policy,
      (policy, observe) =>
        new FreeswitchAdapter({
          ...parts,
          ...{ policy, observe },
          ...(settings.hep && { mirrorWaitMs: settings.hep.waitMs }),
          observer,
          handover: listen,
          secret,
          probe: { everyMs: ESL_PROBE_EVERY_MS, timeoutMs: ESL_PROBE_TIMEOUT_MS },
          dropped: drop,
        }),
    );
    pbxes.push({ pbx: 'freeswitch', port });
  }
  return pbxes;
};

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
    instance: randomUUID(),
  });
};

/** `crankback run`: the service with every adapter. */
export function runService(flags: SettingFlags): Promise<void> {
  return run(flags, createPbxes, createMirror, createHealth, createFleet, createSharedLimits);
}
