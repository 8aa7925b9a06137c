import { Registry } from 'prom-client';
import { createHttpServer } from '../../../src/http/server';
import { openJournal } from '../../../src/journal/database';
import { callOf } from '../../../src/journal/read/call';
import { callsOf } from '../../../src/journal/read/calls';
import { JournalBusy } from '../../../src/journal/thread/lasting-journal';
import type { JournalQuestions } from '../../../src/journal/thread/protocol';
import { JournalWriter } from '../../../src/journal/writer';
import { Journal } from '../../../src/records/journal';
import { traceIdOf } from '../../../src/tracing/trace-id';

const AT = Date.UTC(2026, 0, 31, 12);
const NUMBER = '0301234567';
const MASKED = '03******67';

/** The server beside a journal with one call to this number. */
function serverOf({
  number = NUMBER,
  maskNumbers = false,
  busy = false,
  homerUrl,
  traced = false,
}: {
  number?: string;
  maskNumbers?: boolean;
  busy?: boolean;
  homerUrl?: string;
  traced?: boolean;
} = {}) {
  const { database } = openJournal(':memory:', AT);
  const ids = homerUrl === undefined ? {} : { callerCallId: "it's" };
  const deep = { streams: [{ codecs: [{ parameters: [{ name: 'mode', value: '2' }] }] }] };
  new JournalWriter(database).write([
    {
      ...{ kind: 'policy', at: AT, hash: 'abc', file: '/etc/crankback/policy.yaml' },
      text: 'version: 1',
    },
    {
      kind: 'hunt',
      at: AT,
      pbx: 'asterisk',
      hunt: 'h.1@2',
      leg: 'l',
      number,
      policy: 'abc',
      ...ids,
    },
    {
      ...{
        kind: 'decision',
        at: AT,
        pbx: 'asterisk',
        hunt: 'h.1@2',
        on: 'route',
        outcome: 'relay',
      },
      detail: JSON.stringify({ inputs: { failure: { evidence: [{ refusal: deep }] } } }),
    },
  ]);
  const ask = ((name: string, asked: never) => {
    if (busy) return Promise.reject(new JournalBusy('the journal has too much to do'));
    return Promise.resolve(name === 'calls' ? callsOf(database, asked) : callOf(database, asked));
  }) as <Name extends keyof JournalQuestions>(
    name: Name,
    asked: JournalQuestions[Name]['asked'],
  ) => Promise<JournalQuestions[Name]['answer']>;
  const server = createHttpServer({
    ...{ registry: new Registry(), journal: new Journal({ hunts: 1 }), lasting: { ask } },
    ...{ readiness: () => [], warnings: () => [], maskNumbers, traced },
    ...(homerUrl !== undefined && { homerUrl }),
    tokens: { read: 'a-token-to-read-with' },
  });
  return async (url: string, token = 'a-token-to-read-with') => {
    const headers = { authorization: `Bearer ${token}` };
    const { statusCode, body } = await server.inject({ method: 'GET', url, headers });
    return { statusCode, body: JSON.parse(body) as Record<string, unknown> };
  };
}

describe('GET /calls', () => {
  it.each([
    ['', 1],
    ['?to=0301234567', 1],
    ['?to=030*&pbx=asterisk&limit=1', 1],
    [`?since=${AT}&until=${AT + 1}`, 1],
    [`?since=${AT + 1}`, 0],
    [`?changed=${AT}`, 1],
    [`?changed=${AT + 1}`, 0],
    ['?trunk=carrier-a', 0],
    ['?class=busy', 0],
    ['?sip=503', 0],
    ['?result=saved', 0],
    [`?before=${AT}-1`, 0],
  ])('%s finds %d', async (query, count) => {
    const { statusCode, body } = await serverOf()(`/calls${query}`);
    expect([statusCode, (body['calls'] as unknown[]).length]).toEqual([200, count]);
  });

  it.each([
    ['to=abc', /^to: must be a number as dialled/],
    ["to=1'%20OR%201=1", /^to: /],
    ['sip=9999', /^sip: /],
    ['result=lost', /^result: must be one of saved, failed, fallback, answered/],
    ['since=yesterday', /^since: must be Unix time/],
    ['changed=1s', /^changed: must be Unix time/],
    ['before=1', /^before: must be the `next`/],
    ['limit=0', /^limit: /],
    ['limit=1001', /^limit: /],
    ['what=ever', /^query: /],
  ])('%s is refused by its name', async (query, said) => {
    const { statusCode, body } = await serverOf()(`/calls?${query}`);
    expect([statusCode, (body['errors'] as string[]).length]).toEqual([400, 1]);
    expect((body['errors'] as string[])[0]).toMatch(said);
  });

  it('needs the token for reading', async () => {
    for (const url of ['/calls', '/calls/h.1@2'])
      expect((await serverOf()(url, 'another-token-of-nobody')).statusCode).toBe(401);
  });

  it('says that the journal is busy, and not that there is no call', async () => {
    for (const url of ['/calls', '/calls/h.1@2'])
      expect(await serverOf({ busy: true })(url)).toEqual({
        statusCode: 503,
        body: { errors: ['the journal has too much to do'] },
      });
  });
});

describe('GET /calls/<call>', () => {
  it.each(['h.1@2', NUMBER])('is one call with the policy of then, by %s', async (asked) => {
    const { body } = await serverOf()(`/calls/${encodeURIComponent(asked)}`);
    expect(body).toMatchObject({
      hunt: 'h.1@2',
      policies: [{ hash: 'abc', file: '/etc/crankback/policy.yaml', lines: ['version: 1'] }],
    });
  });

  it('has what a decision was made of whole, however deep', async () => {
    const { body } = await serverOf()('/calls/h.1@2');
    expect(JSON.stringify(body)).toContain('"parameters":[{"name":"mode","value":"2"}]');
  });

  it('is 404 where there is none', async () => {
    expect((await serverOf()('/calls/unknown')).statusCode).toBe(404);
  });
});

describe('where numbers are masked', () => {
  it.each([`/calls?to=${NUMBER}`, `/calls/${NUMBER}`])(
    '%s finds what is masked at rest',
    async (url) => {
      const { statusCode, body } = await serverOf({ number: MASKED, maskNumbers: true })(url);
      expect(statusCode).toBe(200);
      expect(JSON.stringify(body)).toContain(MASKED);
      expect(JSON.stringify(body)).not.toContain(NUMBER);
    },
  );
});

it('GET /calls/<hunt> has links to Homer, where its address is set', async () => {
  const ask = serverOf({ homerUrl: 'https://homer.example.org/?call_id={callId}' });
  expect((await ask('/calls/h.1@2')).body).toMatchObject({
    homer: [{ callId: "it's", url: 'https://homer.example.org/?call_id=it%27s' }],
  });
  expect((await serverOf()('/calls/h.1@2')).body).not.toHaveProperty('homer');
});

it('GET /calls/<hunt> has the id of its trace, where traces are made', async () => {
  const traceId = traceIdOf({ pbx: 'asterisk', hunt: 'h.1@2', startedAt: AT });
  expect((await serverOf({ traced: true })('/calls/h.1@2')).body).toMatchObject({ traceId });
  expect((await serverOf()('/calls/h.1@2')).body).not.toHaveProperty('traceId');
});
