import { CallsInUse } from '../../../src/figures/calls-in-use';

const M = 60_000;

/** `1 dial a`: what call 1 does; a dot begins the next minute. */
function peaks(texts: readonly string[]): readonly string[] {
  const use = new CallsInUse();
  let at = 0;
  for (const text of texts) {
    if (text === '.') {
      at += M;
      continue;
    }
    const [hunt = '', what = '', trunk] = text.split(' ');
    const kind = what === 'end' || what === 'not-carried-out' ? what : 'decision';
    const seen = { at, pbx: 'p', hunt, outcome: what, ...(trunk !== undefined && { trunk }) };
    use.seen({ ...seen, kind: kind === 'end' ? 'hunt-end' : kind });
  }
  return use
    .changed()
    .map(({ minute, trunk, most, last }) => `${minute / M} ${trunk} ${most} ${last}`);
}

describe('calls at once', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['two', ['1 dial a', '2 dial a', '1 end'], ['0 a 2 1']],
    [
      'a call that goes to the next trunk leaves the first',
      ['1 dial a', '1 dial b'],
      ['0 a 1 0', '0 b 1 1'],
    ],
    ['a call that is relayed takes up none', ['1 dial a', '1 relay'], ['0 a 1 0']],
    ['a call of the static fallback', ['1 dial a', '1 not-carried-out'], ['0 a 1 0']],
    ['a retry on the same trunk is one call', ['1 dial a', '1 dial a'], ['0 a 1 1']],
    [
      'calls from before count in the next minute',
      ['1 dial a', '2 dial a', '.', '1 end', '3 dial a'],
      ['0 a 2 2', '1 a 2 2'],
    ],
    ['an end that comes twice', ['1 dial a', '1 end', '1 end'], ['0 a 1 0']],
  ])('%s', (_, texts, expected) => {
    expect(peaks(texts)).toEqual(expected);
  });

  it('are bounded where ends are lost: the oldest is taken for over', () => {
    const use = new CallsInUse();
    for (let hunt = 0; hunt < 50_010; hunt += 1)
      use.seen({
        kind: 'decision',
        at: 0,
        pbx: 'p',
        hunt: String(hunt),
        outcome: 'dial',
        trunk: 'a',
      });
    expect(use.changed()[0]?.last).toBe(50_000);
  });

  it('are told once', () => {
    const use = new CallsInUse();
    use.seen({ kind: 'decision', at: 0, pbx: 'p', hunt: '1', outcome: 'dial', trunk: 'a' });
    use.kept();
    expect(use.changed()).toEqual([]);
  });
});
