import { BoundedMap, BoundedSet } from '../../shared/bounded';
import type { ChannelData } from '../esl/channel-data';

/** The end of a leg B, as far as evidence needs it. */
export interface EndedLeg {
  readonly uuid: string;
  /** Leg A; undefined for a leg that was originated without one. */
  readonly callerId?: string;
  readonly data: ChannelData;
  /** Already reported as an observed attempt; a later handover must not count it again. */
  counted: boolean;
}

/** The fields kept of a leg's end: full channel data has some ten kilobytes. */
const KEPT = new Set([
  'Channel-Name',
  'Hangup-Cause',
  'Event-Date-Timestamp',
  'Caller-Channel-Progress-Time',
  'Caller-Channel-Progress-Media-Time',
  'Caller-Channel-Hangup-Time',
  'variable_sip_term_status',
  'variable_proto_specific_hangup_cause',
  'variable_sip_network_port',
  'variable_sip_reply_host',
  'variable_sip_invite_failure_phrase',
  'variable_sip_reason',
  'variable_sip_call_id',
  'variable_sip_gateway_name',
  'variable_rtp_local_sdp_str',
]);

/** Ended legs kept until their caller is gone; more than any burst between failure and handover. */
const MOST_LEGS = 5_000;

/** Unanswered legs that have ended, until the handover that reports them. */
export class EndedLegs {
  private readonly byId = new BoundedMap<string, EndedLeg>(MOST_LEGS);
  private readonly waiting = new Map<string, () => void>();
  /** Reported by a handover before their end was seen. */
  private readonly reported = new BoundedSet<string>(MOST_LEGS);
  /** Callers that have gone lately: no handover will ask for their legs that end later. */
  private readonly gone = new BoundedSet<string>(MOST_LEGS);

  get size(): number {
    return this.byId.size + this.waiting.size + this.reported.size;
  }

  add(uuid: string, callerId: string | undefined, data: ChannelData): EndedLeg {
    const kept = Object.fromEntries(Object.entries(data).filter(([name]) => KEPT.has(name)));
    const counted = this.reported.delete(uuid);
    const leg = { uuid, data: kept, counted, ...(callerId !== undefined && { callerId }) };
    if (callerId === undefined || this.gone.has(callerId)) return leg;
    this.byId.set(uuid, leg);
    this.waiting.get(uuid)?.();
    return leg;
  }

  get(uuid: string): EndedLeg | undefined {
    return this.byId.get(uuid);
  }

  /** The first report of a leg counts it. */
  report(uuid: string): boolean {
    const leg = this.byId.get(uuid);
    if (leg) return leg.counted;
    this.reported.add(uuid);
    return false;
  }

  /** Resolves when the leg's end is known, or after `ms` milliseconds. */
  async awaitEnd(uuid: string, ms: number): Promise<void> {
    if (this.byId.has(uuid)) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.waiting.delete(uuid);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.waiting.set(uuid, done);
    });
  }

  /** No end will come for legs that ended while disconnected. */
  forgetReported(): void {
    this.reported.clear();
  }

  /** The caller is gone, so no handover will ask for its legs any more. */
  forgetCaller(callerId: string): void {
    for (const [uuid, leg] of this.byId) if (leg.callerId === callerId) this.byId.delete(uuid);
    this.gone.add(callerId);
  }
}
