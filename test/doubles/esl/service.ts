import { Registry } from 'prom-client';
import { createLogger, transports } from 'winston';
import { FreeswitchAdapter } from '../../../adapters/freeswitch/adapter';
import { createMirror } from '../../../adapters/hep/mirror';
import { createCallMetrics } from '../../../src/records/call-metrics';
import { recordedStream } from '../../../src/app/records';
import { CallPipeline } from '../../../src/calls/pipeline';
import { Journal } from '../../../src/records/journal';
import { InProcessTrunks } from '../../../src/trunks/limits/trunk-limits';
import { ESL_POLICY } from './scenarios';
import { ESL_SECRET } from './server';
import { policyOf } from '../policies';
import { until } from '../until';

/** As the setting's default. Milliseconds. */
const MIRROR_WAIT_MS = 100;
const MIRROR_PARTS = {
  hep: { host: '127.0.0.1', port: 0 },
  counted: () => undefined,
  unheard: () => undefined,
  broken: () => undefined,
};

/** crankback beside one FreeSWITCH, or beside its recordings. */
export interface EslService {
  readonly adapter: FreeswitchAdapter;
  readonly calls: CallPipeline;
  readonly journal: Journal;
  readonly registry: Registry;
  /** Where it takes mirrored SIP; absent if it takes none. */
  readonly hepPort?: number;
  stop(): Promise<void>;
}

export interface EslServiceOptions {
  readonly password?: string;
  /** How long a decision waits for the end of its leg, and for mirrored SIP. Milliseconds. */
  readonly legWaitMs?: number;
  readonly mirrored?: boolean;
}

/** Starts it on loopback; the system chooses the ports for handovers and mirrored SIP. */
export async function serviceBeside(
  observerPort: number,
  { password = 'ClueCon', legWaitMs, mirrored = false }: EslServiceOptions,
): Promise<EslService> {
  const policy = policyOf(ESL_POLICY);
  const registry = new Registry();
  const metrics = createCallMetrics(registry);
  const log = createLogger({ silent: true, transports: [new transports.Console()] });
  const now = () => Date.now();
  const mirror = mirrored ? createMirror(MIRROR_PARTS) : undefined;
  const hepPort = await mirror?.start();
  const adapter = new FreeswitchAdapter(
    {
      observer: {
        host: '127.0.0.1',
        port: observerPort,
        password,
        timeoutMs: 3_000,
        heartbeatMs: 600_000,
      },
      handover: { host: '127.0.0.1', port: 0, peers: ['127.0.0.1'] },
      secret: ESL_SECRET,
      policy,
      log,
      now,
      dropped: (reason) => metrics.eventsDropped.inc({ pbx: 'freeswitch', reason }),
      ...(mirror && { mirror, mirrorWaitMs: legWaitMs ?? MIRROR_WAIT_MS }),
    },
    legWaitMs,
  );
  const journal = new Journal({ hunts: 10 });
  const dialects = new Map([['freeswitch', adapter.dialect]]);
  const events = recordedStream({
    log,
    metrics,
    journal,
    dialects,
    isTrunk: (name) => policy.trunks.has(name),
  });
  const calls = new CallPipeline({
    pbx: 'freeswitch',
    port: adapter,
    policy: () => policy,
    trunks: new InProcessTrunks(),
    health: {
      report: () => undefined,
      left: () => undefined,
      timed: () => undefined,
      abandon: () => undefined,
      pinged: () => undefined,
      sendsAgain: () => undefined,
    },
    raiseGeneration: () => undefined,
    emit: (event) => events.emit(event),
    now,
  });
  calls.start();
  await until(() => adapter.handoverPort > 0);
  const stop = async (): Promise<void> => {
    await adapter.stop();
    await mirror?.stop();
  };
  return { adapter, calls, journal, registry, stop, ...(hepPort !== undefined && { hepPort }) };
}
