import type { Database } from 'node-sqlite3-wasm';
import type { LegTimes } from '../../model/leg-times';
import { callRow, instanceOf, present, type CallRow, type Row } from './calls';

/** Everything about one call, for its ladder. */
export interface WholeCall extends CallRow {
  readonly leg: string;
  /** SIP Call-ID of leg A. */
  readonly callerCallId?: string;
  readonly context?: string;
  /** In the order in which it happened. */
  readonly legs: readonly AttemptRow[];
  readonly decisions: readonly DecisionRow[];
  /** Every policy that decided. */
  readonly policies: readonly PolicyText[];
}

export interface PolicyText {
  readonly hash: string;
  readonly file: string;
  /** Of the file; absent where it could not be read in time. */
  readonly lines?: readonly string[];
}

export interface AttemptRow {
  readonly trunk: string;
  /** Unix time in milliseconds. */
  readonly beganAt: number;
  readonly endedAt?: number;
  readonly answered: boolean;
  /** Answered after it had been given up. */
  readonly late: boolean;
  /** As far as they are known; absent if nothing was told of the leg. */
  readonly times?: LegTimes;
  /** The failure, as it was told. */
  readonly failure?: unknown;
}

export interface DecisionRow {
  /** Unix time in milliseconds. */
  readonly at: number;
  readonly on: string;
  /** Why the PBX did not carry it out. */
  readonly notCarriedOut?: string;
  /** `decision`, `passedOver`, `inputs`, `planned`, `degraded` of the event. */
  readonly detail: unknown;
}

/** A hunt by its id, by the Call-ID of one of its legs, or the latest one to a number as the journal has it. */
export interface WantedCall {
  readonly id: string;
  readonly number: string;
  /** Only of the instance of this name. */
  readonly instance?: string | undefined;
}

const CALL = `SELECT *, ${instanceOf('hunts')} FROM hunts`;
const BY_CALL_ID = `${CALL} WHERE row IN (
  SELECT hunt FROM attempts WHERE call_id = ? AND hunt IS NOT NULL
  UNION SELECT row FROM hunts WHERE call_id IN (?, ?)
)`;

/** @returns undefined where the journal has no such call */
export function callOf(
  database: Database,
  { id, number, instance }: WantedCall,
): WholeCall | undefined {
  const here =
    instance === undefined ? '' : 'AND instance IN (SELECT row FROM instances WHERE name = ?)';
  const of = instance === undefined ? [] : [instance];
  const byId = `${CALL} WHERE id = ? ${here} ORDER BY row DESC LIMIT 1`;
  const byNumber = `${CALL} WHERE number = ? ${here} ORDER BY started_at DESC LIMIT 1`;
  const hunt = (database.get(byId, [id, ...of]) ??
    database.get(`${BY_CALL_ID} ${here} ORDER BY row DESC LIMIT 1`, [id, id, number, ...of]) ??
    database.get(byNumber, [number, ...of])) as Row | null;
  if (!hunt) return undefined;
  const decisions = (
    database.all('SELECT * FROM decisions WHERE hunt = ? ORDER BY row', [
      Number(hunt['row']),
    ]) as Row[]
  ).map(decisionRow);
  const attempts = database.all('SELECT * FROM attempts WHERE hunt = ? ORDER BY row', [
    Number(hunt['row']),
  ]) as Row[];
  const hashes = new Set([hunt['policy'], ...decisions.map(hashOf)]);
  const policies = [...hashes].flatMap((hash) => policyOf(database, hash) ?? []);
  return {
    ...callRow(hunt),
    leg: String(hunt['leg']),
    ...present(hunt, { context: 'context', call_id: 'callerCallId' }),
    legs: attempts.map(attemptRow),
    decisions,
    policies,
  };
}

/** A policy that was in force, by its hash. */
export function policyOf(database: Database, hash: unknown): PolicyText | undefined {
  if (typeof hash !== 'string') return undefined;
  const row = database.get('SELECT hash, file, text FROM policies WHERE hash = ?', [
    hash,
  ]) as Row | null;
  if (!row) return undefined;
  const text = row['text'];
  const lines = typeof text === 'string' ? { lines: text.split(/\r?\n/) } : {};
  return { hash, file: String(row['file']), ...lines };
}

function attemptRow(row: Row): AttemptRow {
  const detail = row['detail'];
  return {
    trunk: String(row['trunk']),
    beganAt: Number(row['began_at']),
    ...present(row, { ended_at: 'endedAt' }),
    answered: row['answered'] === 1,
    late: row['late'] === 1,
    ...timesOf(row),
    ...(typeof detail === 'string' && { failure: JSON.parse(detail) as unknown }),
  };
}

/** Of a row of `attempts`. */
export function timesOf(row: Row): { readonly times?: LegTimes } {
  const { leg, invited_at: invitedAt, codecs } = row;
  if (typeof leg !== 'string' || invitedAt === null) return {};
  const times = {
    id: leg,
    invitedAt: Number(invitedAt),
    ...present(row, { call_id: 'callId', first_response_at: 'firstResponseAt', rang_at: 'rangAt' }),
    ...present(row, { answered_at: 'answeredAt', over_at: 'endedAt', local: 'local', far: 'far' }),
    ...(typeof codecs === 'string' && { codecs: JSON.parse(codecs) as string[] }),
  };
  return { times };
}

function decisionRow(row: Row): DecisionRow {
  return {
    at: Number(row['at']),
    on: String(row['source']),
    ...present(row, { not_carried_out: 'notCarriedOut' }),
    detail: JSON.parse(String(row['detail'])) as unknown,
  };
}

function hashOf({ detail }: DecisionRow): string | undefined {
  return (detail as { inputs?: { policyHash?: string } }).inputs?.policyHash;
}
