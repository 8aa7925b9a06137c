import { MirroredLegs } from '../../../../adapters/shared/mirrored-legs';
import type { LegSip, SipMirror } from '../../../../src/calls/ports';
import type { Evidence } from '../../../../src/model/failure';

const EVIDENCE: Evidence = { source: 'hep', sip: 503, rang: false, progress: false, origin: 'far' };
const FIRST = { sip: 503, phrase: 'Full', farEnd: '192.0.2.1:5060' };

function mirrored(now: LegSip | undefined, later: LegSip | undefined, waitMs = 5) {
  const waits: unknown[] = [];
  const mirror: SipMirror = {
    pingStatus: () => undefined,
    callIdOf: () => undefined,
    sentFrom: () => undefined,
    dialled: () => undefined,
    leg: () => (waits.length === 0 ? now : later),
    awaitFinal: (callId, wait) => {
      waits.push([callId, wait]);
      return Promise.resolve(later);
    },
  };
  return { legs: new MirroredLegs(mirror, waitMs), waits };
}

const failed: LegSip = { kind: 'failed', evidence: EVIDENCE };
const unfinished: LegSip = { kind: 'unfinished', evidence: EVIDENCE, sentAfterMs: 0 };

describe('the mirrored SIP of a leg that failed', () => {
  it('is waited for where the far side’s answer has not been seen', async () => {
    const { legs, waits } = mirrored(unfinished, failed);
    expect(await legs.awaited('a', 503)).toEqual([EVIDENCE]);
    expect(waits).toEqual([['a', { withinMs: 5, sip: 503 }]]);
  });

  it.each<[string, LegSip | undefined, string | undefined, number | undefined, number]>([
    ['it has been seen', failed, 'a', 503, 5],
    ['the leg is unknown', unfinished, undefined, 503, 5],
    ['there was no answer', unfinished, 'a', undefined, 5],
    ['nothing is to be waited for', unfinished, 'a', 503, 0],
  ])('is not waited for where %s', (_, now, callId, sip, waitMs) => {
    expect(mirrored(now, failed, waitMs).legs.awaited(callId, sip)).toBeUndefined();
  });
});

describe('the mirrored SIP of a leg that was answered', () => {
  it('has the INVITEs before the one that was', async () => {
    const answered: LegSip = { kind: 'answered', subAttempts: [FIRST] };
    expect(await mirrored(unfinished, answered).legs.earlier('a')).toEqual([FIRST]);
    expect(await mirrored(unfinished, unfinished).legs.earlier('a')).toEqual([]);
    expect(await mirrored(unfinished, answered).legs.earlier(undefined)).toEqual([]);
    expect(await new MirroredLegs(undefined).earlier('a')).toEqual([]);
  });
});
