// CSV by papaparse. Of a dump of a database only INSERTs are needed: parsers of SQL know every statement of every database, and
// take a hundred times this file for it.
import Papa from 'papaparse';
import { NotImportable, type ImportFile } from './draft';

/** A row of a table of another system. */
export interface Row {
  readonly table: string;
  /** By column; NULL is empty. */
  readonly values: ReadonlyMap<string, string>;
  /** `dump.sql:12` */
  readonly where: string;
}

/** More is no configuration. */
const MOST_ROWS = 500_000;

/**
 * The rows of a CSV file, whose table is its name without `.csv`, or of the INSERTs of a dump.
 * @param isWanted whether a table is read
 * @throws NotImportable with file and line
 */
export function rowsOf(file: ImportFile, isWanted: (table: string) => boolean): readonly Row[] {
  return /\.csv$/i.test(file.name) ? rowsOfCsv(file) : new Dump(file, isWanted).rows();
}

function baseOf({ name }: ImportFile): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function rowsOfCsv(file: ImportFile): readonly Row[] {
  const base = baseOf(file);
  const table = base.replace(/\.csv$/i, '');
  const rows: Row[] = [];
  let heads: readonly string[] = [];
  let line = 1;
  Papa.parse<string[]>(file.text, {
    step: ({ data, errors }) => {
      const at = line;
      line += 1 + data.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
      if (/Quotes/.test(errors[0]?.code ?? ''))
        throw new NotImportable(`${file.name}:${at}: a quote without its end, or within a value`);
      if (data.every((cell) => cell.trim() === '')) return;
      if (heads.length === 0) heads = data.map((cell) => cell.trim().toLowerCase());
      else rows.push(rowOf(table, heads, data, `${base}:${at}`));
      refuseMore(file, rows);
    },
  });
  return rows;
}

function rowOf(
  table: string,
  columns: readonly string[],
  cells: readonly string[],
  where: string,
): Row {
  return { table, values: new Map(columns.map((name, at) => [name, cells[at] ?? ''])), where };
}

function refuseMore({ name }: ImportFile, rows: readonly Row[]): void {
  if (rows.length > MOST_ROWS) throw new NotImportable(`${name}: more than ${MOST_ROWS} rows`);
}

interface Token {
  readonly kind: 'word' | 'text' | 'sign';
  readonly text: string;
  readonly line: number;
}

/** `mysqldump`, and what makes the like: columns of `CREATE TABLE`, rows of `INSERT INTO … VALUES (…),(…);`. Linear. */
class Dump {
  private at = 0;
  private line = 1;
  private readonly columns = new Map<string, readonly string[]>();
  private readonly found: Row[] = [];

  constructor(
    private readonly file: ImportFile,
    private readonly isWanted: (table: string) => boolean,
  ) {}

  rows(): readonly Row[] {
    for (;;) {
      const token = this.next();
      if (!token) return this.found;
      const word = token.text.toUpperCase();
      if (token.kind === 'word' && word === 'CREATE') this.create();
      else if (token.kind === 'word' && (word === 'INSERT' || word === 'REPLACE')) this.insert();
      else if (token.text !== ';' || token.kind !== 'sign') this.rest();
    }
  }

  /** `TABLE [IF NOT EXISTS] name (column type …, KEY …)` */
  private create(): void {
    const words: string[] = [];
    let token = this.next();
    while (token && token.text !== '(' && token.text !== ';') {
      words.push(token.text);
      token = this.next();
    }
    if (token?.text !== '(' || words[0]?.toUpperCase() !== 'TABLE') {
      if (token?.text !== ';') this.rest();
      return;
    }
    const columns: string[] = [];
    let depth = 1;
    let isFirst = true;
    while (depth > 0 && (token = this.next())) {
      if (token.kind === 'sign' && token.text === '(') depth += 1;
      else if (token.kind === 'sign' && token.text === ')') depth -= 1;
      else if (isFirst && !/^(?:PRIMARY|UNIQUE|KEY|INDEX|CONSTRAINT|FULLTEXT)$/i.test(token.text))
        columns.push(token.text.toLowerCase());
      isFirst = depth === 1 && token.text === ',' && token.kind === 'sign';
    }
    this.columns.set(words.at(-1) ?? '', columns);
    this.rest();
  }

  /** `[IGNORE] INTO name [(column, …)] VALUES (value, …), …;` */
  private insert(): void {
    let token = this.next();
    while (token && /^(?:IGNORE|INTO|DELAYED)$/i.test(token.text)) token = this.next();
    const table = token?.text ?? '';
    if (!this.isWanted(table)) return this.rest();
    let columns = this.columns.get(table);
    token = this.next();
    if (token?.text === '(') {
      columns = this.tuple().map((column) => column.toLowerCase());
      token = this.next();
    }
    if (!columns || token?.text.toUpperCase() !== 'VALUES') {
      const line = token?.line ?? this.line;
      throw this.broken(line, `the columns of ${table} are not known: no CREATE TABLE before it`);
    }
    while ((token = this.next()) && token.text !== ';') {
      if (token.text !== '(') continue;
      const { line } = token;
      this.found.push(rowOf(table, columns, this.tuple(), `${baseOf(this.file)}:${line}`));
      refuseMore(this.file, this.found);
    }
  }

  /** Up to the closing bracket; the opening one is read. */
  private tuple(): readonly string[] {
    const { line } = this;
    const values: string[] = [];
    let value = '';
    for (;;) {
      const token = this.next();
      if (!token || (token.kind === 'sign' && token.text === ';'))
        throw this.broken(line, 'a row without its end');
      if (token.kind === 'sign' && token.text === ',') {
        values.push(value);
        value = '';
      } else if (token.kind === 'sign' && token.text === ')') return [...values, value];
      else value = token.kind === 'word' && token.text.toUpperCase() === 'NULL' ? '' : token.text;
    }
  }

  private rest(): void {
    let token = this.next();
    while (token && !(token.kind === 'sign' && token.text === ';')) token = this.next();
  }

  private next(): Token | undefined {
    const { text } = this.file;
    for (;;) {
      const char = text[this.at];
      if (char === undefined) return undefined;
      if (char === '\n') this.line += 1;
      if (/\s/.test(char)) this.at += 1;
      else if (char === '#' || /^--(?:\s|$)/.test(text.slice(this.at, this.at + 3)))
        this.at = indexOr(text, '\n', this.at);
      else if (char === '/' && text[this.at + 1] === '*')
        this.skip(indexOr(text, '*/', this.at) + 2);
      else break;
    }
    const { line } = this;
    const char = text.charAt(this.at);
    if (/['"`]/.test(char)) return { kind: 'text', text: this.quoted(char), line };
    const word = WORD;
    word.lastIndex = this.at;
    const found = word.exec(text)?.[0];
    this.at += found?.length ?? 1;
    return found === undefined
      ? { kind: 'sign', text: char, line }
      : { kind: 'word', text: found, line };
  }

  private skip(to: number): void {
    for (let at = this.at; at < to; at += 1) if (this.file.text[at] === '\n') this.line += 1;
    this.at = to;
  }

  private quoted(quote: string): string {
    const { text } = this.file;
    const { line } = this;
    let value = '';
    for (this.at += 1; this.at < text.length; this.at += 1) {
      const char = text.charAt(this.at);
      if (char === '\n') this.line += 1;
      if (char === '\\' && quote !== '`') value += text.charAt((this.at += 1));
      else if (char !== quote) value += char;
      else if (text[this.at + 1] === quote) value += text.charAt((this.at += 1));
      else {
        this.at += 1;
        return value;
      }
    }
    throw this.broken(line, 'a quote without its end');
  }

  private broken(line: number, why: string): NotImportable {
    return new NotImportable(`${this.file.name}:${line}: ${why}`);
  }
}

const WORD = /[^\s'"`(),;]+/y;

function indexOr(text: string, wanted: string, from: number): number {
  const at = text.indexOf(wanted, from);
  return at < 0 ? text.length : at;
}
