import type { Position } from '../../policy/policy-data';
import type { RouteTable } from '../../policy/policy-data';

/** What the policy file says of a route table. */
export interface TableSpec {
  /** Where it is named. */
  readonly at: Position;
  /** As the policy file names it. */
  readonly named: string;
  /** Its path: relative to the folder of the policy file. */
  readonly file: string;
  readonly shared: RouteTable['shared'];
  readonly columns: TableColumns;
}

/** Names of the columns that are read; any other is ignored. */
export interface TableColumns {
  readonly prefix: string;
  readonly trunks:
    | { readonly kind: 'preference'; readonly columns: readonly string[] }
    /** A column for each trunk; the cheapest first, empty where it does not take these numbers. */
    | { readonly kind: 'cost'; readonly of: Readonly<Record<string, string>> };
}
