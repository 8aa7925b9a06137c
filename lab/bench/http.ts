/**
 * `npm run bench:http`: how long the thread that decides is kept busy by clients of the API: a client that reads pages of
 * calls without a pause and ten that follow the events, at 100 events/s. Blocks with and without clients take turns.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Registry } from 'prom-client';
import type { CallEvent } from '../../src/events/call-event';
import { Desk } from '../../src/http/desk/desk';
import { LiveEvents } from '../../src/http/live/live-events';
import { createHttpServer } from '../../src/http/server';
import { LastingJournal } from '../../src/journal/thread/lasting-journal';
import { normalize } from '../../src/normalize/normalize';
import { DEFAULT_HEALTH } from '../../src/policy/health-settings';
import { Journal } from '../../src/records/journal';
import { showing } from '../../src/records/shown';
import { SingleInstanceStore } from '../../src/trunks/health/single-instance-store';

const EVENTS_PER_SECOND = 100;
const FOLLOWERS = 10;
/** Calls that are recorded before. */
const RECORDED = 5_000;
const BLOCKS = 3;
const BLOCK_MS = 8_000;

/** Events of one call. */
function eventsOf(index: number): readonly CallEvent[] {
  const at = Date.now();
  const of = { at, pbx: 'asterisk', hunt: `${at}.${index}@bench` };
  const number = `030${String(index).padStart(7, '0')}`;
  const failure = normalize([
    {
      ...{ source: 'bench', rang: false, progress: true, origin: 'far', sip: 503 },
      phrase: 'Service Unavailable',
      reasons: [{ protocol: 'Q.850', cause: 34, text: 'No circuit' }],
    },
  ]);
  const leg = 'PJSIP/caller-00000001';
  const begun = { number, startedAt: at, policyHash: '0123456789ab', leg };
  return [
    { kind: 'hunt-begun', ...of, ...begun },
    {
      ...{ kind: 'attempt-failed', ...of, number, trunk: 'carrier-1', failure },
      ...{ observed: false, complete: true },
    },
    {
      ...{ kind: 'decided', ...of, on: 'failed', number, failure, trunk: 'carrier-1' },
      decision: {
        outcome: { kind: 'dial', trunk: 'carrier-2', number },
        ...{ why: 'the rule', refused: [], rule: { file: 'policy.yaml', line: 14, column: 3 } },
      },
      passedOver: [{ trunk: 'carrier-1', reason: 'tried', why: 'tried by this call' }],
      ...{ planned: false, degraded: false, repeated: false },
    },
    { kind: 'hunt-ended', ...of },
  ];
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-http-'));
  const shown = showing({ maskNumbers: true });
  const quiet = (): void => undefined;
  const lasting = new LastingJournal({
    file: join(folder, 'journal.db'),
    retention: { days: 30, bytes: 1e9 },
    ...{ shown, told: quiet, lost: quiet, now: Date.now },
  });
  const desk = new Desk({
    maskNumbers: true,
    connect: () => lasting.connect(),
    failed: console.error,
  });
  const live = new LiveEvents(shown, 'bench');
  const trunks = new Map(
    Array.from({ length: 200 }, (_, index) => [`carrier-${index}`, DEFAULT_HEALTH] as const),
  );
  const server = createHttpServer({
    ...{
      registry: new Registry(),
      journal: new Journal({ hunts: 10 }),
      lasting,
      maskNumbers: true,
    },
    ...{ readiness: () => [], warnings: () => [] },
    trunks: new SingleInstanceStore({ trunks, now: Date.now, random: Math.random, instance: 'b' }),
    v1: {
      ...{ desk, live, limits: () => ({}), operated: quiet },
      alerts: { list: () => [], test: () => Promise.resolve([]) },
      policy: {
        ...{ file: 'policy.yaml', warnings: () => [] },
        current: () => ({ hash: '0123456789ab', mode: 'decide', trunks: new Map() }),
      },
    },
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  let index = 0;
  const feed = (event: CallEvent): void => {
    lasting.record(event);
    live.record(event);
  };
  while (index < RECORDED) {
    for (const event of eventsOf(index++)) feed(event);
    if (index % 100 === 0) await pause(10);
  }
  const timer = setInterval(() => eventsOf(index++).forEach(feed), 4_000 / EVENTS_PER_SECOND);
  const { port } = server.server.address() as AddressInfo;
  for (let block = 0; block < BLOCKS; block += 1) {
    console.log(`without: ${await measured(() => pause(BLOCK_MS))}`);
    const clients = fork(join(__dirname, 'http-clients.js'), [String(port), String(FOLLOWERS)]);
    await once(clients, 'message');
    console.log(`with:    ${await measured(() => pause(BLOCK_MS))}`);
    clients.send('end');
    const [said] = (await once(clients, 'message')) as [string];
    console.log(`         ${said}`);
    await once(clients, 'exit');
  }
  clearInterval(timer);
  live.stop();
  await server.close();
  await desk.stop();
  await lasting.stop();
  rmSync(folder, { recursive: true });
}

async function measured(block: () => Promise<unknown>): Promise<string> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const before = performance.eventLoopUtilization();
  const cpu = process.cpuUsage();
  delay.enable();
  await block();
  delay.disable();
  const { utilization } = performance.eventLoopUtilization(before);
  const { user, system } = process.cpuUsage(cpu);
  const ms = (nanoseconds: number): string => (nanoseconds / 1e6).toFixed(1);
  return [
    `delay p50 ${ms(delay.percentile(50))}, p99 ${ms(delay.percentile(99))}, most ${ms(delay.max)} ms`,
    `thread busy ${(100 * utilization).toFixed(1)}%`,
    `all threads ${((user + system) / 10 / BLOCK_MS).toFixed(1)}% of a core`,
  ].join('; ');
}

void main();
