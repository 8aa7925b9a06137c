import { Registry } from 'prom-client';
import { doJob } from '../../src/http/desk/do-job';
import type { Job } from '../../src/http/desk/job';
import { LiveEvents } from '../../src/http/live/live-events';
import { createHttpServer } from '../../src/http/server';
import type { Tokens } from '../../src/http/token';
import type { TrunkOffers } from '../../src/http/trunks';
import type { Operated } from '../../src/http/v1/routes/trunks';
import { DEFAULT_HEALTH } from '../../src/policy/health-settings';
import { policyFromText } from '../../src/policy-file/policy-file';
import { Journal } from '../../src/records/journal';
import { showing } from '../../src/records/shown';
import { SingleInstanceStore } from '../../src/trunks/health/single-instance-store';
import type { LimitSeen } from '../../src/trunks/limits/trunk-limits';
import { toldIncident } from '../../src/alerts/message';
import type { Incident } from '../../src/alerts/incident';
import { START } from './policies';
import { FILE, RecordedCalls } from './recorded-calls';

export const READ = 'a-token-to-read-with';
export const OPERATE = 'a-token-to-operate-with';

export const POLICY = `version: 1
emergency: [] # none comes here
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes:
  - { digits: "*", trunks: [carrier-a, carrier-b] }
rules:
  - { when: { sip: 503 }, do: { retry: next-trunk } }
`;

/** After the recorded calls. */
export const NOW = START + 60_000;

const HELD_AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
/** What `GET /v1/alerts` shows. */
const HELD: Incident = {
  ...{ id: 'x.trunk-held.carrier-a', alert: 'trunk-held', about: '', severity: 'warning' },
  ...{ subject: { kind: 'trunk', name: 'carrier-a' }, why: '5 faults in a row', story: '' },
  ...{ level: 0, evidence: { cause: 'faults', class: 'trunk-failed' }, calls: ['a@1'], quiet: 0 },
  ...{ openedAt: HELD_AT, changedAt: HELD_AT, seenAt: HELD_AT, revision: 1 },
};

/** A service with version 1 of the API, whose desk works in this thread. */
export function serveV1({
  tokens = {},
  maskNumbers = false,
  recorded = usualCalls(maskNumbers),
  homerUrl,
  traced,
  text = POLICY,
  now = () => NOW,
  dashboard,
  store,
  limitsOf,
  offers,
}: {
  tokens?: Tokens;
  maskNumbers?: boolean;
  recorded?: RecordedCalls;
  homerUrl?: string;
  traced?: boolean;
  text?: string;
  now?: () => number;
  dashboard?: string;
  /** Of trunks that need not be the policy's. */
  store?: SingleInstanceStore;
  limitsOf?: (trunk: string) => readonly LimitSeen[];
  offers?: TrunkOffers;
} = {}) {
  const shown = showing({ maskNumbers });
  const loaded = policyFromText(text, FILE);
  if (!loaded.ok) throw new Error('the test has a broken policy');
  const { policy } = loaded;
  const live = new LiveEvents(shown, 'run');
  const operated: Operated[] = [];
  const jobs: Job[] = [];
  const usual = new Map([...policy.trunks.keys()].map((name) => [name, DEFAULT_HEALTH]));
  const parts = { trunks: usual, now, random: () => 0, instance: 'test' };
  const trunks = store ?? new SingleInstanceStore(parts);
  const server = createHttpServer({
    ...{ registry: new Registry(), journal: new Journal({ hunts: 1 }), tokens, maskNumbers },
    ...{ readiness: () => [], warnings: () => [], trunks, now },
    ...(homerUrl !== undefined && { homerUrl }),
    ...(limitsOf && { limitsOf }),
    ...(offers && { offers }),
    ...(traced !== undefined && { traced }),
    ...(dashboard !== undefined && { dashboard }),
    v1: {
      desk: {
        do: (job) => {
          jobs.push(job);
          return doJob(job, { ask: recorded.ask, isEnough: () => false }, shown);
        },
      },
      live,
      policy: { file: FILE, current: () => policy, warnings: () => [] },
      limits: () => ({ 'carrier-a': 30 }),
      operated: (what) => operated.push(what),
      alerts: {
        list: () => [
          {
            ...toldIncident('opened', HELD, NOW),
            told: ['noc'],
          },
        ],
        test: (receiver) =>
          Promise.resolve(
            receiver === 'nobody'
              ? undefined
              : [{ receiver: receiver ?? 'noc', ok: false, answer: '500 no' }],
          ),
      },
    },
  });
  const get = async (url: string, headers: Record<string, string> = {}) => {
    const answer = await server.inject({ method: 'GET', url, headers });
    return told(answer);
  };
  const post = async (url: string, payload?: unknown, headers: Record<string, string> = {}) => {
    const type = typeof payload === 'string' ? { 'content-type': 'application/yaml' } : {};
    const answer = await server.inject({
      ...{ method: 'POST', url, headers: { ...type, ...headers } },
      ...(payload !== undefined && { payload: payload as object }),
    });
    return told(answer);
  };
  return { server, live, operated, jobs, trunks, policy, get, post };
}

function told(answer: {
  statusCode: number;
  body: string;
  headers: Record<string, number | string | string[] | undefined>;
}) {
  const { statusCode: status, headers, body } = answer;
  return {
    status,
    headers,
    text: body,
    body: body === '' ? undefined : (JSON.parse(body) as unknown),
  };
}

/** Three calls: one that carrier-b saved, one that failed at both, one that carrier-a answered. */
export function recordedCalls(maskNumbers = false): RecordedCalls {
  const recorded = new RecordedCalls(POLICY, { maskNumbers });
  const congested = { ms: 400, sip: 503, phrase: 'No lines for 4930123456', firstResponseMs: 20 };
  recorded.play({
    ...{ number: '0301234567', from: '0307654321' },
    reactions: { 'carrier-a': congested, 'carrier-b': { ms: 3_000, answers: true, rangMs: 900 } },
  });
  recorded.play({
    number: '0891234567',
    reactions: { 'carrier-a': congested, 'carrier-b': congested },
  });
  recorded.play({ number: '0401234567', reactions: { 'carrier-a': { ms: 2_000, answers: true } } });
  return recorded;
}

const usual = new Map<boolean, RecordedCalls>();

/** Nobody writes to them. */
function usualCalls(maskNumbers: boolean): RecordedCalls {
  const found = usual.get(maskNumbers) ?? recordedCalls(maskNumbers);
  usual.set(maskNumbers, found);
  return found;
}
