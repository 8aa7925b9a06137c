import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { Database, SQLite3Error } from 'node-sqlite3-wasm';
import { MIGRATIONS } from './schema';

/** A journal's file that a newer crankback has written. */
export class NewerJournal extends Error {
  override readonly name = 'NewerJournal';
}

export interface OpenJournal {
  readonly database: Database;
  /** Where a damaged file was put aside, before a new one was begun. */
  readonly setAside?: string;
}

/** 16 MB of pages; SQLite's own unit is KiB, negative. */
const CACHE_KIB = -16_000;

/**
 * Opens the journal, or begins one. A damaged file is renamed to `<file>.damaged-<time>`. The caller owns the file:
 * what a killed process has locked is unlocked.
 * @param file path, or `:memory:`
 * @param now names a damaged file; Unix time in milliseconds
 * @throws NewerJournal, which is left as it is; Error of the file system
 */
export function openJournal(file: string, now: number): OpenJournal {
  if (file === ':memory:') return { database: migrated(new Database()) };
  requirePlain(file);
  rmSync(`${file}.lock`, { recursive: true, force: true });
  try {
    return { database: opened(file) };
  } catch (error) {
    if (!isDamage(error)) throw error;
    const aside = putAside(file, now);
    return { database: opened(file), ...aside };
  }
}

/** Renames a damaged file, which nobody has open. @returns its new name */
function putAside(file: string, now: number): { readonly setAside: string } {
  const setAside = `${file}.damaged-${new Date(now).toISOString().replaceAll(':', '')}`;
  for (const part of ['', '-wal', '-journal']) {
    if (existsSync(file + part)) renameSync(file + part, setAside + part);
  }
  rmSync(`${file}.lock`, { recursive: true, force: true });
  return { setAside };
}

function opened(file: string): Database {
  const database = new Database(file);
  try {
    // First of all: one process has the file, and a write-ahead log without that needs shared memory.
    database.exec('PRAGMA locking_mode=EXCLUSIVE');
    requireKnown(database, file);
    for (const pragma of [
      'auto_vacuum=INCREMENTAL',
      'journal_mode=WAL',
      'synchronous=NORMAL',
      `cache_size=${CACHE_KIB}`,
      `journal_size_limit=${4 * 1024 * 1024}`,
    ])
      database.exec(`PRAGMA ${pragma}`);
    return migrated(database);
  } catch (error) {
    database.close();
    throw error;
  }
}

/** @throws Error for a pipe, which would keep whoever opens it waiting, a folder or a device */
function requirePlain(file: string): void {
  if (existsSync(file) && !statSync(file).isFile()) throw new Error(`${file} is no plain file`);
}

function versionOf(database: Database): number {
  return Number(database.get('PRAGMA user_version')?.['user_version']);
}

/** @throws NewerJournal */
function requireKnown(database: Database, file: string): void {
  const version = versionOf(database);
  if (version <= MIGRATIONS.length) return;
  throw new NewerJournal(
    `${file} was written by a newer crankback (version ${version}; this one knows ${MIGRATIONS.length}): use that one, or name another file`,
  );
}

function migrated(database: Database): Database {
  const version = versionOf(database);
  for (const [index, step] of MIGRATIONS.entries()) {
    if (index < version) continue;
    database.exec(`BEGIN; ${step}; PRAGMA user_version=${index + 1}; COMMIT`);
  }
  // A service that begins has no calls yet.
  database.exec('UPDATE figures_peaks SET last = 0 WHERE last != 0');
  return database;
}

/** What SQLite says of a file that is none of its own, or no longer; also when it is met later. */
export function isDamage(error: unknown): boolean {
  return error instanceof SQLite3Error && /malformed|not a database|corrupt/i.test(error.message);
}
