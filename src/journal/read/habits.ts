import type { Database } from 'node-sqlite3-wasm';
import { present, type Row } from './calls';

/** A period. Unix time in milliseconds. */
export interface HabitsAsked {
  readonly since: number;
  readonly until: number;
}

/** What trunks did in a period that a rule could be made of. */
export interface Habits extends HabitsAsked {
  /** Failed attempts before anything rang, by what was said; the most frequent first. */
  readonly refusals: readonly Refusal[];
  /** Trunks whose INVITEs were not answered in time. */
  readonly silences: readonly Silence[];
  /** How often each place of a policy decided, by the policy of then. */
  readonly rules: readonly RuleCount[];
  /** Attempts of each trunk. */
  readonly trunks: readonly { readonly trunk: string; readonly attempts: number }[];
  /** There were more calls; these are the latest. */
  readonly more: boolean;
}

export interface Refusal {
  readonly trunk: string;
  readonly class: string;
  readonly fault: string;
  readonly sip?: number;
  readonly count: number;
  /** It was the call's last attempt, and nobody took the call. */
  readonly ended: number;
  /** The call went on to another trunk. */
  readonly retried: number;
  /** Of these, the next trunk answered. */
  readonly saved: number;
  /** From the refusal to the next trunk's answer, on the average. Milliseconds. */
  readonly savedAfterMs?: number;
  /** Ids of hunts that ended so, the latest. */
  readonly examples: readonly string[];
}

export interface Silence {
  readonly trunk: string;
  readonly count: number;
  /** How long callers waited for it, all together. Milliseconds. */
  readonly waitedMs: number;
  /** Callers who had left by its end or soon after. */
  readonly left: number;
  /** Of the attempts with a response, the longest wait for the first one but for one in a hundred. Milliseconds. */
  readonly usualMs?: number;
}

export interface RuleCount {
  readonly policy: string;
  readonly file: string;
  readonly line: number;
  readonly count: number;
}

const MOST_CALLS = 20_000;
const MOST_GROUPS = 100;
const MOST_EXAMPLES = 3;

/** The latest calls of the period. Takes since, until, how many. */
const CALLS = `WITH calls AS (SELECT row, id, policy, answered_at, ended_at FROM hunts
  WHERE started_at >= ? AND started_at < ? ORDER BY started_at DESC LIMIT ?)`;
/** Each attempt of these with the one after it. */
const STEPS = `${CALLS}, steps AS (SELECT a.*, c.id AS id, c.answered_at AS call_answered_at, c.ended_at AS call_ended_at,
  lead(a.trunk) OVER of_call AS next_trunk, lead(a.answered) OVER of_call AS next_answered,
  lead(coalesce(a.answered_at, a.ended_at)) OVER of_call AS next_at
  FROM calls c JOIN attempts a ON a.hunt = c.row WINDOW of_call AS (PARTITION BY a.hunt ORDER BY a.row))`;

/** @param most calls that are read at most */
export function habitsOf(
  database: Database,
  { since, until }: HabitsAsked,
  most = MOST_CALLS,
): Habits {
  const asked = [since, until, most];
  const all = (sql: string, ...more: number[]) => database.all(sql, [...asked, ...more]) as Row[];
  const [sum] = all(`${CALLS} SELECT count(*) AS n FROM calls`);
  return {
    ...{ since, until, more: Number(sum?.['n'] ?? 0) === most },
    refusals: refusalsIn(all),
    silences: silencesIn(all),
    rules: all(
      `${CALLS} SELECT c.policy AS policy, d.rule_file AS file, d.rule_line AS line, count(*) AS count FROM calls c JOIN decisions d ON d.hunt = c.row WHERE d.rule_line IS NOT NULL AND c.policy IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 10000`,
    ).map((row) => ({
      ...{ policy: String(row['policy']), file: String(row['file']) },
      ...{ line: Number(row['line']), count: Number(row['count']) },
    })),
    trunks: all(`${STEPS} SELECT trunk, count(*) AS n FROM steps GROUP BY 1 ORDER BY 2 DESC LIMIT 10000`).map(
      (row) => ({ trunk: String(row['trunk']), attempts: Number(row['n']) }),
    ),
  };
}

function refusalsIn(all: (sql: string, ...more: number[]) => Row[]): readonly Refusal[] {
  const KIND = 'trunk, class, fault, sip';
  const OF = 'FROM steps WHERE answered = 0 AND class IS NOT NULL AND rang = 0';
  const ENDED = 'next_trunk IS NULL AND call_answered_at IS NULL';
  const RETRIED = 'next_trunk IS NOT NULL AND next_trunk <> trunk';
  const groups = all(
    `${STEPS} SELECT ${KIND}, count(*) AS count, sum(${ENDED}) AS ended, sum(${RETRIED}) AS retried,
      sum(${RETRIED} AND next_answered = 1) AS saved,
      avg(CASE WHEN ${RETRIED} AND next_answered = 1 THEN next_at - ended_at END) AS saved_after
      ${OF} GROUP BY ${KIND} ORDER BY count(*) DESC LIMIT ?`,
    MOST_GROUPS,
  );
  const examples = all(
    `${STEPS} SELECT * FROM (SELECT ${KIND}, id, row_number() OVER (PARTITION BY ${KIND} ORDER BY row DESC) AS nth ${OF} AND ${ENDED}) WHERE nth <= ?`,
    MOST_EXAMPLES,
  );
  return groups.map((row) => {
    const after = row['saved_after'];
    return {
      ...{ trunk: String(row['trunk']), class: String(row['class']), fault: String(row['fault']) },
      ...present(row, { sip: 'sip' }),
      ...{ count: Number(row['count']), ended: Number(row['ended']) },
      ...{ retried: Number(row['retried']), saved: Number(row['saved']) },
      ...(after !== null && { savedAfterMs: Math.round(Number(after)) }),
      examples: examples
        .filter((one) => ['trunk', 'class', 'fault', 'sip'].every((name) => one[name] === row[name]))
        .map((one) => String(one['id'])),
    };
  });
}

function silencesIn(all: (sql: string, ...more: number[]) => Row[]): readonly Silence[] {
  const usual = all(
    `${STEPS} SELECT trunk, max(wait) AS usual FROM (SELECT trunk, first_response_at - invited_at AS wait,
      percent_rank() OVER (PARTITION BY trunk ORDER BY first_response_at - invited_at) AS rank
      FROM steps WHERE first_response_at IS NOT NULL) WHERE rank <= 0.99 GROUP BY trunk`,
  );
  const usualOf = new Map(usual.map((row) => [String(row['trunk']), Number(row['usual'])]));
  return all(
    `${STEPS} SELECT trunk, count(*) AS count, sum(ended_at - began_at) AS waited,
      sum(call_answered_at IS NULL AND call_ended_at <= ended_at + 1000) AS gone
      FROM steps WHERE class = 'trunk-timeout' AND ended_at IS NOT NULL GROUP BY trunk ORDER BY 2 DESC LIMIT ?`,
    MOST_GROUPS,
  ).map((row) => {
    const trunk = String(row['trunk']);
    const usualMs = usualOf.get(trunk);
    return {
      ...{ trunk, count: Number(row['count']), waitedMs: Number(row['waited']) },
      left: Number(row['gone'] ?? 0),
      ...(usualMs !== undefined && { usualMs }),
    };
  });
}
