import type { Refusal, Silence, Spent } from '../journal/read/habits';
import { printable } from '../model/printable';
import { timeText } from '../model/time-text';
import { positionText } from '../policy/decision/text';
import type { Position } from '../policy/policy-data';
import type { Replayed } from '../replay/tally';
import { isChange, linesOf } from '../suggest/draft';
import type { Suggestion } from '../suggest/suggestions';

/** A suggestion with the replay of the file that has it. */
export interface Proved {
  readonly suggestion: Suggestion;
  /** Absent for what decides no recorded call otherwise, and where the file cannot be changed by itself. */
  readonly proof?: Replayed;
}

/** What was found. Times are Unix time in milliseconds. */
export interface Suggested {
  readonly file: string;
  readonly since: number;
  readonly until: number;
  /** Calls that the suggestions are made of. */
  readonly calls: number;
  /** There were more; these are the latest. */
  readonly more: boolean;
  /** Suggestions that change how calls go come first. */
  readonly suggestions: readonly Proved[];
}

/** Suggestions as text. */
export function suggestText({ file, since, until, calls, more, suggestions }: Suggested): string {
  return [
    `${file}, ${calls} calls from ${timeText(since)} to ${timeText(until)}${more ? ', the latest of them' : ''}`,
    ...(suggestions.length === 0 ? ['nothing to suggest'] : []),
    ...suggestions.flatMap((one, index) => ['', ...proposal(index + 1, one)]),
    ...(suggestions.length > 0 ? ['', ...LIMITS] : []),
  ]
    .map(printable)
    .join('\n');
}

const LIMITS = [
  'Nothing of this is applied by itself. Of a replay only the first difference of each call is known, and an estimate is',
  'no fact: write the lines into a copy of the file, and look at the calls by `crankback replay --policy COPY`.',
];

function proposal(number: number, { suggestion, proof }: Proved): readonly string[] {
  const place = placeOf(suggestion);
  const lines = linesOf(suggestion);
  return [
    `${number}. ${evidenceText(suggestion)}`,
    ...(lines.length > 0 && place
      ? [`   ${positionText(place)}${'rule' in suggestion ? ', the first of its rules' : ''}:`]
      : []),
    ...lines.map((line) => `     ${line}`),
    ...(isChange(suggestion) ? proofLines(proof) : []).map((line) => `   ${line}`),
  ];
}

/** The trunk that the lines belong to. */
function placeOf(suggestion: Suggestion): Position | undefined {
  if ('rule' in suggestion) return suggestion.rule.at;
  return suggestion.kind === 'timeout' ? suggestion.change.at : undefined;
}

function evidenceText(suggestion: Suggestion): string {
  switch (suggestion.kind) {
    case 'retry':
      return retryText(suggestion.refusal);
    case 'stop':
      return stopText(suggestion.refusal);
    case 'limit':
      return spentText(suggestion.spent);
    case 'timeout':
      return silenceText(suggestion.silence, suggestion.change.nowMs);
    case 'phrase': {
      const { trunk, sip, phrase, class: name, count } = suggestion.said;
      return `${trunk} said ${sip} ${phrase} ${count} times, a phrase that nothing classifies: the calls were ${name}. If it means more, give the line its class`;
    }
    case 'trunk-unused':
      return `${positionText(suggestion.at)}: no call was tried on ${suggestion.trunk}`;
    case 'rule-unused':
      return `${positionText(suggestion.at)}: this rule decided nothing`;
  }
}

function retryText(refusal: Refusal): string {
  const { retried, saved, savedAfterMs, savedBy, redialled, redialSaved, ended } = refusal;
  const [elsewhere, answered] = [retried + redialled, saved + redialSaved];
  const by = savedBy === undefined ? 'another trunk' : `another trunk, mostly ${savedBy}`;
  const within =
    savedAfterMs === undefined ? '' : `, ${seconds(savedAfterMs)} later on the average`;
  const again = redialled > 0 ? ` (${redialled} of them when the caller dialled again)` : '';
  return `${percent(answered, elsewhere)} of ${saidText(refusal)} that went elsewhere were answered by ${by}${within}: ${answered} of ${elsewhere} calls${again}. ${ended} calls ended with it${huntsText(refusal.hunts)}`;
}

function stopText(refusal: Refusal): string {
  const { retried, saved, inVainMs } = refusal;
  const waited =
    inVainMs === undefined ? '' : `; callers waited ${seconds(inVainMs)} more on the average`;
  return `${retried} calls went on to the next trunk after ${saidText(refusal)}, and it answered ${saved} of them${waited}`;
}

function spentText({ limit, calls, ageMs, hunts }: Spent): string {
  const what =
    limit === 'attempts-spent'
      ? 'had no further attempt because limits.attempts was reached'
      : `had no further attempt because limits.start_within was over, 95 of 100 of them by ${seconds(ageMs)}`;
  return `${calls} calls ${what}, and nobody took them${huntsText(hunts)}`;
}

function silenceText(
  { trunk, of, count, waitedMs, left, usualMs = 0 }: Silence,
  nowMs: number,
): string {
  const [silent, first] =
    of === 'response'
      ? ['did not respond at all', 'its first response']
      : ['responded, but neither rang nor played anything', 'its 18x'];
  return `${trunk} ${silent} ${count} times: callers waited ${seconds(waitedMs)} together, up to ${seconds(nowMs)} each, and ${left} left. In 99 of 100 other attempts ${first} takes ${usualMs} ms at most`;
}

function saidText({ trunk, class: name, sip }: Refusal): string {
  return `${trunk}'s ${sip === undefined ? name : `${sip} (${name})`}`;
}

function proofLines(proof: Replayed | undefined): readonly string[] {
  if (!proof)
    return ['not replayed: the file is written so that these lines have to be put there by hand'];
  const { calls, differing, differences, unknown } = proof;
  const left = unknown.reduce((sum, group) => sum + group.calls, 0);
  const estimates = differences.flatMap(({ end }) => end?.estimate ?? []);
  const answered = estimates.reduce((sum, estimate) => sum + estimate.answered, 0);
  return [
    `replayed: ${differing} of ${calls} calls go otherwise than by the file as it is${left > 0 ? `, ${left} cannot be told` : ''}`,
    ...(estimates.length > 0
      ? [`estimate: about ${answered} more answered, by the trunks' own share of answered attempts`]
      : []),
  ];
}

function huntsText(hunts: readonly string[]): string {
  return hunts.length > 0 ? `, such as ${hunts.join(', ')}` : '';
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function percent(part: number, whole: number): string {
  return `${Math.floor((100 * part) / whole)}%`;
}
