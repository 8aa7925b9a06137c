import { Registry } from 'prom-client';
import { counts } from '../../../src/figures/counts';
import { createHttpServer } from '../../../src/http/server';
import { JournalBusy } from '../../../src/journal/thread/lasting-journal';
import { Journal } from '../../../src/records/journal';

const NOW = 10 * 3_600_000;
const A = counts({ calls: 4, attempts: 4, answered: 3, failed: 1, statuses: { 503: 1 } });
const PERIOD = {
  ...{ since: 1, until: NOW, by: 'trunk', uncounted: 0, first: 1 },
  groups: [{ name: 'carrier-a\u202e', counts: A, peak: 2 }],
  all: A,
};

function serving(answer: unknown, read?: string) {
  const asked: unknown[] = [];
  const server = createHttpServer({
    registry: new Registry(),
    journal: new Journal({ hunts: 1 }),
    readiness: () => [],
    warnings: () => [],
    limitOf: () => 30,
    now: () => NOW,
    ...(read !== undefined && { tokens: { read } }),
    lasting: {
      ask: ((name: string, question: unknown) => {
        asked.push([name, question]);
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

describe('GET /figures', () => {
  it('has figures with the counts that they are made of, and limits of trunks', async () => {
    const figures = { asr: 0.75, ner: 0.75, seer: 0.75, retriesPerCall: 0 };
    const { body } = await serving(PERIOD).get('/figures?since=1');
    expect(body).toEqual({
      groups: [{ name: 'carrier-a\\u202e', counts: A, peak: 2, limit: 30, figures }],
      ...{ since: 1, until: NOW, by: 'trunk', uncounted: 0, first: 1 },
      all: { counts: A, figures },
    });
  });

  it.each<[string, object]>([
    ['', { since: NOW - 3_600_000, until: NOW, by: 'trunk' }],
    [
      '?since=5&until=99999999999&by=route&trunk=a',
      { since: 5, until: NOW, by: 'route', trunk: 'a' },
    ],
    [
      '?since=5&until=60&route=0*&pbx=x',
      { since: 5, until: 60, by: 'trunk', route: '0*', pbx: 'x' },
    ],
  ])('with “%s” asks for %j', async (query, question) => {
    const { get, asked } = serving(PERIOD);
    await get(`/figures${query}`);
    expect(asked).toEqual([['figures', { now: NOW, ...question }]]);
  });

  it.each([
    ['?by=caller', 'by'],
    ['?since=x', 'since'],
    ['?since=60&until=5', 'since'],
    [`?since=${NOW + 1}`, 'since'],
    ['?number=1', 'number'],
    [`?trunk=${'x'.repeat(65)}`, 'trunk'],
  ])('with %s is 400 and says what is wrong', async (query, field) => {
    const { get, asked } = serving(PERIOD);
    const { statusCode, body } = await get(`/figures${query}`);
    expect(statusCode).toBe(400);
    expect(JSON.stringify(body)).toContain(field);
    expect(asked).toEqual([]);
  });

  it('is 503 while the journal is busy', async () => {
    const { statusCode } = await serving(new JournalBusy('later')).get('/figures');
    expect(statusCode).toBe(503);
  });

  it('is for readers alone where a token is set for them', async () => {
    const { statusCode } = await serving(PERIOD, 'secret').get('/figures');
    expect(statusCode).toBe(401);
  });
});
