import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import winston from 'winston';
import { livePolicy, type LivePolicy } from '../../../src/app/live-policy';
import { loadPolicy } from '../../../src/policy-file/policy-file';
import { createPolicyMetrics } from '../../../src/policy-file/policy-metrics';
import { SourceInThread } from '../../doubles/policy-source';
import { until } from '../../doubles/until';

const text = (digits: string) => `version: 1
emergency: []
trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } } }
routes: [{ digits: "${digits}", trunks: [carrier-a] }]
`;

describe('the policy of a running service', () => {
  const folder = mkdtempSync(join(tmpdir(), 'crankback-live-'));
  const file = join(folder, 'policy.yaml');
  const registry = new Registry();
  const lines: Record<string, unknown>[] = [];
  let live: LivePolicy | undefined;
  afterAll(() => {
    void live?.stop();
    rmSync(folder, { recursive: true });
  });
  const metric = async (name: string) => (await registry.getSingleMetric(name)?.get())?.values;
  const said = (message: string) => lines.filter((line) => line['message'] === message);

  it('is told in log, metrics and warnings: loaded, refused, restored, not published', async () => {
    const log = winston.createLogger({
      format: winston.format((info) => {
        lines.push({ ...info });
        return false;
      })(),
      transports: [new winston.transports.Console()],
    });
    writeFileSync(file, text('1*'));
    const loaded = loadPolicy(file);
    if (!loaded.ok) throw new Error('broken');
    let publish = () => Promise.resolve();
    live = livePolicy({
      file,
      source: new SourceInThread(file),
      policy: loaded.policy,
      publish: () => publish(),
      changed: (change) => lines.push({ message: 'policy loaded', ...change }),
      log,
      metrics: createPolicyMetrics(registry),
    });
    const first = live.current().hash;
    expect(await metric('crankback_policy_info')).toEqual([{ labels: { hash: first }, value: 1 }]);
    expect(live.warnings()).toEqual([]);
    const seconds = 'crankback_policy_last_load_success_timestamp_seconds';
    const loadedAt = (await metric(seconds))?.[0]?.value ?? 0;
    expect(Math.abs(loadedAt - Date.now() / 1000)).toBeLessThan(600);

    writeFileSync(file, text('I*'));
    await until(() => said('policy refused, the last good one stays in force').length === 1);
    expect(live.current().hash).toBe(first);
    expect(await metric('crankback_policy_last_load_successful')).toMatchObject([{ value: 0 }]);
    expect(await metric(seconds)).toMatchObject([{ value: loadedAt }]);
    expect(live.warnings()).toEqual([
      expect.stringMatching(
        new RegExp(`^policy ${first} stays in force, its file is broken: ${file}:4:20: `),
      ),
    ]);
    expect(String(said('policy problem')[0]?.['problem'])).toMatch(/illegal character "I"/);

    const keys = Array.from({ length: 150 }, (_, index) => `key${index}: 1\n`);
    writeFileSync(file, text('1*') + keys.join(''));
    await until(() => said('policy problem').length === 101);
    expect(said('policy refused, the last good one stays in force')).toMatchObject([
      { problems: 1 },
      { problems: 150 },
    ]);
    expect(live.warnings()[0]).toMatch(
      /"key9"[^;]*; 150 problems, of which the first 10 are shown \[CB1401\]$/,
    );

    writeFileSync(file, text('1*'));
    await until(() => said('policy file is in order again').length === 1);
    expect(await metric('crankback_policy_last_load_successful')).toMatchObject([{ value: 1 }]);
    expect(live.warnings()).toEqual([]);

    publish = () => Promise.reject(new Error('away'));
    writeFileSync(file, text('2*'));
    await until(() => live?.current().hash !== first);
    expect(said('new trunks not published; the PBX gets them when it connects')).toHaveLength(1);
    expect(said('policy loaded')).toMatchObject([{ before: first, hash: live.current().hash }]);
    expect(await metric('crankback_policy_info')).toEqual([
      { labels: { hash: live.current().hash }, value: 1 },
    ]);
    expect(await metric('crankback_policy_reloads_total')).toEqual([
      { labels: { result: 'loaded' }, value: 1 },
      { labels: { result: 'refused' }, value: 2 },
    ]);
  });
});
