import { serialize } from 'node:v8';
import { KNOWN_PHRASES, type OwnPhrase } from '../../model/phrases';
import { inCommon, PolicyAssembly, type InCommon, type PolicyHead } from '../../policy/assembly';
import type { PolicyData, Rule, Trunk } from '../../policy/policy-data';
import type { Policy } from '../../policy/policy';
import {
  buffersOf,
  packRoutes,
  unpackedIndex,
  type PackedRoutes,
} from '../../policy/routes/packed-routes';

/** A larger piece would keep the thread that decides busy for too long. Bytes, as it crosses the threads. */
const LARGEST_PIECE = 8 * 1024;

/** A part of a policy on its way from one thread to the other: plain data. */
export type Piece =
  | { readonly kind: 'trunks'; readonly trunks: readonly Trunk[] }
  | { readonly kind: 'rules'; readonly rules: readonly Rule[] }
  | { readonly kind: 'defaults'; readonly rules: readonly Rule[] }
  | {
      readonly kind: 'last';
      readonly head: Omit<PolicyHead, 'phrases'>;
      /** The file's own: the shipped ones are on both threads. */
      readonly phrases?: readonly OwnPhrase[];
      readonly common: InCommon;
      readonly routes: PackedRoutes;
    };

/** A policy in pieces, each small or, as routes are, of flat buffers. */
export function* piecesOf(data: PolicyData): Generator<Piece, void> {
  const { trunks, routes, tables, rules, defaults, phrases, ...head } = data;
  for (const part of inParts([...trunks.values()])) yield { kind: 'trunks', trunks: part };
  for (const part of inParts(rules)) yield { kind: 'rules', rules: part };
  for (const part of inParts(defaults)) yield { kind: 'defaults', rules: part };
  yield {
    kind: 'last',
    head,
    ...(phrases && { phrases: phrases.own }),
    common: inCommon(data),
    routes: packRoutes(routes, head.match, tables),
  };
}

/** What of a piece is handed over instead of copied. */
export function transferOf(piece: Piece): ArrayBuffer[] {
  return piece.kind === 'last' ? [...buffersOf(piece.routes)] : [];
}

/** Puts a policy together from its pieces, in their order. */
export class Unpacking {
  private readonly assembly = new PolicyAssembly();

  /** The policy, with its last piece. */
  add(piece: Piece): Policy | undefined {
    switch (piece.kind) {
      case 'trunks':
        this.assembly.addTrunks(piece.trunks);
        return undefined;
      case 'rules':
        this.assembly.addRules(piece.rules);
        return undefined;
      case 'defaults':
        this.assembly.addDefaults(piece.rules);
        return undefined;
      case 'last': {
        const { head, phrases, common, routes } = piece;
        const whole = { ...head, ...(phrases && { phrases: KNOWN_PHRASES.with(phrases) }) };
        return prepared(
          this.assembly.policy(whole, common, (around) => unpackedIndex(routes, around)),
        );
      }
    }
  }
}

/** With what is otherwise made when it is first asked for: no call shall wait for it. */
function prepared(policy: Policy): Policy {
  const { index, trunks, phrases = KNOWN_PHRASES } = policy;
  index.clock?.(0);
  const carriers = new Set([undefined, ...[...trunks.values()].map(({ carrier }) => carrier)]);
  for (const carrier of carriers) phrases.of(carrier).find(503, '');
  return policy;
}

function* inParts<Item>(items: readonly Item[]): Generator<readonly Item[], void> {
  let part: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = serialize(item).length;
    if (part.length > 0 && bytes + size > LARGEST_PIECE) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(item);
    bytes += size;
  }
  if (part.length > 0) yield part;
}
