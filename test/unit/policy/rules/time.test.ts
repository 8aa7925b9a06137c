import { isWithin, localClock } from '../../../../src/policy/rules/time';

const at = (text: string) => Date.parse(text);

describe('the wall clock of a time zone', () => {
  it.each([
    ['Europe/Berlin', '2026-01-05T12:00Z', 0, 13 * 60],
    ['Europe/Berlin', '2026-07-05T22:30Z', 0, 30],
    ['Europe/Berlin', '2026-03-29T00:59Z', 6, 119],
    ['Europe/Berlin', '2026-03-29T01:00Z', 6, 180],
    ['America/New_York', '2026-01-05T02:00Z', 6, 21 * 60],
    ['Asia/Kathmandu', '2026-01-05T00:00Z', 0, 5 * 60 + 45],
    ['America/St_Johns', '2026-01-05T00:00Z', 6, 20 * 60 + 30],
    ['UTC', '1970-01-01T00:00Z', 3, 0],
    ['UTC', '1969-12-31T23:59Z', 2, 1439],
    ['UTC', '2026-11-29T23:59Z', 6, 1439],
  ])('%s at %s', (zone, moment, day, minute) => {
    expect(localClock(zone)(at(moment))).toEqual({ day, minute });
  });

  it('may be asked back and forth', () => {
    const clock = localClock('Europe/Berlin');
    const [winter, summer] = [at('2026-01-05T12:00Z'), at('2026-07-06T12:00Z')];
    const minutes = [winter, summer, winter, winter + 60_000].map((now) => clock(now).minute);
    expect(minutes).toEqual([780, 840, 780, 781]);
  });
});

describe('a window', () => {
  const office = { days: [0, 4], from: 8 * 60, to: 18 * 60 };
  const night = { days: [6], from: 22 * 60, to: 6 * 60 };

  it.each([
    ['its first minute', office, 0, 480, true],
    ['the minute before', office, 0, 479, false],
    ['its last minute', office, 4, 1079, true],
    ['the minute after', office, 4, 1080, false],
    ['another day', office, 1, 600, false],
    ['a night before midnight', night, 6, 1320, true],
    ['a night after midnight', night, 0, 359, true],
    ['a night that is over', night, 0, 360, false],
    ['the morning of its day', night, 6, 100, false],
    ['the evening of the next day', night, 0, 1400, false],
  ])('and %s', (_, window, day, minute, expected) => {
    expect(isWithin(window, { day, minute })).toBe(expected);
  });
});
