import type { FailureClass } from '../../model/classes';
import type { Failure } from '../../model/failure';

/** How one attempt on a trunk ended. A voicemail's 200 is not an attempt and is never reported. */
export type AttemptOutcome =
  { readonly kind: 'answered' } | { readonly kind: 'failed'; readonly failure: AttemptFailure };

/** The parts of a failure that trunk health uses. */
export type AttemptFailure = Pick<
  Failure,
  'class' | 'fault' | 'origin' | 'rang' | 'sip' | 'retryAfterMs'
>;

/** Where a fault occurred. `local`: this PBX could not even send; another PBX may be able to. */
export type Side = 'far' | 'local';

/** What an attempt says about its trunk. */
export type Verdict =
  /** The trunk carried the call to the callee. */
  | { readonly kind: 'works' }
  | {
      readonly kind: 'fault';
      readonly side: Side;
      readonly class: FailureClass;
      /** Present only if it concerns the trunk. Milliseconds. */
      readonly retryAfter?: number;
    }
  /** A 403: it concerns the number, unless every number gets one. */
  | { readonly kind: 'forbidden' }
  /** Nothing: the number, the media, the request or the caller were at fault. */
  | { readonly kind: 'nothing' };

/** Classes of trunk faults that count; `no-route` and `forbidden` depend on the number dialled. */
const SIDE_OF: Partial<Record<FailureClass, Side>> = {
  'trunk-congested': 'far',
  'trunk-failed': 'far',
  'trunk-timeout': 'far',
  'auth-failed': 'far',
  'no-credit': 'far',
  'local-unreachable': 'local',
};

/** ITU-T E.425: busy, no answer and the callee's rejection show a network that works. */
const EFFECTIVE: ReadonlySet<FailureClass> = new Set(['busy', 'no-answer', 'declined']);

/** RFC 3261 20.33: on 404, 413, 480, 486, 600 and 603, Retry-After concerns the callee. */
const RETRY_AFTER_OF_TRUNK: ReadonlySet<number> = new Set([500, 503]);

/** Judges a trunk by the end of an attempt. */
export function judge(outcome: AttemptOutcome): Verdict {
  if (outcome.kind === 'answered') return { kind: 'works' };
  const { failure } = outcome;
  const side = SIDE_OF[failure.class];
  // If we or the caller ended the attempt, its code says nothing about the trunk.
  if (side && failure.fault === 'trunk' && failure.origin !== 'ours') {
    const retryAfter = retryAfterOf(failure);
    return {
      kind: 'fault',
      side,
      class: failure.class,
      ...(retryAfter !== undefined && { retryAfter }),
    };
  }
  if (failure.rang || EFFECTIVE.has(failure.class)) return { kind: 'works' };
  return { kind: failure.class === 'forbidden' ? 'forbidden' : 'nothing' };
}

function retryAfterOf({ sip, retryAfterMs }: AttemptFailure): number | undefined {
  if (sip === undefined || !RETRY_AFTER_OF_TRUNK.has(sip)) return undefined;
  return retryAfterMs !== undefined && retryAfterMs > 0 ? retryAfterMs : undefined;
}
