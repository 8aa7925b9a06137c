import { createLogger } from 'winston';
import { FollowedPings, mirroredStatus } from '../../../../adapters/shared/followed-pings';

const log = createLogger({ silent: true });

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('looks as often as the PBX sends OPTIONS, until others are followed', () => {
  const followed = new FollowedPings(log);
  let looks = 0;
  followed.every(1000, () => (looks += 1));
  jest.advanceTimersByTime(3000);
  expect(looks).toBe(3);
  followed.stop();
  followed.every(1000, () => (looks += 1));
  jest.advanceTimersByTime(3000);
  expect(looks).toBe(3);
  expect(followed.isOver).toBe(true);
  expect(jest.getTimerCount()).toBe(0);
});

it('takes an answer of the last two intervals for the latest', () => {
  const asked: unknown[] = [];
  const mirror = {
    pingStatus: (...args: unknown[]) => {
      asked.push(args);
      return 200;
    },
  };
  expect(mirroredStatus(mirror, 'sip:a', 30_000)).toBe(200);
  expect(asked).toEqual([['sip:a', 60_000]]);
  expect(mirroredStatus(undefined, 'sip:a', 30_000)).toBeUndefined();
});
