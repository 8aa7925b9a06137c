import type { Database } from 'node-sqlite3-wasm';
import { policyOf, type PolicyText, type WantedCall } from './call';
import { present, type Row } from './calls';

/** Which calls of the user's own dialplan are asked for. Unix time in milliseconds. */
export interface ObservedAsked {
  readonly since: number;
  readonly until: number;
  /** Only calls whose verdict is about this trunk. */
  readonly trunk?: string | undefined;
}

/** Calls of the user's own dialplan beside the policy, those alike together. */
export interface ObservedCalls extends ObservedAsked {
  readonly calls: number;
  /** There were more; these are the latest. */
  readonly more: boolean;
  /** The most frequent first. */
  readonly groups: readonly ObservedGroup[];
}

export interface ObservedGroup {
  readonly verdict: string;
  /** The trunk that failed. */
  readonly trunk: string;
  readonly class: string;
  readonly sip?: number;
  /** The trunk that the dialplan dialled next; absent where the call ended. */
  readonly didTrunk?: string;
  /** What would have been decided. */
  readonly would: string;
  readonly ruleFile?: string;
  readonly ruleLine?: number;
  readonly calls: number;
  /** Of these, so many were answered in fact. */
  readonly answered: number;
  /** All together; absent but for a trunk that was waited for in vain. Milliseconds. */
  readonly waitedMs?: number;
  /** Ids of the latest. */
  readonly hunts: readonly string[];
}

/** One call of the user's own dialplan. */
export interface ObservedWhole {
  readonly call: string;
  readonly pbx: string;
  readonly leg: string;
  readonly callerCallId?: string;
  readonly number: string;
  readonly caller?: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly answered: boolean;
  readonly verdict: string;
  readonly waitedMs?: number;
  readonly steps: readonly unknown[];
  /** The policy that it was compared with, if it is known still. */
  readonly policy?: PolicyText;
}

/** The latest calls say enough, and are read in little time. */
const MOST_CALLS = 20_000;
const MOST_GROUPS = 500;
const MOST_EXAMPLES = 3;

const KIND = 'verdict, trunk, class, sip, did_trunk, would, rule_file, rule_line';

/** @param most calls that are read at most */
export function observedOf(
  database: Database,
  asked: ObservedAsked,
  most = MOST_CALLS,
): ObservedCalls {
  const { since, until, trunk = null } = asked;
  const calls = `WITH found AS (SELECT row, id, answered, waited_ms, ${KIND} FROM observed_calls
    WHERE started_at >= ? AND started_at < ? AND trunk = coalesce(?, trunk) ORDER BY started_at DESC LIMIT ?)`;
  const values = [since, until, trunk, most];
  const all = (sql: string, more: number) =>
    database.all(`${calls} ${sql}`, [...values, more]) as Row[];
  const groups = all(
    `SELECT ${KIND}, count(*) AS calls, sum(answered) AS answered, sum(waited_ms) AS waited_ms FROM found GROUP BY ${KIND} ORDER BY count(*) DESC, ${KIND} LIMIT ?`,
    MOST_GROUPS,
  );
  const examples = all(
    `SELECT * FROM (SELECT id, row, ${KIND}, row_number() OVER (PARTITION BY ${KIND} ORDER BY row DESC) AS nth FROM found) WHERE nth <= ? ORDER BY row DESC`,
    MOST_EXAMPLES,
  );
  const [sum] = all('SELECT count(*) AS n FROM found LIMIT ?', 1);
  const count = Number(sum?.['n'] ?? 0);
  const isOf = (group: Row) => (one: Row) =>
    KIND.split(', ').every((name) => one[name] === group[name]);
  return {
    ...{ since, until },
    ...(asked.trunk !== undefined && { trunk: asked.trunk }),
    ...{ calls: count, more: count === most },
    groups: groups.map((row) => ({
      ...{ verdict: String(row['verdict']), trunk: String(row['trunk']) },
      ...{ class: String(row['class']), would: String(row['would']) },
      ...present(row, { sip: 'sip', did_trunk: 'didTrunk', waited_ms: 'waitedMs' }),
      ...present(row, { rule_file: 'ruleFile', rule_line: 'ruleLine' }),
      ...{ calls: Number(row['calls']), answered: Number(row['answered']) },
      hunts: examples.filter(isOf(row)).map(({ id }) => String(id)),
    })),
  };
}

/** The latest call with this id, SIP Call-ID of leg A, or number. */
export function observedCall(
  database: Database,
  { id, number }: WantedCall,
): ObservedWhole | undefined {
  const get = (column: string, value: string) =>
    database.get(`SELECT * FROM observed_calls WHERE ${column} = ? ORDER BY row DESC LIMIT 1`, [
      value,
    ]) as Row | null;
  const row = get('id', id) ?? get('call_id', id) ?? get('number', number);
  if (!row) return undefined;
  const policy = policyOf(database, row['policy']);
  return {
    ...{ call: String(row['id']), pbx: String(row['pbx']), leg: String(row['leg']) },
    ...present(row, { call_id: 'callerCallId', caller: 'caller', waited_ms: 'waitedMs' }),
    ...{ number: String(row['number']), verdict: String(row['verdict']) },
    ...{ startedAt: Number(row['started_at']), endedAt: Number(row['ended_at']) },
    answered: row['answered'] === 1,
    steps: JSON.parse(String(row['detail'])) as unknown[],
    ...(policy && { policy }),
  };
}
