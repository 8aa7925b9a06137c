import { holdsOf, type PhaseChange } from '../../../src/figures/holds';

/** `100 far held 400`: at, side, phase, and until when by itself. */
function changes(texts: readonly string[]): readonly PhaseChange[] {
  return texts.map((text) => {
    const [at, side = '', to = '', until] = text.split(' ');
    return {
      trunk: 'a',
      at: Number(at),
      side,
      to,
      ...(until !== undefined && { until: Number(until) }),
    };
  });
}

describe('holds between 1000 and 2000', () => {
  it.each<[string, readonly string[], number, number, boolean]>([
    ['one within', ['1100 far held', '1300 far half-open', '1400 far closed'], 1, 200, false],
    [
      'two',
      ['1100 far held', '1200 far closed', '1500 far held', '1600 far closed'],
      2,
      200,
      false,
    ],
    [
      'one from before counts its time, not itself',
      ['500 far held', '1300 far closed'],
      0,
      300,
      false,
    ],
    ['one that goes on', ['1900 far held'], 1, 100, true],
    ['one from before that goes on', ['500 far held'], 0, 1000, true],
    [
      'one that ended by itself without a word, as after kill -9',
      ['1100 far held 1250'],
      1,
      150,
      false,
    ],
    [
      'one that was made longer is one',
      ['1100 far held 1300', '1200 far held 1500', '1500 far half-open'],
      1,
      400,
      false,
    ],
    [
      'a new one after it had ended by itself',
      ['1100 far held 1200', '1500 far held 1600'],
      2,
      200,
      false,
    ],
    [
      'both sides at once',
      ['1100 far held', '1200 local held', '1300 far closed', '1400 local closed'],
      2,
      300,
      false,
    ],
    [
      'half-open again',
      ['1100 far held', '1200 far half-open', '1300 far held', '1400 far closed'],
      2,
      200,
      false,
    ],
  ])('%s', (_, texts, holds, heldMs, held) => {
    expect(holdsOf(changes(texts), 1000, 2000).get('a')).toEqual({ holds, heldMs, held });
  });

  it('are none where there were none', () => {
    expect(holdsOf(changes(['500 far held', '600 far closed']), 1000, 2000).size).toBe(0);
    expect(holdsOf([], 1000, 2000).size).toBe(0);
  });
});
