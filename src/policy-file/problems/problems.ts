import type { FindingCode } from '../../findings/registry';
import { named } from '../../findings/named';
import { printableLines } from '../../model/printable';
import type { Position } from '../../policy/policy-data';

/** Path to a value from the top of a file: map keys and list indices (0-based). */
export type Path = readonly (string | number)[];

/** One problem of a policy file, as data; `renderProblem` turns it into text. */
export interface Problem extends Position {
  /** Its paragraph in docs/findings.md. */
  readonly finding: FindingCode;
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

/** A problem before its place in the file is looked up. Without a finding it is a value that is not legal. */
export type Complaint = Pick<Problem, 'message' | 'expected' | 'suggestion'> &
  Partial<Pick<Problem, 'finding'>>;

/** A value that is not legal at its place: what a complaint is that names no other finding. */
export const NOT_LEGAL: FindingCode = 'CB1103';

/**
 * A problem that is not written out yet: of a hundred thousand only the first are shown, so what costs time
 * comes after they are sorted.
 */
export interface Finding extends Position {
  readonly path: Path;
  readonly complaint: () => Complaint;
}

/** How many problems of a file are shown; of the others there is the count. */
export const MOST_PROBLEMS = 100;
/** The problems that are shown, and how many there are in all. */
export interface ProblemsOfFile {
  /** The first hundred, in the order of the file. */
  readonly problems: readonly Problem[];
  /** How many there are in all. */
  readonly count: number;
}

/** A longer line is cut around the column. Characters. */
const WIDEST_EXCERPT = 120;
/** A longer line is not repeated at all: nobody reads it, and it may be the whole file. Characters. */
const LONGEST_LINE = 10_000;
/** Longest part of a value that a message quotes. Characters. */
const LONGEST_QUOTE = 60;
/** Most words that a message lists. */
const LONGEST_LIST = 30;

/** A problem of the file as a whole. */
export function fileProblem(file: string, finding: FindingCode, message: string): Problem {
  return { file, line: 1, column: 1, finding, path: '', message, sourceLine: '' };
}

/** `100000 problems`, and that not all of them are shown where that is so. */
export function problemCount({ problems, count }: ProblemsOfFile): string {
  const all = `${count} problem${count === 1 ? '' : 's'}`;
  return count > problems.length ? `${all}, of which the first ${problems.length} are shown` : all;
}

/** What a file's problems come to for people, in lines of their own: each, and how many are not shown. */
export function problemLines(found: ProblemsOfFile): readonly string[] {
  const lines = found.problems.map(renderProblem);
  return found.count > lines.length ? [...lines, problemCount(found)] : lines;
}

/** The problem in one line, then the line of the file with a caret under the column. */
export function renderProblem(problem: Problem): string {
  const place = `${problem.file}:${problem.line}:${problem.column}`;
  const head = printableLines([place, problem.path, sentence(problem)].filter(Boolean).join(': '));
  if (problem.sourceLine.trim() === '') return head;
  return `${head}\n${excerpt(problem.sourceLine, problem.column)}`;
}

/** The complaint as text: what is wrong, the probable intention, what is legal, the finding. */
export function sentence({ message, suggestion, expected, finding }: Complaint): string {
  const meant = suggestion === undefined ? '' : `; did you mean ${quote(suggestion)}?`;
  const text = expected === undefined ? message + meant : `${message}${meant || '.'} ${expected}`;
  return finding === undefined ? text : named(finding, text);
}

export function byPosition(a: Position, b: Position): number {
  return a.line - b.line || a.column - b.column;
}

/** `routes[1].trunks[0]`; keys that are not plain words are in brackets. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (step.length > LONGEST_QUOTE || !/^[\w-]+$/.test(step)) return `${text}[${quote(step)}]`;
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
  return JSON.stringify(cut(text));
}

function cut(text: string): string {
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}

/** Words separated by commas, in the order given; a long list is cut. */
export function listed(words: readonly string[]): string {
  const shown = words.slice(0, LONGEST_LIST).map(cut).join(', ');
  const more = words.length - LONGEST_LIST;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** A line of a file as a problem repeats it; empty where it is too long for that. */
export function repeatable(line: string): string {
  return line.length > LONGEST_LINE ? '' : line.replace(/\r$/, '');
}

function excerpt(sourceLine: string, column: number): string {
  const from = column <= WIDEST_EXCERPT - 10 ? 0 : column - WIDEST_EXCERPT / 2;
  const shown = printableLines(sourceLine.slice(from, from + WIDEST_EXCERPT));
  // Tabs stay tabs, so that the caret is under its column at any tab width.
  const indent = printableLines(sourceLine.slice(from, column - 1)).replace(/[^\t]/g, ' ');
  return `${shown}\n${indent}^`;
}
