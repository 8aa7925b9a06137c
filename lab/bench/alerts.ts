/**
 * `npm run bench:alerts`: what a look of the alerts costs the thread that decides while 400 trunks are held at once,
 * against none: CPU time of a look, and how long that thread stood still. Looks are every tenth of a second here, every
 * second in the service.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { Registry } from 'prom-client';
import type { CallEvent } from '../../src/events/call-event';
import { Alerts } from '../../src/notify/alerts';
import { parsePolicy } from '../../src/policy-file/policy-file';
import { renderProblem } from '../../src/policy-file/problems/problems';
import { createAlertMetrics } from '../../src/records/alert-metrics';
import { createLogger } from '../../src/records/logger';
import { showing } from '../../src/records/shown';

const HELD = 400;
const LOOK_MS = 100;
const BLOCK_MS = 5_000;
const TRUNKS = Array.from({ length: HELD }, (_, index) => `carrier-${index}`);

const POLICY = `version: 1
emergency: []
trunks:
${TRUNKS.map((name) => `  ${name}: { dial: { asterisk: "PJSIP/{number}@${name}" } }`).join('\n')}
routes: [{ digits: "*", trunks: [carrier-0] }]
alerts:
  when: { trunk-held: { for: 0s } }
  receivers: { noc: { webhook: "http://127.0.0.1:9/" } }
`;

function settings() {
  const file = { file: 'bench.yaml', text: POLICY };
  const loaded = parsePolicy(file, { file: 'defaults.yaml', text: 'rules: []\n' });
  if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join('\n'));
  return loaded.policy.alerts;
}

function held(trunk: string): CallEvent {
  const now = Date.now();
  const hold = { id: '1', cause: 'faults', class: 'trunk-congested', absolute: false, since: now };
  const why = '5 faults in a row: 503 Service Unavailable, the last one of +4930123456';
  const to = { phase: 'held', hold: { ...hold, why } };
  const change = { trunk, side: 'far', from: 'closed', to, learnt: false };
  return { kind: 'trunk-changed', at: now, change } as unknown as CallEvent;
}

async function main(): Promise<void> {
  const inForce = settings();
  let messages = 0;
  const alerts = new Alerts({
    ...{ settings: () => inForce, isTrunk: () => true, dialects: new Map() },
    state: () => ({ gone: new Map(), policyFile: 'bench.yaml', warnings: [] }),
    figures: () => Promise.resolve([]),
    ...{ instance: 'bench', secretOf: () => Promise.reject(new Error('there is none')) },
    shown: showing({ maskNumbers: true }),
    log: createLogger({ level: 'error', format: 'json' }),
    metrics: createAlertMetrics(new Registry()),
    ...{ now: Date.now, random: Math.random, times: { look: LOOK_MS } },
    deliverer: () => ({
      deliver: () => {
        messages += 1;
        return Promise.resolve({ ok: true, answer: '' });
      },
      stop: () => Promise.resolve(),
    }),
  });
  await alerts.start();
  console.log(`without: ${await measured()}; ${alerts.list().length} open`);
  for (const trunk of TRUNKS) alerts.record(held(trunk));
  console.log(`opening: ${await measured(1_000)}`);
  console.log(`held:    ${await measured()}; ${alerts.list().length} open`);
  console.log(`${messages} messages`);
  await alerts.stop();
}

async function measured(ms = BLOCK_MS): Promise<string> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const before = process.cpuUsage();
  delay.enable();
  await pause(ms);
  delay.disable();
  const { user, system } = process.cpuUsage(before);
  const each = (user + system) / 1_000 / (ms / LOOK_MS);
  return `${each.toFixed(2)} ms CPU a look; delay p99 ${(delay.percentile(99) / 1e6).toFixed(1)}, most ${(delay.max / 1e6).toFixed(1)} ms`;
}

void main();
