import type { Database } from 'node-sqlite3-wasm';
import { instanceOf, present, type Row } from './row';

/** Instances whose calls the journal has, and the PBXes that they were connected to. Times are Unix time in milliseconds. */
export interface Members {
  /** This one first. */
  readonly instances: readonly {
    /** Empty where no fleet is set. */
    readonly name: string;
    readonly own: boolean;
    /** When it last told something; absent for this one. */
    readonly heardAt?: number;
  }[];
  readonly pbxes: readonly {
    readonly pbx: string;
    readonly instance?: string;
    readonly connected: boolean;
    readonly since: number;
    readonly why?: string;
  }[];
}

const MOST = 1_000;

/** The last that is known of each. */
export function membersOf(database: Database): Members {
  const instances = database.all('SELECT row, name, heard_at FROM instances ORDER BY row LIMIT ?', [
    MOST,
  ]) as Row[];
  const connections = database.all(
    `SELECT at, pbx, connected, why, ${instanceOf('connections')} FROM connections
     WHERE rowid IN (SELECT max(rowid) FROM connections GROUP BY instance, pbx) ORDER BY pbx, instance LIMIT ?`,
    [MOST],
  ) as Row[];
  return {
    instances: instances.map((row) => ({
      ...{ name: String(row['name']), own: row['row'] === 0 },
      ...(row['row'] !== 0 && { heardAt: Number(row['heard_at']) }),
    })),
    pbxes: connections.map((row) => ({
      ...{ pbx: String(row['pbx']), connected: row['connected'] === 1, since: Number(row['at']) },
      ...present(row, { instance_name: 'instance', why: 'why' }),
    })),
  };
}
