// Own format: what serialises objects (structured clone, MessagePack) makes all of them again on the other
// side, and so many new objects stop the thread for tens of milliseconds, in the garbage collector alone.
import type { Route } from '../policy-data';
import { prefixChains, RouteIndex, type PrefixChains, type RouteTable } from './route-index';

/** Routes in a few flat buffers, which cost no more to hand over the more routes there are. */
export interface PackedRoutes {
  /** Each route as JSON, UTF-8, one after the other in file order. */
  readonly records: Uint8Array<ArrayBuffer>;
  /** Where each record ends in `records`. */
  readonly recordEnds: Uint32Array<ArrayBuffer>;
  /** The digits of each route, ASCII, one after the other. */
  readonly digits: Uint8Array<ArrayBuffer>;
  /** Where each route's digits end in `digits`. */
  readonly digitsEnds: Uint32Array<ArrayBuffer>;
  readonly chains: PrefixChains;
}

/** Routes that were used last and are kept as objects; when there are as many, all are dropped. */
const KEPT = 1_000;

export function packRoutes(routes: readonly Route[]): PackedRoutes {
  const digits = routes.map((route) => route.digits);
  const [records, recordEnds] = packed(routes.map((route) => JSON.stringify(route)));
  const [digitBytes, digitsEnds] = packed(digits);
  return { records, recordEnds, digits: digitBytes, digitsEnds, chains: prefixChains(digits) };
}

/** Everything of them that may be transferred instead of copied. */
export function buffersOf({ chains, ...packed }: PackedRoutes): readonly ArrayBuffer[] {
  const { records, recordEnds, digits, digitsEnds } = packed;
  return [records, recordEnds, digits, digitsEnds, chains.heads, chains.next].map(
    ({ buffer }) => buffer,
  );
}

/** Finds routes among packed ones; a route becomes an object when a number is for it. */
export function unpackedIndex(packed: PackedRoutes): RouteIndex {
  return new RouteIndex(new UnpackedRoutes(packed), packed.chains);
}

class UnpackedRoutes implements RouteTable {
  private readonly kept = new Map<number, Route>();
  private readonly utf8 = new TextDecoder();

  constructor(private readonly packed: PackedRoutes) {}

  digitsOf(order: number): string {
    const { digits, digitsEnds } = this.packed;
    let text = '';
    for (let at = startOf(digitsEnds, order); at < (digitsEnds[order] ?? 0); at++) {
      text += String.fromCharCode(digits[at] ?? 0);
    }
    return text;
  }

  routeOf(order: number): Route {
    const kept = this.kept.get(order);
    if (kept) return kept;
    const { records, recordEnds } = this.packed;
    const record = records.subarray(startOf(recordEnds, order), recordEnds[order]);
    // Written by `packRoutes`.
    const route = JSON.parse(this.utf8.decode(record)) as Route;
    if (this.kept.size >= KEPT) this.kept.clear();
    this.kept.set(order, route);
    return route;
  }
}

function startOf(ends: Uint32Array, order: number): number {
  return order === 0 ? 0 : (ends[order - 1] ?? 0);
}

/** Texts as UTF-8, one after the other, and where each ends. */
function packed(
  texts: readonly string[],
): readonly [Uint8Array<ArrayBuffer>, Uint32Array<ArrayBuffer>] {
  const utf8 = new TextEncoder();
  const pieces = texts.map((text) => utf8.encode(text));
  const ends = new Uint32Array(texts.length);
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const [index, piece] of pieces.entries()) {
    bytes.set(piece, end);
    end += piece.length;
    ends[index] = end;
  }
  return [bytes, ends];
}
