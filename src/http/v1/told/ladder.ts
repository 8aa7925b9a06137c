import { codecText } from '../../../codecs/registry';
import type { Failure as ModelFailure } from '../../../model/failure';
import { REFUSALS, type Decision as MadeDecision } from '../../../policy/decision/decision';
import type { Explanation } from '../../../policy/decision/explain';
import { outcomeText } from '../../../policy/decision/text';
import type { Position } from '../../../policy/policy-data';
import { listField, otherLegsFields, reasonFields } from '../../../records/log-fields';
import type { LadderRung } from '../../../simulate/ladder';
import type * as z from 'zod';
import { toldMedia } from './media';
import type { Decision, Failure, Outcome, Rung } from '../schemas/ladder';
import { known, secondsOf, timeOf } from './units';

/** The line of a policy file; empty if there is none. */
export type LineAt = (at: Position, policyHash?: string) => string;

export function toldPlace({ file, line }: Pick<Position, 'file' | 'line'>, text = '') {
  return { file, line, ...(text !== '' && { text }) };
}

export function toldFailure(failure: ModelFailure): z.output<typeof Failure> {
  const { class: name, fault, sip, phrase, q850, location, rang, redress } = failure;
  const { afterMs, retryAfterMs } = failure;
  return {
    ...{ class: name, fault, rang, earlyMediaSeconds: secondsOf(failure.earlyMediaMs) },
    ...known({ sip, phrase, q850, location }),
    ...(afterMs !== undefined && { afterSeconds: secondsOf(afterMs) }),
    ...(retryAfterMs !== undefined && { retryAfterSeconds: secondsOf(retryAfterMs) }),
    ...listField(failure),
    ...mutable(reasonFields(failure)),
    ...mutable(otherLegsFields(failure)),
    ...redress,
  };
}

export function toldOutcome(outcome: MadeDecision['outcome']): z.output<typeof Outcome> {
  const { kind } = outcome;
  const after = (ms: number | undefined) =>
    ms === undefined ? {} : { retryAfterSeconds: secondsOf(ms) };
  switch (outcome.kind) {
    case 'dial': {
      const { trunk, number, callerId, delayMs, codecs } = outcome;
      return {
        ...{ kind, trunk, number },
        ...known({ callerId, codecs: codecs?.map(codecText) }),
        ...(delayMs !== undefined && { delaySeconds: secondsOf(delayMs) }),
      };
    }
    case 'redirect': {
      const { trunk, number, callerId, target } = outcome;
      return { kind, trunk, number, target, ...known({ callerId }) };
    }
    case 'voicemail': {
      const { mailbox, location, greeting } = outcome;
      const place = location && `${location.extension}@${location.context}`;
      return { kind, greeting, ...known({ mailbox: mailbox ?? place }) };
    }
    case 'announce':
    case 'relay': {
      const { sip, phrase, retryAfter } = outcome;
      const play = outcome.kind === 'announce' ? { play: outcome.play } : {};
      return { kind, sip, ...play, ...known({ phrase }), ...after(retryAfter) };
    }
  }
}

export interface Explained {
  readonly explanation?: Explanation | undefined;
  readonly policyHash?: string | undefined;
  readonly lineAt: LineAt;
}

export function toldDecision(
  decision: MadeDecision,
  { explanation, policyHash, lineAt }: Explained,
): z.output<typeof Decision> {
  const { outcome, rule, why, refused, alert, hold } = decision;
  const place = (at: Position) => toldPlace(at, lineAt(at, policyHash));
  const matched = explanation?.rules.find(({ mismatch }) => !mismatch);
  return {
    outcome: toldOutcome(outcome),
    text: outcomeText(decision),
    why,
    ...(rule && { rule: place(rule) }),
    ...(rule && matched && { source: matched.source }),
    refused: refused.map((treatment) => ({ treatment, why: REFUSALS[treatment] })),
    ...known({ alert, policy: policyHash }),
    ...(hold && { hold: { trunk: hold.trunk, seconds: secondsOf(hold.ms) } }),
    ...(explanation && toldExplanation(explanation, place)),
  };
}

function toldExplanation(
  { rules, trunks, passedOver, left }: Explanation,
  place: (at: Position) => ReturnType<typeof toldPlace>,
) {
  return {
    passedOver: passedOver.map(({ trunk, reason, why }) => ({ trunk, reason, why })),
    tried: rules.flatMap(({ at, source, mismatch }) =>
      mismatch
        ? [{ ...place(at), source, key: mismatch.key, had: String(mismatch.had ?? 'nothing') }]
        : [],
    ),
    trunks: trunks.map(({ trunk, state }) => ({ trunk, state })),
    left: {
      attempts: left.attempts,
      startWithinSeconds: secondsOf(left.startWithin),
      ...known({ retries: left.retries }),
    },
  };
}

/** @param startedAt of the call; Unix time in milliseconds */
export function toldRung(
  rung: LadderRung,
  startedAt: number,
  lineAt: LineAt,
): z.output<typeof Rung> {
  const when = { at: timeOf(startedAt + rung.at), seconds: secondsOf(rung.at) };
  switch (rung.kind) {
    case 'decision': {
      const { decision, explanation, policyHash } = rung;
      return {
        kind: 'decision',
        ...when,
        decision: toldDecision(decision, { explanation, policyHash, lineAt }),
      };
    }
    case 'wire': {
      const { kind, trunk, direction, said } = rung;
      return { kind, ...when, trunk, direction, said };
    }
    case 'failed':
      return {
        ...{ kind: 'failed', ...when, trunk: rung.trunk, said: rung.said },
        failure: toldFailure(rung.failure),
        ...mediaOf(rung),
      };
    case 'answered':
      return { kind: 'answered', ...when, trunk: rung.trunk, assumed: rung.assumed };
    case 'untried':
      return { kind: 'untried', ...when, trunk: rung.trunk };
  }
}

function mediaOf({ trunk, failure }: Extract<LadderRung, { kind: 'failed' }>) {
  const media = toldMedia(trunk, failure);
  return media ? { media } : {};
}

/** A copy that may be changed, as schemas have it. */
function mutable<Fields extends Readonly<Record<string, readonly string[] | undefined>>>(
  fields: Fields,
): { [Name in keyof Fields]: string[] } {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, list]) => (list ? [[name, [...list]]] : [])),
  ) as { [Name in keyof Fields]: string[] };
}
