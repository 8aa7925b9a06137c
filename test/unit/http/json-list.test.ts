import fastify from 'fastify';
import { sendList } from '../../../src/http/json-list';

async function answered(items: readonly unknown[]) {
  const server = fastify();
  server.get('/', (_request, reply) => sendList(reply, 'items', items, (item) => item));
  let turns = 0;
  let counting = true;
  const count = () => {
    turns += 1;
    if (counting) setImmediate(count);
  };
  setImmediate(count);
  const { body, headers } = await server.inject('/');
  counting = false;
  await server.close();
  return { body, turns, type: headers['content-type'] };
}

describe('a list', () => {
  it.each([[[]], [[1]], [['a"b', { c: [null] }, 'ü\u2028']]])(
    'is the JSON that it would be in one piece: %j',
    async (items) => {
      const { body, type } = await answered(items);
      expect(body).toBe(JSON.stringify({ items }));
      expect(type).toBe('application/json; charset=utf-8');
    },
  );

  it('that is long leaves turns to everything else', async () => {
    const items = Array.from({ length: 1000 }, (_, index) => `${index} ${'x'.repeat(8_000)}`);
    const { body, turns } = await answered(items);
    expect(JSON.parse(body)).toEqual({ items });
    // Slices of 8 Ki characters and one item at most.
    expect(turns).toBeGreaterThan(body.length / 18_000);
  });

  it('of which little is told leaves turns as well', async () => {
    const items = Array.from({ length: 100_000 }, (_, index) => (index === 0 ? 'one' : undefined));
    const { body, turns } = await answered(items);
    expect(JSON.parse(body)).toEqual({ items: ['one'] });
    expect(turns).toBeGreaterThan(100);
  });
});
