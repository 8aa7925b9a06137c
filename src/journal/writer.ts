import type { Database, Statement } from 'node-sqlite3-wasm';
import { CallsInUse } from '../figures/calls-in-use';
import { HOUR_MS } from './figures/settle';
import type {
  AttemptEndEntry,
  DecisionEntry,
  FailureColumns,
  JournalEntry,
  ObservedCallEntry,
  PolicyEntry,
  TimedEntry,
} from './entry';

/** Row of the instance that has the journal; see `instances` in the schema. */
export const OWN = 0;

type Value = string | number | null;

/** Writes entries into an open journal; a batch is kept whole or not at all. */
export class JournalWriter {
  private readonly statements = new Map<string, Statement>();
  private readonly inUse = new CallsInUse();

  /** Of this instance, which no other one's call can be taken for. */
  private readonly here: string;
  /** Takes the PBX and the hunt's id. */
  private readonly hunt: string;

  /** @param origin row of the instance whose entries these are */
  constructor(
    private readonly database: Database,
    private readonly origin = OWN,
  ) {
    this.here = `instance = ${origin}`;
    this.hunt = `(SELECT row FROM hunts WHERE pbx = ? AND id = ? AND ${this.here})`;
  }

  /**
   * @param until with these, all that was told until then is written; Unix time in milliseconds
   * @throws SQLite3Error; nothing of the batch is kept then
   */
  write(entries: readonly JournalEntry[], until?: number): void {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      for (const entry of entries) {
        this.add(entry);
        this.inUse.seen(entry);
      }
      for (const { minute, trunk, most, last } of this.inUse.changed()) {
        this.run(PEAK, [minute, trunk, most, last]);
        this.run(PEAK_OF_HOUR, [Math.floor(minute / HOUR_MS) * HOUR_MS, trunk, most]);
      }
      if (until !== undefined) this.run('UPDATE kept SET until = ?', [until]);
      this.database.exec('COMMIT');
      this.inUse.kept();
    } catch (error) {
      // The statement that failed can be used no more.
      this.close();
      // A full disk has rolled back by itself.
      if (this.database.inTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  /** Before the database is closed. */
  close(): void {
    for (const statement of this.statements.values()) {
      try {
        statement.finalize();
      } catch {
        // It says again why it failed.
      }
    }
    this.statements.clear();
  }

  /** Of another instance, within a transaction. @throws SQLite3Error */
  add(entry: JournalEntry): void {
    switch (entry.kind) {
      case 'hunt':
        this.run(
          `INSERT OR IGNORE INTO hunts(instance, pbx, id, leg, call_id, number, policy, started_at, route) VALUES(${this.origin}, ${marks(8)})`,
          [
            ...[entry.pbx, entry.hunt, entry.leg, entry.callerCallId ?? null],
            ...[entry.number, entry.policy, entry.at, entry.route ?? null],
          ],
        );
        return;
      case 'decision':
        return this.decision(entry);
      case 'attempt-end':
        return this.attemptEnd(entry);
      case 'answered':
        return this.answered(entry);
      case 'timed':
        return this.timed(entry);
      case 'late-answer':
        this.run(
          `UPDATE attempts SET late = 1 WHERE row = (SELECT row FROM attempts WHERE hunt = ${this.hunt} AND trunk = ? ORDER BY row DESC LIMIT 1)`,
          [entry.pbx, entry.hunt ?? null, entry.trunk],
        );
        return;
      case 'observed': {
        const { failure } = entry;
        this.run(
          `INSERT INTO attempts(instance, pbx, trunk, number, leg, known, began_at, ended_at, answered, ${FAILURE}) VALUES(${this.origin}, ${marks(15)})`,
          [
            ...[entry.pbx, entry.trunk, entry.number, entry.legId ?? null],
            ...[entry.known ? 1 : 0, entry.at - entry.ms, entry.at],
            ...[failure ? 0 : 1, ...failureValues(failure)],
          ],
        );
        return;
      }
      case 'observed-call':
        return this.observedCall(entry);
      case 'not-carried-out':
        this.run(
          `UPDATE decisions SET not_carried_out = ? WHERE row = (SELECT max(row) FROM decisions WHERE hunt = ${this.hunt})`,
          [entry.why, entry.pbx, entry.hunt],
        );
        this.run(`UPDATE hunts SET fell_back = 1 WHERE pbx = ? AND id = ? AND ${this.here}`, [
          entry.pbx,
          entry.hunt,
        ]);
        return;
      case 'hunt-end':
        this.run(
          `UPDATE hunts SET ended_at = coalesce(ended_at, ?) WHERE pbx = ? AND id = ? AND ${this.here}`,
          [...[entry.at, entry.pbx, entry.hunt]],
        );
        return;
      case 'trunk':
        this.run(
          `INSERT INTO trunk_changes(instance, at, trunk, side, from_phase, to_phase, detail) VALUES(${this.origin}, ?, ?, ?, ?, ?, ?)`,
          [entry.at, entry.trunk, entry.side, entry.from, entry.to, entry.detail],
        );
        return;
      case 'policy':
        this.policy(entry);
        return;
      case 'connection':
        this.run(
          `INSERT INTO connections(instance, at, pbx, connected, why) VALUES(${this.origin}, ?, ?, ?, ?)`,
          [...[entry.at, entry.pbx, entry.connected ? 1 : 0, entry.why ?? null]],
        );
        return;
      case 'lost':
        this.run(`INSERT INTO losses(at, since, count, why) VALUES(?, ?, ?, ?)`, [
          ...[entry.at, entry.since ?? null, entry.count, entry.why],
        ]);
    }
  }

  private observedCall(entry: ObservedCallEntry): void {
    this.run(
      `INSERT OR IGNORE INTO observed_calls(instance, pbx, id, leg, call_id, number, caller, started_at, ended_at, answered, policy, verdict, trunk, class, sip, did_trunk, would, rule_file, rule_line, waited_ms, detail) VALUES(${this.origin}, ${marks(20)})`,
      [
        ...[entry.pbx, entry.call, entry.leg, entry.callerCallId ?? null, entry.number],
        ...[entry.caller ?? null, entry.startedAt, entry.at, entry.answered ? 1 : 0],
        ...[entry.policy, entry.verdict, entry.trunk, entry.class, entry.sip ?? null],
        ...[entry.didTrunk ?? null, entry.would, entry.ruleFile ?? null, entry.ruleLine ?? null],
        ...[entry.waitedMs ?? null, entry.detail],
      ],
    );
  }

  private policy({ at, hash, file, text }: PolicyEntry): void {
    const known = text instanceof Uint8Array ? Buffer.from(text).toString() : (text ?? null);
    const named = this.origin === OWN ? 'file = excluded.file, ' : '';
    this.run(
      `INSERT INTO policies(hash, file, text, first_at) VALUES(?, ?, ?, ?) ON CONFLICT DO UPDATE SET ${named}text = coalesce(text, excluded.text)`,
      [hash, file, known, at],
    );
    // Others say again now and then which one is in force.
    const isNew = `${this.origin} = ${OWN} OR ? IS NOT (SELECT hash FROM policy_changes WHERE ${this.here} ORDER BY at DESC, rowid DESC LIMIT 1)`;
    this.run(
      `INSERT INTO policy_changes(instance, at, hash) SELECT ${this.origin}, ?, ? WHERE ${isNew}`,
      [at, hash, hash],
    );
  }

  private decision(entry: DecisionEntry): void {
    const { at, pbx, hunt, on, outcome, trunk = null, sip = null } = entry;
    this.run(
      `INSERT INTO decisions(hunt, at, source, outcome, trunk, sip, rule_file, rule_line, detail) SELECT row, ${marks(8)} FROM hunts WHERE pbx = ? AND id = ? AND ${this.here}`,
      [
        ...[at, on, outcome, trunk, sip, entry.ruleFile ?? null, entry.ruleLine ?? null],
        ...[entry.detail, pbx, hunt],
      ],
    );
    this.run(
      `UPDATE hunts SET outcome = ?, trunk = coalesce(?, trunk), sip = ?, caller = coalesce(caller, ?), context = coalesce(context, ?) WHERE pbx = ? AND id = ? AND ${this.here}`,
      [outcome, trunk, sip, entry.caller ?? null, entry.context ?? null, pbx, hunt],
    );
    if (outcome !== 'dial' && outcome !== 'redirect') return;
    this.run(
      `INSERT INTO attempts(hunt, instance, pbx, trunk, began_at) SELECT row, instance, pbx, ?, ? FROM hunts WHERE pbx = ? AND id = ? AND ${this.here}`,
      [trunk, at, pbx, hunt],
    );
    this.run(`UPDATE hunts SET attempts = attempts + 1 WHERE pbx = ? AND id = ? AND ${this.here}`, [
      pbx,
      hunt,
    ]);
  }

  private attemptEnd(entry: AttemptEndEntry): void {
    const { at, pbx, hunt, trunk, completes, failure, seenBefore } = entry;
    const columns = FAILURE.split(', ').map((name) => `${name} = ?`);
    const which = completes ? 'ended_at IS NOT NULL' : 'ended_at IS NULL';
    const { changes } = this.run(
      `UPDATE attempts SET ended_at = coalesce(ended_at, ?), ${columns.join(', ')} WHERE row = (SELECT max(row) FROM attempts WHERE hunt = ${this.hunt} AND trunk = ? AND ${which})`,
      [at, ...failureValues(failure), pbx, hunt, trunk],
    );
    this.run(`UPDATE hunts SET class = ? WHERE pbx = ? AND id = ? AND ${this.here}`, [
      failure.class,
      pbx,
      hunt,
    ]);
    if (completes) return;
    this.run(`UPDATE hunts SET failures = failures + 1 WHERE pbx = ? AND id = ? AND ${this.here}`, [
      pbx,
      hunt,
    ]);
    // Begun before this journal was: by an earlier crankback, or by the user's own Dial().
    if (changes > 0) return;
    this.run(
      `INSERT INTO attempts(hunt, instance, pbx, trunk, began_at, ended_at, seen_before, ${FAILURE}) SELECT row, instance, pbx, ?, ?, ?, ?, ${marks(7)} FROM hunts WHERE pbx = ? AND id = ? AND ${this.here}`,
      [trunk, at, at, seenBefore ? 1 : null, ...failureValues(failure), pbx, hunt],
    );
    this.run(`UPDATE hunts SET attempts = attempts + 1 WHERE pbx = ? AND id = ? AND ${this.here}`, [
      pbx,
      hunt,
    ]);
  }

  private answered({
    at,
    pbx,
    hunt,
    trunk,
  }: { at: number } & Record<'pbx' | 'hunt' | 'trunk', string>): void {
    this.run(
      `UPDATE attempts SET answered = 1, ended_at = ? WHERE row = (SELECT max(row) FROM attempts WHERE hunt = ${this.hunt} AND trunk = ?)`,
      [at, pbx, hunt, trunk],
    );
    this.run(
      `UPDATE hunts SET answered_at = ?, outcome = 'answered' WHERE pbx = ? AND id = ? AND ${this.here}`,
      [...[at, pbx, hunt]],
    );
  }

  /**
   * Joins a leg to its attempt. In a hunt, legs end in the order of attempts, and only the last attempt can be
   * answered; several phones of one attempt are one row, that of the phone that answered.
   */
  private timed({ pbx, hunt, trunk, times }: TimedEntry): void {
    const { id, answeredAt, endedAt } = times;
    const latest = endedAt ?? answeredAt ?? times.invitedAt;
    const values = [
      ...[id, times.callId ?? null, times.invitedAt, times.firstResponseAt ?? null],
      ...[times.rangAt ?? null, answeredAt ?? null],
      answeredAt === undefined ? null : (endedAt ?? null),
      ...[times.local ?? null, times.far ?? null],
      times.codecs ? JSON.stringify(times.codecs) : null,
    ];
    if (hunt === undefined) {
      this.run(`${TIMES} WHERE pbx = ? AND leg = ? AND hunt IS NULL AND ${this.here}`, [
        ...values,
        pbx,
        id,
      ]);
      return;
    }
    const which = answeredAt === undefined ? 'leg IS NULL AND began_at <= ?' : 'began_at <= ?';
    const order = answeredAt === undefined ? 'row' : 'row DESC';
    this.run(
      `${TIMES} WHERE row = (SELECT row FROM attempts WHERE hunt = ${this.hunt} AND trunk = ? AND (leg = ? OR (${which})) ORDER BY leg IS NOT ?, ${order} LIMIT 1)`,
      [...values, pbx, hunt, trunk, id, latest, id],
    );
  }

  private run(sql: string, values: Value[]): { readonly changes: number } {
    let statement = this.statements.get(sql);
    if (!statement) {
      statement = this.database.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement.run(values);
  }
}

const PEAK =
  'INSERT INTO figures_peaks(minute, trunk, most, last) VALUES(?, ?, ?, ?) ON CONFLICT DO UPDATE SET most = max(most, excluded.most), last = excluded.last';
const PEAK_OF_HOUR =
  'INSERT INTO figures_peaks_hours(hour, trunk, most) VALUES(?, ?, ?) ON CONFLICT DO UPDATE SET most = max(most, excluded.most)';
const TIMES =
  'UPDATE attempts SET leg = ?, call_id = ?, invited_at = ?, first_response_at = ?, rang_at = ?, answered_at = ?, over_at = ?, local = ?, far = ?, codecs = ?';
const FAILURE = 'class, fault, sip, phrase, q850, rang, detail';

function failureValues(failure: FailureColumns | undefined): Value[] {
  if (!failure) return [null, null, null, null, null, null, null];
  const { class: name, fault, sip = null, phrase = null, q850 = null, rang, detail } = failure;
  return [name, fault, sip, phrase, q850, rang ? 1 : 0, detail];
}

function marks(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}
