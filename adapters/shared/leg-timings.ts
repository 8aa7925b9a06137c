import type { LegSipTimes, PbxListener, SipMirror, TimedLeg } from '../../src/calls/ports';
import type { LegTimes } from '../../src/model/leg-times';
import { BoundedMap } from './bounded';

/** Answered legs whose end was missed. */
const MOST_LEGS = 20_000;

export interface LegTimingsParts {
  readonly mirror: SipMirror | undefined;
  /** Longest wait for SIP that is still on its way. Milliseconds. */
  readonly waitMs?: number | undefined;
  readonly listener: () => PbxListener | undefined;
}

/**
 * Tells when what happened on each leg: what the PBX says of it, and more exactly what its mirrored SIP says. No
 * decision waits for it.
 */
export class LegTimings {
  /** Answered legs that have not ended, by their id. */
  private readonly answered = new BoundedMap<string, TimedLeg>(MOST_LEGS);
  /** Setups whose SIP is still on its way, by the leg's id. */
  private readonly pending = new BoundedMap<string, NodeJS.Timeout>(MOST_LEGS);

  constructor(private readonly parts: LegTimingsParts) {}

  /** Number of legs that are kept. */
  get size(): number {
    return this.answered.size + this.pending.size;
  }

  /** A leg was answered or has failed: told once its SIP has come, or without it after a while. */
  setUp(leg: TimedLeg): void {
    const { mirror, waitMs = 0 } = this.parts;
    const { id, callId, answeredAt } = leg.times;
    if (answeredAt !== undefined) this.answered.set(id, leg);
    if (!mirror || callId === undefined || waitMs <= 0) return this.tell(leg);
    const seen = mirror.timesOf(callId);
    if (seen === undefined || isOver(seen)) return this.tell(leg, seen);
    this.pending.set(id, setTimeout(() => this.tell(leg), waitMs).unref());
  }

  /** The leg has ended; only of one that was answered there is more to tell. Unix time in milliseconds. */
  over(id: string, endedAt: number): void {
    const leg = this.answered.get(id);
    if (!leg) return;
    this.answered.delete(id);
    this.tell({ ...leg, times: { ...leg.times, endedAt } });
  }

  /** Its end was missed. */
  forget(id: string): void {
    this.answered.delete(id);
  }

  stop(): void {
    for (const timer of this.pending.values()) clearTimeout(timer);
    this.pending.clear();
  }

  private tell(leg: TimedLeg, seen = this.seen(leg)): void {
    const { id } = leg.times;
    clearTimeout(this.pending.get(id));
    this.pending.delete(id);
    const whole = { ...leg, times: withSip(leg.times, seen) };
    // Mirrored SIP is forgotten long before a call ends.
    if (this.answered.has(id)) this.answered.set(id, whole);
    this.parts.listener()?.timed(whole);
  }

  private seen({ times: { callId } }: TimedLeg): LegSipTimes | undefined {
    return callId === undefined ? undefined : this.parts.mirror?.timesOf(callId);
  }
}

function isOver({ answeredMs, failedMs }: LegSipTimes): boolean {
  return answeredMs !== undefined || failedMs !== undefined;
}

/** The wire's clock tells how long what took, ours when it began. */
function withSip(times: LegTimes, sip: LegSipTimes | undefined): LegTimes {
  if (!sip) return times;
  const at = (ms: number) => Math.round(times.invitedAt + ms);
  const { firstResponseMs, rangMs, answeredMs, failedMs, local, far, codecs } = sip;
  return {
    ...times,
    ...(firstResponseMs !== undefined && { firstResponseAt: at(firstResponseMs) }),
    ...(rangMs !== undefined && { rangAt: at(rangMs) }),
    ...(answeredMs !== undefined &&
      times.answeredAt !== undefined && { answeredAt: at(answeredMs) }),
    ...(failedMs !== undefined && times.answeredAt === undefined && { endedAt: at(failedMs) }),
    local,
    far,
    ...(codecs && { codecs }),
  };
}
