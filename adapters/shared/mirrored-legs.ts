import type { SipMirror } from '../../src/calls/ports';
import type { Evidence, SubAttempt } from '../../src/model/failure';

/** Evidence of legs from mirrored SIP, if the PBX mirrors it: less trusted than the PBX, more detailed. */
export class MirroredLegs {
  /** @param waitMs longest wait for SIP that is still on its way. Milliseconds. */
  constructor(
    private readonly mirror: SipMirror | undefined,
    private readonly waitMs = 0,
  ) {}

  /** The evidence of a leg's failure so far. */
  evidence(callId: string | undefined): Evidence[] {
    const sip = callId === undefined ? undefined : this.mirror?.leg(callId);
    return sip === undefined || sip.kind === 'answered' ? [] : [sip.evidence];
  }

  /**
   * The same once the far side's answer has come, at most `waitMs` from now.
   * @param sip the far side's answer as the PBX reports it
   * @returns undefined if the answer has come already, or if there is none to wait for
   */
  awaited(
    callId: string | undefined,
    sip: number | undefined,
  ): Promise<readonly Evidence[]> | undefined {
    const { mirror, waitMs } = this;
    if (!mirror || waitMs <= 0) return undefined;
    // No more SIP comes for a leg without a response.
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
