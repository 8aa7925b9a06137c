import { Registry } from 'prom-client';
import { asteriskDialect } from '../../adapters/asterisk/trunks/dialect';
import winston from 'winston';
import { createCallMetrics } from '../../src/records/call-metrics';
import type { Handover, PbxListener } from '../../src/calls/ports';
import { CallPipeline } from '../../src/calls/pipeline';
import { showing } from '../../src/records/shown';
import { recordedStream } from '../../src/app/records';
import type { CallEventConsumer } from '../../src/events/stream';
import { Journal } from '../../src/records/journal';
import type { Evidence } from '../../src/model/failure';
import type { Decision } from '../../src/policy/decision/decision';
import type { Plan } from '../../src/policy/plan/plan';
import type { PastAttempt } from '../../src/policy/hunt';
import type { Policy } from '../../src/policy/policy';
import { InProcessTrunks } from '../../src/trunks/limits/trunk-limits';
import { huntOf, policyOf, START } from './policies';

export const POLICY = policyOf(`version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b:
    dial: { asterisk: "PJSIP/{number}@carrier-b" }
    rules:
      - { when: { sip: 404 }, do: { retry: next-trunk }, else: { relay: true } }
routes:
  - { digits: "1XXX", trunks: [carrier-a], mailbox: "{number}@default" }
  - { digits: "*", trunks: [carrier-a, carrier-b] }
`);

interface Line extends Record<string, unknown> {
  readonly level: string;
  readonly message: string;
}

export function setUp(
  options: {
    answer?: () => Promise<void>;
    maskNumbers?: boolean;
    policy?: () => Policy;
    /** Gets every event. */
    consumer?: CallEventConsumer;
  } = {},
) {
  const trunks = new InProcessTrunks();
  const happened: string[] = [];
  const lines: Line[] = [];
  const shown = showing({ maskNumbers: options.maskNumbers ?? false });
  const log = winston.createLogger({
    level: 'debug',
    format: winston.format((info) => {
      happened.push(`log ${String(info.message)}`);
      lines.push(shown({ ...info }) as Line);
      return false;
    })(),
    transports: [new winston.transports.Console()],
  });
  const answers: Decision[] = [];
  const declined: string[] = [];
  const plans: (Plan | undefined)[] = [];
  const kept: (readonly PastAttempt[])[] = [];
  const registry = new Registry();
  const journal = new Journal({ hunts: 10 });
  const events = recordedStream({
    log,
    metrics: createCallMetrics(registry),
    journal,
    dialects: new Map([['asterisk', asteriskDialect((trunk) => trunk)]]),
    isTrunk: (name) => (options.policy?.() ?? POLICY).trunks.has(name),
    ...(options.consumer && { tracing: { record: options.consumer } }),
    later: (run) => run(),
  });
  let listener: PbxListener | undefined;
  let stopped = 0;
  let raised = 0;
  const reports: unknown[] = [];
  const health = {
    report: (report: unknown) => void reports.push(report),
    left: (attempt: unknown) => void reports.push({ left: attempt }),
    timed: (trunk: string) => void reports.push({ timed: trunk }),
    abandon: (hunt: string) => void reports.push({ abandoned: hunt }),
    pinged: (ping: unknown) => void reports.push({ pinged: ping }),
    sendsAgain: () => void reports.push('sends again'),
  };
  const service = new CallPipeline({
    pbx: 'asterisk',
    port: {
      dialect: asteriskDialect((trunk) => trunk),
      reasonsKnown: false,
      generationRaised: () => Promise.resolve(),
      misconfiguration: () => Promise.resolve(undefined),
      start: (given) => (listener = given),
      answer: (_, decision, about) => {
        happened.push('answer');
        answers.push(decision);
        plans.push(about.plan);
        kept.push(about.attempts ?? []);
        return options.answer?.() ?? Promise.resolve();
      },
      decline: ({ huntId }) => {
        happened.push('decline');
        declined.push(huntId);
        return options.answer?.() ?? Promise.resolve();
      },
      tracked: () => ({}),
      stop: () => {
        stopped += 1;
        return Promise.resolve();
      },
    },
    policy: options.policy ?? (() => POLICY),
    trunks,
    health,
    raiseGeneration: () => (raised += 1),
    emit: (event) => events.emit(event),
    now: () => START + 100,
  });
  service.start();
  if (!listener) throw new Error('not started');
  return {
    service,
    listener,
    answers,
    /** Hunts that were left to their own dialplan. */
    declined,
    plans,
    /** What the PBX is to keep in the call's own memory, by answer. */
    kept,
    raised: () => raised,
    lines,
    happened,
    journal,
    trunks,
    stopped: () => stopped,
    reports,
    counted: async (name: string) => {
      const { values } = (await registry.getSingleMetric(name)?.get()) ?? { values: [] };
      return values.map(({ labels, value, ...more }) => ({ ...labels, ...more, value }));
    },
  };
}

export const HUNT_ID = '1795239432.7@1795239432947';

export function routed(number = '200'): Handover {
  return {
    huntId: HUNT_ID,
    leg: 'PJSIP/caller-00000007',
    at: START + 100,
    exactRelay: true,
    exactDetails: false,
    event: { kind: 'route' },
    hunt: huntOf([], { number }),
  };
}

export function failed(
  sip: number,
  number = '200',
  more: Partial<Handover['hunt']> = {},
): Handover {
  const evidence: Evidence[] = [
    { source: 'dialplan', sip, phrase: 'As Sent', rang: false, progress: false, origin: 'far' },
  ];
  return {
    ...routed(number),
    event: { kind: 'failed', attempts: [{ trunk: 'carrier-a', evidence, counted: false }] },
    hunt: huntOf([`carrier-a:${sip}`], { number, ...more }),
  };
}

/** The dialplan's report of a planned step. */
export function wentOn(attempts: readonly string[], sip: number, trunk = 'carrier-a'): Handover {
  const standard = sip === 503 ? 'Service Unavailable' : 'Not Found';
  const said = { source: 'dialplan', sip, phrase: standard, origin: 'far' } as const;
  const evidence: Evidence[] = [{ ...said, rang: false, progress: false }];
  return {
    ...routed(),
    event: { kind: 'failed', attempts: [{ trunk, evidence, counted: false }] },
    hunt: { ...huntOf(attempts), mailboxMissing: false },
  };
}
