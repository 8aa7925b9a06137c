import type { SipMessage } from './sip-message';

interface Ping {
  /** Of the latest OPTIONS, until its answer comes. */
  callId?: string;
  cseq?: number;
  answer?: { readonly status: number; readonly at: number };
}

/**
 * Answers to the PBX's own OPTIONS, by destination URI. Only URIs that were queried are followed: as many
 * as there are trunks, whatever else is mirrored.
 */
export class OptionsPings {
  private readonly followed = new Map<string, Ping>();

  /** @param now any clock that never goes back, as in `take`; milliseconds */
  statusOf(uri: string, withinMs: number, now: number): number | undefined {
    const ping = this.followed.get(uri);
    if (!ping) this.followed.set(uri, {});
    return ping?.answer && now - ping.answer.at <= withinMs ? ping.answer.status : undefined;
  }

  /** Takes an OPTIONS or a response to one; false if its URI is not followed. */
  take(message: SipMessage, now: number): boolean {
    const { callId, cseq, status } = message;
    if (status === undefined) {
      const ping = this.followed.get(message.startLine.split(/[ \t]+/, 2)[1] ?? '');
      if (!ping) return false;
      Object.assign(ping, { callId, cseq });
      return true;
    }
    for (const ping of this.followed.values()) {
      if (ping.callId !== callId || ping.cseq !== cseq) continue;
      if (status >= 200) ping.answer = { status, at: now };
      return true;
    }
    return false;
  }
}
