import type { Database } from 'node-sqlite3-wasm';
import type { Row } from './row';

/** Whose rules are asked for. Times are Unix time in milliseconds. */
export interface RulesAsked {
  /** Hash of the policy with which the calls began. */
  readonly policy: string;
  readonly since: number;
  readonly until: number;
}

export interface RulesUsed {
  readonly calls: number;
  /** There were more calls; these are the latest. */
  readonly more: boolean;
  /** In the order of the files and their lines. */
  readonly rules: readonly RuleUse[];
}

/** What a rule did. */
export interface RuleUse {
  readonly file: string;
  readonly line: number;
  /** Decisions. */
  readonly matched: number;
  readonly calls: number;
  /** Of these calls: a later attempt or the mailbox took what an earlier one had refused. */
  readonly saved: number;
}

/** So many calls say enough, and are counted in little time. */
const MOST_CALLS = 20_000;
const MOST_RULES = 2_000;

/** How often each rule of a policy decided, and what became of its calls. */
export function rulesOf(
  database: Database,
  { policy, since, until }: RulesAsked,
  most = MOST_CALLS,
): RulesUsed {
  const asked = [since, until, policy, most];
  const CALLS = `SELECT row, failures > 0 AND fell_back = 0 AND (answered_at IS NOT NULL OR outcome = 'voicemail') AS saved
    FROM hunts WHERE started_at >= ? AND started_at < ? AND policy = ? ORDER BY started_at DESC LIMIT ?`;
  const counted = database.get(`SELECT count(*) AS n FROM (${CALLS})`, asked);
  const calls = Number(counted?.['n'] ?? 0);
  const rows = database.all(
    `WITH c AS (${CALLS}),
       d AS (SELECT hunt, rule_file, rule_line, count(*) AS n FROM decisions
         WHERE hunt IN (SELECT row FROM c) AND rule_line IS NOT NULL GROUP BY 1, 2, 3)
     SELECT rule_file, rule_line, sum(n) AS matched, count(*) AS calls, sum(saved) AS saved
     FROM d JOIN c ON c.row = d.hunt GROUP BY 1, 2 ORDER BY 1, 2 LIMIT ?`,
    [...asked, MOST_RULES],
  ) as Row[];
  return {
    ...{ calls, more: calls === most },
    rules: rows.map((row) => ({
      ...{ file: String(row['rule_file']), line: Number(row['rule_line']) },
      ...{ matched: Number(row['matched']), calls: Number(row['calls']) },
      saved: Number(row['saved']),
    })),
  };
}
