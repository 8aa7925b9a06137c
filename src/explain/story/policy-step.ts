import { NAMED_CODECS } from '../../codecs/registry';
import type { Failure } from '../../model/failure';
import { decide } from '../../policy/decide';
import type { Decision } from '../../policy/decision/decision';
import { explain, type Explanation } from '../../policy/decision/explain';
import { isNeeds, type Fact, type PartialFailure } from '../../policy/facts';
import type { Hunt } from '../../policy/hunt';
import type { Policy } from '../../policy/policy';
import type { Position } from '../../policy/policy-data';
import { isDialable } from '../../policy/routes/digits';
import { InProcessTrunks } from '../../trunks/limits/trunk-limits';
import { decideAndReserve } from '../../trunks/reserve';
import type { TracedCall } from './traced-calls';

/** The policy to ask, and what only its user can know of the call. */
export interface PolicyQuestion {
  readonly policy: Policy;
  /** The trunk that the INVITE went to; absent: the first one of the number's route. */
  readonly trunk?: string;
  /** The number as it was dialled; absent: the one in the Request-URI. */
  readonly to?: string;
  readonly from?: string;
  readonly context?: string;
  readonly mailbox?: string;
  /** When the call failed, if the text does not say so. Unix time in milliseconds. */
  readonly at?: number;
}

/** Whom the policy is asked about. */
export interface PolicyTrunk {
  readonly trunk: string;
  /** The route's first trunk: nobody has named one. */
  readonly assumed: boolean;
  readonly number: string;
}

/** A policy that is asked about one call. */
export interface AskedPolicy {
  readonly question: PolicyQuestion;
  readonly trunk: PolicyTrunk;
  readonly file: string;
  /** The line of a policy file, trimmed. */
  readonly lineAt: (at: Position) => string;
}

/** What the policy does after this failure, as the call's first attempt with every trunk free. */
export type PolicyStep =
  | { readonly kind: 'decided'; readonly decision: Decision; readonly explanation: Explanation }
  /** It depends on what the text does not tell. */
  | { readonly kind: 'needs'; readonly facts: readonly Fact[] };

/** The trunk and the number of a call. Undefined if no route tells a trunk. */
export function trunkOf(
  { policy, trunk, to, from, context, at }: PolicyQuestion,
  { number, endedAt }: Pick<TracedCall, 'number' | 'endedAt'>,
): PolicyTrunk | undefined {
  const candidates = (to === undefined ? [number, number?.replace(/^\+/, '')] : [to]).filter(
    (one) => one !== undefined && isDialable(one),
  ) as readonly string[];
  const about = {
    startedAt: at ?? endedAt ?? 0,
    ...(from !== undefined && { from }),
    ...(context !== undefined && { context }),
  };
  const routeOf = (one: string) => policy.index.routes.find({ ...about, number: one });
  const routed = candidates.find((one) => routeOf(one) !== undefined);
  const first = routed === undefined ? undefined : routeOf(routed)?.trunks[0];
  const name = trunk ?? first;
  const dialled = routed ?? candidates[0];
  if (name === undefined || dialled === undefined) return undefined;
  return { trunk: name, assumed: trunk === undefined, number: dialled };
}

/** Decides as live. Times that the text does not tell are unknown facts, so a decision never rests on them. */
export function policyStep(
  question: PolicyQuestion,
  { trunk, number }: PolicyTrunk,
  failure: Failure,
  endedAt: number | undefined,
): PolicyStep {
  const { policy, from, context, mailbox } = question;
  const now = question.at ?? endedAt;
  const unknown = unknownIn(failure, now);
  const hunt: Hunt = {
    number,
    startedAt: (now ?? 0) - (failure.afterMs ?? 0),
    attempts: [
      {
        trunk,
        rang: failure.rang,
        class: failure.class,
        ...(failure.sip !== undefined && { sip: failure.sip }),
      },
    ],
    mailboxMissing: false,
    // The PBX's codecs are unknown here.
    codecs: NAMED_CODECS,
    contacts: failure.evidence.find(({ contacts }) => contacts)?.contacts ?? [],
    ...(from !== undefined && { from }),
    ...(context !== undefined && { context }),
    ...(mailbox !== undefined && { mailbox }),
  };
  const trunks = new InProcessTrunks();
  const partial: PartialFailure = { ...failure, unknown };
  if (now === undefined && policy.index.routes.dependsOnTime(hunt))
    return { kind: 'needs', facts: ['time'] };
  const answer = decide(policy, hunt, partial, trunks, now ?? 0);
  if (isNeeds(answer)) return { kind: 'needs', facts: answer.facts };
  const made = decideAndReserve(
    (state) => decide(policy, hunt, failure, state, now ?? 0),
    { policy, hunt, owner: 'explain' },
    trunks,
    now ?? 0,
  );
  const inputs = { policyHash: policy.hash, hunt, failure, trunks: made.trunks, now: now ?? 0 };
  return { kind: 'decided', decision: made.decision, explanation: explain(policy, inputs) };
}

function unknownIn(failure: Failure, now: number | undefined): ReadonlySet<Fact> {
  const unknown = new Set<Fact>();
  if (now === undefined) unknown.add('time');
  if (failure.afterMs === undefined) {
    unknown.add('within').add('elapsed');
    const media = failure.evidence.some(({ provisional = [] }) =>
      provisional.some(({ sdp }) => sdp),
    );
    if (media) unknown.add('early_media');
  }
  if (failure.evidence.every(({ headers }) => !headers)) unknown.add('header');
  return unknown;
}
