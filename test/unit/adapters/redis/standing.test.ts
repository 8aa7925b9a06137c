import { Standing } from '../../../../adapters/redis/standing';

const SECOND = 1_000;
const MINUTE = 60_000;

function shared(): Standing {
  const standing = new Standing();
  standing.rise('shared', 0);
  return standing;
}

describe('how far Redis can be used', () => {
  it('is unknown at first, and what is seen first is news', () => {
    const standing = new Standing();
    expect(standing.level).toBeUndefined();
    expect(standing.fall('unreachable', 0)).toBe(true);
    expect(standing.fall('unreachable', 1)).toBe(false);
    expect(standing.rise('read-only', 2)).toBe(true);
    expect(standing.rise('shared', 3)).toBe(true);
    expect(standing.rise('shared', 4)).toBe(false);
  });

  it('falls at once, and never rises by falling', () => {
    const standing = shared();
    expect(standing.fall('read-only', 1)).toBe(true);
    expect(standing.fall('unreachable', 2)).toBe(true);
    expect(standing.fall('read-only', 3)).toBe(false);
    expect(standing.level).toBe('unreachable');
  });

  it('comes back at once after each of two outages', () => {
    const standing = shared();
    for (const at of [10, 20]) {
      standing.fall('unreachable', at);
      expect(standing.rise('shared', at + 1)).toBe(true);
    }
  });

  it('waits twice as long after each fall that follows, a minute at most', () => {
    const standing = shared();
    let now = 0;
    const waits = Array.from({ length: 12 }, () => {
      standing.fall('read-only', ++now);
      const fell = now;
      while (!standing.rise('shared', now) && now - fell < 2 * MINUTE) now += SECOND / 2;
      return (now - fell) / SECOND;
    });
    expect(waits).toEqual([0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]);
  });

  it('waits anew where something failed meanwhile', () => {
    const standing = shared();
    for (const at of [1, 2]) {
      standing.fall('unreachable', at);
      standing.rise('shared', at);
    }
    standing.fall('unreachable', 3);
    expect(standing.rise('shared', 4)).toBe(false);
    expect(standing.fall('unreachable', 900)).toBe(false);
    expect(standing.rise('shared', 1004)).toBe(false);
    expect(standing.rise('shared', 2004)).toBe(true);
  });

  it('starts afresh after a minute in order', () => {
    const standing = shared();
    for (const at of [1, 2, 3]) {
      standing.fall('unreachable', at);
      standing.rise('shared', at);
    }
    expect(standing.rise('shared', 3 + SECOND)).toBe(true);
    for (const at of [2 * MINUTE, 4 * MINUTE, 6 * MINUTE, 8 * MINUTE]) {
      standing.fall('unreachable', at);
      expect(standing.rise('shared', at + 1)).toBe(true);
    }
  });
});
