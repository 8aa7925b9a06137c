import { Registry } from 'prom-client';
import { createHttpServer } from '../../../src/http/server';
import { JournalBusy } from '../../../src/journal/thread/lasting-journal';
import { Journal } from '../../../src/records/journal';

const EVIDENCE = { refusal: { streams: [{ codecs: [{ name: 'PCMA', rate: 8000 }] }] } };
const DETAIL = {
  decision: { outcome: { kind: 'dial', trunk: 'carrier-a', number: '0301234567' } },
  inputs: { hunt: { number: '0301234567' }, failure: { evidence: [EVIDENCE] } },
};

/** What the journal is asked, and a server that shows its answers. */
function serving(answers: Record<string, unknown>, maskNumbers = false) {
  const asked: unknown[] = [];
  const server = createHttpServer({
    registry: new Registry(),
    journal: new Journal({ hunts: 1 }),
    readiness: () => [],
    warnings: () => [],
    maskNumbers,
    lasting: {
      ask: ((name: string, question: unknown) => {
        asked.push([name, question]);
        const answer = answers[name];
        return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
      }) as never,
    },
  });
  const get = async (url: string) => {
    const { statusCode, body } = await server.inject({ method: 'GET', url });
    return { statusCode, body: JSON.parse(body) as unknown };
  };
  return { asked, get };
}

const CALL = {
  ...{ hunt: 'h1', startedAt: 5, answered: true, tried: [], more: false },
  decisions: [{ at: 5, on: 'failed', detail: JSON.stringify(DETAIL) }],
};
const PAGE = { calls: [CALL], next: { startedAt: 5, row: 7 } };

describe('GET /decisions', () => {
  it('has whole inputs, however deep, and leads to the next page', async () => {
    const { get, asked } = serving({ decisions: PAGE });
    const { body } = await get('/decisions?since=1&until=9&limit=2');
    expect(body).toEqual({
      calls: [{ ...CALL, decisions: [{ at: 5, on: 'failed', detail: DETAIL }] }],
      next: '5-7',
    });
    await get('/decisions?since=1&until=9&before=5-7');
    expect(asked).toEqual([
      ['decisions', { since: 1, until: 9, limit: 2 }],
      ['decisions', { since: 1, until: 9, limit: 100, before: { startedAt: 5, row: 7 } }],
    ]);
  });

  it('masks numbers where they are masked', async () => {
    const { get } = serving({ decisions: PAGE }, true);
    const { body } = await get('/decisions?since=1&until=9');
    expect(JSON.stringify(body)).not.toContain('0301234567');
    expect(body).toMatchObject({
      calls: [{ decisions: [{ detail: { inputs: { hunt: { number: '03******67' } } } }] }],
    });
  });

  it.each([
    ['?until=9', 'since'],
    ['?since=1', 'until'],
    ['?since=1&until=9&limit=501', 'limit'],
    ['?since=1&until=9&before=7', 'before'],
    ['?since=1&until=9&before=x-y', 'before'],
    ['/outcomes?since=1&until=9', 'trunk'],
  ])('with %s is 400 and says what is wrong', async (query, field) => {
    const { get, asked } = serving({});
    const { statusCode, body } = await get(`/decisions${query}`);
    expect(statusCode).toBe(400);
    expect(JSON.stringify(body)).toContain(`${field}: `);
    expect(asked).toEqual([]);
  });

  it('is 503 while the journal is busy', async () => {
    const { get } = serving({ decisions: new JournalBusy('ask again later') });
    expect(await get('/decisions?since=1&until=9')).toEqual({
      statusCode: 503,
      body: { errors: ['ask again later'] },
    });
  });
});

describe('a policy of then', () => {
  it('is found by its hash, else 404', async () => {
    const policy = { hash: 'abc', file: '/etc/p.yaml', lines: ['version: 1'] };
    expect((await serving({ policy }).get('/policies/abc')).body).toEqual(policy);
    expect(await serving({}).get('/policies/abc')).toEqual({
      statusCode: 404,
      body: { errors: ['the journal has no such policy'] },
    });
  });
});

describe('GET /habits', () => {
  it('asks for a period', async () => {
    const { get, asked } = serving({ habits: { calls: 3, phrases: [{ phrase: 'a\u0007' }] } });
    const { body } = await get('/habits?since=1&until=9');
    expect(body).toEqual({ calls: 3, phrases: [{ phrase: 'a\\u0007' }] });
    expect(asked).toEqual([['habits', { since: 1, until: 9 }]]);
  });

  it('masks numbers in phrases, and neither trunks nor hunts', async () => {
    const kept = {
      trunk: 'carrier-4930123',
      savedBy: 'carrier-4930124',
      hunts: ['17958.12@179582'],
    };
    const habits = { refusals: [kept], phrases: [{ phrase: 'to 4930123456' }] };
    const { body } = await serving({ habits }, true).get('/habits?since=1&until=9');
    expect(body).toEqual({ refusals: [kept], phrases: [{ phrase: 'to 49******56' }] });
  });

  it.each([
    ['?until=9', 'since'],
    ['?since=1', 'until'],
    ['?since=1&until=x', 'until'],
  ])('with %s is 400 and says what is wrong', async (query, field) => {
    const { statusCode, body } = await serving({}).get(`/habits${query}`);
    expect(statusCode).toBe(400);
    expect(JSON.stringify(body)).toContain(`${field}: `);
  });
});
