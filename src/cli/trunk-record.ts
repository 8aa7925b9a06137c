import type { FailureKind, ReportedAttempt, TrunkReport } from '../journal/read/report';
import { printable } from '../model/printable';
import { timeText } from '../model/time-text';
import { table } from './table';

/** What the journal has of a trunk, or why that is not known. */
export type TrunkRecord = TrunkReport | { readonly unknown: string };

/** Single failures that are shown. */
const MOST_LAST = 3;

/** Since when a trunk fails, with what, how often, and its last failures. */
export function recordText(record: TrunkRecord): string {
  if ('unknown' in record) return `What was recorded of it is not known: ${record.unknown}`;
  const { since, attempts, answered, more, failingSince, failures } = record;
  const latest = more ? `the latest ${attempts} attempts` : `${attempts} attempts`;
  const last = lastOf(failures);
  return [
    `Since ${timeText(since)}: ${latest}, ${answered} answered.`,
    ...(failingSince === undefined
      ? []
      : [`It has failed since ${timeText(failingSince)}: no attempt was answered after that.`]),
    ...(failures.length === 0 ? [] : ['', table(KIND_HEAD, failures.map(kindRow))]),
    ...(last.length === 0 ? [] : ['', 'Its last failures:', table(LAST_HEAD, last.map(lastRow))]),
  ].join('\n');
}

const KIND_HEAD = ['FAILED', 'STATUS', 'PHRASE', 'CLASS', 'FIRST', 'LAST'];

function kindRow({ count, firstAt, lastAt, ...said }: FailureKind): readonly string[] {
  return [String(count), ...saidCells(said), timeText(firstAt), timeText(lastAt)];
}

const LAST_HEAD = ['BEGAN', 'STATUS', 'PHRASE', 'CLASS', 'NUMBER', 'CALL-ID'];

interface LastFailure {
  readonly kind: FailureKind;
  readonly attempt: ReportedAttempt;
}

/** Of each kind the latest three are there, and so the latest three of all. */
function lastOf(failures: readonly FailureKind[]): readonly LastFailure[] {
  return failures
    .flatMap((kind) => kind.examples.map((attempt) => ({ kind, attempt })))
    .toSorted((one, other) => other.attempt.beganAt - one.attempt.beganAt)
    .slice(0, MOST_LAST);
}

function lastRow({ kind, attempt: { beganAt, number, times } }: LastFailure): readonly string[] {
  return [
    ...[timeText(beganAt), ...saidCells(kind)],
    ...[number ?? '-', times?.callId ?? '-'].map(printable),
  ];
}

function saidCells({ sip, phrase, class: name }: Pick<FailureKind, 'sip' | 'phrase' | 'class'>) {
  return [sip === undefined ? '-' : String(sip), printable(phrase ?? '-'), name];
}
