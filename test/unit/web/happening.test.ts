import { Happening } from '../../../web/live/happening';

type Event = Parameters<Happening['add']>[0][number];

const at = '2026-01-31T22:00:00Z';
const of = (kind: Event['kind'], hunt: string, more: Partial<Event> = {}): Event => ({
  ...{ kind, at, hunt, pbx: 'asterisk', number: '0301234567' },
  ...more,
});

describe('what happens', () => {
  it('is told of each call until it ends', () => {
    const happening = new Happening();
    const failure = { class: 'trunk-congested', fault: 'trunk', sip: 503, rang: false };
    happening.add([
      of('hunt-begun', 'a'),
      of('decided', 'a', { outcome: 'dial carrier-a', trunk: 'carrier-a' }),
      of('hunt-begun', 'b'),
      of('attempt-failed', 'a', { failure: { ...failure, earlyMediaSeconds: 0 } }),
    ]);
    expect(happening.calls).toMatchObject([
      { hunt: 'b' },
      { hunt: 'a', trunk: 'carrier-a', last: '503 trunk-congested' },
    ]);
    happening.add([of('hunt-ended', 'b'), of('attempt-answered', 'a')]);
    expect(happening.calls).toMatchObject([{ hunt: 'a', answered: true }]);
    expect(happening.count).toBe(6);
  });

  it('is not told of calls whose end may have been missed, until they are heard of again', () => {
    const happening = new Happening();
    happening.add([of('hunt-begun', 'a'), of('hunt-begun', 'b')]);
    happening.missed();
    expect(happening.calls).toEqual([]);
    happening.add([of('attempt-answered', 'b', { trunk: 'carrier-b' })]);
    expect(happening.calls).toMatchObject([{ hunt: 'b', answered: true }]);
    expect(happening.count).toBe(3);
  });

  it('is kept in bounds, however much comes', () => {
    const happening = new Happening();
    happening.add(Array.from({ length: 1_000 }, (_, index) => of('hunt-begun', `call-${index}`)));
    expect([happening.count, happening.latest.length, happening.calls.length]).toEqual([
      1_000, 50, 200,
    ]);
    expect(happening.calls[0]).toMatchObject({ hunt: 'call-999' });
  });

  it('begins with a call that was there before the page', () => {
    const happening = new Happening();
    happening.add([of('attempt-failed', 'old')]);
    expect(happening.calls).toMatchObject([{ hunt: 'old' }]);
  });
});
