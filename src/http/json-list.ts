// Own slicing: JSON libraries that stream serialise each value in small steps, which takes many times as long.
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';

/** Well below a millisecond's work. Characters. */
const SLICE = 32 * 1024;

/**
 * Answers `{"<key>":[…]}` slice by slice, each in a turn of its own: calls are decided between them.
 * @param shown what is told of an item
 */
export function sendList<Item>(
  reply: FastifyReply,
  key: string,
  items: readonly Item[],
  shown: (item: Item) => unknown,
): FastifyReply {
  const slices = Readable.from(slicesOf(key, items, shown), { objectMode: false });
  return reply.type('application/json; charset=utf-8').send(slices);
}

async function* slicesOf<Item>(
  key: string,
  items: readonly Item[],
  shown: (item: Item) => unknown,
): AsyncGenerator<string> {
  let slice = `{${JSON.stringify(key)}:[`;
  let separator = '';
  for (const item of items) {
    slice += separator + JSON.stringify(shown(item));
    separator = ',';
    if (slice.length < SLICE) continue;
    yield slice;
    slice = '';
    await nextTurn();
  }
  yield `${slice}]}`;
}
