import { dirname, isAbsolute, join } from 'node:path';
import type { Path } from '../problems/problems';
import { isMap } from '../schema/parts';
import type { Source, YamlTree } from '../yaml/source';
import type * as TableReader from './read-table';

/** A table as the policy file names it, right or wrong in all else. */
export interface NamedTable {
  readonly file: string;
  readonly path: Path;
}

/** Where a table is that a policy file names. */
export function tablePath(policyFile: string, named: string): string {
  return isAbsolute(named) ? named : join(dirname(policyFile), named);
}

/** Loaded where a policy has a table: no other waits for the reader of CSV. */
export function tableReader(): typeof TableReader {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require('./read-table') as typeof TableReader;
}

/** Whether a text may name tables; most need not be read for it. */
export function mayNameTables({ text }: Source): boolean {
  return text.includes('routes_from');
}

/** The tables that a policy file names, each once. */
export function namedTables({ file }: Source, { value }: YamlTree): readonly NamedTable[] {
  const given = isMap(value) ? value['routes_from'] : undefined;
  const isList = Array.isArray(given);
  const entries: readonly unknown[] = isList ? given : [given];
  const found = new Map<string, NamedTable>();
  entries.forEach((entry, index) => {
    const above = ['routes_from', ...(isList ? [index] : [])];
    const written = isMap(entry) ? entry['file'] : entry;
    if (typeof written !== 'string' || written.trim() === '') return;
    const path = isMap(entry) ? [...above, 'file'] : above;
    const at = tablePath(file, written.trim());
    if (!found.has(at)) found.set(at, { file: at, path });
  });
  return [...found.values()];
}
