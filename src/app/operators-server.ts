import type { FastifyInstance } from 'fastify';
import { buildFacts } from '../cli/version';
import { named, type Named } from '../findings/named';
import type { ReadinessParts } from '../http/readiness';
import { createHttpServer } from '../http/server';
import { modeOfTrunk, observedPart } from '../policy/mode';
import type { Policy } from '../policy/policy';
import type { Settings } from '../settings/settings';
import type { Instruments } from './instruments';
import type { LivePolicy } from './live-policy';
import type { Recording } from './recording';
import type { ServiceTrunks } from './trunks';

export interface OperatorsServerParts {
  readonly settings: Settings;
  readonly live: LivePolicy;
  readonly recording: Recording;
  readonly trunks: ServiceTrunks;
  /** Why the service is not ready; empty if it is. */
  readonly readiness: () => readonly Named[];
  /** Of all parts of the service. */
  readonly warnings: () => readonly Named[];
  readonly travels: NonNullable<ReadinessParts['travels']>;
  readonly raiseGeneration: () => void;
}

/** The operator's HTTP with all that it shows. Not listening yet. */
export function createOperatorsServer(
  parts: OperatorsServerParts,
  { registry, log, now }: Instruments,
): FastifyInstance {
  const { settings, live, recording, trunks, readiness, warnings, raiseGeneration } = parts;
  const { current } = live;
  const { journal, lasting, desk, alerts, unclassified } = recording;
  const { health, inUse, offers } = trunks;
  const { maskNumbers } = settings;
  const running = buildFacts();
  return createHttpServer({
    ...{ registry, journal, lasting, now, readiness, maskNumbers, unclassified },
    trunks: health,
    modeOf: (trunk) => modeOfTrunk(current(), trunk),
    limitsOf: (name) => {
      const trunk = current().trunks.get(name);
      return trunk ? inUse.limitsOf(trunk, now()) : [];
    },
    limitOf: (trunk) => current().trunks.get(trunk)?.limits.concurrentCalls,
    warnings: () => {
      const part = observedPart(current());
      const observed = part === undefined ? [] : [named('CB1402', part)];
      return [...observed, ...warnings(), ...alerts.warnings()];
    },
    ...(running && { running }),
    travels: parts.travels,
    offers: {
      of: (trunk) => offers.of(trunk, now()),
      forget: (trunk) => {
        if (offers.refused(trunk)) raiseGeneration();
      },
    },
    // A masked Call-ID would find nothing, and a whole one may have a number in it.
    ...(settings.homerUrl !== undefined && !maskNumbers && { homerUrl: settings.homerUrl }),
    ...(settings.traces && { traced: true }),
    v1: {
      desk,
      live: recording.live,
      policy: { file: settings.policyFile, current, warnings: live.warnings },
      limits: () => callsAtOnce(current()),
      alerts,
      operated: (what) => void log.info('operator', { ...what }),
    },
    tokens: {
      ...(settings.httpToken !== undefined && { operate: settings.httpToken }),
      ...(settings.httpReadToken !== undefined && { read: settings.httpReadToken }),
    },
    own: { host: settings.http.host, names: settings.httpNames },
  });
}

/** By trunk; a trunk without a limit is left out. */
function callsAtOnce({ trunks }: Policy): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [...trunks].flatMap(([name, { limits }]) =>
      limits.concurrentCalls === undefined ? [] : [[name, limits.concurrentCalls]],
    ),
  );
}
