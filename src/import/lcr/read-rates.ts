// CSV by papaparse, as for route tables; from the disk piece by piece, so that a file of any size takes the same memory.
import { closeSync, createReadStream, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import Papa from 'papaparse';
import { NotImportable, type LeftOut } from '../draft';
import { columnsOf, type LcrColumns, type NamedColumns } from './columns';
import type { Rates } from './rates';

/** Of a prefix table with all its columns. Bytes. */
const LARGEST = 1024 * 1024 * 1024;
/** Characters of one row; more is a quote without its end. */
const LONGEST_ROW = 64 * 1024;
const DELIMITERS = [',', ';', '\t', '|'];
/** Examples of mistakes are enough; the count says how many there are. */
const MOST_EXAMPLES = 100;

/** What of a file became no row of the table. */
export interface ReadRates {
  readonly left: readonly LeftOut[];
  /** Rows that were left out, also those without an example. */
  readonly count: number;
}

/**
 * Adds the rows of a prefix table, such as a carrier's rate sheet.
 * @param trunk whose file it is, where no column says it
 * @throws NotImportable where it cannot be read, or its first line does not name the columns
 */
export async function readRates(
  file: string,
  named: NamedColumns,
  trunk: string,
  rates: Rates,
): Promise<ReadRates> {
  refuseOthers(file);
  const reading = new Reading(file, named, trunk, rates);
  const stream = createReadStream(file, 'utf8');
  try {
    await new Promise<void>((resolve, reject) => {
      Papa.parse<string[]>(stream, {
        delimiter: delimiterOf(file),
        step: ({ data, errors }) => {
          try {
            reading.take(data, errors[0]?.code);
          } catch (error) {
            stream.destroy();
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        },
        complete: () => resolve(),
        error: ({ message }: Error) =>
          reject(new NotImportable(`${file}: cannot be read: ${message}`)),
      });
    });
  } finally {
    stream.destroy();
  }
  return reading.result();
}

/** What separates the columns: what the first line has most of. */
function delimiterOf(file: string): string {
  const start = Buffer.alloc(LONGEST_ROW);
  const handle = openSync(file, 'r');
  const [head = ''] = start.toString('utf8', 0, readSync(handle, start)).split(/\r?\n/, 1);
  closeSync(handle);
  const counts = DELIMITERS.map((one) => head.split(one).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** Reading anything else might never end. */
function refuseOthers(file: string): void {
  let stats;
  try {
    stats = statSync(file);
  } catch (error) {
    throw new NotImportable(`${file}: cannot be read: ${(error as Error).message}`);
  }
  if (!stats.isFile()) throw new NotImportable(`${file}: not a plain file`);
  if (stats.size > LARGEST)
    throw new NotImportable(`${file}: larger than ${LARGEST / 1024 / 1024} MiB`);
}

class Reading {
  private line = 1;
  private columns: LcrColumns | undefined;
  private readonly left: LeftOut[] = [];
  private count = 0;

  constructor(
    private readonly file: string,
    private readonly named: NamedColumns,
    private readonly trunk: string,
    private readonly rates: Rates,
  ) {}

  /** @throws NotImportable */
  take(cells: readonly string[], error: string | undefined): void {
    const { line } = this;
    this.line += 1;
    for (const cell of cells) if (cell.includes('\n')) this.line += cell.split('\n').length - 1;
    const isLong = cells.some((cell) => cell.length > LONGEST_ROW);
    if (isLong || error === 'MissingQuotes' || error === 'InvalidQuotes')
      throw new NotImportable(`${this.file}:${line}: a quote without its end, or within a value`);
    if (cells.every((cell) => cell.trim() === '')) return;
    if (!this.columns) {
      const heads = cells.map((cell) => cell.replace(/^\uFEFF/, ''));
      this.columns = columnsOf(this.file, heads, this.named);
      return;
    }
    const why = this.row(cells, this.columns);
    if (why !== undefined) this.leave(line, cells, why);
  }

  result(): ReadRates {
    if (!this.columns) throw new NotImportable(`${this.file}: the file is empty`);
    const text = this.columns.ignored.join(', ');
    const why = 'columns that the policy has no use for';
    const columns = text === '' ? [] : [{ where: `${basename(this.file)}:1`, text, why }];
    return { left: [...columns, ...this.left], count: this.count + columns.length };
  }

  /** @returns why it is left out */
  private row(cells: readonly string[], { prefix, trunk, rate }: LcrColumns): string | undefined {
    const digits = (cells[prefix] ?? '').replace(/[\s()/-]/g, '');
    const cost = rate === undefined ? 0 : numberIn(cells[rate] ?? '');
    const names = trunk === undefined ? [this.trunk] : namesIn(cells[trunk] ?? '');
    if (!/^\+?[0-9]{1,31}$/.test(digits)) return 'not a prefix';
    if (cost === undefined) return 'not a rate';
    if (names.length === 0) return 'no trunk';
    return this.rates.add(digits, names, cost);
  }

  private leave(line: number, cells: readonly string[], why: string): void {
    this.count += 1;
    if (this.left.length >= MOST_EXAMPLES) return;
    this.left.push({ where: `${basename(this.file)}:${line}`, text: cells.join(','), why });
  }
}

/** `0.0125`, `0,0125`, `$0.01` */
function numberIn(cell: string): number | undefined {
  const text = cell.trim().replace(/^[$\u20ac\u00a3]\s*/, '');
  const isNumber = /^[0-9]{0,9}(?:[.,][0-9]{1,9})?$/.test(text) && text !== '';
  return isNumber ? Number(text.replace(',', '.')) : undefined;
}

/** One name, or several in the order of preference. A blank is part of a name. */
function namesIn(cell: string): readonly string[] {
  return cell
    .split(/[;|,]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
