/** A client that is wrong hears what, where and what would be right, in words of ours: none of zod's. */
import { LARGEST_POLICY } from '../../../../src/http/v1/schemas/drafts';
import { OPERATE, serveV1 } from '../../../doubles/v1';

const { server, get, operated } = serveV1({ tokens: { operate: OPERATE } });
afterAll(() => server.close());

const post = (url: string, type: string, payload?: string) =>
  server.inject({
    ...{ method: 'POST', url, ...(payload !== undefined && { payload }) },
    headers: { authorization: `Bearer ${OPERATE}`, 'content-type': type },
  });
const LONG = 'x'.repeat(201);

it.each([
  ['{}', 'reason', 'is missing: must be text'],
  ['{"reason":1}', 'reason', 'must be text'],
  ['{"reason":""}', 'reason', 'must have at least 1 character'],
  [`{"reason":"${LONG}"}`, 'reason', 'must have at most 200 characters'],
  ['{"reason":"x","forSeconds":"9"}', 'forSeconds', 'must be a number'],
  ['{"reason":"x","forSeconds":0}', 'forSeconds', 'must be at least 0.001'],
  ['{"reason":"x","forSeconds":1e9}', 'forSeconds', 'must be at most 2592000'],
  ['{"reason":"x","for\\u202eMs":1}', '', 'for\\u202eMs: unknown, must be of reason, forSeconds'],
  ['[]', '', 'must be an object of JSON'],
])('a body %.40s', async (payload, name, detail) => {
  const answer = await post('/v1/trunks/carrier-a/hold', 'application/json', payload);
  expect(answer.statusCode).toBe(400);
  expect(answer.json()).toMatchObject({ errors: [{ in: 'body', name, detail }] });
});

it('no body', async () => {
  const headers = { authorization: `Bearer ${OPERATE}` };
  const url = '/v1/trunks/carrier-a/hold';
  const answer = await server.inject({ method: 'POST', url, headers });
  const detail = 'is missing: must be an object of JSON';
  expect(answer.json()).toMatchObject({ status: 400, errors: [{ in: 'body', name: '', detail }] });
});

it('many unknown names: the first, bounded', async () => {
  const names = Array.from({ length: 9 }, (_, index) => `${index}${'y'.repeat(90)}`);
  const { body } = await get(`/v1/fleet?${names.map((name) => `${name}=1`).join('&')}`);
  const cut = names.slice(0, 5).map((name) => `${name.slice(0, 64)}…`);
  const detail = `${cut.join(', ')} and 4 more: unknown, nothing is read here`;
  expect(body).toMatchObject({ errors: [{ in: 'query', name: '', detail }] });
});

it('an unknown parameter is refused by every path of the document', async () => {
  const { paths } = (await get('/v1/openapi.json')).body as { paths: Record<string, object> };
  const told = expect.objectContaining({
    in: 'query',
    detail: expect.stringContaining('sinse: unknown') as unknown,
  }) as unknown;
  for (const [path, has] of Object.entries(paths)) {
    const url = `${path.replace(/\{\w+\}/g, '0123456789ab')}?sinse=1`;
    const answer = await ('get' in has ? server.inject(url) : posted(url));
    const { errors } = answer.json<{ errors?: unknown }>();
    expect([path, answer.statusCode, errors]).toEqual([path, 400, expect.arrayContaining([told])]);
  }
  expect(operated).toEqual([]);
});

/** With a body that would do. */
function posted(url: string) {
  if (url.startsWith('/v1/policy')) return post(url, 'application/yaml', 'version: 1');
  return post(url, 'application/json', url.startsWith('/v1/alerts') ? '{}' : '{"reason":"x"}');
}

it.each([
  ['/v1/trunks/carrier-a/hold', 'application/json', 1024],
  ['/v1/policy/check', 'application/yaml', LARGEST_POLICY],
])('a body that is too large for %s: how large it may be', async (url, type, most) => {
  const answer = await post(url, type, 'x'.repeat(most + 1));
  expect(answer.statusCode).toBe(413);
  const detail = `must be at most ${most} bytes`;
  expect(answer.json()).toMatchObject({
    ...{ type: 'urn:crankback:problem:too-large', errors: [{ in: 'body', name: '', detail }] },
  });
});

it('paths without a version say it alike', async () => {
  const { body } = await get('/hunts?limit=1&sinse=1');
  expect(body).toEqual({ errors: ['query: sinse: unknown, must be of limit, number'] });
});
