import { Strays, STRAY_LIMITS } from '../../../../adapters/hep/strays';
import { packet, parsed, response } from '../../../doubles/sip';

function stray(callId: string, reason = 'x') {
  const text = response(`503 ${reason}`, { callId });
  return { packet: packet(text), message: parsed(text) };
}

describe('messages that belong to nothing yet', () => {
  it('are kept in order, and released where they belong to something', () => {
    const strays = new Strays();
    const [first, second] = [stray('a', '1'), stray('a', '2')];
    strays.keep(first, 0);
    strays.keep(second, 0);
    expect(strays.of('a')).toEqual([first, second]);
    strays.release('a', (one) => one === first);
    expect(strays.of('a')).toEqual([second]);
    strays.release('a', () => true);
    expect(strays.size).toBe(0);
  });

  it('are no more of one Call-ID than it may have, and the first ones of it', () => {
    const strays = new Strays({ ...STRAY_LIMITS, perCallId: 2 });
    const all = ['1', '2', '3'].map((reason) => stray('a', reason));
    for (const one of all) strays.keep(one, 0);
    expect(strays.of('a')).toEqual(all.slice(0, 2));
  });

  it.each([
    ['messages', { messages: 3 }],
    ['bytes', { bytes: 3 * packet(response('503 x', { callId: 'a' })).payload.length }],
  ])('are no more %s than there may be: the oldest Call-ID goes', (_, limits) => {
    const strays = new Strays({ ...STRAY_LIMITS, ...limits });
    for (const callId of ['a', 'a', 'b', 'c']) strays.keep(stray(callId), 0);
    expect(strays.of('a')).toEqual([]);
    expect(strays.size).toBe(2);
  });

  it('are forgotten after a while, however many more of the same come', () => {
    const strays = new Strays({ ...STRAY_LIMITS, ageMs: 1_000 });
    strays.keep(stray('a'), 0);
    strays.keep(stray('a'), 999);
    strays.keep(stray('b'), 1_000);
    expect(strays.of('a')).toEqual([]);
  });

  it('are a few thousand at most, whatever is sent', () => {
    const strays = new Strays();
    for (let n = 0; n < 5_000; n++) strays.keep(stray(`call-${n}`), 0);
    expect(strays.size).toBeLessThanOrEqual(1_000);
  });
});
