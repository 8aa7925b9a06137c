import type { SipMessage } from './trace';

/** What one carrier did with calls, counted from the SIP on its wire alone. */
export interface WireCounts {
  readonly attempts: number;
  readonly answered: number;
  /** Refused, silent, or cancelled. */
  readonly failed: number;
  /** Cancelled while it rang. */
  readonly leftRinging: number;
  /** Answered and ended. */
  readonly talks: number;
  /** From each answer to the end. Milliseconds. */
  readonly talkMs: number;
  /** It rang, or was answered. */
  readonly heard: number;
  /** Failed attempts by final status, but for those that the caller cancelled; `none` without one. */
  readonly statuses: Readonly<Record<string, number>>;
}

/** One attempt at a carrier. */
export interface WireCall {
  /** As dialled. */
  readonly user: string;
  readonly invitedAt: number;
  readonly rang: boolean;
  readonly cancelled: boolean;
  readonly answeredAt?: number;
  readonly overAt?: number;
  /** 300–699. */
  readonly final?: number;
}

/** The calls of a carrier's trace: an INVITE without a To tag begins one, its repetitions do not. */
export function wireCalls(trace: readonly SipMessage[]): readonly WireCall[] {
  const dialogs = new Map<string, SipMessage[]>();
  for (const message of trace) {
    const dialog = dialogs.get(message.callId);
    if (dialog) dialog.push(message);
    else dialogs.set(message.callId, [message]);
  }
  return [...dialogs.values()].flatMap((dialog) => {
    const invite = dialog.find(({ request, toTag }) => request === 'INVITE' && toTag === undefined);
    if (!invite) return [];
    const said = dialog.filter(({ status, method }) => status !== undefined && method === 'INVITE');
    const answer = said.find(({ status }) => status === 200);
    const bye = dialog.find(({ request }) => request === 'BYE');
    const final = said.find(({ status = 0 }) => status >= 300)?.status;
    return [
      {
        user: invite.user ?? '',
        invitedAt: invite.at,
        rang: said.some(({ status }) => status === 180),
        cancelled: dialog.some(({ request }) => request === 'CANCEL'),
        ...(answer && { answeredAt: answer.at }),
        ...(bye && { overAt: bye.at }),
        ...(final !== undefined && { final }),
      },
    ];
  });
}

/** @param gaveUp numbers whose callers hung up before an answer */
export function countedOnWire(calls: readonly WireCall[], gaveUp: ReadonlySet<string>): WireCounts {
  const failed = calls.filter(({ answeredAt }) => answeredAt === undefined);
  const left = failed.filter(({ user, cancelled }) => cancelled && gaveUp.has(user));
  const statuses: Record<string, number> = {};
  for (const { final } of failed.filter((call) => !left.includes(call))) {
    const key = String(final ?? 'none');
    statuses[key] = (statuses[key] ?? 0) + 1;
  }
  const talks = calls.flatMap(({ answeredAt, overAt }) =>
    answeredAt === undefined || overAt === undefined ? [] : [overAt - answeredAt],
  );
  return {
    attempts: calls.length,
    answered: calls.length - failed.length,
    failed: failed.length,
    leftRinging: left.filter(({ rang }) => rang).length,
    talks: talks.length,
    talkMs: talks.reduce((sum, ms) => sum + ms, 0),
    heard: calls.filter(({ rang, answeredAt }) => rang || answeredAt !== undefined).length,
    statuses,
  };
}
