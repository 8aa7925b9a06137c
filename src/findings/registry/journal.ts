import { findings } from '../finding';

/** What lasts: journal, state file, log. None of it ever stops a call. */
export const JOURNAL = findings({
  CB6001: {
    severity: 'warning',
    title: 'the journal is kept in memory, because its file cannot be used',
    means: 'Calls are recorded until the next restart.',
    seen: '`/ready` (warnings), log `journal`.',
    mend: 'As the message says; most often `chown crankback` of the folder in `CRANKBACK_JOURNAL_FILE`.',
  },
  CB6002: {
    severity: 'warning',
    title: 'the journal cannot be written now',
    means: 'Records are lost, calls are not. The gap is counted and noted in the journal.',
    seen: '`/ready` (warnings), `crankback_records_lost_total`.',
    mend: 'Make room on the disk, or mend it.',
  },
  CB6003: {
    severity: 'warning',
    title: 'the journal was damaged, and a new one was begun',
    means: 'The old file is kept beside it.',
    seen: 'Log.',
    mend: 'Look at the disk; the file that was set aside can be read with sqlite3.',
  },
  CB6004: {
    severity: 'note',
    title: 'the journal was not closed: calls may be missing',
    means:
      'The process or the machine ended hard. Up to the last half second of records is missing.',
    seen: 'Log, at the start.',
    mend: 'Nothing; look why it ended.',
  },
  CB6005: {
    severity: 'warning',
    title: 'what is too old in the journal could not be deleted, or figures not be counted',
    means: 'The file grows beyond its limit, or figures are late.',
    seen: 'Log.',
    mend: 'As the message says; most often the disk is full.',
  },
  CB6006: {
    severity: 'warning',
    title: 'the folder of the journal cannot be written',
    means: 'The journal would be kept in memory.',
    seen: '`crankback doctor`.',
    mend: '`install -d -o crankback -m 750 /var/lib/crankback`.',
  },
  CB6007: {
    severity: 'warning',
    title: 'the disk of the journal is nearly full',
    means: 'Records will be lost, and so may be those of the PBX.',
    seen: '`crankback doctor`.',
    mend: 'Make room, or lower `CRANKBACK_JOURNAL_MB` or `CRANKBACK_JOURNAL_DAYS`.',
  },
  CB6008: {
    severity: 'note',
    title: 'no journal is kept',
    means:
      '`crankback calls`, `why`, `figures` and `replay` know the time since the last start alone.',
    seen: '`crankback doctor`, where `CRANKBACK_JOURNAL_FILE=off`.',
    mend: '`CRANKBACK_JOURNAL_FILE=/var/lib/crankback/journal.db`.',
  },
  CB6009: {
    severity: 'warning',
    title: 'the journal is no journal of crankback, or of a newer one',
    means: 'It would be set aside, or not be opened.',
    seen: '`crankback doctor`.',
    mend: 'Correct `CRANKBACK_JOURNAL_FILE`, or install the newer crankback.',
  },
  CB6010: {
    severity: 'warning',
    title: 'records are lost',
    means: 'Calls happened that no record tells of.',
    seen: 'Log `record lost`, `crankback_records_lost_total`.',
    mend: 'Look at the reason in the log: disk, or load.',
  },
  CB6101: {
    severity: 'warning',
    title: 'the state file is not in order: a new one is begun',
    means: 'What operators had held is forgotten.',
    seen: 'Log; `crankback doctor` sees it before the start does.',
    mend: 'Hold again what has to be held: `crankback trunks hold NAME`.',
  },
  CB6102: {
    severity: 'warning',
    title: 'holds by operators do not survive a restart',
    means: 'The state file cannot be written.',
    seen: '`/ready` (warnings), `crankback doctor`.',
    mend: '`install -d -o crankback -m 750 /var/lib/crankback`, or `CRANKBACK_STATE_FILE` in a folder that crankback may write.',
  },
  CB6103: {
    severity: 'note',
    title: 'no state file is kept',
    means: 'A trunk that an operator has held is in use again after a restart.',
    seen: '`crankback doctor`, where `CRANKBACK_STATE_FILE=off`.',
    mend: '`CRANKBACK_STATE_FILE=/var/lib/crankback/state.json`.',
  },
  CB6201: {
    severity: 'warning',
    title: 'a receiver does not take alerts',
    means:
      'It is tried again, later and later, every five minutes at last. What is still true then is told.',
    seen: '`/ready` (warnings), log, `crankback_alert_deliveries_total`.',
    mend: 'As its answer says; `crankback alert test NAME` tries it at once.',
  },
  CB6202: {
    severity: 'warning',
    title: 'what was told does not survive a restart',
    means:
      'After a restart, incidents that are open are told once more, and those that ended are not closed.',
    seen: '`/ready` (warnings), log.',
    mend: 'As CB6102: the file is beside the state file.',
  },
});
