import type { Database } from 'node-sqlite3-wasm';
import type { LegTimes } from '../../model/leg-times';
import { HOUR_MS } from '../figures/settle';
import { timesOf } from './call';
import { present, type Row } from './calls';

/** A trunk, and a period. Unix time in milliseconds. */
export interface ReportAsked {
  readonly trunk: string;
  readonly since: number;
  readonly until: number;
}

/** What a trunk did in a period, and nothing of any other trunk. */
export interface TrunkReport extends ReportAsked {
  /** Attempts that have ended. */
  readonly attempts: number;
  readonly answered: number;
  /** There were more; these are the latest. */
  readonly more: boolean;
  /** Where there were more: when the first of these began. */
  readonly coveredSince?: number;
  /**
   * When the first attempt began that failed by the trunk's own fault and was followed by no answer; absent while it
   * answers. Where there were more attempts and none of these was answered, it may have been before.
   */
  readonly failingSince?: number;
  /** The most frequent first. */
  readonly failures: readonly FailureKind[];
  readonly hours: readonly Hour[];
  /** Answered after they had been given up, the latest first. */
  readonly late: readonly ReportedAttempt[];
  /** Our caller numbers that were refused for themselves, the most frequent first. */
  readonly blocked: readonly BlockedCaller[];
}

/** What the trunk said: status, phrase and class together. */
export interface FailureKind {
  readonly class: string;
  readonly sip?: number;
  readonly phrase?: string;
  readonly count: number;
  /** Unix time in milliseconds, as are all times here. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** The latest. */
  readonly examples: readonly ReportedAttempt[];
}

export interface Hour {
  /** Its begin. */
  readonly at: number;
  readonly attempts: number;
  readonly failures: number;
}

export interface ReportedAttempt {
  readonly beganAt: number;
  readonly endedAt?: number;
  readonly number?: string;
  readonly caller?: string;
  /** SIP Call-ID of leg A; only of a late answer, since it may be another carrier's. */
  readonly callerCallId?: string;
  readonly times?: LegTimes;
  /** The failure, as it was told; of a late answer perhaps none. */
  readonly failure?: unknown;
}

export interface BlockedCaller {
  readonly caller: string;
  readonly class: string;
  readonly sip?: number;
  readonly phrase?: string;
  readonly count: number;
  readonly lastAt: number;
  /** The latest failure, as it was told: it has where to complain, if the trunk said so. */
  readonly failure?: unknown;
}

/** The latest attempts say enough, and are read in little time. */
const MOST_ATTEMPTS = 10_000;
const MOST_KINDS = 50;
const MOST_EXAMPLES = 3;
const MOST_LATE = 100;
const MOST_BLOCKED = 100;

/** The latest ended attempts on the trunk, without what is long in them. Takes trunk, since, until, and how many. */
const ENDED = `SELECT row, hunt, began_at, answered, late, class, fault, sip, phrase FROM attempts
  WHERE trunk = ? AND began_at >= ? AND began_at < ? AND ended_at IS NOT NULL ORDER BY began_at DESC LIMIT ?`;
/** Some of them, whole, with what belongs to the call, whose number an attempt of its own lacks. Takes their rows. */
const whole = (rows: string): string =>
  `SELECT a.*, coalesce(a.number, h.number) AS dialled, h.caller AS caller, h.call_id AS caller_call_id
  FROM attempts a LEFT JOIN hunts h ON h.row = a.hunt WHERE a.row IN (${rows}) ORDER BY a.began_at DESC`;

/** @param most attempts that are read at most */
export function reportOf(
  database: Database,
  { trunk, since, until }: ReportAsked,
  most = MOST_ATTEMPTS,
): TrunkReport {
  // Read once: to look them up takes most of the time.
  database.exec('PRAGMA temp_store = MEMORY; DROP TABLE IF EXISTS temp.ended');
  database.run(`CREATE TEMP TABLE ended AS ${ENDED}`, [trunk, since, until, most]);
  try {
    return reportOfEnded(database, { trunk, since, until }, most);
  } finally {
    database.exec('DROP TABLE temp.ended');
  }
}

function reportOfEnded(database: Database, asked: ReportAsked, most: number): TrunkReport {
  const all = (sql: string, ...values: number[]) => database.all(sql, values) as Row[];
  const [sum = {}] = all(
    `SELECT count(*) AS n, min(began_at) AS covered_since, sum(answered) AS answered, (SELECT min(began_at) FROM ended
       WHERE answered = 0 AND fault = 'trunk' AND began_at > coalesce((SELECT max(began_at) FROM ended WHERE answered = 1), 0)
     ) AS failing_since FROM ended`,
  );
  const attempts = Number(sum['n'] ?? 0);
  return {
    ...asked,
    ...{ attempts, answered: Number(sum['answered'] ?? 0) },
    more: attempts === most,
    ...(attempts === most && present(sum, { covered_since: 'coveredSince' })),
    ...present(sum, { failing_since: 'failingSince' }),
    failures: failuresIn(all),
    hours: all(
      `SELECT began_at / ${HOUR_MS} * ${HOUR_MS} AS at, count(*) AS attempts, sum(answered = 0) AS failures FROM ended GROUP BY 1 ORDER BY 1`,
    ).map((row) => ({
      at: Number(row['at']),
      attempts: Number(row['attempts']),
      failures: Number(row['failures']),
    })),
    late: all(
      whole(`SELECT row FROM ended WHERE late = 1 ORDER BY began_at DESC LIMIT ?`),
      MOST_LATE,
    ).map((row) => ({ ...attemptOf(row), ...present(row, { caller_call_id: 'callerCallId' }) })),
    blocked: all(
      // Its other columns are those of the latest.
      `SELECT f.*, a.detail FROM (
        SELECT h.caller, e.class, e.sip, e.phrase, count(*) AS count, max(e.began_at) AS last_at, e.row AS latest
        FROM ended e JOIN hunts h ON h.row = e.hunt
        WHERE e.class IN ('blocked', 'caller-id-rejected') AND h.caller IS NOT NULL
        GROUP BY h.caller, e.class, e.sip, e.phrase ORDER BY count(*) DESC, h.caller LIMIT ?
      ) f JOIN attempts a ON a.row = f.latest ORDER BY f.count DESC, f.caller`,
      MOST_BLOCKED,
    ).map((row) => ({
      ...{ caller: String(row['caller']), class: String(row['class']) },
      ...present(row, { sip: 'sip', phrase: 'phrase' }),
      ...{ count: Number(row['count']), lastAt: Number(row['last_at']) },
      ...failureIn(row),
    })),
  };
}

function failuresIn(all: (sql: string, ...more: number[]) => Row[]): readonly FailureKind[] {
  const KIND = 'class, sip, phrase';
  const FAILED = `FROM ended WHERE answered = 0 AND class IS NOT NULL`;
  const kinds = all(
    `SELECT ${KIND}, count(*) AS count, min(began_at) AS first_at, max(began_at) AS last_at ${FAILED} GROUP BY ${KIND} ORDER BY count(*) DESC, max(began_at) DESC LIMIT ?`,
    MOST_KINDS,
  );
  const examples = all(
    whole(
      `SELECT row FROM (SELECT row, row_number() OVER (PARTITION BY ${KIND} ORDER BY began_at DESC) AS nth ${FAILED}) WHERE nth <= ?`,
    ),
    MOST_EXAMPLES,
  );
  const isOf = (kind: Row) => (one: Row) =>
    ['class', 'sip', 'phrase'].every((name) => one[name] === kind[name]);
  return kinds.map((row) => ({
    class: String(row['class']),
    ...present(row, { sip: 'sip', phrase: 'phrase' }),
    ...{ count: Number(row['count']), firstAt: Number(row['first_at']) },
    lastAt: Number(row['last_at']),
    examples: examples.filter(isOf(row)).map((one) => attemptOf(one)),
  }));
}

function attemptOf(row: Row): ReportedAttempt {
  return {
    beganAt: Number(row['began_at']),
    ...present(row, { ended_at: 'endedAt', dialled: 'number', caller: 'caller' }),
    ...timesOf(row),
    ...failureIn(row),
  };
}

function failureIn({ detail }: Row): { readonly failure?: unknown } {
  return typeof detail === 'string' ? { failure: JSON.parse(detail) as unknown } : {};
}
