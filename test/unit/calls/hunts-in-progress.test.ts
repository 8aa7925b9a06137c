import { HuntsInProgress } from '../../../src/calls/hunts-in-progress';

describe('hunts in progress', () => {
  it('are no more than can be followed: the oldest one is over', () => {
    const hunts = new HuntsInProgress();
    for (let index = 0; index < 20_000; index++) {
      const begun = hunts.begin(`h${index}`, { channel: `c${index}`, number: '200' });
      expect(begun).toEqual({ isNew: true, over: [] });
    }
    const { over } = hunts.begin('next', { channel: 'c', number: '200' });
    expect(over).toEqual(['h0']);
    expect(hunts.find('h0')).toBeUndefined();
    expect(hunts.find('h1')).toBeDefined();
    // Its leg is forgotten as well.
    expect(hunts.begin('again', { channel: 'c0', number: '200' }).over).toEqual(['h1']);
  });

  it('are one for each leg', () => {
    const hunts = new HuntsInProgress();
    hunts.begin('h1', { channel: 'c1', number: '200' });
    const again = hunts.begin('h1', { channel: 'c1', number: '200' });
    expect(again).toEqual({ isNew: false, over: [] });
    const next = hunts.begin('h2', { channel: 'c1', number: '201' });
    expect(next).toEqual({ isNew: true, over: ['h1'] });
  });
});
