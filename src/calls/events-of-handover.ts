import type { AttemptFailed, Decided, HuntBegun } from '../events/call-event';
import type { Outcome } from '../policy/decision/decision';
import { passedOver } from '../policy/decision/passed-over';
import type { Policy } from '../policy/policy';
import { isDialable } from '../policy/routes/digits';
import { routeName } from '../policy/routes/route-index';
import type { ClassifiedAttempt } from './classified-attempts';
import type { DecidedOnHandover } from './decide-on-handover';
import type { Handover } from './ports';

/** Fields of every event of a hunt. */
type About = Pick<HuntBegun, 'at' | 'pbx' | 'hunt'>;

export function huntBegun(
  about: About,
  { leg, callerCallId, hunt }: Handover,
  policy: Policy,
): HuntBegun {
  const { number, startedAt } = hunt;
  const sip = callerCallId === undefined ? {} : { callerCallId };
  const route = isDialable(number) ? policy.index.routes.find(hunt) : undefined;
  const way = route ? { route: routeName(route) } : {};
  const begun = { leg, ...sip, number, startedAt, policyHash: policy.hash, ...way };
  return { kind: 'hunt-begun', ...about, ...begun };
}

export function attemptFailed(
  about: About,
  { hunt: { number } }: Handover,
  { trunk, failure, counted: observed, late }: ClassifiedAttempt,
): AttemptFailed {
  const complete = !late;
  return { kind: 'attempt-failed', ...about, number, trunk, failure, observed, complete };
}

export function decidedEvent(
  about: About,
  handover: Handover,
  policy: Policy,
  {
    decision,
    inputs,
    attempt,
    planned,
  }: DecidedOnHandover & {
    /** The attempt whose failure decided. */
    readonly attempt: ClassifiedAttempt | undefined;
    readonly planned: boolean;
  },
): Decided {
  const { event, hunt } = handover;
  return {
    kind: 'decided',
    ...about,
    on: event.kind,
    number: event.kind === 'invalid-number' ? event.number : hunt.number,
    decision,
    passedOver: inputs ? passedOver(policy, inputs, decision) : [],
    ...(inputs && { inputs }),
    ...(attempt && { failure: attempt.failure, trunk: attempt.trunk }),
    planned,
    degraded: isDegraded(decision.outcome, handover),
    repeated: hunt.mailboxMissing,
  };
}

/** Whether the PBX cannot send leg A the status, its phrase or its Retry-After as decided. */
function isDegraded(outcome: Outcome, { exactRelay, exactDetails }: Handover): boolean {
  if (outcome.kind !== 'relay' && outcome.kind !== 'announce') return false;
  const detailed = outcome.phrase !== undefined || outcome.retryAfter !== undefined;
  return !exactRelay || (detailed && !exactDetails);
}
