import { printable } from '../model/printable';
import { timeText } from '../model/time-text';
import { ASSUMPTIONS, UNREPEATABLE, type Assumption } from '../replay/replay-call';
import type { DifferenceGroup, End, Replayed, Step } from '../replay/tally';

/** What was replayed. Times are Unix time in milliseconds. */
export interface ReplayAbout {
  readonly policy: { readonly file: string; readonly hash: string };
  readonly since: number;
  readonly until: number;
  /** The limit was reached: earlier calls were not looked at. */
  readonly limited: boolean;
}

/** A replay as text. */
export function replayText(about: ReplayAbout, replayed: Replayed): string {
  const { policy, since, until, limited } = about;
  const { calls, decisions, same, differing, differences, ungrouped, unknown } = replayed;
  const left = unknown.reduce((sum, group) => sum + group.calls, 0);
  return [
    `${count(calls, 'call')} (${count(decisions, 'decision')}) from ${timeText(since)} to ${timeText(until)}, decided again by ${policy.file} (${policy.hash})`,
    `${same} go the same way, ${differing} would have gone elsewhere, ${left} cannot be told`,
    ...(limited ? [`only the latest ${calls} calls; --limit for more`] : []),
    ...differences.flatMap((group) => ['', ...groupLines(group)]),
    ...(ungrouped > 0 ? ['', `${ungrouped} more differ in still other ways`] : []),
    ...(unknown.length > 0 ? ['', 'cannot be told:'] : []),
    ...unknown.map(
      (group) =>
        `${column(group.calls)}${UNREPEATABLE[group.why]} (${examplesText(group.examples)})`,
    ),
    ...(differing > 0 ? ['', ...LIMITS] : []),
  ]
    .map(printable)
    .join('\n');
}

/** What every reader of a replay has to know. */
const LIMITS = [
  'Of each call the first decision that differs counts: what would have followed it is unknown.',
  'Trunks are as they were then: what other holds, limits and timers of the draft would have changed is not replayed.',
];

function groupLines(group: DifferenceGroup): readonly string[] {
  const { failed, before, now, other = [], calls, answered, end, assumed, examples } = group;
  const on = failed === undefined ? 'first attempt' : `${failed} failed`;
  const details = other.length > 0 ? ` (another ${other.join(', ')})` : '';
  const notes = [
    `${placeText(before)} -> ${placeText(now)}`,
    `${answered} of ${count(calls, 'call')} answered in fact`,
    ...(end ? endLines(end) : []),
    ...Object.entries(assumed).map(
      ([name, of]) => `assumed for ${of}: ${ASSUMPTIONS[name as Assumption]}`,
    ),
    examplesText(examples),
  ];
  return [
    `${column(calls)}${on}: ${before.outcome} -> ${now.outcome}${details}`,
    ...notes.map((note) => `${' '.repeat(WIDTH)}${note}`),
  ];
}

function endLines({ trunk, known, unknown, estimate }: End): readonly string[] {
  const tried = known.answered + known.failed;
  const basis = estimate?.basis;
  return [
    ...(tried > 0
      ? [`${trunk} was tried later by ${tried}: ${known.answered} answered, ${known.failed} failed`]
      : []),
    ...(unknown > 0
      ? [
          `on ${trunk} the end of ${unknown} is unknown: they were not tried there`,
          estimate && basis
            ? `estimate: about ${estimate.answered} of ${unknown} answered, as ${trunk} answered ${basis.answered} of its ${basis.more ? 'latest ' : ''}${count(basis.attempts, 'attempt')} in this time`
            : `no estimate: no attempt on ${trunk} is recorded in this time`,
        ]
      : []),
  ];
}

function placeText({ rule }: Step): string {
  return rule ? `${rule.file}:${rule.line}` : 'no rule';
}

function examplesText(examples: readonly string[]): string {
  return `such as ${examples.join(', ')}`;
}

/** Of the counts on the left. Characters. */
const WIDTH = 8;

function column(calls: number): string {
  return `${String(calls).padStart(WIDTH - 2)}  `;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
