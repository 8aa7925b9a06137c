import type { CallObserved } from '../events/call-event';
import type { Policy } from '../policy/policy';
import type { ObservedOutcome } from './observed-calls';

export function callObserved(
  about: Pick<CallObserved, 'at' | 'pbx'>,
  { caller, call, number, startedAt, answered, ...observed }: ObservedOutcome,
  policy: Policy,
): CallObserved {
  const { leg, from, callId } = caller;
  return {
    ...{ kind: 'call-observed', ...about, call, leg, number },
    ...(callId !== undefined && { callerCallId: callId }),
    ...(from !== undefined && { from }),
    ...{ startedAt, answered, policyHash: policy.hash, observed },
  };
}
