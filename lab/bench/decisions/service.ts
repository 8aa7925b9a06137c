/** The service as `crankback run` puts it together, beside a PBX that is the parent process. Started by `played-service.ts`. */
import { policyOfText } from '../../policy-of-text';
import { performance } from 'node:perf_hooks';
import { Registry } from 'prom-client';
import { BadValues } from '../../../adapters/redis/bad-values';
import { FleetStream } from '../../../adapters/redis/fleet-stream';
import { createFleetMetrics, createRedisMetrics } from '../../../adapters/redis/metrics';
import { recordedStream } from '../../../src/app/records';
import { healthOf } from '../../../src/app/trunk-health';
import { CallPipeline } from '../../../src/calls/pipeline';
import type { Handover, PbxListener, PbxPort } from '../../../src/calls/ports';
import { LastingJournal } from '../../../src/journal/thread/lasting-journal';
import type { Policy } from '../../../src/policy/policy';
import { createCallMetrics } from '../../../src/records/call-metrics';
import { LiveEvents } from '../../../src/http/live/live-events';
import { Journal } from '../../../src/records/journal';
import { createLogger } from '../../../src/records/logger';
import { collectProcessMetrics } from '../../../src/records/process-metrics';
import { showing } from '../../../src/records/shown';
import { SingleInstanceStore } from '../../../src/trunks/health/single-instance-store';
import { LimitsAndHealth } from '../../../src/trunks/limits-and-health';
import { InProcessTrunks } from '../../../src/trunks/limits/trunk-limits';
import { serveHttp } from './http';
import type { FromService, ServiceParts, ToService } from './protocol';

const TRUNKS = 10;
/** Carriers fail all the time here and must not become held. */
const HEALTH = 'health: { trip: { consecutive: 1000, or: 100% of 9999 in 1s } }';
/** By the answer to their last handover. */
const failed = new Map<string, { readonly startedAt: number; readonly trunks: string[] }>();

function policy(): Policy {
  const names = Array.from({ length: TRUNKS }, (_, index) => `carrier-${index}`);
  const text = `version: 1
emergency: [112]
trunks:
${names.map((name) => `  ${name}: { dial: { asterisk: "PJSIP/{number}@${name}" }, ${HEALTH} }`).join('\n')}
routes:
${names.map((name, index) => `  - { digits: "${index}*", trunks: [${name}, carrier-${(index + 1) % TRUNKS}] }`).join('\n')}
rules:
  - { when: { sip: 503 }, do: { retry: next-trunk } }
`;
  return policyOfText(text);
}

function tell(message: FromService): void {
  process.send?.(message);
}

const port = (started: (listener: PbxListener) => void): PbxPort => ({
  dialect: { advise: () => ({ line: '' }), mirror: () => '' },
  reasonsKnown: false,
  misconfiguration: () => Promise.resolve(undefined),
  start: started,
  answer: ({ huntId }, { outcome }) => {
    if (outcome.kind !== 'dial') throw new Error(`decided ${outcome.kind}: not the policy meant`);
    tell({ kind: 'decided', hunt: huntId, trunk: outcome.trunk });
    failed.get(huntId)?.trunks.push(outcome.trunk);
    return Promise.resolve();
  },
  decline: () => Promise.reject(new Error('declined: not the policy meant')),
  tracked: () => ({}),
  stop: () => Promise.resolve(),
});

async function main({ file, redisPort, http = false }: ServiceParts): Promise<void> {
  const now = (): number => Date.now();
  const registry = new Registry();
  collectProcessMetrics(registry);
  const inForce = policy();
  const log = createLogger({ level: 'info', format: 'json' });
  let fleet: FleetStream | undefined;
  const lasting =
    file === undefined
      ? undefined
      : new LastingJournal({
          ...{ file, retention: { days: 30, bytes: 1e9 }, now },
          shown: (value) => value,
          told: (message, fields) => console.error(message, fields),
          lost: (count) => console.error(`${count} lost`),
          ...(redisPort !== undefined && {
            fleet: {
              name: 'bench',
              maskNumbers: false,
              publish: (items) => fleet?.publish(items),
            },
          }),
        });
  if (lasting && redisPort !== undefined) {
    fleet = new FleetStream({
      settings: {
        servers: [{ host: '127.0.0.1', port: redisPort }],
        ...{ db: 0, tls: false, prefix: 'bench:' },
      },
      ...{ bytes: 64e6, log, metrics: createFleetMetrics(registry) },
      bad: new BadValues({ log, metrics: createRedisMetrics(registry), now }),
      take: (read) => lasting.ask('fleet', read),
    });
    fleet.start();
  }
  const live = http ? new LiveEvents(showing({ maskNumbers: false }), 'bench') : undefined;
  lasting?.policyInForce({
    hash: inForce.hash,
    file: 'bench.yaml',
    text: Buffer.from('version: 1'),
  });
  const events = recordedStream({
    log,
    metrics: createCallMetrics(registry),
    journal: new Journal({ hunts: 10_000 }),
    ...(lasting && { lasting }),
    ...(live && { live }),
    dialects: new Map(),
    isTrunk: (name) => inForce.trunks.has(name),
  });
  const health = new SingleInstanceStore({
    ...{ trunks: healthOf(inForce), now, random: Math.random, instance: 'bench' },
    changed: () => undefined,
  });
  let listener: PbxListener | undefined;
  new CallPipeline({
    ...{ pbx: 'bench', policy: () => inForce, health, now },
    port: port((given) => (listener = given)),
    trunks: new LimitsAndHealth(new InProcessTrunks(), health),
    raiseGeneration: () => undefined,
    emit: (event) => events.emit(event),
  }).start();
  const told = listener;
  if (!told) throw new Error('not started');
  process.on('message', (message: ToService) => hear(told, message));
  const httpPort =
    live && lasting ? await serveHttp({ registry, live, lasting, health, policy: inForce }) : 0;
  tell({ kind: 'ready', port: httpPort });
}

function hear(listener: PbxListener, message: ToService): void {
  if (message.kind === 'usage') {
    const { user, system } = process.cpuUsage();
    const busyMs = performance.eventLoopUtilization().active;
    return tell({ kind: 'usage', cpuMs: (user + system) / 1000, busyMs });
  }
  const { hunt, at } = message;
  if (message.kind === 'decide') {
    failed.set(hunt, { startedAt: at, trunks: [] });
    return listener.handover(handover(message, { kind: 'route' }));
  }
  const { trunks } = failed.get(hunt) ?? { trunks: [] };
  if (message.kind === 'failed') {
    const said = { sip: 503, phrase: 'Service Unavailable', origin: 'far' } as const;
    const evidence = [{ source: 'dialplan', ...said, rang: false, progress: false }] as const;
    const trunk = trunks.at(-1) ?? '';
    listener.timed({ huntId: hunt, trunk, times: times(hunt, trunk, at - 20, { endedAt: at }) });
    const attempts = [{ trunk, evidence, counted: false }];
    return listener.handover(handover(message, { kind: 'failed', attempts }));
  }
  const { trunk } = message;
  const answered = { rangAt: at - 30, answeredAt: at - 10 };
  listener.answered(hunt, trunk);
  listener.timed({ huntId: hunt, trunk, times: times(hunt, trunk, at - 50, answered) });
  const ended = { ...answered, endedAt: at };
  listener.timed({ huntId: hunt, trunk, times: times(hunt, trunk, at - 50, ended) });
  listener.callerGone(hunt);
  failed.delete(hunt);
}

function handover(
  { hunt, number, at }: { readonly hunt: string; readonly number: string; readonly at: number },
  event: Handover['event'],
): Handover {
  const { startedAt, trunks } = failed.get(hunt) ?? { startedAt: at, trunks: [] };
  const attempts = trunks.map((trunk) => ({ trunk, sip: 503, rang: false }));
  const about = { number, startedAt, attempts, mailboxMissing: false, from: '+4930123456' };
  return {
    ...{ huntId: hunt, leg: `PJSIP/caller-${hunt}`, callerCallId: `${hunt}@192.0.2.30`, at },
    ...{ exactRelay: true, exactDetails: true, event, hunt: about },
  };
}

function times(hunt: string, trunk: string, invitedAt: number, more: object) {
  const id = `${hunt}.${trunk}`;
  const ends = { local: '192.0.2.1:5060', far: '192.0.2.200:5060', codecs: ['PCMA'] };
  return { id, callId: `${id}-4a4a-90b7`, invitedAt, firstResponseAt: invitedAt, ...ends, ...more };
}

void main(JSON.parse(process.argv[2] ?? '{}') as ServiceParts);
