import type { FailureClass } from '../../src/model/classes';
import type { Dial, Leg, Outcome } from '../../src/policy/decision';

/** Where in the shipped dialplan an outcome is carried out; see the contexts there. */
export interface Place {
  readonly context: string;
  readonly extension: string;
  /** A variable of leg A that has to be set first: a round trip more, so only where needed. */
  readonly variable?: readonly [name: string, value: string];
}

/**
 * @param number what the call is about, in the dialplan's own memory
 * @param failureClass of the failure behind the outcome, for the user's CDRs
 */
export function placeOf(
  outcome: Outcome,
  number: string,
  failureClass = '' as FailureClass | '',
): Place {
  switch (outcome.kind) {
    case 'dial':
      return { context: 'crankback-dial', extension: legOf(outcome, number, outcome.delayMs) };
    case 'redirect':
      return {
        context: 'crankback-dial',
        extension: legOf(outcome, number),
        variable: ['CRANKBACK_REDIRECT', `>${outcome.target}:${outcome.hops}`],
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

/** Only what differs from the call's own, so that the usual extension is the trunk's name. */
function legOf(leg: Leg, number: string, delayMs?: Dial['delayMs']): string {
  const flags = `${leg.callerId === undefined ? '' : 'c'}${delayMs === undefined ? '' : `d${delayMs}`}`;
  const to = leg.number === number ? '' : leg.number;
  if (flags !== '') return `${leg.trunk}.${to}.${flags}`;
  return to === '' ? leg.trunk : `${leg.trunk}.${to}`;
}
