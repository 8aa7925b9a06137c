import type { Trunk } from '../layout';
import type { SipMessage } from './trace';

/** One INVITE that reached a carrier, retransmissions included. */
export interface WireAttempt {
  readonly trunk: Trunk;
  readonly callId: string;
  /** First arrival; Unix time in milliseconds. */
  readonly invitedAt: number;
  /** Statuses that the carrier sent to the INVITE, in order, without repetitions, 100 included. */
  readonly said: readonly number[];
  /** SIPp's stamp of the final status 300–699. Taken after sending, so late by any amount. */
  readonly failedAt?: number;
  /** The stamp before it: the final status left the carrier between the two. */
  readonly notFailedAt?: number;
  readonly cancelledAt?: number;
  /** The PBX acknowledged an answer and then ended it. */
  readonly endedByBye?: true;
}

/** From an attempt's failure to what followed. */
export interface Handover {
  readonly from: Trunk;
  readonly to: Trunk | 'caller';
  /**
   * Milliseconds between two of SIPp's stamps. SIPp stamps after sending; if it had to wait for a processor
   * in between, this is too short and may even be negative.
   */
  readonly ms: number;
  /** Upper limit of the handover's duration, however late the stamp was. Milliseconds. */
  readonly atMost: number;
  /** Start of the time: the carrier's final answer, or its INVITE if it gave none. */
  readonly since: 'answer' | 'invite';
}

export interface CallerView {
  /** Final statuses of the INVITE in the order of arrival; each dialog's answer counts once. */
  readonly finals: readonly number[];
  /** Provisional statuses without repetitions. */
  readonly provisionals: readonly number[];
  readonly invitedAt?: number;
  readonly finalAt?: number;
  readonly cancelled: boolean;
}

/** The attempts that a carrier saw. `isStray` recognises INVITEs left by an earlier scenario. */
export function attemptsAt(
  trunk: Trunk,
  trace: readonly SipMessage[],
  isStray: (invite: SipMessage) => boolean,
): WireAttempt[] {
  // An INVITE inside a dialog has a To tag; a retransmission has the branch of the first.
  const invites = trace.filter(
    (message) => message.request === 'INVITE' && message.toTag === undefined && !isStray(message),
  );
  return distinct(invites, ({ callId, branch }) => `${callId} ${branch}`).map((invite) => {
    const dialog = trace.filter(({ callId }) => callId === invite.callId);
    const answers = dialog.filter(
      ({ direction, method, status }) =>
        direction === 'sent' && method === 'INVITE' && status !== undefined,
    );
    const failed = answers.find(({ status = 0 }) => status >= 300);
    const before = failed && dialog[dialog.indexOf(failed) - 1];
    const cancel = dialog.find(({ request }) => request === 'CANCEL');
    return {
      trunk,
      callId: invite.callId,
      invitedAt: invite.at,
      said: statuses(answers),
      ...(failed && { failedAt: failed.at }),
      ...(before && { notFailedAt: before.at }),
      ...(cancel && { cancelledAt: cancel.at }),
      ...(isEndedByBye(dialog) && { endedByBye: true }),
    };
  });
}

/** The call from its caller's view. */
export function callerView(trace: readonly SipMessage[]): CallerView {
  // A response to a re-INVITE is no answer to the call.
  const inDialog = new Set(
    trace.flatMap(({ request, toTag, branch }) =>
      request === 'INVITE' && toTag !== undefined ? [branch] : [],
    ),
  );
  const answers = trace.filter(
    ({ direction, method, status, branch }) =>
      direction === 'received' &&
      method === 'INVITE' &&
      status !== undefined &&
      !inDialog.has(branch),
  );
  const finals = answers.filter(({ status = 0 }) => status >= 200);
  const invite = trace.find(({ request }) => request === 'INVITE');
  return {
    finals: distinct(finals, ({ status, toTag }) => `${status} ${toTag}`).map(
      ({ status = 0 }) => status,
    ),
    provisionals: statuses(answers).filter((status) => status < 200),
    ...(invite && { invitedAt: invite.at }),
    ...(finals[0] && { finalAt: finals[0].at }),
    cancelled: trace.some(({ request }) => request === 'CANCEL'),
  };
}

/** SIPp's mark in the Call-ID of a further dialog within one call of a caller. */
const FURTHER_DIALOG = '///';

/**
 * Each call from its caller's view, in the order of their INVITEs; without the second dialogs that a caller begins
 * in order to transfer a call, and without what the PBX still repeats of calls that an earlier caller placed.
 */
export function callsOf(trace: readonly SipMessage[]): CallerView[] {
  const placed = trace.filter(
    ({ direction, request, callId }) =>
      direction === 'sent' && request === 'INVITE' && !callId.includes(FURTHER_DIALOG),
  );
  return [...new Set(placed.map(({ callId }) => callId))].map((callId) =>
    callerView(trace.filter((message) => message.callId === callId)),
  );
}

/**
 * The time from each failed attempt to the next INVITE or, if none followed, to the caller's final status.
 * `deaf` are the trunks where nothing listens. Their INVITEs leave no trace, so the caller's INVITE stands
 * in for them.
 */
export function handovers(
  attempts: readonly WireAttempt[],
  caller: CallerView,
  deaf: readonly Trunk[],
): Handover[] {
  if (caller.cancelled) return [];
  const inOrder = [...attempts].sort((a, b) => a.invitedAt - b.invitedAt);
  const unseen = deaf.flatMap((from) =>
    caller.invitedAt === undefined ? [] : [{ from, start: caller.invitedAt, window: undefined }],
  );
  const seen = inOrder
    .filter(({ said }) => !said.some((status) => status >= 200 && status < 300))
    .map(({ trunk, invitedAt, failedAt, notFailedAt, cancelledAt }) => {
      // The 487 to our CANCEL is not the carrier's own answer.
      const answered = cancelledAt === undefined && failedAt !== undefined;
      const window = answered ? { from: notFailedAt ?? invitedAt, to: failedAt } : undefined;
      return { from: trunk, start: invitedAt, window };
    });
  return [...unseen, ...seen].flatMap(({ from, start, window }) => {
    const next = inOrder.find(({ invitedAt }) => invitedAt > start);
    const at = next?.invitedAt ?? caller.finalAt;
    if (at === undefined || at < start) return [];
    return [
      {
        from,
        to: next?.trunk ?? 'caller',
        ms: at - (window?.to ?? start),
        atMost: at - (window?.from ?? start),
        since: window ? 'answer' : 'invite',
      },
    ];
  });
}

function isEndedByBye(dialog: readonly SipMessage[]): boolean {
  return ['ACK', 'BYE'].every((method) =>
    dialog.some(({ request, direction }) => request === method && direction === 'received'),
  );
}

function statuses(messages: readonly SipMessage[]): number[] {
  return [...new Set(messages.map(({ status = 0 }) => status))];
}

function distinct<Item>(items: readonly Item[], key: (item: Item) => string): Item[] {
  const first = new Map<string, Item>();
  for (const item of items) if (!first.has(key(item))) first.set(key(item), item);
  return [...first.values()];
}
