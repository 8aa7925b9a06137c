import { outcomeText, positionText } from '../policy/decision/text';
import type { Failure } from '../model/failure';
import { REFUSALS, type Decision } from '../policy/decision/decision';
import type { Explanation } from '../policy/decision/explain';
import type { Position } from '../policy/policy-data';
import type { Rung } from './play';

export interface LadderOptions {
  /**
   * The line of a policy file, trimmed; empty if there is none.
   * @param policyHash of a recorded call: the version of the file
   */
  readonly lineAt: (at: Position, policyHash?: string) => string;
  /** Also show rules that did not match, trunks and limits. */
  readonly explained: boolean;
}

/** A message on a leg that decided nothing. */
export interface WireRung {
  readonly kind: 'wire';
  /** Milliseconds after the start of the call. */
  readonly at: number;
  readonly trunk: string;
  readonly direction: 'sent' | 'received';
  readonly said: string;
}

export type LadderRung = Rung | WireRung;

/** The whole call as text, rung by rung. */
export function ladderText(rungs: readonly LadderRung[], options: LadderOptions): string {
  return rungs.flatMap((rung) => rungLines(rung, options)).join('\n');
}

function rungLines(rung: LadderRung, options: LadderOptions): readonly string[] {
  const clock = `${(rung.at / 1000).toFixed(3).padStart(8)} s  `;
  switch (rung.kind) {
    case 'wire':
      return [`${clock}${rung.direction === 'sent' ? '->' : '<-'} ${rung.trunk}: ${rung.said}`];
    case 'failed':
      return [`${clock}<- ${rung.trunk}: ${rung.said}`, indent(`   ${failureText(rung.failure)}`)];
    case 'answered':
      return [
        `${clock}<- ${rung.trunk}: ${rung.assumed ? 'answers (no --say for this attempt)' : 'answers'}`,
      ];
    case 'untried':
      return [`${clock}?? ${rung.trunk}: the call was not tried there, so its end is unknown`];
    case 'decision': {
      const [step, ...reasons] = decisionLines(rung, options);
      return [`${clock}-> ${step}`, ...reasons.map((line) => indent(`   ${line}`))];
    }
  }
}

/** A decision, then its reasons, one a line. */
export function decisionLines(
  {
    decision,
    explanation,
    policyHash,
  }: Pick<Extract<Rung, { kind: 'decision' }>, 'decision' | 'explanation' | 'policyHash'>,
  options: LadderOptions,
): readonly string[] {
  const { explained } = options;
  const lineAt = (at: Position): string => options.lineAt(at, policyHash);
  const { rule, why, refused, log, alert, hold } = decision;
  const matched = explanation?.rules.find(({ mismatch }) => !mismatch);
  const source = matched ? `${matched.source} rule` : why;
  const lines = rule ? [`${positionText(rule)}  ${lineAt(rule)}`, `(${source})`] : [why];
  const beside = [
    log && `logged as ${log}`,
    alert !== undefined && `alert ${alert}`,
    hold && `${hold.trunk} held for ${hold.ms / 1000} s`,
  ].filter((text) => typeof text === 'string');
  return [
    stepText(decision),
    lines.join('  '),
    ...refused.map((refusal) => `refused: ${REFUSALS[refusal]}`),
    ...(explained ? passedOverLines(explanation) : []),
    ...beside,
    ...(explained && explanation ? explanationLines(explanation, lineAt) : []),
  ];
}

function passedOverLines(explanation: Explanation | undefined): readonly string[] {
  return (explanation?.passedOver ?? []).map(({ trunk, why }) => `passed over: ${trunk} (${why})`);
}

function explanationLines(
  { rules, trunks, left }: Explanation,
  lineAt: LadderOptions['lineAt'],
): readonly string[] {
  const missed = rules.flatMap(({ at, mismatch }) =>
    mismatch
      ? [`not ${positionText(at)}  ${lineAt(at)}  (${mismatch.key}: ${mismatch.had ?? 'nothing'})`]
      : [],
  );
  const retries = left.retries === undefined ? '' : `, ${left.retries} retries of the budget`;
  return [
    ...missed,
    `trunks: ${trunks.map(({ trunk, state }) => `${trunk} ${state}`).join(', ') || 'none'}`,
    `left: ${left.attempts} of the attempts, ${left.startWithin / 1000} s to start one${retries}`,
  ];
}

function stepText(decision: Decision): string {
  const { outcome } = decision;
  switch (outcome.kind) {
    case 'dial':
    case 'redirect': {
      const caller = outcome.callerId === undefined ? '' : ` as ${outcome.callerId}`;
      return `${outcomeText(decision)}: ${outcome.number}${caller}`;
    }
    case 'voicemail':
      return outcomeText(decision);
    case 'announce':
      return `${outcomeText(decision)} to the caller`;
    case 'relay':
      return `the caller gets ${outcome.sip}${outcome.phrase === undefined ? '' : ` ${outcome.phrase}`}`;
  }
}

function failureText(failure: Failure): string {
  const { class: name, fault, rang, earlyMediaMs, retryAfterMs, q850, decidedBy } = failure;
  return [
    `${name}, fault: ${fault}`,
    decidedBy?.list !== undefined && listText(decidedBy.list),
    rang && 'it rang',
    earlyMediaMs > 0 && `early media for ${earlyMediaMs / 1000} s`,
    q850 !== undefined && `Q.850 cause ${q850}`,
    retryAfterMs !== undefined && `Retry-After ${retryAfterMs / 1000} s`,
  ]
    .filter((text) => typeof text === 'string')
    .join('; ');
}

/** Whose list of phrases and statuses gave the class. */
function listText(list: string): string {
  if (list === 'policy') return "by the policy's phrases";
  return list === 'shipped' ? 'by a known phrase' : `by the list of ${list}`;
}

function indent(text: string): string {
  return `            ${text}`;
}
