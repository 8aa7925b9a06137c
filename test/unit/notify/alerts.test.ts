import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import type { Logger } from 'winston';
import type { Message } from '../../../src/alerts/message';
import type { CallEvent } from '../../../src/events/call-event';
import { counts } from '../../../src/figures/counts';
import { Alerts } from '../../../src/notify/alerts';
import type { AlertsParts } from '../../../src/notify/alerts-parts';
import { secretsOf } from '../../../src/notify/secret-files';
import type { AlertSettings } from '../../../src/policy/alert-settings';
import { createAlertMetrics } from '../../../src/records/alert-metrics';
import { showing } from '../../../src/records/shown';
import { AT } from '../../doubles/alerts';
import { failureOf, policyOf } from '../../doubles/policies';
import { until } from '../../doubles/until';
import { webhookReceiver } from '../../doubles/webhook-receiver';

const MINUTE = 60_000;
const TIMES = {
  ...{ look: 2, figures: 5, grace: 0, write: 1, writeAgain: 5 },
  receiver: { group: 1, apart: 1, again: 1, mostAgain: 5, refresh: 20 },
};

let receiver: Awaited<ReturnType<typeof webhookReceiver>>;
let folder: string;
let now: number;
let gone: Map<string, string>;
let alerts: Alerts;
let logged: string[];

beforeEach(async () => {
  receiver = await webhookReceiver();
  folder = mkdtempSync(join(tmpdir(), 'crankback-alerts-'));
  now = AT;
  gone = new Map();
  logged = [];
});

afterEach(async () => {
  await alerts.stop();
  await receiver.stop();
  rmSync(folder, { recursive: true });
});

const file = () => join(folder, 'state.alerts.json');

/** A file that was kept, with one incident. */
function kept(id: unknown): string {
  const subject = { kind: 'trunk', name: 'carrier-b' };
  const says = { about: 'carrier-b', severity: 'warning', why: 'held', story: '' };
  const times = { quiet: 0, openedAt: AT, changedAt: AT, seenAt: AT };
  const more = { level: 1, evidence: {}, calls: [], revision: 1 };
  const incident = { ...{ id, alert: 'trunk-held', subject }, ...says, ...times, ...more };
  return JSON.stringify({ version: 1, incidents: [incident], told: {} });
}

function settingsOf(
  receivers: string,
  when = '{ pbx-gone: { for: 0s } }',
): AlertSettings | undefined {
  return policyOf(`version: 1
emergency: []
trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}@a" } } }
routes: [{ digits: "*", trunks: [carrier-a] }]
alerts: { links: "https://pbx.example.com", when: ${when}, receivers: ${receivers} }
`).alerts;
}

async function begin(more: Partial<AlertsParts> = {}): Promise<void> {
  const settings = settingsOf(`{ noc: { webhook: "${receiver.url}" } }`);
  const log = (_: string, fields?: { course?: string }) => logged.push(fields?.course ?? _);
  alerts = new Alerts({
    settings: () => settings,
    isTrunk: (name) => name === 'carrier-a',
    dialects: new Map(),
    state: () => ({ gone, policyFile: 'policy.yaml', warnings: [] }),
    figures: () => Promise.resolve([]),
    ...{ file: file(), instance: 'pbx-1', secretOf: secretsOf({}), times: TIMES },
    shown: showing({ maskNumbers: false }),
    log: { info: log, warn: log, error: log } as unknown as Logger,
    metrics: createAlertMetrics(new Registry()),
    ...{ now: () => now, random: () => 0 },
    ...more,
  });
  await alerts.start();
}

/** What the receiver has taken so far, in order. */
function taken(): readonly string[] {
  return receiver.posted
    .map(({ text }) => JSON.parse(text) as Message)
    .flatMap(({ incidents }) => incidents.map((one) => `${one.course} ${one.title}`));
}

const held = (phase: 'held' | 'closed', more = {}): CallEvent => ({
  ...{ kind: 'trunk-changed', at: now },
  change: {
    ...{ trunk: 'carrier-a', side: 'far', from: 'closed', learnt: false },
    to:
      phase === 'closed'
        ? { phase, generation: 1, trips: 0 }
        : {
            ...{ phase, generation: 0, trips: 1 },
            hold: {
              ...{ id: '1', cause: 'faults', class: 'trunk-failed', absolute: false, since: now },
              ...{ why: '5 faults in a row', ...more },
            },
          },
  },
});

const failed = (sip: number, phrase: string, hunt: string): CallEvent => ({
  ...{ kind: 'attempt-failed', at: now, pbx: 'asterisk', hunt, number: '0301234567' },
  ...{ trunk: 'carrier-a', failure: failureOf(sip, { phrase }), observed: false, complete: true },
});

/** Until a few looks have passed in which nothing was sent; what was under way may still arrive. */
async function looks(): Promise<void> {
  let [sent, since] = [receiver.tried(), performance.now()];
  await until(() => {
    if (receiver.tried() !== sent) [sent, since] = [receiver.tried(), performance.now()];
    return performance.now() - since > 30;
  });
}

describe('an incident', () => {
  it('is told when it opens and when it closes, and not in between', async () => {
    await begin();
    alerts.record(held('held'));
    await until(() => taken().length === 1);
    await looks();
    alerts.record(held('closed'));
    now += 2 * MINUTE;
    await until(() => taken().length === 2);
    expect(taken()).toEqual(['opened carrier-a: trunk held', 'closed carrier-a: trunk held']);
    expect(logged).toEqual(['opened', 'closed']);
  });

  it('says why, with evidence, calls, links and commands', async () => {
    await begin();
    alerts.record(failed(402, 'Payment Required', 'a@1'));
    await until(() => taken().length === 1);
    const { incidents } = JSON.parse(receiver.posted[0]?.text ?? '') as Message;
    expect(incidents[0]).toMatchObject({
      ...{ alert: 'no-credit', severity: 'critical', course: 'opened' },
      ...{ subject: { kind: 'trunk', name: 'carrier-a' }, calls: ['a@1'] },
      why: 'no-credit: 402 Payment Required',
      evidence: { times: 1, class: 'no-credit', sip: 402, phrase: 'Payment Required' },
      commands: ['crankback trunks list carrier-a', 'crankback why a@1'],
    });
    expect(incidents[0]?.links.map(({ href }) => href)).toEqual([
      'https://pbx.example.com/v1/trunks/carrier-a',
      'https://pbx.example.com/v1/calls?trunk=carrier-a&class=no-credit',
      'https://pbx.example.com/v1/calls/a%401',
    ]);
  });

  it('of figures comes from the journal', async () => {
    const bad = counts({ attempts: 40, failed: 40, classes: { 'trunk-failed': 40 } });
    await begin({ figures: () => Promise.resolve([{ name: 'carrier-a', counts: bad }]) });
    await until(() => taken().length === 1);
    expect(taken()).toEqual(['opened carrier-a: the network delivers few calls']);
  });

  it('has numbers masked where they are', async () => {
    await begin({ shown: showing({ maskNumbers: true }) });
    alerts.record(failed(402, 'No credit for 4930123456', 'a@1'));
    await until(() => taken().length === 1);
    expect(receiver.posted[0]?.text).not.toContain('4930123456');
  });
});

describe('a receiver that is down', () => {
  it('is told what is still true when it is back, and nothing twice', async () => {
    receiver.answers.status = 500;
    await begin();
    alerts.record(held('held'));
    await until(() => receiver.tried() > 2);
    alerts.record(failed(402, 'Payment Required', 'a@1'));
    await until(() => alerts.list().length === 2);
    expect(alerts.warnings()[0]).toContain('noc does not take them: 500 ok [CB6201]');
    receiver.answers.status = 200;
    await until(() => taken().length >= 2);
    await looks();
    expect(taken()).toEqual(['opened carrier-a: trunk held', 'opened carrier-a: no credit left']);
    expect(alerts.list().map(({ told }) => told)).toEqual([['noc'], ['noc']]);
    expect(alerts.warnings()).toEqual([]);
  });

  it('is not told of what began and ended meanwhile', async () => {
    receiver.answers.status = 500;
    await begin();
    alerts.record(held('held'));
    await until(() => receiver.tried() > 0);
    alerts.record(held('closed'));
    now += 2 * MINUTE;
    await until(() => logged.includes('closed'));
    receiver.answers.status = 200;
    gone.set('asterisk', 'no connection [CB3001]');
    await until(() => taken().length > 0);
    await looks();
    expect(taken()).toEqual(['opened asterisk: the PBX hands no calls over']);
  });

  it('is told the same message with the same id again', async () => {
    await begin();
    receiver.answers.hangs = true;
    alerts.record(held('held'));
    await until(() => receiver.tried() > 0);
    await alerts.stop();
    receiver.answers.hangs = false;
    await begin();
    alerts.record(held('held'));
    await until(() => taken().length === 1);
    expect(receiver.posted[0]?.headers['webhook-id']).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('after a restart', () => {
  it('an incident is not told again, and its end is', async () => {
    await begin();
    alerts.record(held('held'));
    await until(() => taken().length === 1);
    await until(() => existsSync(file()) && readFileSync(file(), 'utf8').includes('"noc":{"'));
    await alerts.stop();
    await begin();
    alerts.record(held('held'));
    await until(() => alerts.list().length === 1);
    await looks();
    alerts.record(held('closed'));
    now += 2 * MINUTE;
    await until(() => taken().length === 2);
    expect(taken()[1]).toBe('closed carrier-a: trunk held');
  });

  it('one that ended meanwhile is closed', async () => {
    await begin();
    alerts.record(held('held'));
    // It knows that it was taken, not only that it was sent.
    await until(() => alerts.list()[0]?.told.length === 1);
    await alerts.stop();
    now += 10 * MINUTE;
    await begin();
    now += 2 * MINUTE;
    await until(() => taken().length === 2);
    expect(taken()[1]).toBe('closed carrier-a: trunk held');
  });

  it('a file that is in order is read', async () => {
    writeFileSync(file(), kept('7'));
    await begin();
    expect(alerts.list().map(({ id }) => id)).toEqual(['7']);
    expect(existsSync(`${file()}.bad`)).toBe(false);
  });

  it.each(['no JSON', '{"version":2}', kept(7)])(
    'a file with %j is put aside, and a new one begun',
    async (text) => {
      writeFileSync(file(), text);
      await begin();
      alerts.record(held('held'));
      await until(() => taken().length === 1);
      expect(readFileSync(`${file()}.bad`, 'utf8')).toBe(text);
    },
  );
});

describe('another policy', () => {
  it('with another receiver tells it what is so, and the others nothing again', async () => {
    const other = await webhookReceiver();
    let settings = settingsOf(`{ noc: { webhook: "${receiver.url}" } }`);
    await begin({ settings: () => settings });
    alerts.record(held('held'));
    // It knows that it was taken, not only that it was sent.
    await until(() => alerts.list()[0]?.told.length === 1);
    settings = settingsOf(
      `{ noc: { webhook: "${receiver.url}" }, second: { webhook: "${other.url}" } }`,
    );
    await until(() => other.posted.length === 1);
    await looks();
    await other.stop();
    expect(taken()).toHaveLength(1);
  });

  it('without alerts tells nobody anything', async () => {
    await begin({ settings: () => undefined });
    alerts.record(held('held'));
    alerts.record(failed(402, 'Payment Required', 'a@1'));
    await looks();
    expect([alerts.list(), receiver.tried()]).toEqual([[], 0]);
  });
});

it('a test is sent at once, and the answer told', async () => {
  await begin();
  Object.assign(receiver.answers, { status: 403, text: 'who are you?' });
  expect(await alerts.test('noc')).toEqual([
    { receiver: 'noc', ok: false, answer: '403 who are you?' },
  ]);
  expect(await alerts.test('nobody')).toBeUndefined();
});

it('an Alertmanager is told again what is open, because it forgets', async () => {
  const settings = settingsOf(
    `{ am: { webhook: "${receiver.url}", template: alertmanager, only: [trunk-held] } }`,
  );
  await begin({ settings: () => settings });
  alerts.record(held('held'));
  await until(() => receiver.posted.length >= 3);
  const bodies = receiver.posted.map(({ text }) => JSON.parse(text) as { labels: object }[]);
  expect(bodies[2]?.[0]?.labels).toEqual(bodies[0]?.[0]?.labels);
});
