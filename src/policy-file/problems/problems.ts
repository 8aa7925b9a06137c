import { printableLines } from '../../model/printable';
import type { Position } from '../../policy/policy-data';

/** Path to a value from the top of a file: map keys and list indices (0-based). */
export type Path = readonly (string | number)[];

/** One problem of a policy file, as data; `renderProblem` turns it into text. */
export interface Problem extends Position {
  /** Like `routes[1].trunks[0]`; empty for the file as a whole. */
  readonly path: string;
  /** What is wrong, quoting the file: `unknown trunk "carrier-x"`. */
  readonly message: string;
  /** What would be legal, as a sentence without its full stop. */
  readonly expected?: string;
  /** The probable intention, as it must be written. */
  readonly suggestion?: string;
  /** The line of the file as it is; empty if there is none to show. */
  readonly sourceLine: string;
}

/** A problem before its place in the file is looked up. */
export type Complaint = Pick<Problem, 'message' | 'expected' | 'suggestion'>;

/** A longer line is cut around the column. Characters. */
const WIDEST_EXCERPT = 120;
/** Longest part of a value that a message quotes. Characters. */
const LONGEST_QUOTE = 60;
/** Most words that a message lists. */
const LONGEST_LIST = 30;

/** The problem in one line, then the line of the file with a caret under the column. */
export function renderProblem(problem: Problem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const head = printableLines([place, problem.path, sentence(problem)].filter(Boolean).join(': '));
  if (problem.sourceLine.trim() === '') return head;
  return `${head}\n${excerpt(problem.sourceLine, problem.column)}`;
}

/** The complaint as text: what is wrong, the probable intention, what is legal. */
export function sentence({ message, suggestion, expected }: Complaint): string {
  const meant = suggestion === undefined ? '' : `; did you mean ${quote(suggestion)}?`;
  if (expected === undefined) return message + meant;
  return `${message}${meant || '.'} ${expected}`;
}

export function byPosition(a: Problem, b: Problem): number {
  return a.line - b.line || a.column - b.column;
}

/** `routes[1].trunks[0]`; keys that are not plain words are in brackets. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!/^[\w-]+$/.test(step)) return `${text}[${quote(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** A value for messages: scalars as written, collections only by kind. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return 'a map';
}

/** In double quotes; long text is cut. */
export function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text);
}

/** Words separated by commas, in the order given; a long list is cut. */
export function listed(words: readonly string[]): string {
  const shown = words.slice(0, LONGEST_LIST).join(', ');
  const more = words.length - LONGEST_LIST;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function excerpt(sourceLine: string, column: number): string {
  const from = column <= WIDEST_EXCERPT - 10 ? 0 : column - WIDEST_EXCERPT / 2;
  const shown = printableLines(sourceLine.slice(from, from + WIDEST_EXCERPT));
  // Tabs stay tabs, so that the caret is under its column at any tab width.
  const indent = printableLines(sourceLine.slice(from, column - 1)).replace(/[^\t]/g, ' ');
  return `${shown}\n${indent}^`;
}
