/** What a path can be asked for, and how a client that asks for something else is told. */
import { OPERATE, serveV1 } from '../../../doubles/v1';

const { server, operated } = serveV1({ tokens: { operate: OPERATE } });
afterAll(() => server.close());

const OTHERS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
type Paths = Record<string, Record<string, unknown>>;

const asked = async (method: (typeof OTHERS)[number], url: string, payload?: string) => {
  const answer = await server.inject({
    ...{ method, url, headers: { authorization: `Bearer ${OPERATE}` } },
    ...(payload !== undefined && { payload }),
  });
  return { ...answer, text: answer.body };
};

it('every other method of every path of the document is refused with those that are allowed', async () => {
  const { paths } = (await server.inject('/v1/openapi.json')).json<{ paths: Paths }>();
  const urls = Object.entries(paths).map(
    ([path, has]) => [path.replace(/\{\w+\}/g, 'carrier-a'), Object.keys(has)] as const,
  );
  expect(urls.length).toBeGreaterThan(20);
  for (const [url, has] of urls) {
    const allowed = has.map((method) => method.toUpperCase());
    // What can be read has a head; a stream without an end has none.
    if (allowed.includes('GET') && url !== '/v1/events') allowed.push('HEAD');
    for (const method of OTHERS.filter((one) => !allowed.includes(one))) {
      const { statusCode, headers, body } = await asked(method, url, '{"reason":"x"}');
      expect([method, url, statusCode]).toEqual([method, url, 405]);
      expect(String(headers['allow']).split(', ').sort()).toEqual([...allowed].sort());
      expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
      if (method !== 'HEAD')
        expect(JSON.parse(body)).toMatchObject({
          ...{ type: 'urn:crankback:problem:wrong-method', status: 405 },
          detail: `must be one of ${String(headers['allow'])}`,
        });
    }
  }
  expect(operated).toEqual([]);
});

it('where nothing is, no method is', async () => {
  for (const method of OTHERS) expect((await asked(method, '/v1/nothing')).statusCode).toBe(404);
});

it.each(['/v1/trunks', '/v1/calls', '/v1/openapi.json'])('the head of %s', async (url) => {
  const [head, whole] = [await asked('HEAD', url), await asked('GET', url)];
  expect([head.statusCode, head.text]).toEqual([200, '']);
  expect(head.headers['etag']).toBe(whole.headers['etag']);
  expect(head.headers['etag']).toBeDefined();
});
