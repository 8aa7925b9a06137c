import { NotImportable } from '../draft';

/** Names of columns that the user gives. */
export interface NamedColumns {
  readonly prefix?: string;
  readonly trunk?: string;
  readonly rate?: string;
}

/** Where the columns of a prefix table are. */
export interface LcrColumns {
  readonly prefix: number;
  /** Absent: the file is one trunk's. */
  readonly trunk?: number;
  /** Absent: the order of the rows counts. */
  readonly rate?: number;
  /** Names of all others. */
  readonly ignored: readonly string[];
}

/** As rate sheets and tables call them, in lower case; the likeliest first. */
const USUAL = {
  prefix: [
    ...['prefix', 'digits', 'dial_prefix', 'dialprefix', 'dial code', 'dialcode', 'dial_code'],
    ...['destination prefix', 'dst_prefix', 'dst prefix', 'code', 'codes', 'pattern', 'area code'],
  ],
  trunk: [
    ...['trunk', 'trunks', 'carrier', 'carriers', 'carrier_name', 'provider', 'gateway', 'vendor'],
    ...['supplier', 'gw', 'gwid', 'gwlist', 'termination'],
  ],
  rate: [
    ...['rate', 'cost', 'price', 'rate_per_minute', 'rate per minute', 'lcr_rate', 'carrier_rate'],
    ...['price per minute', 'cost per minute', 'usd', 'eur', 'priority', 'preference'],
  ],
} as const;

/**
 * Finds the columns by the names that the first line gives them.
 * @throws NotImportable where there is no prefix, or a named one is not there
 */
export function columnsOf(file: string, heads: readonly string[], named: NamedColumns): LcrColumns {
  const plain = heads.map((head) => head.trim().toLowerCase());
  const find = (what: keyof typeof USUAL): number | undefined => {
    const name = named[what];
    if (name === undefined)
      return USUAL[what].map((usual) => plain.indexOf(usual)).find((at) => at >= 0);
    const at = plain.indexOf(name.trim().toLowerCase());
    if (at >= 0) return at;
    throw new NotImportable(`${file}:1: no column "${name}" (--${what}). ${columnsIn(heads)}`);
  };
  const [prefix, trunk, rate] = [find('prefix'), find('trunk'), find('rate')];
  if (prefix === undefined)
    throw new NotImportable(
      `${file}:1: no column with the prefix: name it by --prefix. ${columnsIn(heads)}`,
    );
  const used = new Set([prefix, trunk, rate]);
  const ignored = heads.filter((head, at) => !used.has(at) && head.trim() !== '');
  return {
    prefix,
    ...(trunk !== undefined && { trunk }),
    ...(rate !== undefined && { rate }),
    ignored,
  };
}

function columnsIn(heads: readonly string[]): string {
  const names = heads.slice(0, 30).map((head) => head.trim());
  return `Columns: ${names.join(', ')}`;
}
