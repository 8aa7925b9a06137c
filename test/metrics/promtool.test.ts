import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { dashboardExpressions } from '../doubles/expressions';
import { compileMain } from '../doubles/main';
import { Service } from '../doubles/service';

const ROOT = join(__dirname, '../..');
const POLICY = `version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" }, limits: { concurrent_calls: 30 } }
routes: [{ digits: "*", trunks: [carrier-a] }]
`;

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'crankback-metrics-'));
const program = compileMain();
let asterisk: AriServer;
let service: Service;

beforeAll(async () => {
  asterisk = await AriServer.start();
  writeFileSync(join(folder, 'policy.yaml'), POLICY);
  service = await Service.start(program.main, {
    CRANKBACK_POLICY: join(folder, 'policy.yaml'),
    CRANKBACK_ARI_URL: asterisk.url,
    CRANKBACK_ARI_USER: USER,
    CRANKBACK_ARI_PASSWORD: PASSWORD,
    CRANKBACK_STATE_FILE: join(folder, 'state.json'),
    CRANKBACK_HEP_PORT: '0',
  });
});

afterAll(async () => {
  await service?.end('SIGTERM');
  await asterisk?.stop();
  for (const made of [program.folder, folder]) rmSync(made, { recursive: true, force: true });
});

/** What promtool complains of; empty where it has no complaint. */
function promtool(args: readonly string[], input?: string): string {
  const { stdout, stderr, status } = spawnSync(process.env.CRANKBACK_TEST_PROMTOOL ?? '', args, {
    ...{ cwd: join(ROOT, 'docs/prometheus'), encoding: 'utf8' as const },
    ...(input !== undefined && { input }),
  });
  return status === 0 ? '' : `${status}: ${stdout}${stderr}`;
}

it('/metrics of a running service is in order', async () => {
  const text = await (await service.get('/metrics')).text();
  expect(promtool(['check', 'metrics'], text)).toBe('');
  expect(text).toMatch(
    /^crankback_build_info\{version="[\d.]+",commit="[\w-]+",asterisk_contract="/m,
  );
  for (const line of [
    'crankback_pbx_connected{pbx="asterisk"}',
    'crankback_trunk_calls{trunk="carrier-a"} 0',
    'crankback_trunk_calls_limit{trunk="carrier-a"} 30',
    'crankback_policy_last_load_successful 1',
    'crankback_hep_up 1',
    'crankback_fallbacks_total{pbx="asterisk"} 0',
  ])
    expect(text).toContain(`\n${line}`);
  // The checker does complain.
  expect(promtool(['check', 'metrics'], '# TYPE a counter\na 1\n')).not.toBe('');
});

it('alert rules are in order, fire for what they are about, and are quiet where all is well', () => {
  expect(promtool(['check', 'rules', 'crankback.rules.yaml'])).toBe('');
  expect(promtool(['test', 'rules', 'crankback.rules.test.yaml'])).toBe('');
});

it.each(['docs/prometheus/prometheus.example.yaml', 'lab/metrics/prometheus.yaml'])(
  '%s is a configuration of Prometheus',
  (file) => {
    expect(promtool(['check', 'config', '--syntax-only', join(ROOT, file)])).toBe('');
  },
);

it('every expression of the dashboard is one', () => {
  const rules = dashboardExpressions(ROOT).map((expr, index) => ({
    record: `panel${index}`,
    expr,
  }));
  const file = join(folder, 'dashboard.yaml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
  expect(promtool(['check', 'rules', file])).toBe('');
});
