import { printable } from '../model/printable';
import { timeText } from '../model/time-text';
import { positionText } from '../policy/decision/text';
import type { Position } from '../policy/policy-data';
import type { Replayed } from '../replay/tally';
import { isChange, linesOf } from '../suggest/draft';
import { evidenceText } from '../suggest/evidence';
import type { Proved, Suggested } from '../suggest/suggested';
import type { Suggestion } from '../suggest/suggestions';

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
