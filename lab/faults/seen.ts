import { attemptsAt, callerView, type WireAttempt } from '../runner/sip/wire';
import type { SipMessage } from '../runner/sip/trace';
import { ORDER, type Carrier } from './call-mix';

/** A call as its caller and the carriers saw it. Times are Unix times in milliseconds. */
export interface SeenCall {
  readonly number: string;
  readonly invitedAt: number;
  /** Final statuses in the order of arrival. */
  readonly finals: readonly number[];
  readonly finalAt?: number;
  /** The caller ended the answered call. */
  readonly hungUpAt?: number;
  /** The PBX ended it. */
  readonly droppedAt?: number;
  /** In the order of their INVITEs. */
  readonly attempts: readonly WireAttempt[];
}

/** Joins the traces of one run by the dialled number, which only one call has. */
export function joinCalls(
  callerTraces: readonly (readonly SipMessage[])[],
  carrierTraces: ReadonlyMap<Carrier, readonly SipMessage[]>,
): Map<string, SeenCall> {
  const attempts = new Map<string, WireAttempt[]>();
  for (const carrier of ORDER) {
    for (const [, messages] of byCallId(carrierTraces.get(carrier) ?? [])) {
      const number = dialledIn(messages);
      if (number === undefined) continue;
      const known = attempts.get(number) ?? [];
      known.push(...attemptsAt(carrier, messages, () => false));
      attempts.set(number, known);
    }
  }
  const calls = new Map<string, SeenCall>();
  for (const [, messages] of callerTraces.flatMap((trace) => [...byCallId(trace)])) {
    const number = dialledIn(messages);
    const { finals, finalAt, invitedAt } = callerView(messages);
    if (number === undefined || invitedAt === undefined) continue;
    const bye = (direction: SipMessage['direction']) =>
      messages.find((message) => message.request === 'BYE' && message.direction === direction)?.at;
    const [hungUpAt, droppedAt] = [bye('sent'), bye('received')];
    calls.set(number, {
      number,
      invitedAt,
      finals,
      ...(finalAt !== undefined && { finalAt }),
      ...(hungUpAt !== undefined && { hungUpAt }),
      ...(droppedAt !== undefined && { droppedAt }),
      attempts: (attempts.get(number) ?? []).sort((a, b) => a.invitedAt - b.invitedAt),
    });
  }
  return calls;
}

function dialledIn(messages: readonly SipMessage[]): string | undefined {
  return messages.find(({ request }) => request === 'INVITE')?.user;
}

function byCallId(trace: readonly SipMessage[]): Map<string, SipMessage[]> {
  const found = new Map<string, SipMessage[]>();
  for (const message of trace) {
    const known = found.get(message.callId);
    if (known) known.push(message);
    else found.set(message.callId, [message]);
  }
  return found;
}
