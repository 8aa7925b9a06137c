import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import { slicesOf } from '../json-list';
import { tagFrom, tagHash } from './etag';

/**
 * Answers `{"<key>":[…]}` with an `ETag`, made and sent slice by slice: calls are decided between them. The whole is kept
 * until it is sent, because its tag comes first.
 * @param told what is told of an item, fit to leave the process
 */
export async function sendTaggedList<Item>(
  reply: FastifyReply,
  key: string,
  items: Iterable<Item>,
  told: (item: Item) => object,
): Promise<FastifyReply> {
  const hash = tagHash();
  const slices: Buffer[] = [];
  for await (const text of slicesOf(key, items, told)) {
    const slice = Buffer.from(text);
    hash.update(slice);
    slices.push(slice);
  }
  return reply
    .header('etag', tagFrom(hash))
    .type('application/json; charset=utf-8')
    .send(Readable.from(paced(slices), { objectMode: false }));
}

async function* paced(slices: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const slice of slices) {
    yield slice;
    await nextTurn();
  }
}
