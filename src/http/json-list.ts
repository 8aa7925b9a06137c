// Own slicing: JSON libraries that stream serialise each value in small steps, which takes many times as long.
import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';

/** About a millisecond's work, with numbers masked. Characters. */
const SLICE = 8 * 1024;
/** The same for items of which nothing is told. */
const MOST_ITEMS = 250;

/**
 * Answers `{"<key>":[…]}` slice by slice, each in a turn of its own: calls are decided between them.
 * @param items `undefined` is left out
 * @param more fields beside the list
 * @param shown what is told of an item, fit to leave the process: no hook of the server sees it
 */
export function sendList<Item>(
  reply: FastifyReply,
  key: string,
  items: Iterable<Item | undefined>,
  shown: (item: Item) => unknown,
  more: object = {},
): FastifyReply {
  const slices = Readable.from(slicesOf(key, items, shown, more), { objectMode: false });
  return reply.type('application/json; charset=utf-8').send(slices);
}

/** The slices themselves, between two of which everything else has a turn. */
export async function* slicesOf<Item>(
  key: string,
  items: Iterable<Item | undefined>,
  shown: (item: Item) => unknown,
  more: object = {},
): AsyncGenerator<string> {
  let slice = `{${JSON.stringify(key)}:[`;
  let separator = '';
  let looked = 0;
  for (const item of items) {
    looked += 1;
    if (item !== undefined) {
      slice += separator + JSON.stringify(shown(item));
      separator = ',';
    }
    if (slice.length < SLICE && looked < MOST_ITEMS) continue;
    if (slice !== '') yield slice;
    slice = '';
    looked = 0;
    await nextTurn();
  }
  const rest = JSON.stringify(more).slice(1, -1);
  yield `${slice}]${rest === '' ? '' : ','}${rest}}`;
}
