import type { Refusal, Silence, Spent } from '../journal/read/habits';
import { positionText } from '../policy/decision/text';
import type { Suggestion } from './suggestions';

/** What a suggestion is based on, in one sentence or two. Has carriers' phrases as they were sent. */
export function evidenceText(suggestion: Suggestion): string {
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

function huntsText(hunts: readonly string[]): string {
  return hunts.length > 0 ? `, such as ${hunts.join(', ')}` : '';
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function percent(part: number, whole: number): string {
  return `${Math.floor((100 * part) / whole)}%`;
}
