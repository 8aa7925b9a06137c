import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import type { Position } from '../../policy/policy-data';
import { byPosition, pathText } from '../problems/problems';
import type { Complaint, Path, Problem } from '../problems/problems';
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
  /** A complaint about the value at this path as a problem; `place` is the position shown. */
  problem(path: Path, place: Position, complaint: Complaint): Problem;
}

/** Reads one YAML document. Without a tree, the text is too broken to examine further. */
export function readYaml(source: Source): { tree?: YamlTree; problems: readonly Problem[] } {
  const lines = new LineCounter();
  // Windows editors begin a file with a byte order mark; it would shift the first line's columns.
  const text = source.text.replace(/^\uFEFF/, '');
  const sourceLines = text.split('\n');
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file: source.file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problem = (path: Path, place: Position, complaint: Complaint): Problem => ({
    ...place,
    path: pathText(path),
    ...complaint,
    sourceLine: (sourceLines[place.line - 1] ?? '').replace(/\r$/, ''),
  });
  const stop = (complaint: Complaint, offset = 0) => ({
    problems: [problem([], at(offset), complaint)],
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
  if (!document) return stop({ message: 'the file is empty' });

  const complaintAt = new Map<number, Problem>();
  for (const error of documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])) {
    const place = at(error.pos[0]);
    // The parser reports one mistake several times; the first report on a line is the best.
    if (complaintAt.has(place.line)) continue;
    const line = sourceLines[place.line - 1] ?? '';
    complaintAt.set(place.line, problem([], place, syntaxProblem(error, line)));
  }
  if (complaintAt.size > 0) return { problems: [...complaintAt.values()].sort(byPosition) };

  if (second) {
    return stop(
      { message: 'a second YAML document', expected: 'Expected one document, so no further "---"' },
      second.range[0],
    );
  }
  const root = document.contents;
  if (!root || (isScalar(root) && root.value === null))
    return stop({ message: 'the file is empty' });

  const found = inspect(document, root, (offset) => at(offset).line);
  const problems = found.complaints.map(({ path, offset, complaint }) =>
    problem(path, at(offset), complaint),
  );
  if (found.brokenAlias) return { problems };
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return stop({ message: 'the aliases of this file expand to too much' }, found.firstAlias);
  }

  const positionOf = (path: Path): Position => at(offsetOf(document, root, path, 'value'));
  const keyPositionOf = (path: Path): Position => at(offsetOf(document, root, path, 'key'));
  return { tree: { value, positionOf, keyPositionOf, problem }, problems };
}

function offsetOf(document: Document.Parsed, root: Node, path: Path, end: 'key' | 'value'): number {
  let node: unknown = root;
  let offset = startOf(root) ?? 0;
  for (const [depth, step] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      // Of duplicate keys, the last one is in force.
      const pair: Pair | undefined = node.items.findLast((item) => keyOf(item) === step);
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
