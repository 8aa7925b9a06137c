import { printable } from '../model/printable';
import { positionText } from '../policy/decision/text';
import type { Replayed } from '../replay/tally';
import { linesOf } from '../suggest/draft';
import type { Suggestion } from '../suggest/suggestions';
import { time } from './table';

/** A suggestion with the replay of the file that has it. */
export interface Proved {
  readonly suggestion: Suggestion;
  /** Absent for what changes no call, and where the file could not be changed by itself. */
  readonly proof?: Replayed;
}

export interface SuggestAbout {
  readonly file: string;
  /** Unix time in milliseconds. */
  readonly since: number;
  readonly until: number;
  readonly more: boolean;
}

/** A response that nothing classifies. */
export interface Unclassified {
  readonly trunk: string;
  readonly said: string;
  readonly count: number;
  readonly line?: string | undefined;
}

/** Suggestions as text. */
export function suggestText(
  { file, since, until, more }: SuggestAbout,
  proved: readonly Proved[],
  unclassified: readonly Unclassified[],
): string {
  const unknown = unclassified.filter(({ line }) => line !== undefined);
  return [
    `${file}, calls from ${time(since)} to ${time(until)}${more ? ', the latest of them' : ''}`,
    ...(proved.length + unknown.length === 0 ? ['nothing to suggest'] : []),
    ...proved.flatMap((one, index) => ['', ...proposal(index + 1, one)]),
    ...(unknown.length > 0 ? ['', 'Phrases that nothing classifies; if one means more, give it its class:'] : []),
    ...unknown.map(({ trunk, said, count }) => `  ${count} times ${trunk}: ${said}`),
    ...(unknown.length > 0 ? ['  phrases:', ...unknown.map(({ line }) => `    ${line ?? ''}`)] : []),
    ...(proved.length > 0 ? ['', 'Nothing of this is applied by itself: try it by `crankback replay`.'] : []),
  ]
    .map(printable)
    .join('\n');
}

function proposal(number: number, { suggestion, proof }: Proved): readonly string[] {
  return [
    `${number}. ${evidenceText(suggestion)}`,
    ...linesOf(suggestion).map((line) => `     ${line}`),
    ...(suggestion.kind === 'retry' ? proofLines(proof).map((line) => `   ${line}`) : []),
  ];
}

function evidenceText(suggestion: Suggestion): string {
  switch (suggestion.kind) {
    case 'retry': {
      const { trunk, class: name, sip, ended, retried, saved, savedAfterMs, examples } =
        suggestion.refusal;
      const said = sip === undefined ? name : `${sip} (${name})`;
      const within = savedAfterMs === undefined ? '' : `, after ${(savedAfterMs / 1000).toFixed(1)} s on the average`;
      return `${percent(saved, retried)} of ${trunk}'s ${said} that went on were answered by the next trunk: ${saved} of ${retried} calls${within}; ${ended} calls ended with it instead, such as ${examples.join(', ')}`;
    }
    case 'first-response': {
      const { trunk, count, waitedMs, left, usualMs = 0 } = suggestion.silence;
      return `${trunk} said nothing at all ${count} times: callers waited ${Math.round(waitedMs / 1000)} s together, ${left} of them left; its first response takes ${usualMs} ms at most in 99 of 100 attempts`;
    }
    case 'trunk-unused':
      return `${positionText(suggestion.at)}: no call was tried on ${suggestion.trunk}`;
    case 'rule-unused':
      return `${positionText(suggestion.at)}: this rule decided nothing`;
  }
}

function proofLines(proof: Replayed | undefined): readonly string[] {
  if (!proof) return ['the file is written so that this line has to be put there by hand: not replayed'];
  const { calls, differing, differences } = proof;
  const ends = differences.flatMap(({ end }) => end?.estimate ?? []);
  const estimate = ends.reduce((sum, { answered }) => sum + answered, 0);
  return [
    `replayed: ${differing} of ${calls} calls would have gone elsewhere${ends.length > 0 ? `; estimate: about ${estimate} of them answered` : ''}`,
  ];
}

function percent(part: number, whole: number): string {
  return `${Math.floor((100 * part) / whole)}%`;
}
