/** What a scrape of many trunks keeps calls waiting. Of `npm run bench:large`. */
import { policyOfText } from '../../policy-of-text';
import { Registry } from 'prom-client';
import { showCallsInUse, showHealth } from '../../../src/app/trunk-health';
import { metricsText } from '../../../src/http/metrics';
import { createCallMetrics } from '../../../src/records/call-metrics';
import { InProcessTrunks } from '../../../src/trunks/limits/trunk-limits';

const TRUNKS = 10_000;
const ROUNDS = 5;
/** Longest time in which the thread that decides may do nothing else. Milliseconds. */
const LONGEST_SLICE_MS = 5;
const CLASSES = ['answered', 'trunk-congested', 'busy'];

/** Prints the table. @returns whether no slice took longer than its limit */
export async function benchScrape(): Promise<boolean> {
  const registry = busyRegistry();
  const least: number[] = [];
  let bytes = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const slices = metricsText(registry);
    bytes = 0;
    for (let index = 0; ; index++) {
      const { user: before } = process.cpuUsage();
      const next = await slices.next();
      least[index] = Math.min(least[index] ?? Infinity, (process.cpuUsage().user - before) / 1e3);
      if (next.done === true) break;
      bytes += Buffer.byteLength(next.value);
    }
  }
  const longest = Math.max(...least);
  const all = least.reduce((sum, one) => sum + one, 0);
  console.log('\n| GET /metrics | slices | longest, CPU ms | limit | all, CPU ms | MB |');
  console.log('|---|---|---|---|---|---|');
  const cells = [least.length, longest.toFixed(1), LONGEST_SLICE_MS, all.toFixed(0)];
  const name = `${TRUNKS.toLocaleString('en')} trunks`;
  console.log(`| ${name} | ${[...cells, (bytes / 1e6).toFixed(1)].join(' | ')} |`);
  return longest <= LONGEST_SLICE_MS;
}

/** Every trunk has had calls of some ends. */
function busyRegistry(): Registry {
  const names = Array.from({ length: TRUNKS }, (_, index) => `carrier-${index}`);
  const dial = (name: string) =>
    `  ${name}: { dial: { asterisk: "PJSIP/{number}@${name}" }, limits: { concurrent_calls: 30 } }`;
  const policy = policyOfText(
    `version: 1\nemergency: []\ntrunks:\n${names.map(dial).join('\n')}\nroutes:\n  - { digits: "*", trunks: [carrier-0] }\n`,
  );
  const registry = new Registry();
  const metrics = createCallMetrics(registry);
  for (const trunk of names) {
    const of = { pbx: 'asterisk', trunk };
    for (const one of CLASSES) metrics.attempts.inc({ ...of, class: one });
    metrics.attemptsFailed.inc({ ...of, status: '503' });
    metrics.callsAnswered.inc(of);
    metrics.postDialDelaySeconds.observe(of, 1.2);
  }
  showHealth(registry, () => policy, {
    read: (trunk) => ({ trunk, phase: 'closed', access: 'open', trips: 0 }),
  });
  showCallsInUse(registry, () => policy, new InProcessTrunks());
  return registry;
}
