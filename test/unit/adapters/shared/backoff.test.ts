import { reconnectDelay } from '../../../../adapters/shared/backoff';

const ALMOST_ONE = 1 - Number.EPSILON;

describe('the delay before the next try', () => {
  it.each([
    [1, 125, 500],
    [2, 125, 1000],
    [3, 125, 2000],
    [5, 125, 8000],
    [6, 125, 10_000],
    [1000, 125, 10_000],
    [Number.MAX_SAFE_INTEGER, 125, 10_000],
  ])('after %i failures is from %i to %i ms', (failures, least, most) => {
    expect(reconnectDelay(failures, 0)).toBe(least);
    expect(reconnectDelay(failures, ALMOST_ONE)).toBe(most);
  });

  it('is spread over its whole range', () => {
    expect(reconnectDelay(6, 0.5)).toBe(Math.round((125 + 10_000) / 2));
  });
});
