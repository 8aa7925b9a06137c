// CSV by papaparse: it hands over one row at a time and takes a quarter of the time of csv-parse.
import { isUtf8 } from 'node:buffer';
import Papa from 'papaparse';
import type { TableRows } from '../../policy/policy-data';
import {
  describe,
  fileProblem,
  listed,
  MOST_PROBLEMS,
  quote,
  repeatable,
} from '../problems/problems';
import type { Complaint, Problem, ProblemsOfFile } from '../problems/problems';
import { closest } from '../problems/suggest';
import { TableBuilder } from './table-builder';
import type { TableColumns, TableSpec } from './table-spec';

/** Twice what the largest known tables have; each row costs some 60 bytes in the thread that decides. */
export const MOST_ROWS = 1_000_000;
/** A call makes no more attempts. */
const MOST_TRUNKS = 20;
/** Of every prefix: with `+` a number has 32 characters at most. */
const PREFIX = /^\+?[0-9]{1,31}$/;
const COST = /^[0-9]{1,9}(?:[.,][0-9]{1,9})?$/;
const DELIMITERS = [',', ';', '\t'];

/** A table's rows, or what is wrong with its file. */
export type ReadTable = { readonly rows: TableRows } | ProblemsOfFile;

/**
 * Reads and checks a route table. Never throws because of the file.
 * @param trunks names of the policy's trunks
 * @param most rows that a table may have
 */
export function readTable(
  { file, columns }: Pick<TableSpec, 'file' | 'columns'>,
  bytes: Buffer,
  trunks: readonly string[],
  most = MOST_ROWS,
): ReadTable {
  if (!isUtf8(bytes)) return one(fileProblem(file, 'CB1002', 'not UTF-8 text'));
  // Excel begins a file with a byte order mark.
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const delimiter = delimiterOf(text, columns);
  const reading = new Reading(file, { text, delimiter }, columns, trunks, most);
  // Lines end with \r\n or \n: what is left of the former is trimmed off.
  Papa.parse<string[]>(text, {
    delimiter,
    newline: '\n',
    step: ({ data, errors }, parser) => {
      if (!reading.take(data, errors[0]?.code)) parser.abort();
    },
  });
  return reading.result();
}

/** What separates the columns, told by the line that names them. */
function delimiterOf(text: string, { prefix }: TableColumns): string {
  const [head = ''] = text.split('\n', 1);
  const has = (delimiter: string) => cellsOf(head, delimiter).includes(prefix);
  return DELIMITERS.find(has) ?? DELIMITERS[0] ?? ',';
}

function cellsOf(line: string, delimiter: string): readonly string[] {
  const [cells = []] = Papa.parse<string[]>(line, { delimiter, newline: '\n' }).data;
  return cells.map((cell) => cell.trim());
}

/** A column that is read. */
interface Column {
  readonly name: string;
  readonly at: number;
}

class Reading {
  private readonly builder: TableBuilder;
  private readonly known: ReadonlySet<string>;
  private readonly problems: Problem[] = [];
  private count = 0;
  private line = 1;
  private prefix: Column | undefined;
  private ways: readonly (Column & { readonly trunk?: string })[] = [];
  private heads: readonly string[] = [];

  constructor(
    private readonly file: string,
    private readonly source: { readonly text: string; readonly delimiter: string },
    private readonly columns: TableColumns,
    private readonly trunks: readonly string[],
    private readonly most: number,
  ) {
    this.builder = new TableBuilder(trunks);
    this.known = new Set(trunks);
  }

  /** @returns false where the rest need not be read */
  take(cells: readonly string[], error: string | undefined): boolean {
    const { line } = this;
    this.line += 1;
    for (const cell of cells) if (cell.includes('\n')) this.line += cell.split('\n').length - 1;
    if (error === 'MissingQuotes' || error === 'InvalidQuotes') {
      const message =
        error === 'MissingQuotes' ? 'a quote without its end' : 'a quote within a value';
      this.complain(line, undefined, {
        message,
        expected: 'Expected "" for a quote within quotes',
      });
      return false;
    }
    if (cells.length === 1 && cells[0]?.trim() === '') return true;
    if (this.heads.length === 0)
      return this.takeHead(
        line,
        cells.map((cell) => cell.trim()),
      );
    if (this.builder.size >= this.most) {
      this.complain(line, undefined, { message: `more than ${this.most} rows` });
      return false;
    }
    this.takeRow(line, cells);
    return true;
  }

  result(): ReadTable {
    if (this.heads.length === 0) return one(fileProblem(this.file, 'CB1003', 'the file is empty'));
    if (this.count > 0) return { problems: this.problems, count: this.count };
    if (this.builder.size === 0)
      return one(fileProblem(this.file, 'CB1003', 'the table has no rows'));
    return { rows: this.builder.rows() };
  }

  private takeHead(line: number, heads: readonly string[]): boolean {
    this.heads = heads;
    const { prefix, trunks } = this.columns;
    this.prefix = this.column(line, prefix);
    const wanted =
      trunks.kind === 'preference'
        ? trunks.columns.map((name) => ({ name }))
        : Object.entries(trunks.of).map(([trunk, name]) => ({ name, trunk }));
    this.ways = wanted.flatMap(({ name, ...more }) => {
      const column = this.column(line, name);
      return column ? [{ ...column, ...more }] : [];
    });
    return this.count === 0;
  }

  private column(line: number, name: string): Column | undefined {
    const at = this.heads.indexOf(name);
    if (at >= 0) return { name, at };
    const suggestion = closest(name, this.heads);
    this.complain(line, undefined, {
      message: `no column ${quote(name)}`,
      expected: `Columns of the table: ${listed(this.heads)}`,
      ...(suggestion !== undefined && { suggestion }),
    });
    return undefined;
  }

  private takeRow(line: number, cells: readonly string[]): void {
    const { prefix: column, columns } = this;
    if (!column) return;
    const prefix = (cells[column.at] ?? '').trim();
    if (!PREFIX.test(prefix)) {
      const plain = prefix.replace(/[\s()./*-]/g, '');
      return this.complain(line, column, {
        message: prefix === '' ? 'no prefix' : `not a prefix: ${quote(prefix)}`,
        expected: 'Expected up to 31 digits, with a + before them or not',
        ...(plain !== prefix && PREFIX.test(plain) && { suggestion: plain }),
      });
    }
    const before = this.count;
    const trunks =
      columns.trunks.kind === 'cost' ? this.byCost(line, cells) : this.byPreference(line, cells);
    if (this.count > before) return;
    if (trunks.length === 0) {
      const message = `no trunk for ${prefix}`;
      return this.complain(line, this.ways[0], {
        message,
        expected: 'Expected at least one trunk',
      });
    }
    this.builder.add(line, prefix, trunks);
  }

  private byPreference(line: number, cells: readonly string[]): readonly string[] {
    const found: string[] = [];
    for (const column of this.ways) {
      // One column may have them all.
      for (const name of (cells[column.at] ?? '').split(/[\s|;,]+/)) {
        if (name === '') continue;
        if (!this.known.has(name)) {
          const suggestion = closest(name, this.trunks);
          this.complain(line, column, {
            message: `unknown trunk ${quote(name)}`,
            expected: `Known trunks: ${listed(this.trunks)}`,
            ...(suggestion !== undefined && { suggestion }),
          });
        } else if (found.includes(name)) {
          const message = `trunk ${describe(name)} twice in one row`;
          this.complain(line, column, { message, expected: 'A hunt tries each trunk once' });
        } else found.push(name);
      }
    }
    if (found.length > MOST_TRUNKS)
      this.complain(line, this.ways[0], { message: `more than ${MOST_TRUNKS} trunks in one row` });
    return found;
  }

  private byCost(line: number, cells: readonly string[]): readonly string[] {
    const found: { readonly trunk: string; readonly cost: number }[] = [];
    for (const column of this.ways) {
      const written = (cells[column.at] ?? '').trim();
      if (written === '') continue;
      if (COST.test(written))
        found.push({ trunk: column.trunk ?? '', cost: Number(written.replace(',', '.')) });
      else {
        const expected =
          'Expected a cost such as 0.0125, or nothing where the trunk does not take these numbers';
        this.complain(line, column, { message: `not a cost: ${quote(written)}`, expected });
      }
    }
    // Of the same cost, the one that the policy names first.
    return found
      .sort((one, other) => one.cost - other.cost)
      .map(({ trunk }) => trunk)
      .slice(0, MOST_TRUNKS);
  }

  private complain(line: number, column: Column | undefined, complaint: Complaint): void {
    this.count += 1;
    if (this.problems.length >= MOST_PROBLEMS) return;
    const { text, delimiter } = this.source;
    const sourceLine = lineOf(text, line);
    const at = column ? columnAt(sourceLine, column.at, delimiter) : 1;
    this.problems.push({
      ...{ file: this.file, line, column: at, path: column?.name ?? '' },
      ...{ finding: 'CB1215', ...complaint },
      sourceLine: repeatable(sourceLine),
    });
  }
}

function one(problem: Problem): ProblemsOfFile {
  return { problems: [problem], count: 1 };
}

/** A line of the text; called for the problems that are shown alone. */
function lineOf(text: string, line: number): string {
  let start = 0;
  for (let at = 1; at < line; at++) start = text.indexOf('\n', start) + 1;
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? undefined : end);
}

/** Where a column's value begins in a line, 1-based; a quote may hide what separates the columns. */
function columnAt(line: string, wanted: number, delimiter: string): number {
  let quoted = false;
  let column = 0;
  for (let at = 0; at < line.length; at++) {
    if (column === wanted) return at + 1;
    if (line[at] === '"') quoted = !quoted;
    else if (!quoted && line[at] === delimiter) column += 1;
  }
  return column === wanted ? line.length + 1 : 1;
}
