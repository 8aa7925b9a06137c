/** What a client sends that is wrong: the answer names the field and what would be right, in words of ours. */
import { OPERATE, serveV1 } from '../../../doubles/v1';

const { server, get } = serveV1();
afterAll(() => server.close());

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}
interface Wrong {
  readonly errors?: readonly { readonly name: string; readonly detail: string }[];
  readonly detail?: string;
}

const HOSTILE = ['\0', '__proto__', '-1', '1e999', '9'.repeat(400), 'NaN', '[', '🙂'].map(
  encodeURIComponent,
);
/** Of others than us: a lone surrogate, no encoding at all. */
const BROKEN = ['%ED%A0%80', '%'];

it.each([
  ['calls?limit', 'must be a whole number from 1 to 200'],
  ['calls?sip', 'must be a whole number from 100 to 699'],
  ['changes?limit', 'must be a whole number from 1 to 500'],
  ['series?stepSeconds', 'must be one of 60, 300, 900, 3600, 21600, 86400'],
  ['calls/x?explained', 'must be true or false'],
])('%s: %s', async (place, detail) => {
  const name = place.split('?')[1];
  for (const value of ['x', '1e999', '0', '-1', '1.5']) {
    const { status, body } = await get(`/v1/${place}=${value}`);
    expect([status, body]).toMatchObject([400, { errors: [{ in: 'query', name, detail }] }]);
  }
});

it.each(['2026-02-30T00:00:00Z', '2025-02-29T12:00:00+01:00', '2026-04-31t00:00:00z'])(
  'the day of %s does not exist',
  async (since) => {
    const { status, body } = await get(`/v1/calls?since=${encodeURIComponent(since)}`);
    expect(status).toBe(400);
    expect((body as Wrong).errors?.[0]?.name).toBe('since');
  },
);

it('a leap day exists', async () => {
  expect((await get('/v1/calls?since=2024-02-29T00:00:00Z')).status).toBe(200);
});

it('every parameter of the document: a problem that says why, or an answer', async () => {
  const { paths } = (await get('/v1/openapi.json')).body as {
    paths: Record<string, Record<string, Operation>>;
  };
  const asked = Object.entries(paths)
    .filter(([path]) => path !== '/v1/events')
    .flatMap(([path, { get: one }]) =>
      (one?.parameters ?? []).flatMap((parameter) => urls(path, parameter)),
    );
  expect(asked.length).toBeGreaterThan(300);
  for (const [index, url] of asked.entries()) {
    // Each from another client: nobody asks too often.
    const remoteAddress = `10.0.${index >> 8}.${index & 255}`;
    const answer = await server.inject({ method: 'GET', url, remoteAddress });
    expect([url, answer.statusCode < 500 && answer.statusCode !== 429]).toEqual([url, true]);
    if (answer.statusCode < 400) continue;
    expect(answer.headers['content-type']).toContain('application/problem+json');
    const { errors, detail } = answer.json<Wrong>();
    expect([url, errors?.[0]?.detail ?? detail ?? '']).toEqual([url, expect.stringMatching(/\w/)]);
  }
});

function urls(path: string, { name, in: where }: { name: string; in: string }): readonly string[] {
  const plain = path.replace(/\{\w+\}/g, 'carrier-a');
  if (where === 'query') return [...HOSTILE, ...BROKEN].map((value) => `${plain}?${name}=${value}`);
  if (where !== 'path') return [];
  return [...HOSTILE, ...BROKEN].map((value) =>
    path.replace(`{${name}}`, value).replace(/\{\w+\}/g, 'carrier-a'),
  );
}

it.each(['', '{', '{"__proto__":{"a":1}}', '['.repeat(1_000)])(
  'a body that is no JSON: %.20s',
  async (payload) => {
    const changing = serveV1({ tokens: { operate: OPERATE } });
    const headers = { authorization: `Bearer ${OPERATE}`, 'content-type': 'application/json' };
    const url = '/v1/trunks/carrier-a/hold';
    const answer = await changing.server.inject({ method: 'POST', url, headers, payload });
    expect([answer.statusCode, answer.json<Wrong>().detail]).toEqual([
      400,
      'the body cannot be read: it must be JSON, without a key __proto__',
    ]);
    expect(changing.operated).toEqual([]);
    await changing.server.close();
  },
);
