import type { Failure } from '../model/failure';
import type { Decision, Outcome, Refusal } from './decision';
import { findRoute } from './digits';
import type { Hunt } from './hunt';
import { findRule } from './match';
import type { Action, Policy, Route, Rule } from './policy';
import { finalStatus } from './relay';

/** Nothing else fits a number that no route takes (RFC 3261 21.4.5). */
const NO_ROUTE_STATUS = 404;
/** RFC 3261 21.4.22. */
const INVALID_NUMBER_STATUS = 484;
const MAILBOX = /^[A-Za-z0-9._-]{1,80}@[A-Za-z0-9._-]{1,80}$/;

/** A number that must reach no dial string. */
export function refuseNumber(): Decision {
  return {
    outcome: { kind: 'relay', sip: INVALID_NUMBER_STATUS },
    why: 'the number has characters that cannot be dialled, or is longer than 32',
    refused: [],
  };
}

/** The first attempt of a hunt. Pure and total. */
export function route(policy: Policy, hunt: Hunt): Decision {
  const chosen = findRoute(policy, hunt.number);
  const trunk = nextTrunk(chosen, hunt);
  if (trunk === undefined) {
    return relayed(NO_ROUTE_STATUS, 'no route of the policy takes this number');
  }
  return {
    outcome: { kind: 'dial', trunk },
    why: `first trunk of the route "${chosen?.digits}"`,
    refused: [],
    ...(chosen && { rule: chosen.at }),
  };
}

/**
 * What happens after an attempt failed. Pure, total and deterministic.
 * @param now milliseconds since the epoch, on the same clock as `hunt.startedAt`
 */
export function decide(policy: Policy, hunt: Hunt, failure: Failure, now: number): Decision {
  const chosen = findRoute(policy, hunt.number);
  if (policy.emergency.includes(hunt.number)) return emergency(chosen, hunt, failure);
  const rule = findRule(policy, { trunk: hunt.attempts.at(-1)?.trunk, route: chosen }, failure);
  const refused: Refusal[] = [];
  const actions: Action[] = rule ? [rule.do, ...(rule.else ? [rule.else] : [])] : [];
  for (const action of actions) {
    const outcome = attempt(action, { policy, chosen, hunt, failure, now });
    if (typeof outcome !== 'string') return decided(outcome, rule, action, refused);
    refused.push(outcome);
  }
  const outcome: Outcome = { kind: 'relay', sip: finalStatus(failure, hunt.attempts) };
  return decided(outcome, rule, rule?.do, refused);
}

interface Situation {
  readonly policy: Policy;
  readonly chosen: Route | undefined;
  readonly hunt: Hunt;
  readonly failure: Failure;
  readonly now: number;
}

/** The outcome of an action, or why it is refused. */
function attempt(action: Action, situation: Situation): Outcome | Refusal {
  switch (action.treatment.kind) {
    case 'retry':
      return retry(situation);
    case 'voicemail':
      return voicemail(situation);
    case 'relay':
      return {
        kind: 'relay',
        sip: finalStatus(situation.failure, situation.hunt.attempts),
      };
  }
}

function retry({ policy, chosen, hunt, failure, now }: Situation): Outcome | Refusal {
  // Somebody heard it ring; a second leg would ring them again.
  if (failure.rang) return 'callee-has-rung';
  // What the caller has listened to for so long is the call itself: an announcement, a queue.
  if (failure.earlyMediaMs > policy.limits.progressGrace) return 'early-media';
  if (hunt.attempts.length >= policy.limits.attempts) return 'attempts-spent';
  if (now - hunt.startedAt > policy.limits.startWithin) return 'time-spent';
  const trunk = nextTrunk(chosen, hunt);
  return trunk === undefined ? 'no-trunk-left' : { kind: 'dial', trunk };
}

function voicemail({ chosen, hunt, failure }: Situation): Outcome | Refusal {
  if (hunt.mailboxMissing) return 'mailbox-missing';
  const mailbox = hunt.mailbox ?? chosen?.mailbox?.replaceAll('{number}', hunt.number);
  if (mailbox === undefined || !MAILBOX.test(mailbox)) return 'no-mailbox';
  return {
    kind: 'voicemail',
    mailbox,
    greeting: failure.class === 'busy' ? 'busy' : 'unavailable',
  };
}

/** Emergency calls try every trunk of their route, whatever the failure was. */
function emergency(chosen: Route | undefined, hunt: Hunt, failure: Failure): Decision {
  const trunk = nextTrunk(chosen, hunt);
  return trunk === undefined
    ? relayed(finalStatus(failure, hunt.attempts), 'emergency number, every trunk tried')
    : {
        outcome: { kind: 'dial', trunk },
        why: 'emergency number: every trunk in order',
        refused: [],
      };
}

function nextTrunk(chosen: Route | undefined, hunt: Hunt): string | undefined {
  return chosen?.trunks.find((trunk) => !hunt.attempts.some((past) => past.trunk === trunk));
}

function relayed(sip: number, why: string): Decision {
  return { outcome: { kind: 'relay', sip }, why, refused: [] };
}

function decided(
  outcome: Outcome,
  rule: Rule | undefined,
  action: Action | undefined,
  refused: readonly Refusal[],
): Decision {
  const log = action?.log ?? rule?.do.log;
  return {
    outcome,
    refused,
    why: rule ? 'first rule that matches' : 'no rule matches',
    ...(rule && { rule: rule.at }),
    ...(log && { log }),
  };
}
