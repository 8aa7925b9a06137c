import type { Database } from 'node-sqlite3-wasm';
import { instanceOf, present, type Row } from './row';

/** Which changes are asked for. Times are Unix time in milliseconds. */
export interface ChangesAsked {
  readonly since: number;
  readonly until: number;
  /** Only those of this trunk. */
  readonly trunk?: string | undefined;
  readonly limit: number;
}

/** Something that is no call: a trunk, the policy or the connection to a PBX is another than before. */
export type KeptChange =
  | (Happened & {
      readonly kind: 'trunk-changed';
      readonly trunk: string;
      readonly side: string;
      readonly from: string;
      readonly phase: string;
      /** Of the hold, as it was told. */
      readonly why?: string;
      readonly holdUntil?: number;
    })
  | (Happened & { readonly kind: 'policy-changed'; readonly hash: string; readonly file?: string })
  | (Happened & {
      readonly kind: 'pbx-connected' | 'pbx-gone';
      readonly pbx: string;
      readonly why?: string;
    });

interface Happened {
  readonly at: number;
  /** Name of another instance, or of this one in a fleet. */
  readonly instance?: string;
}

export interface ChangePage {
  /** The latest first. */
  readonly changes: readonly KeptChange[];
  /** There were more; these are the latest. */
  readonly more: boolean;
}

const TRUNKS = `SELECT at, trunk, side, from_phase, to_phase, ${instanceOf('trunk_changes')},
  CASE WHEN json_valid(detail) THEN json_extract(detail, '$.to.hold.why') END AS why,
  CASE WHEN json_valid(detail) THEN json_extract(detail, '$.to.hold.until') END AS hold_until
  FROM trunk_changes WHERE at >= ? AND at < ?`;
const POLICIES = `SELECT at, hash, ${instanceOf('policy_changes')},
  (SELECT file FROM policies p WHERE p.hash = policy_changes.hash) AS file
  FROM policy_changes WHERE at >= ? AND at < ?`;
const CONNECTIONS = `SELECT at, pbx, connected, why, ${instanceOf('connections')}
  FROM connections WHERE at >= ? AND at < ?`;

/** What changed in a period, the latest first. */
export function changesOf(
  database: Database,
  { since, until, trunk, limit }: ChangesAsked,
): ChangePage {
  const latest = (sql: string, ...more: string[]): Row[] =>
    database.all(`${sql} ORDER BY at DESC LIMIT ?`, [since, until, ...more, limit + 1]) as Row[];
  const found: KeptChange[] =
    trunk === undefined
      ? [
          ...latest(TRUNKS).map(trunkChange),
          ...latest(POLICIES).map(policyChange),
          ...latest(CONNECTIONS).map(connection),
        ]
      : latest(`${TRUNKS} AND trunk = ?`, trunk).map(trunkChange);
  found.sort((one, other) => other.at - one.at);
  return { changes: found.slice(0, limit), more: found.length > limit };
}

function trunkChange(row: Row): KeptChange {
  return {
    ...{ kind: 'trunk-changed', ...happened(row) },
    ...{ trunk: String(row['trunk']), side: String(row['side']) },
    ...{ from: String(row['from_phase']), phase: String(row['to_phase']) },
    ...present(row, { why: 'why', hold_until: 'holdUntil' }),
  };
}

function policyChange(row: Row): KeptChange {
  return {
    ...{ kind: 'policy-changed', ...happened(row), hash: String(row['hash']) },
    ...present(row, { file: 'file' }),
  };
}

function connection(row: Row): KeptChange {
  const kind = row['connected'] === 1 ? 'pbx-connected' : 'pbx-gone';
  return { kind, ...happened(row), pbx: String(row['pbx']), ...present(row, { why: 'why' }) };
}

function happened(row: Row): Happened {
  return { at: Number(row['at']), ...present(row, { instance_name: 'instance' }) };
}
