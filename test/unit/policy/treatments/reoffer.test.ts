import { outcomeText as tell } from '../../../../src/policy/decision/text';
import { LEARNED_FOR_MS } from '../../../../src/codecs/learned';
import type { Evidence } from '../../../../src/model/failure';
import type { Codec } from '../../../../src/model/media';
import { decide } from '../../../../src/policy/decide';
import { isNeeds, type Fact } from '../../../../src/policy/facts';
import type { Hunt } from '../../../../src/policy/hunt';
import { route } from '../../../../src/policy/routes/route';
import { InProcessTrunks } from '../../../../src/trunks/limits/trunk-limits';
import { frozen, snapshot } from '../../../../src/policy/trunk-snapshot';
import { failureOf, huntOf, IDLE, policyOf, START } from '../../../doubles/policies';

const ULAW: Codec = { name: 'PCMU', clockRate: 8000 };
const ALAW: Codec = { name: 'PCMA', clockRate: 8000 };
const G729: Codec = { name: 'G729', clockRate: 8000 };

const policy = (rule: string) =>
  policyOf(`version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes: [{ digits: "*", trunks: [carrier-a, carrier-b] }]
limits: { attempts: 9 }
rules: [${rule}]
`);
const BY_PEER = policy(
  '{ when: { class: codec-mismatch }, do: { retry: same-trunk, codecs: accepted-by-peer } }',
);
const BY_LIST = policy(
  '{ when: { sip: 606 }, do: { retry: same-trunk, codecs: [alaw, ulaw], learn: true } }',
);

function takes(...codecs: Codec[]): Partial<Evidence> {
  const stream = { type: 'audio', port: 4, profile: 'RTP/AVP', telephoneEvent: [] } as const;
  return { refusal: { streams: [{ ...stream, codecs, encryption: 'none' }] } };
}

function after(
  its: ReturnType<typeof policy>,
  sip: number,
  evidence: Partial<Evidence>,
  hunt: Partial<Hunt> = {},
) {
  const codecs = [ULAW, ALAW];
  const attempts = [{ trunk: 'carrier-a', sip, rang: false }];
  const call = huntOf([], { attempts, codecs, ...hunt });
  const decision = decide(its, call, failureOf(sip, evidence), IDLE, START);
  return { ...decision, told: [tell(decision), ...decision.refused].join(' | ') };
}

describe('a second offer', () => {
  it('has what the refusal names and this PBX has', () => {
    const { outcome, reserve } = after(BY_PEER, 488, takes(G729, ALAW));
    expect(outcome).toMatchObject({
      trunk: 'carrier-a',
      codecs: [ALAW],
      reoffer: { learn: false },
    });
    expect(reserve).toEqual({ trunk: 'carrier-a', retry: true });
  });

  it('has the codecs of a list, for a 6xx too: the same trunk is no other trunk', () => {
    const { outcome } = after(BY_LIST, 606, {});
    expect(outcome).toMatchObject({ codecs: [ALAW, ULAW], reoffer: { learn: true } });
  });

  const attempt = { trunk: 'carrier-a', sip: 488, rang: false };
  it.each<[string, Partial<Evidence>, Partial<Hunt>, string]>([
    [
      'after another one',
      takes(ALAW),
      { attempts: [attempt, { ...attempt, reoffered: true }] },
      'already-re-offered',
    ],
    [
      'after the trunk was retried for something else',
      takes(ALAW),
      { attempts: [attempt, attempt] },
      'times-spent',
    ],
    ['without a word of the far side', {}, {}, 'peer-did-not-say'],
    ['of codecs that the PBX lacks', takes(G729), {}, 'codec-not-available'],
    ['by a PBX that does not say what it has', takes(ALAW), { codecs: [] }, 'codec-not-available'],
    ['of what was just refused', { ...takes(ALAW), offered: [ALAW] }, {}, 'same-offer'],
    ['to a callee who has rung', { ...takes(ALAW), rang: true }, {}, 'callee-has-rung'],
  ])('is not made %s', (_, evidence, hunt, refusal) => {
    expect(after(BY_PEER, 488, evidence, hunt).told).toBe(`relay 488 | ${refusal}`);
  });

  it('is made to each trunk once', () => {
    const earlier = { trunk: 'carrier-b', sip: 488, rang: false, reoffered: true as const };
    const { told } = after(BY_PEER, 488, takes(ALAW), { attempts: [earlier, attempt] });
    expect(told).toBe('dial carrier-a with codecs PCMA');
  });

  it('needs what both sides said, unless it is out of the question anyway', () => {
    const needed = (hunt: Partial<Hunt>) => {
      const unknown = new Set<Fact>(['media']);
      const call = huntOf(['carrier-a:488'], { codecs: [ALAW], ...hunt });
      const answer = decide(BY_PEER, call, { ...failureOf(488), unknown }, IDLE, START);
      return isNeeds(answer) ? answer.facts.join() : answer.refused.join();
    };
    expect(needed({})).toBe('media');
    expect(needed({ attempts: [{ ...attempt, reoffered: true }] })).toBe('already-re-offered');
  });
});

describe('what was learned of a trunk', () => {
  const first = (hunt: Partial<Hunt>, now: number) => {
    const trunks = new InProcessTrunks();
    trunks.learn('carrier-a', [ALAW], START);
    const call = huntOf([], { codecs: [ULAW, ALAW], ...hunt });
    // As a decision sees it, and as its explanation does.
    const seen = frozen(snapshot(trunks, BY_PEER, call, now));
    return tell(route(BY_PEER, call, seen, now));
  };

  it('is offered first, for a day', () => {
    expect(first({}, START)).toBe('dial carrier-a with codecs PCMA');
    expect(first({}, START + LEARNED_FOR_MS)).toBe('dial carrier-a');
  });

  it('is not offered where this call’s PBX lacks it, and never in an emergency', () => {
    expect(first({ codecs: [ULAW] }, START)).toBe('dial carrier-a');
    const emergency = policyOf(`version: 1
emergency: [112]
trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } } }
routes: [{ digits: "*", trunks: [carrier-a] }]
`);
    const state = { ...IDLE, offer: () => [ALAW] };
    const call = huntOf([], { number: '112', codecs: [ALAW] });
    expect(tell(route(emergency, call, state, START))).toBe('dial carrier-a');
  });

  it('is offered on the next trunk of a hunt too', () => {
    const next = policy('{ when: { sip: 503 }, do: { retry: next-trunk } }');
    const state = {
      ...IDLE,
      offer: (trunk: string) => (trunk === 'carrier-b' ? [ALAW] : undefined),
    };
    const call = huntOf(['carrier-a:503'], { codecs: [ALAW] });
    const decision = decide(next, call, failureOf(503), state, START);
    expect(tell(decision)).toBe('dial carrier-b with codecs PCMA');
    expect(decision.outcome).not.toHaveProperty('reoffer');
  });
});
