import type { FailureClass } from '../../../src/model/classes';
import type { Dial, Leg, Outcome } from '../../../src/policy/decision/decision';
import { redirectionStep } from '../../shared/call-state';
import { formatOf } from '../trunks/codecs';

/** The place in the shipped dialplan that carries out an outcome; see the contexts there. */
export interface DialplanStep {
  readonly context: string;
  readonly extension: string;
  /** A variable of leg A to set first. It costs a round trip, so it is used only if needed. */
  readonly variable?: readonly [name: string, value: string];
}

/**
 * @param number the call's number in the dialplan's own memory
 * @param failureClass class of the failure behind the outcome, for the user's CDRs
 */
export function stepFor(
  outcome: Outcome,
  number: string,
  failureClass = '' as FailureClass | '',
): DialplanStep {
  switch (outcome.kind) {
    case 'dial':
      return dialStep(outcome, number);
    case 'redirect':
      return {
        context: 'crankback-dial',
        extension: legOf(outcome, number),
        variable: ['CRANKBACK_REDIRECT', redirectionStep(outcome)],
      };
    case 'voicemail': {
      const { greeting, mailbox, location } = outcome;
      const how = `${greeting === 'busy' ? 'b' : 'u'}.${failureClass}`;
      if (!location)
        return { context: 'crankback-voicemail', extension: `${how}.${mailbox ?? ''}` };
      return {
        context: 'crankback-location',
        extension: `${how}.`,
        variable: ['CRANKBACK_LOCATION', `${location.context},${location.extension},1`],
      };
    }
    case 'announce':
      return {
        context: 'crankback-announce',
        extension: `${outcome.answer ? 'a' : 'e'}.${outcome.sip}.${failureClass}`,
        variable: ['CRANKBACK_PLAY', outcome.play],
      };
    case 'relay':
      return { context: 'crankback-relay', extension: `${outcome.sip}.${failureClass}` };
  }
}

/** Where an attempt with a plan begins; undefined if the extension would be too long. */
export function plannedStep(plan: {
  readonly name: string;
  readonly generation: string;
  /** Extension of the attempt in crankback-dial. */
  readonly extension: string;
}): DialplanStep | undefined {
  const extension = `${plan.name}.${plan.generation}.${plan.extension}`;
  return extension.length > LONGEST_EXTENSION
    ? undefined
    : { context: 'crankback-plan', extension };
}

/** Longest extension in Asterisk (AST_MAX_EXTENSION less its terminator). Characters. */
const LONGEST_EXTENSION = 79;

function dialStep(dial: Dial, number: string): DialplanStep {
  const { codecs = [], reoffer, delayMs } = dial;
  // Only Asterisk's own format names: nothing from the wire gets into a dialplan.
  const offer = codecs.flatMap((codec) => formatOf(codec) ?? []).join('-');
  const flags = { reoffer: reoffer !== undefined, ...(delayMs !== undefined && { delayMs }) };
  const extension = legOf(dial, number, flags);
  const context = 'crankback-dial';
  // The usual case has no values of its own and takes the dialplan's shortest way.
  if (offer === '' && extension === dial.trunk) return { context, extension: `*${extension}` };
  if (offer === '') return { context, extension };
  const whole = `${extension}${'.'.repeat(3 - fields(extension))}.${offer}`;
  if (whole.length <= LONGEST_EXTENSION) return { context, extension: whole };
  return { context, extension, variable: ['CRANKBACK_OFFER', offer] };
}

function fields(extension: string): number {
  return extension.split('.').length;
}

/** Only values that differ from the call's own. */
function legOf(
  leg: Leg,
  number: string,
  { reoffer, delayMs }: { readonly reoffer?: boolean; readonly delayMs?: number } = {},
): string {
  const caller = leg.callerId === undefined ? '' : 'c';
  const pause = delayMs === undefined ? '' : `d${delayMs}`;
  const flags = `${caller}${reoffer ? 'o' : ''}${pause}`;
  const to = leg.number === number ? '' : leg.number;
  if (flags !== '') return `${leg.trunk}.${to}.${flags}`;
  return to === '' ? leg.trunk : `${leg.trunk}.${to}`;
}
