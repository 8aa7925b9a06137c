/**
 * The journal's tables, as the steps that lead to them: step N makes version N (`PRAGMA user_version`). A step that
 * was published never changes. Times are Unix time in milliseconds; `detail` is JSON.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE hunts(
    row INTEGER PRIMARY KEY,
    pbx TEXT NOT NULL,
    id TEXT NOT NULL,
    leg TEXT NOT NULL,
    number TEXT NOT NULL,
    caller TEXT,
    context TEXT,
    policy TEXT,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    -- dial, voicemail, relay … of the last decision; answered, fallback once that is known
    outcome TEXT,
    trunk TEXT,
    sip INTEGER,
    class TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    answered_at INTEGER,
    fell_back INTEGER NOT NULL DEFAULT 0
  );
  CREATE UNIQUE INDEX hunts_id ON hunts(id, pbx);
  CREATE INDEX hunts_started ON hunts(started_at);
  CREATE INDEX hunts_number ON hunts(number, started_at);
  CREATE INDEX hunts_caller ON hunts(caller, started_at) WHERE caller IS NOT NULL;
  CREATE INDEX hunts_failed ON hunts(started_at) WHERE failures > 0;
  CREATE INDEX hunts_fell_back ON hunts(started_at) WHERE fell_back = 1;

  CREATE TABLE attempts(
    row INTEGER PRIMARY KEY,
    -- null where the user's own dialplan made it
    hunt INTEGER,
    pbx TEXT NOT NULL,
    trunk TEXT NOT NULL,
    number TEXT,
    began_at INTEGER NOT NULL,
    ended_at INTEGER,
    answered INTEGER NOT NULL DEFAULT 0,
    late INTEGER NOT NULL DEFAULT 0,
    sip INTEGER,
    phrase TEXT,
    q850 INTEGER,
    class TEXT,
    fault TEXT,
    rang INTEGER,
    detail TEXT
  );
  CREATE INDEX attempts_hunt ON attempts(hunt);
  CREATE INDEX attempts_began ON attempts(began_at);
  CREATE INDEX attempts_trunk ON attempts(trunk, began_at);
  CREATE INDEX attempts_class ON attempts(class, began_at) WHERE class IS NOT NULL;
  CREATE INDEX attempts_sip ON attempts(sip, began_at) WHERE sip IS NOT NULL;

  CREATE TABLE decisions(
    row INTEGER PRIMARY KEY,
    hunt INTEGER NOT NULL,
    at INTEGER NOT NULL,
    source TEXT NOT NULL,
    outcome TEXT NOT NULL,
    trunk TEXT,
    sip INTEGER,
    rule_file TEXT,
    rule_line INTEGER,
    not_carried_out TEXT,
    detail TEXT NOT NULL
  );
  CREATE INDEX decisions_hunt ON decisions(hunt);

  CREATE TABLE trunk_changes(
    row INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    trunk TEXT NOT NULL,
    side TEXT NOT NULL,
    from_phase TEXT NOT NULL,
    to_phase TEXT NOT NULL,
    detail TEXT NOT NULL
  );
  CREATE INDEX trunk_changes_trunk ON trunk_changes(trunk, at);
  CREATE INDEX trunk_changes_at ON trunk_changes(at);

  CREATE TABLE policies(
    hash TEXT PRIMARY KEY,
    file TEXT NOT NULL,
    -- null where the file had changed before it could be read
    text TEXT,
    first_at INTEGER NOT NULL
  );
  CREATE TABLE policy_changes(at INTEGER NOT NULL, hash TEXT NOT NULL);
  CREATE TABLE connections(
    at INTEGER NOT NULL, pbx TEXT NOT NULL, connected INTEGER NOT NULL, why TEXT
  );
  CREATE TABLE losses(at INTEGER NOT NULL, count INTEGER NOT NULL, why TEXT NOT NULL);
  `,
  `
  ALTER TABLE hunts ADD COLUMN call_id TEXT;
  CREATE INDEX hunts_call_id ON hunts(call_id) WHERE call_id IS NOT NULL;

  -- the PBX's own id of leg B
  ALTER TABLE attempts ADD COLUMN leg TEXT;
  ALTER TABLE attempts ADD COLUMN call_id TEXT;
  ALTER TABLE attempts ADD COLUMN invited_at INTEGER;
  ALTER TABLE attempts ADD COLUMN first_response_at INTEGER;
  ALTER TABLE attempts ADD COLUMN rang_at INTEGER;
  ALTER TABLE attempts ADD COLUMN answered_at INTEGER;
  -- of a leg that was answered: its end
  ALTER TABLE attempts ADD COLUMN over_at INTEGER;
  ALTER TABLE attempts ADD COLUMN local TEXT;
  ALTER TABLE attempts ADD COLUMN far TEXT;
  -- JSON
  ALTER TABLE attempts ADD COLUMN codecs TEXT;
  CREATE INDEX attempts_leg ON attempts(leg) WHERE leg IS NOT NULL AND hunt IS NULL;
  CREATE INDEX attempts_call_id ON attempts(call_id) WHERE call_id IS NOT NULL;
  `,
  `
  ALTER TABLE hunts ADD COLUMN route TEXT;
  -- counted already as an attempt of the user's own dialplan
  ALTER TABLE attempts ADD COLUMN seen_before INTEGER;
  -- 0: the trunk is the PBX's own name of a far end
  ALTER TABLE attempts ADD COLUMN known INTEGER;

  -- counts of a minute, or of an hour: span and start in milliseconds; counts are JSON
  CREATE TABLE figures(
    span INTEGER NOT NULL,
    start INTEGER NOT NULL,
    pbx TEXT NOT NULL,
    route TEXT NOT NULL,
    trunk TEXT NOT NULL,
    counts TEXT NOT NULL,
    PRIMARY KEY(span, start, pbx, route, trunk)
  ) WITHOUT ROWID;
  -- minutes to be counted, for the first time or again
  CREATE TABLE figures_due(minute INTEGER PRIMARY KEY);
  -- earlier minutes keep their counts: the calls behind them are gone
  CREATE TABLE figures_fixed(before INTEGER NOT NULL);
  INSERT INTO figures_fixed VALUES(0);
  -- calls at once on a trunk within a minute: the most, and those at its end
  CREATE TABLE figures_peaks(
    minute INTEGER NOT NULL, trunk TEXT NOT NULL, most INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY(minute, trunk)
  ) WITHOUT ROWID;

  CREATE TRIGGER figures_hunt_new AFTER INSERT ON hunts BEGIN
    INSERT OR IGNORE INTO figures_due VALUES(new.started_at / 60000 * 60000);
  END;
  CREATE TRIGGER figures_hunt AFTER UPDATE OF outcome, trunk, failures, answered_at, fell_back ON hunts BEGIN
    INSERT OR IGNORE INTO figures_due VALUES(new.started_at / 60000 * 60000);
  END;
  CREATE TRIGGER figures_attempt_new AFTER INSERT ON attempts BEGIN
    INSERT OR IGNORE INTO figures_due VALUES(new.began_at / 60000 * 60000);
  END;
  CREATE TRIGGER figures_attempt AFTER UPDATE ON attempts BEGIN
    INSERT OR IGNORE INTO figures_due VALUES(new.began_at / 60000 * 60000);
  END;
  INSERT OR IGNORE INTO figures_due SELECT started_at / 60000 * 60000 FROM hunts;
  INSERT OR IGNORE INTO figures_due SELECT began_at / 60000 * 60000 FROM attempts;
  `,
  `
  -- whose entries these are: row 0 is the instance that has this file
  CREATE TABLE instances(
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    -- id of its journal
    journal TEXT NOT NULL,
    name TEXT NOT NULL,
    -- of its entries, the number of the next one
    next INTEGER NOT NULL,
    heard_at INTEGER NOT NULL,
    UNIQUE(journal, name)
  );
  INSERT INTO instances VALUES(0, '', '', 0, 0);
  -- one row: how far the stream of all instances has been read
  CREATE TABLE fleet(cursor TEXT NOT NULL);
  INSERT INTO fleet VALUES('0-0');

  ALTER TABLE hunts ADD COLUMN instance INTEGER NOT NULL DEFAULT 0;
  DROP INDEX hunts_id;
  CREATE UNIQUE INDEX hunts_id ON hunts(id, pbx, instance);
  CREATE INDEX hunts_instance ON hunts(instance, started_at) WHERE instance > 0;
  ALTER TABLE attempts ADD COLUMN instance INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE trunk_changes ADD COLUMN instance INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE connections ADD COLUMN instance INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE policy_changes ADD COLUMN instance INTEGER NOT NULL DEFAULT 0;

  -- instance: the name of another one, or empty
  CREATE TABLE figures_of_all(
    span INTEGER NOT NULL,
    start INTEGER NOT NULL,
    instance TEXT NOT NULL,
    pbx TEXT NOT NULL,
    route TEXT NOT NULL,
    trunk TEXT NOT NULL,
    counts TEXT NOT NULL,
    PRIMARY KEY(span, start, instance, pbx, route, trunk)
  ) WITHOUT ROWID;
  INSERT INTO figures_of_all SELECT span, start, '', pbx, route, trunk, counts FROM figures;
  DROP TABLE figures;
  ALTER TABLE figures_of_all RENAME TO figures;
  `,
  `
  -- calls of the user's own dialplan in which an attempt on a trunk of the policy failed, beside the policy
  CREATE TABLE observed_calls(
    row INTEGER PRIMARY KEY,
    instance INTEGER NOT NULL DEFAULT 0,
    pbx TEXT NOT NULL,
    id TEXT NOT NULL,
    leg TEXT NOT NULL,
    call_id TEXT,
    number TEXT NOT NULL,
    caller TEXT,
    started_at INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    policy TEXT NOT NULL,
    verdict TEXT NOT NULL,
    -- of the failed attempt that the verdict is about
    trunk TEXT NOT NULL,
    class TEXT NOT NULL,
    sip INTEGER,
    did_trunk TEXT,
    would TEXT NOT NULL,
    rule_file TEXT,
    rule_line INTEGER,
    waited_ms INTEGER,
    detail TEXT NOT NULL
  );
  CREATE UNIQUE INDEX observed_calls_id ON observed_calls(id, pbx, instance);
  CREATE INDEX observed_calls_started ON observed_calls(started_at);
  `,
  `
  -- one row: all that was told until then is in this file; closed is 0 while a crankback writes it
  CREATE TABLE kept(until INTEGER NOT NULL, closed INTEGER NOT NULL);
  INSERT INTO kept VALUES(0, 1);
  -- when the loss began; a count of 0: nobody knows how many
  ALTER TABLE losses ADD COLUMN since INTEGER;
  CREATE INDEX losses_at ON losses(at);

  CREATE INDEX hunts_pbx ON hunts(pbx, started_at);
  CREATE INDEX attempts_trunk_sip ON attempts(trunk, sip, began_at)
    WHERE sip IS NOT NULL AND hunt IS NOT NULL;
  CREATE INDEX attempts_trunk_class ON attempts(trunk, class, began_at)
    WHERE class IS NOT NULL AND hunt IS NOT NULL;
  CREATE INDEX figures_peaks_trunk ON figures_peaks(trunk, minute, last);
  -- the most of an hour's minutes
  CREATE TABLE figures_peaks_hours(
    hour INTEGER NOT NULL, trunk TEXT NOT NULL, most INTEGER NOT NULL, PRIMARY KEY(hour, trunk)
  ) WITHOUT ROWID;
  INSERT INTO figures_peaks_hours
    SELECT minute / 3600000 * 3600000, trunk, max(most) FROM figures_peaks GROUP BY 1, 2;
  `,
];
