import type { SipMirror } from '../../src/calls/ports';
import type { Evidence, SubAttempt } from '../../src/model/failure';

/** What the SIP of legs says that a PBX mirrors, where it does: less trusted than the PBX, more detailed. */
export class MirroredLegs {
  /** @param waitMs for what is still on its way. Milliseconds. */
  constructor(
    private readonly mirror: SipMirror | undefined,
    private readonly waitMs = 0,
  ) {}

  /** What is known of a leg's failure now. */
  evidence(callId: string | undefined): Evidence[] {
    const sip = callId === undefined ? undefined : this.mirror?.leg(callId);
    return sip === undefined || sip.kind === 'answered' ? [] : [sip.evidence];
  }

  /**
   * The same once the far side's answer has arrived, at most `waitMs` from now; undefined where it has
   * arrived already, or where there is none to wait for.
   * @param sip the far side's answer as the PBX tells it
   */
  awaited(
    callId: string | undefined,
    sip: number | undefined,
  ): Promise<readonly Evidence[]> | undefined {
    const { mirror, waitMs } = this;
    if (!mirror || waitMs <= 0) return undefined;
    // Of a silent leg nothing more will come.
    if (callId === undefined || sip === undefined) return undefined;
    if (mirror.leg(callId)?.kind === 'failed') return undefined;
    return mirror.awaitFinal(callId, { withinMs: waitMs, sip }).then(() => this.evidence(callId));
  }

  /** INVITEs of an answered leg that the PBX followed by others (407, 422, the next SRV host). */
  async earlier(callId: string | undefined): Promise<readonly SubAttempt[]> {
    if (!this.mirror || callId === undefined) return [];
    const sip = await this.mirror.awaitFinal(callId, { withinMs: this.waitMs, sip: 200 });
    return sip?.kind === 'answered' ? sip.subAttempts : [];
  }
}
