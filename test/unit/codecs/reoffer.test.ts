import fc from 'fast-check';
import { LEARNED_FOR_MS, LearnedOffers } from '../../../src/codecs/learned';
import { codecKey } from '../../../src/codecs/registry';
import { chooseReoffer } from '../../../src/codecs/reoffer';
import type { Evidence } from '../../../src/model/failure';
import type { Codec, MediaDescription } from '../../../src/model/media';

const [ULAW, ALAW, G729, OPUS] = [
  { name: 'PCMU', clockRate: 8000 },
  { name: 'PCMA', clockRate: 8000 },
  { name: 'G729', clockRate: 8000 },
  { name: 'opus', clockRate: 48000, channels: 2 },
] as const satisfies readonly Codec[];

function description(codecs: readonly Codec[]): MediaDescription {
  const stream = { type: 'audio', port: 4000, profile: 'RTP/AVP', telephoneEvent: [] };
  return { streams: [{ ...stream, codecs, encryption: 'none' }] };
}

function refused(offer: readonly Codec[], takes?: readonly Codec[]): readonly Evidence[] {
  const evidence = { source: 'hep', sip: 488, rang: false, progress: false } as const;
  const refusal = takes && { refusal: description(takes) };
  return [{ ...evidence, origin: 'far', offer: description(offer), ...refusal }];
}

function choose(parts: Partial<Parameters<typeof chooseReoffer>[0]>) {
  return chooseReoffer({
    wanted: 'accepted-by-peer',
    evidence: refused([ULAW, G729], [ALAW]),
    available: [ULAW, ALAW, G729],
    made: 0,
    ...parts,
  });
}

describe('the one re-offer', () => {
  it('has what the far side takes and the PBX can speak, in the far side’s order', () => {
    expect(choose({ evidence: refused([ULAW], [OPUS, G729, ALAW]) })).toEqual({
      codecs: [G729, ALAW],
    });
  });

  it('is a narrower offer where only the width was too much', () => {
    expect(choose({ evidence: refused([ULAW, ALAW], [ALAW]) })).toEqual({ codecs: [ALAW] });
  });

  it('has the codecs of a list in its order', () => {
    expect(choose({ wanted: [OPUS, ALAW, ULAW] })).toEqual({ codecs: [ALAW, ULAW] });
  });

  it.each([
    ['already-re-offered', { made: 1 }],
    ['peer-did-not-say', { evidence: refused([ULAW]) }],
    ['codec-not-available', { available: [ULAW, G729] }],
    ['same-offer', { evidence: refused([ALAW], [ALAW]) }],
    ['same-offer', { wanted: [ULAW, G729] }],
  ])('is not made: %s', (none, parts) => {
    expect(choose(parts)).toEqual({ none });
  });

  it('never has a codec that the PBX lacks, and never comes twice', () => {
    const some = fc.subarray([ULAW, ALAW, G729, OPUS] as Codec[]);
    fc.assert(
      fc.property(some, some, some, fc.nat(2), (offer, takes, available, made) => {
        const choice = choose({ evidence: refused(offer, takes), available, made });
        if (!('codecs' in choice)) return;
        expect(made).toBe(0);
        const has = new Set(available.map(codecKey));
        expect(choice.codecs.every((codec) => has.has(codecKey(codec)))).toBe(true);
        expect(choice.codecs).not.toHaveLength(0);
      }),
    );
  });
});

describe('what was learned of a trunk', () => {
  it('is offered first for 24 hours', () => {
    const learned = new LearnedOffers();
    learned.accepted('carrier-a', [ALAW], 1000);
    expect(learned.offerFor('carrier-a', 1000 + LEARNED_FOR_MS - 1)).toEqual([ALAW]);
    const offer = { codecs: [ALAW], until: 1000 + LEARNED_FOR_MS };
    expect([learned.of('carrier-a', 1000), learned.of('carrier-b', 1000)]).toEqual([
      offer,
      undefined,
    ]);
    expect(learned.offerFor('carrier-a', 1000 + LEARNED_FOR_MS)).toBeUndefined();
    expect(learned.of('carrier-a', 1000 + LEARNED_FOR_MS)).toBeUndefined();
  });

  it('is of that trunk only', () => {
    const learned = new LearnedOffers();
    learned.accepted('carrier-a', [ALAW], 0);
    expect(learned.offerFor('carrier-b', 0)).toBeUndefined();
  });

  it('is forgotten at the next refusal', () => {
    const learned = new LearnedOffers();
    learned.accepted('carrier-a', [ALAW], 0);
    learned.refused('carrier-a');
    expect(learned.offerFor('carrier-a', 1)).toBeUndefined();
  });
});
