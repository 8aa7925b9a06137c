import { MirroredLegs } from '../../../../adapters/shared/mirrored-legs';
import type { LegSip, SipMirror } from '../../../../src/calls/ports';
import type { Evidence } from '../../../../src/model/failure';

const EVIDENCE: Evidence = { source: 'hep', sip: 503, rang: false, progress: false, origin: 'far' };
const told = (more: Partial<Evidence>): readonly Evidence[] => [
  { source: 'dialplan', rang: false, progress: false, origin: 'far', ...more },
];
const FIRST = { sip: 503, phrase: 'Full', farEnd: '192.0.2.1:5060' };

function mirrored(now: LegSip | undefined, later: LegSip | undefined, waitMs = 5) {
  const waits: unknown[] = [];
  const mirror: SipMirror = {
    pingStatus: () => undefined,
    callIdOf: () => undefined,
    timesOf: () => undefined,
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
    expect(await legs.awaited('a', told({ sip: 503 }))).toEqual([EVIDENCE]);
    expect(waits).toEqual([['a', { withinMs: 5, sip: 503 }]]);
  });

  it.each<[string, LegSip | undefined, string | undefined, Partial<Evidence>, number]>([
    ['it has been seen', failed, 'a', { sip: 503 }, 5],
    ['the leg is unknown', unfinished, undefined, { sip: 503 }, 5],
    ['there was no answer', unfinished, 'a', { origin: 'no-response' }, 5],
    ['we or the caller ended it', unfinished, 'a', { sip: 487, origin: 'ours' }, 5],
    ['nothing is to be waited for', unfinished, 'a', { sip: 503 }, 0],
  ])('is not waited for where %s', (_, now, callId, more, waitMs) => {
    expect(mirrored(now, failed, waitMs).legs.awaited(callId, told(more))).toBeUndefined();
  });

  it('is waited for where only a challenge has been seen, and the PBX tells another status', () => {
    const challenged: LegSip = { kind: 'failed', evidence: { ...EVIDENCE, sip: 407 } };
    const { legs, waits } = mirrored(challenged, failed);
    expect(legs.awaited('a', told({ sip: 503 }))).toBeDefined();
    expect(waits).toHaveLength(1);
  });

  it.each<[string, Partial<Evidence>, readonly number[], readonly number[]]>([
    [
      'a redirection that the PBX did not follow',
      { pbxCause: 23 },
      [300, 302, 380],
      [200, 407, 503],
    ],
    ['a cause of an Asterisk before 22.7', { pbxCause: 17 }, [302, 486, 603], [200, 401, 407, 422]],
    ['nothing but an end by the far side', {}, [302, 503], [200, 407]],
  ])('is waited for where the PBX tells no status: %s', (_, more, ending, others) => {
    const { legs, waits } = mirrored(unfinished, failed);
    expect(legs.awaited('a', told(more))).toBeDefined();
    const [, wait] = waits[0] as [string, { sip: (status: number) => boolean }];
    expect(ending.filter((status) => !wait.sip(status))).toEqual([]);
    expect(others.filter(wait.sip)).toEqual([]);
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
