import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import { quote } from '../problems/problems';
import type { Complaint, Path } from '../problems/problems';

export interface Inspection {
  readonly complaints: { path: Path; offset: number; complaint: Complaint }[];
  brokenAlias: boolean;
  firstAlias?: number;
}

/** Finds mistakes that the YAML library accepts, and restores unusual numbers as written. */
export function inspect(
  document: Document.Parsed,
  root: Node,
  lineOf: (offset: number) => number,
): Inspection {
  const found: Inspection = { complaints: [], brokenAlias: false };
  const visit = (node: unknown, path: Path): void => {
    if (isMap(node)) {
      const firstOf = new Map<string, number>();
      for (const pair of node.items) {
        const key = keyOf(pair);
        const offset = startOf(pair.key) ?? startOf(node) ?? 0;
        const first = firstOf.get(key);
        if (first !== undefined) {
          const message = `duplicate key ${quote(key)}, first in line ${lineOf(first)}`;
          found.complaints.push({ path, offset, complaint: { finding: 'CB1006', message } });
        } else if (key === '__proto__') {
          // It would vanish in an object instead of being an unknown key.
          const message = `unknown key ${quote(key)}`;
          found.complaints.push({ path, offset, complaint: { finding: 'CB1101', message } });
        }
        firstOf.set(key, offset);
        visit(pair.value, [...path, key]);
      }
    } else if (isSeq(node)) {
      node.items.forEach((item, index) => visit(item, [...path, index]));
    } else if (isScalar(node)) {
      // 0112 and +49 are dialled digits, not 112 and 49.
      const { source, value } = node;
      if (typeof value === 'number' && source !== undefined && source !== String(value)) {
        node.value = source;
      }
    } else if (isAlias(node)) {
      const offset = startOf(node) ?? 0;
      found.firstAlias ??= offset;
      if (node.resolve(document)) return;
      found.brokenAlias = true;
      const complaint: Complaint = {
        finding: 'CB1007',
        message: `alias *${node.source} without an anchor &${node.source} before it`,
        expected: 'Put quotes around a value that begins with *',
      };
      found.complaints.push({ path, offset, complaint });
    }
  };
  visit(root, []);
  return found;
}

/** A map's key as text. */
export function keyOf(pair: Pair): string {
  return isScalar(pair.key) ? String(pair.key.value) : String(pair.key);
}

/** Offset in the text at which a node begins; undefined if there is no node. */
export function startOf(node: unknown): number | undefined {
  return (node as Partial<Node> | null)?.range?.[0];
}
