import type { FailureKind, ReportedAttempt, TrunkReport } from '../journal/read/report';
import type { Failure } from '../model/failure';
import { printable } from '../model/printable';

type Cell = string | number | undefined;

const HEAD = [
  ...['what', 'status', 'phrase', 'class', 'count', 'first', 'last', 'number', 'caller'],
  ...['call_ids', 'caller_call_id', 'complain'],
];

/** A report for a spreadsheet: one row for each kind of failure, each late answer, each caller that is refused. */
export function csvRows({ failures, late, blocked }: TrunkReport): readonly (readonly Cell[])[] {
  return [
    HEAD,
    ...failures.map(failureRow),
    ...late.map(lateRow),
    ...blocked.map(({ caller, lastAt, count, failure, ...said }) => [
      ...['blocked', ...saidCells(said), count, '', utc(lastAt), '', text(caller), '', ''],
      text((failure as Failure | undefined)?.redress?.redressUrl),
    ]),
  ];
}

function failureRow({ count, firstAt, lastAt, examples, ...said }: FailureKind): readonly Cell[] {
  const callIds = examples.flatMap(({ times }) => text(times?.callId) ?? []).join(' ');
  return ['failure', ...saidCells(said), count, utc(firstAt), utc(lastAt), '', '', callIds, '', ''];
}

function lateRow({ beganAt, number, caller, times, callerCallId }: ReportedAttempt) {
  const at = utc(times?.invitedAt ?? beganAt);
  return [
    ...['late answer', '', '', '', 1, at, at, text(number), text(caller)],
    ...[text(times?.callId), text(callerCallId), ''],
  ];
}

function saidCells({ sip, phrase, class: name }: Pick<FailureKind, 'sip' | 'phrase' | 'class'>) {
  return [sip, text(phrase), name];
}

function text(value: string | undefined): string | undefined {
  return value === undefined ? undefined : printable(value);
}

function utc(at: number): string {
  return new Date(at).toISOString();
}
