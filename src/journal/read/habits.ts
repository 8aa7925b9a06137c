import type { Database } from 'node-sqlite3-wasm';
import { present, type Row } from './calls';

/** A period. Unix time in milliseconds. */
export interface HabitsAsked {
  readonly since: number;
  readonly until: number;
}

/** What trunks did in a period that a line of the policy file could be made of. */
export interface Habits extends HabitsAsked {
  readonly calls: number;
  /** There were more calls; these are the latest. */
  readonly more: boolean;
  /** Attempts that failed before anything rang, by what was said; the most frequent first. */
  readonly refusals: readonly Refusal[];
  /** Attempts that were given up by a time-out, by trunk. */
  readonly silences: readonly Silence[];
  /** Calls that ended because a limit of theirs was reached. */
  readonly spent: readonly Spent[];
  /** Phrases that no list decided on; the most frequent first. */
  readonly phrases: readonly SaidPhrase[];
  /** How often each line of a policy file decided, by the policy of then. */
  readonly rules: readonly RuleCount[];
  /** Attempts of each trunk. */
  readonly trunks: readonly { readonly trunk: string; readonly attempts: number }[];
}

export interface Refusal {
  readonly trunk: string;
  readonly class: string;
  readonly fault: string;
  readonly sip?: number;
  readonly count: number;
  /** The call ended with it. */
  readonly ended: number;
  /** The call went on to another trunk at once. */
  readonly retried: number;
  /** Of these, the next trunk's attempt was answered. */
  readonly saved: number;
  /** From the refusal to that answer, on the average. Milliseconds; absent where none was saved. */
  readonly savedAfterMs?: number;
  /** How much longer callers waited for a next trunk that did not answer, on the average. Milliseconds. */
  readonly inVainMs?: number;
  /** Of the ended calls: the same caller dialled again within ten minutes, and got another trunk. */
  readonly redialled: number;
  /** Of these, the call was answered. */
  readonly redialSaved: number;
  /** Where they were answered: the trunk that answered most of them. */
  readonly savedBy?: string;
  /** Ids of hunts that ended with it, the latest. */
  readonly hunts: readonly string[];
}

export interface Silence {
  readonly trunk: string;
  /** `response`: not even a 100 came; `progress`: a response came, but no 18x. */
  readonly of: 'response' | 'progress';
  readonly count: number;
  /** How long callers waited for it, all together. Milliseconds. */
  readonly waitedMs: number;
  /** Callers who left within a second after it, unanswered. */
  readonly left: number;
  /** How long the trunk takes in 99 of 100 attempts that did not fail so. Milliseconds; absent where no time is known. */
  readonly usualMs?: number;
  /** Attempts with such a time. */
  readonly timed: number;
}

export interface Spent {
  readonly limit: 'time-spent' | 'attempts-spent';
  readonly calls: number;
  /** The hunt's age in 95 of 100 of these refusals. Milliseconds. */
  readonly ageMs: number;
  readonly hunts: readonly string[];
}

export interface SaidPhrase {
  readonly trunk: string;
  readonly sip: number;
  /** Untrusted text, as sent. */
  readonly phrase: string;
  readonly class: string;
  readonly count: number;
}

export interface RuleCount {
  /** Its hash. */
  readonly policy: string;
  readonly line: number;
  readonly count: number;
}

/** The latest calls say enough, and are read in little time. */
const MOST_CALLS = 5_000;
const MOST_GROUPS = 100;
const MOST_PHRASES = 500;
const MOST_ROWS = 10_000;
const MOST_EXAMPLES = 3;
/** Somebody who dials again later wants something else. Milliseconds. */
const REDIAL_MS = 600_000;

/** Takes since, until, and how many. */
const CALLS = `CREATE TEMP TABLE habit_calls AS SELECT row, id, policy, number, caller, started_at, answered_at, ended_at
  FROM hunts WHERE started_at >= ? AND started_at < ? ORDER BY started_at DESC LIMIT ?`;
/** Each attempt of these calls together with the one after it. CROSS JOIN: otherwise the whole journal is scanned. */
const STEPS = `CREATE TEMP TABLE habit_steps AS SELECT a.row, a.trunk, a.class, a.fault, a.sip, a.phrase, a.rang, a.answered,
  a.began_at, a.ended_at, a.invited_at, a.first_response_at, a.rang_at,
  c.id, c.number, c.caller, c.started_at AS call_at, c.answered_at AS call_answered_at, c.ended_at AS call_ended_at,
  lead(a.trunk) OVER of_call AS next_trunk, lead(a.answered) OVER of_call AS next_answered,
  lead(coalesce(a.answered_at, a.ended_at)) OVER of_call AS next_at
  FROM habit_calls c CROSS JOIN attempts a ON a.hunt = c.row WINDOW of_call AS (PARTITION BY a.hunt ORDER BY a.row)`;
const DROP = 'DROP TABLE IF EXISTS temp.habit_calls; DROP TABLE IF EXISTS temp.habit_steps';

/** @param most calls that are read at most */
export function habitsOf(
  database: Database,
  { since, until }: HabitsAsked,
  most = MOST_CALLS,
): Habits {
  // Read once: to look them up takes most of the time.
  database.exec(`PRAGMA temp_store = MEMORY; ${DROP}`);
  try {
    database.run(CALLS, [since, until, most]);
    database.exec(STEPS);
    const all: Reading = (sql, ...values) => database.all(sql, values) as Row[];
    const [sum] = all('SELECT count(*) AS n FROM habit_calls');
    const calls = Number(sum?.['n'] ?? 0);
    return {
      ...{ since, until, calls, more: calls === most },
      ...{ refusals: refusalsIn(all), silences: silencesIn(all), spent: spentIn(all) },
      ...{ phrases: phrasesIn(all), rules: rulesIn(all), trunks: trunksIn(all) },
    };
  } finally {
    database.exec(DROP);
  }
}

type Reading = (sql: string, ...values: (number | string)[]) => Row[];

const KIND = 'trunk, class, fault, sip';
const REFUSED = 'FROM habit_steps s WHERE answered = 0 AND class IS NOT NULL AND rang = 0';
const ENDED = 'next_trunk IS NULL AND call_answered_at IS NULL';
const RETRIED = 'next_trunk <> trunk';

function refusalsIn(all: Reading): readonly Refusal[] {
  const groups = all(
    `SELECT ${KIND}, count(*) AS count, sum(${ENDED}) AS ended, total(${RETRIED}) AS retried,
      total(${RETRIED} AND next_answered = 1) AS saved,
      avg(CASE WHEN ${RETRIED} AND next_answered = 1 THEN next_at - ended_at END) AS saved_after,
      avg(CASE WHEN ${RETRIED} AND next_answered = 0 THEN next_at - ended_at END) AS in_vain
      ${REFUSED} GROUP BY ${KIND} ORDER BY count(*) DESC, ${KIND} LIMIT ?`,
    MOST_GROUPS,
  );
  // A masked number has stars within it, and is that of many.
  const redials = all(
    `SELECT ${KIND}, count(*) AS redialled, sum(answered) AS saved FROM (
      SELECT ${KIND}, (SELECT h.answered_at IS NOT NULL FROM hunts h WHERE h.number = s.number AND h.caller IS s.caller
        AND h.started_at > s.call_at AND h.started_at <= s.call_at + ${REDIAL_MS} AND h.trunk <> s.trunk
        ORDER BY h.started_at LIMIT 1) AS answered
      ${REFUSED} AND ${ENDED} AND number NOT LIKE '%*%'
    ) WHERE answered IS NOT NULL GROUP BY ${KIND}`,
  );
  const savers = all(
    `SELECT ${KIND}, next_trunk AS saved_by, count(*) AS n ${REFUSED} AND ${RETRIED} AND next_answered = 1 GROUP BY ${KIND}, next_trunk ORDER BY n DESC, next_trunk`,
  );
  const hunts = all(
    `SELECT * FROM (SELECT ${KIND}, id, row, row_number() OVER (PARTITION BY ${KIND} ORDER BY row DESC) AS nth ${REFUSED} AND ${ENDED}) WHERE nth <= ? ORDER BY row DESC`,
    MOST_EXAMPLES,
  );
  const isOf = (kind: Row) => (one: Row) =>
    ['trunk', 'class', 'fault', 'sip'].every((name) => one[name] === kind[name]);
  return groups.map((row) => {
    const redial = redials.find(isOf(row));
    const savedBy = savers.find(isOf(row))?.['saved_by'];
    return {
      ...{ trunk: String(row['trunk']), class: String(row['class']), fault: String(row['fault']) },
      ...present(row, { sip: 'sip' }),
      ...{ count: Number(row['count']), ended: Number(row['ended']) },
      ...{ retried: Number(row['retried']), saved: Number(row['saved']) },
      ...rounded(row, { saved_after: 'savedAfterMs', in_vain: 'inVainMs' }),
      redialled: Number(redial?.['redialled'] ?? 0),
      redialSaved: Number(redial?.['saved'] ?? 0),
      ...(typeof savedBy === 'string' && { savedBy }),
      hunts: hunts.filter(isOf(row)).map(({ id }) => String(id)),
    };
  });
}

function rounded<Name extends string>(
  row: Row,
  names: Readonly<Record<string, Name>>,
): Partial<Record<Name, number>> {
  const known = Object.entries(names).filter(([column]) => row[column] !== null);
  return Object.fromEntries(
    known.map(([column, name]) => [name, Math.round(Number(row[column]))]),
  ) as Partial<Record<Name, number>>;
}

function silencesIn(all: Reading): readonly Silence[] {
  return (['response', 'progress'] as const).flatMap((of) => {
    const [at, silent] =
      of === 'response'
        ? ['first_response_at', 'first_response_at IS NULL']
        : ['rang_at', 'first_response_at IS NOT NULL AND rang_at IS NULL'];
    const usual = all(
      `SELECT trunk, max(wait) AS usual, max(n) AS n FROM (SELECT trunk, ${at} - invited_at AS wait,
        count(*) OVER (PARTITION BY trunk) AS n,
        row_number() OVER (PARTITION BY trunk ORDER BY ${at} - invited_at) AS nth
        FROM habit_steps WHERE ${at} IS NOT NULL AND invited_at IS NOT NULL) WHERE nth <= max(1, n * 99 / 100) GROUP BY trunk`,
    );
    return all(
      `SELECT trunk, count(*) AS count, sum(ended_at - began_at) AS waited,
        total(call_answered_at IS NULL AND call_ended_at <= ended_at + 1000) AS gone
        FROM habit_steps WHERE class = 'trunk-timeout' AND sip IS NULL AND ended_at IS NOT NULL AND ${silent}
        GROUP BY trunk ORDER BY 3 DESC, trunk LIMIT ?`,
      MOST_GROUPS,
    ).map((row): Silence => {
      const known = usual.find(({ trunk }) => trunk === row['trunk']);
      return {
        ...{ trunk: String(row['trunk']), of, count: Number(row['count']) },
        ...{ waitedMs: Number(row['waited']), left: Number(row['gone']) },
        ...(known && { usualMs: Number(known['usual']) }),
        timed: Number(known?.['n'] ?? 0),
      };
    });
  });
}

function spentIn(all: Reading): readonly Spent[] {
  const rows = all(
    `SELECT refused, count(*) AS calls, max(CASE WHEN nth <= max(1, n * 95 / 100) THEN age END) AS age,
      group_concat(CASE WHEN n - nth < 3 THEN id END, ' ') AS hunts FROM (
      SELECT id, age, refused, count(*) OVER (PARTITION BY refused) AS n, row_number() OVER (PARTITION BY refused ORDER BY age, id) AS nth FROM (
        SELECT c.id AS id, d.at - c.started_at AS age, r.value AS refused
        FROM habit_calls c JOIN decisions d ON d.hunt = c.row, json_each(d.detail, '$.decision.refused') r
        WHERE d.outcome <> 'dial' AND c.answered_at IS NULL
      ) WHERE refused IN ('time-spent', 'attempts-spent')
    ) GROUP BY refused ORDER BY 2 DESC`,
  );
  return rows.map((row) => ({
    limit: row['refused'] as Spent['limit'],
    ...{ calls: Number(row['calls']), ageMs: Number(row['age']) },
    hunts: String(row['hunts'] ?? '').split(' '),
  }));
}

function phrasesIn(all: Reading): readonly SaidPhrase[] {
  return all(
    `SELECT s.trunk, s.sip, s.phrase, s.class, count(*) AS n FROM habit_steps s JOIN attempts a ON a.row = s.row
      WHERE s.answered = 0 AND s.phrase IS NOT NULL AND s.sip IS NOT NULL AND s.class IS NOT NULL
      AND json_extract(a.detail, '$.origin') = 'far' AND json_extract(a.detail, '$.decidedBy.by') IS NOT 'phrase'
      GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 2, 3 LIMIT ?`,
    MOST_PHRASES,
  ).map((row) => ({
    ...{ trunk: String(row['trunk']), sip: Number(row['sip']), phrase: String(row['phrase']) },
    ...{ class: String(row['class']), count: Number(row['n']) },
  }));
}

function rulesIn(all: Reading): readonly RuleCount[] {
  return all(
    `SELECT c.policy AS policy, d.rule_line AS line, count(*) AS count FROM habit_calls c JOIN decisions d ON d.hunt = c.row
      WHERE d.rule_line IS NOT NULL AND c.policy IS NOT NULL AND d.rule_file NOT LIKE 'built-in/%'
      GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ?`,
    MOST_ROWS,
  ).map((row) => ({
    ...{ policy: String(row['policy']), line: Number(row['line']), count: Number(row['count']) },
  }));
}

function trunksIn(all: Reading): Habits['trunks'] {
  return all(
    'SELECT trunk, count(*) AS n FROM habit_steps GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?',
    MOST_ROWS,
  ).map((row) => ({ trunk: String(row['trunk']), attempts: Number(row['n']) }));
}
