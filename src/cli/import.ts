import { closeSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, relative } from 'node:path';
import { trunkNames } from '../init/proposal/trunk-names';
import { NotImportable, type Draft, type LeftOut } from '../import/draft';
import { policyOfDraft, type ImportedPolicy } from '../import/draft-text';
import { lcrPolicy, writeTable } from '../import/lcr/lcr-policy';
import { Rates } from '../import/lcr/rates';
import { readRates } from '../import/lcr/read-rates';
import { LARGEST_TABLE, readPlainFile } from '../policy-file/plain-file';
import { policyFromText } from '../policy-file/policy-file';
import { problemLines } from '../policy-file/problems/problems';
import { readTable } from '../policy-file/tables/read-table';
import { EXIT } from './exit';
import { print, printError, printProblem } from './print';

export interface ImportFlags {
  readonly out?: string;
  /** Of `lcr`. */
  readonly table?: string;
  readonly prefix?: string;
  readonly trunk?: string;
  readonly rate?: string;
  readonly pbx?: string;
}

/** Makes a draft of files. @throws NotImportable */
export type Importer = (files: readonly string[]) => Draft | Promise<Draft>;

/** A sentence for whoever called; nothing was written. */
class Refusal extends Error {}

/**
 * `crankback import KIND FILE…`: a policy of another system's files, on standard output or in a file that is not there
 * yet. Code 2 where nothing can be made of them.
 */
export async function importFrom(
  kind: string,
  files: readonly string[],
  flags: ImportFlags,
  importers: Readonly<Record<string, Importer>>,
): Promise<void> {
  try {
    const importer = importers[kind];
    const kinds = [...Object.keys(importers), 'lcr'];
    if (!importer && kind !== 'lcr')
      throw new Refusal(`unexpected "${kind}". Expected ${kinds.join(', ')}`);
    if (importer) refuseLcrFlags(kind, flags);
    const source = `${kind} ${files.map((file) => basename(file)).join(' ')}`;
    const imported = importer
      ? policyOfDraft(await importer(files), source)
      : await ofRates(files, flags, source);
    if (importer) refuseIllegal(imported.text);
    if (flags.out === undefined) print(imported.text.replace(/\n$/, ''));
    else save(flags.out, imported.text);
    printError(summary(imported, flags));
  } catch (error) {
    if (!(error instanceof NotImportable || error instanceof Refusal)) throw error;
    printProblem(error.message);
    process.exitCode = EXIT.usage;
  }
}

function refuseLcrFlags(kind: string, { table, prefix, trunk, rate, pbx }: ImportFlags): void {
  const given = Object.entries({ table, prefix, trunk, rate, pbx }).find(([, value]) => value);
  if (given) throw new Refusal(`--${given[0]}: only with lcr, not with ${kind}`);
}

/** What is written is checked like any policy. */
function refuseIllegal(text: string): void {
  const checked = policyFromText(text);
  if (!checked.ok)
    throw new NotImportable(`no legal policy came of it:\n${problemLines(checked).join('\n')}`);
}

async function ofRates(
  files: readonly string[],
  flags: ImportFlags,
  source: string,
): Promise<ImportedPolicy> {
  const { pbx = 'asterisk', out } = flags;
  if (pbx !== 'asterisk' && pbx !== 'freeswitch')
    throw new Refusal(`--pbx: unexpected "${pbx}". Expected asterisk or freeswitch`);
  const table = flags.table ?? (out === undefined ? undefined : `${withoutEnd(out)}.routes.csv`);
  if (table === undefined)
    throw new Refusal(
      'name the file of the route table by --table, or that of the policy by --out',
    );
  const rates = new Rates();
  const left: LeftOut[] = [];
  let count = 0;
  for (const file of files) {
    const read = await readRates(file, flags, withoutEnd(basename(file)), rates);
    left.push(...read.left);
    count += read.count;
  }
  if (rates.size === 0) throw new NotImportable(nothingIn(files, left));
  const named = tableName(table, out);
  const imported = lcrPolicy(rates, pbx, source, named, { left, count });
  saveTable(table, rates);
  try {
    refuseIllegal(imported.text);
    refuseTable(table, rates);
  } catch (error) {
    rmSync(table);
    throw error;
  }
  return imported;
}

/** The folder of the policy is where its tables are looked for. */
function tableName(table: string, out: string | undefined): string {
  if (out === undefined) return table;
  return dirname(table) === dirname(out) || !isAbsolute(table)
    ? relative(dirname(out), table)
    : table;
}

function withoutEnd(path: string): string {
  return join(dirname(path), basename(path, extname(path)));
}

function saveTable(file: string, rates: Rates): void {
  let handle;
  try {
    handle = openSync(file, 'wx');
  } catch (error) {
    throw unwritable(file, error);
  }
  try {
    writeTable(rates, (lines) => writeSync(handle, lines));
  } finally {
    closeSync(handle);
  }
}

/** Checked as the service will read it. */
function refuseTable(file: string, rates: Rates): void {
  const names = [...trunkNames(rates.trunks()).values()];
  const columns = {
    prefix: 'prefix',
    trunks: { kind: 'preference', columns: ['trunks'] },
  } as const;
  const read = readTable({ file, columns }, readPlainFile(file, LARGEST_TABLE), names);
  if ('problems' in read) throw new NotImportable(problemLines(read).join('\n'));
}

function nothingIn(files: readonly string[], left: readonly LeftOut[]): string {
  const first = left.slice(0, 10).map(({ where, text, why }) => `${where}: ${text}: ${why}`);
  return [`${files.join(', ')}: no row became a route`, ...first].join('\n');
}

function save(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    throw unwritable(file, error);
  }
}

function unwritable(file: string, error: unknown): Refusal {
  const { code, message } = error as NodeJS.ErrnoException;
  return new Refusal(
    code === 'EEXIST' ? `${file} exists: name another file` : `${file}: ${message}`,
  );
}

function summary({ routes, trunks, left }: ImportedPolicy, { out }: ImportFlags): string {
  const where = out === undefined ? '' : `${out}: `;
  const comments = left === 0 ? '' : ': see the comments at its end';
  return `${where}${count(routes, 'route')}, ${count(trunks, 'trunk')}, ${count(left, 'line')} not translated${comments}`;
}

function count(many: number, noun: string): string {
  return `${many} ${noun}${many === 1 ? '' : 's'}`;
}
