import type {
  BlockedCaller,
  FailureKind,
  ReportedAttempt,
  TrunkReport,
} from '../journal/read/report';
import type { Failure } from '../model/failure';
import { timeText } from '../model/time-text';
import { attemptLadder } from './ladder';
import type { Section, Sheet } from './sheet';

/** Kinds of failure that are shown by example. */
const MOST_SHOWN = 10;

/** What one sends to a carrier's desk. */
export function reportSheet(report: TrunkReport): Sheet {
  const { trunk, since, until, attempts, answered, more, failures, hours, late, blocked } = report;
  const share = attempts === 0 ? '' : ` (${((100 * answered) / attempts).toFixed(1)} %)`;
  const latest = more ? `, the latest ${attempts} of more` : '';
  return {
    title: `${trunk}: ${timeText(since)} to ${timeText(until)}`,
    sections: [
      {
        ...{ heading: 'Attempts', level: 2 },
        text: `${attempts} attempts${latest}, ${answered} answered${share}. All times are UTC.`,
      },
      {
        ...{ heading: 'By hour', level: 2, head: ['Hour', 'Attempts', 'Failed'] },
        rows: hours.map((hour) => [
          timeText(hour.at),
          String(hour.attempts),
          String(hour.failures),
        ]),
      },
      {
        ...{ heading: 'Failures', level: 2 },
        head: ['Status', 'Phrase', 'Class', 'Count', 'First', 'Last'],
        rows: failures.map(kindRow),
      },
      ...failures.slice(0, MOST_SHOWN).flatMap(examplesOf),
      ...lateSections(late),
      ...blockedSections(blocked),
    ],
  };
}

function kindRow({ sip, phrase, class: name, count, firstAt, lastAt }: FailureKind) {
  return [status(sip), phrase ?? '-', name, String(count), timeText(firstAt), timeText(lastAt)];
}

function examplesOf(kind: FailureKind): readonly Section[] {
  const said = [status(kind.sip), kind.phrase].filter((text) => text !== undefined).join(' ');
  return kind.examples.map((attempt) => ({
    ...{ heading: `${said}: ${timeText(attempt.times?.invitedAt ?? attempt.beganAt)}`, level: 3 },
    lines: [...aboutAttempt(attempt), ...attemptLadder(attempt)],
  }));
}

/** Of our legs only the one to this trunk has to do with its carrier. */
function aboutAttempt({ number, caller, times }: ReportedAttempt): readonly string[] {
  return [
    `To ${number ?? 'unknown'}${caller === undefined ? '' : ` from ${caller}`}`,
    `Call-ID ${times?.callId ?? 'unknown'}`,
  ];
}

function lateSections(late: readonly ReportedAttempt[]): readonly Section[] {
  if (late.length === 0) return [];
  return [
    {
      ...{ heading: 'Answered after they had been given up', level: 2 },
      text: 'These answers came after our CANCEL, or after the attempt was over, and were ended at once: a charge for one is a charge for a call that took place elsewhere.',
      head: ['INVITE', 'To', 'Call-ID', 'Call-ID of our caller'],
      rows: late.map(({ beganAt, number, times, callerCallId }) => [
        ...[timeText(times?.invitedAt ?? beganAt), number ?? '-'],
        ...[times?.callId ?? '-', callerCallId ?? '-'],
      ]),
    },
  ];
}

function blockedSections(blocked: readonly BlockedCaller[]): readonly Section[] {
  if (blocked.length === 0) return [];
  return [
    {
      ...{ heading: 'Our caller numbers that are refused', level: 2 },
      head: ['Caller', 'Status', 'Phrase', 'Class', 'Count', 'Last', 'Where to complain'],
      rows: blocked.map(({ caller, sip, phrase, class: name, count, lastAt, failure }) => [
        ...[caller, status(sip), phrase ?? '-', name, String(count), timeText(lastAt)],
        redressOf(failure as Failure | undefined),
      ]),
    },
  ];
}

function redressOf(failure: Failure | undefined): string {
  const { redressUrl, redressPhone } = failure?.redress ?? {};
  return [redressUrl, redressPhone].filter((text) => text !== undefined).join(', ') || '-';
}

function status(sip: number | undefined): string {
  return sip === undefined ? 'no response' : String(sip);
}
