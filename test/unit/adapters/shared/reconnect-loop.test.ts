import { ReconnectLoop } from '../../../../adapters/shared/reconnect-loop';

let tries = 0;
let asked: number[] = [];
const loopOf = () =>
  new ReconnectLoop(
    () => {
      tries += 1;
      return Promise.resolve();
    },
    (failures) => {
      asked.push(failures);
      return 100;
    },
  );

beforeEach(() => {
  jest.useFakeTimers();
  tries = 0;
  asked = [];
});
afterEach(() => jest.useRealTimers());

it('a connection that is lost is tried again, failures in a row counted', () => {
  const loop = loopOf();
  loop.start();
  expect(tries).toBe(1);
  loop.lost();
  jest.advanceTimersByTime(99);
  expect(tries).toBe(1);
  jest.advanceTimersByTime(1);
  expect(tries).toBe(2);
  loop.lost();
  expect(asked).toEqual([1, 2]);
});

it('a connection that was in use begins the row anew', () => {
  const loop = loopOf();
  loop.start();
  loop.lost();
  loop.connected();
  loop.lost();
  expect(asked).toEqual([1, 1]);
});

it('a loss that is told twice is one try', () => {
  const loop = loopOf();
  loop.start();
  loop.lost();
  loop.lost();
  jest.advanceTimersByTime(1000);
  expect(tries).toBe(2);
});

it('nothing is tried any more once it is stopped', () => {
  const loop = loopOf();
  loop.start();
  loop.lost();
  loop.stop();
  expect(loop.isStopped).toBe(true);
  loop.lost();
  jest.advanceTimersByTime(1000);
  expect(tries).toBe(1);
});
