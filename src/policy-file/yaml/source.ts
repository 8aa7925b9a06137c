import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import type { Position } from '../../policy/policy-data';
import { NOT_LEGAL, pathText, repeatable } from '../problems/problems';
import type { Complaint, Finding, Path, Problem } from '../problems/problems';
import { inspect, keyOf, startOf } from './inspect';
import { syntaxProblem } from './syntax';

/** A file's content, and its name for messages. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** A YAML file as plain values with their positions. */
export interface YamlTree {
  /** Maps as objects, lists as arrays; a number in an unusual notation stays text. */
  readonly value: unknown;
  /** Beginning of the value at this path, or of the closest existing value above. */
  positionOf(path: Path): Position;
  /** Position of the value's key at this path; for list items and the top, that of the value. */
  keyPositionOf(path: Path): Position;
}

/** What reading a file gave. */
export interface ReadYaml {
  /** Absent: the text is too broken to look any further. */
  readonly tree?: YamlTree;
  /** In no particular order. */
  readonly findings: readonly Finding[];
  /** Writes out what was found in this file. */
  readonly written: (finding: Finding) => Problem;
}

const EMPTY: Complaint = { finding: 'CB1003', message: 'the file is empty' };

/** Reads one YAML document. */
export function readYaml(source: Source): ReadYaml {
  const lines = new LineCounter();
  // Windows editors begin a file with a byte order mark; it would shift the first line's columns.
  const text = source.text.replace(/^\uFEFF/, '');
  const sourceLines = text.split('\n');
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file: source.file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const written = ({ file, line, column, path, complaint }: Finding): Problem => ({
    ...{ file, line, column, path: pathText(path) },
    finding: NOT_LEGAL,
    ...complaint(),
    sourceLine: repeatable(sourceLines[line - 1] ?? ''),
  });
  const stop = (complaint: Complaint, offset = 0): ReadYaml => ({
    findings: [{ ...at(offset), path: [], complaint: () => complaint }],
    written,
  });

  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'error',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    stringKeys: true,
    // `inspect` reports duplicates: it knows the path and the first of the two.
    uniqueKeys: false,
  });
  const [document, second] = documents;
  if (!document) return stop(EMPTY);

  const complaintAt = new Map<number, Finding>();
  for (const error of documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])) {
    const place = at(error.pos[0]);
    // The parser reports one mistake several times; the first report on a line is the best.
    if (complaintAt.has(place.line)) continue;
    const line = sourceLines[place.line - 1] ?? '';
    const complaint = () => syntaxProblem(error, line);
    complaintAt.set(place.line, { ...place, path: [], complaint });
  }
  if (complaintAt.size > 0) return { findings: [...complaintAt.values()], written };

  if (second) {
    return stop(
      {
        finding: 'CB1005',
        message: 'a second YAML document',
        expected: 'Expected one document, so no further "---"',
      },
      second.range[0],
    );
  }
  const root = document.contents;
  if (!root || (isScalar(root) && root.value === null)) return stop(EMPTY);

  const found = inspect(document, root, (offset) => at(offset).line);
  const findings = found.complaints.map(({ path, offset, complaint }): Finding => {
    return { ...at(offset), path, complaint: () => complaint };
  });
  if (found.brokenAlias) return { findings, written };
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const message = 'the aliases of this file expand to too much';
    return stop({ finding: 'CB1007', message }, found.firstAlias);
  }

  const pairs = new PairsByKey();
  const offset = (path: Path, end: 'key' | 'value') => offsetOf(document, root, pairs, path, end);
  const positionOf = (path: Path): Position => at(offset(path, 'value'));
  const keyPositionOf = (path: Path): Position => at(offset(path, 'key'));
  return { tree: { value, positionOf, keyPositionOf }, findings, written };
}

/** Finds a map's pairs by their keys: going through a long map for each of its keys would be quadratic. */
class PairsByKey {
  private readonly known = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

  find(map: YAMLMap, key: string): Pair | undefined {
    // Of duplicates the last one is the value in force.
    const pairs = this.known.get(map) ?? new Map(map.items.map((pair) => [keyOf(pair), pair]));
    this.known.set(map, pairs);
    return pairs.get(key);
  }
}

function offsetOf(
  document: Document.Parsed,
  root: Node,
  pairs: PairsByKey,
  path: Path,
  end: 'key' | 'value',
): number {
  let node: unknown = root;
  let offset = startOf(root) ?? 0;
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      // Of duplicate keys, the last one is in force.
      const pair = typeof step === 'string' ? pairs.find(node, step) : undefined;
      if (!pair) break;
      const key = startOf(pair.key) ?? offset;
      node = pair.value;
      offset = end === 'key' && depth === path.length - 1 ? key : (startOf(node) ?? key);
    } else if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
      node = node.items[step];
      offset = startOf(node) ?? offset;
    } else break;
  }
  return offset;
}
