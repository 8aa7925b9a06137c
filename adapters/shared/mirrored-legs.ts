import type { AwaitedStatus, LegSip, SipMirror } from '../../src/calls/ports';
import type { Evidence, SubAttempt } from '../../src/model/failure';
import { REDIRECTED_CAUSE } from '../../src/model/registries/q850';

/** Statuses that a PBX may answer by another INVITE of the same leg. */
const TRIED_AGAIN: ReadonlySet<number> = new Set([401, 407, 422]);

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
   * @param told the leg's end as the PBX reports it
   * @returns undefined if the answer has come already, or if there is none to wait for
   */
  awaited(
    callId: string | undefined,
    told: readonly Evidence[],
  ): Promise<readonly Evidence[]> | undefined {
    const { mirror, waitMs } = this;
    if (!mirror || waitMs <= 0 || callId === undefined) return undefined;
    const sip = answerTold(told);
    // No more SIP comes for a leg without a response.
    if (sip === undefined) return undefined;
    if (hasAnswer(mirror.leg(callId), sip)) return undefined;
    return mirror.awaitFinal(callId, { withinMs: waitMs, sip }).then(() => this.evidence(callId));
  }

  /** INVITEs of an answered leg that the PBX followed by others (407, 422, the next SRV host). */
  async earlier(callId: string | undefined): Promise<readonly SubAttempt[]> {
    if (!this.mirror || callId === undefined) return [];
    const sip = await this.mirror.awaitFinal(callId, { withinMs: this.waitMs, sip: 200 });
    return sip?.kind === 'answered' ? sip.subAttempts : [];
  }
}

/**
 * The far side's status as the PBX tells it. Where the PBX knows only that the far side answered (a 3xx that it
 * did not follow; any status on an Asterisk whose events have none), every status that may have ended the leg.
 */
function answerTold(told: readonly Evidence[]): AwaitedStatus | undefined {
  const far = told.filter(({ origin }) => origin === 'far');
  const sip = far.find((one) => one.sip !== undefined)?.sip;
  if (sip !== undefined || far.length === 0) return sip;
  const redirected = far.some(({ pbxCause }) => pbxCause === REDIRECTED_CAUSE);
  return redirected
    ? (status) => status >= 300 && status < 400
    : (status) => status >= 300 && !TRIED_AGAIN.has(status);
}

function hasAnswer(leg: LegSip | undefined, sip: AwaitedStatus): boolean {
  if (leg?.kind !== 'failed' || leg.evidence.sip === undefined) return false;
  return typeof sip === 'number' ? sip === leg.evidence.sip : sip(leg.evidence.sip);
}
