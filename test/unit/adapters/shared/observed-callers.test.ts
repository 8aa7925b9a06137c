import { ObservedCallers } from '../../../../adapters/shared/observed-callers';
import type { ObservedCallOver, PbxListener } from '../../../../src/calls/ports';

function following() {
  const over: ObservedCallOver[] = [];
  const listener = { observedCallOver: (call: ObservedCallOver) => void over.push(call) };
  return { over, callers: new ObservedCallers(() => listener as unknown as PbxListener, 100) };
}

describe('the end of a call that is only observed', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('is told once, after its attempts', async () => {
    const { callers, over } = following();
    callers.attempt('a');
    callers.attempt('a');
    callers.over('a', true);
    callers.over('a', true);
    expect(over).toEqual([]);
    await jest.advanceTimersByTimeAsync(100);
    expect(over).toEqual([{ id: 'a', answered: true }]);
    expect(callers.size).toBe(0);
  });

  it('says where it came to us', async () => {
    const { callers, over } = following();
    callers.came('b');
    callers.attempt('a');
    callers.came('a');
    callers.over('a', true);
    callers.attempt('b');
    callers.over('b', false);
    await jest.advanceTimersByTimeAsync(100);
    expect(over).toEqual([
      { id: 'a', answered: true, handedOver: true },
      { id: 'b', answered: false },
    ]);
  });

  it('is told where it was left to its dialplan, whatever it dialled before or after', async () => {
    const { callers, over } = following();
    callers.attempt('a');
    callers.came('a');
    callers.left('a');
    callers.left('b');
    callers.over('a', true);
    callers.over('b', false);
    await jest.advanceTimersByTimeAsync(100);
    expect(over).toEqual([
      { id: 'a', answered: true },
      { id: 'b', answered: false },
    ]);
    expect(callers.size).toBe(0);
  });

  it('waits for a leg that ends after its caller', async () => {
    const { callers, over } = following();
    callers.over('a', false);
    await jest.advanceTimersByTimeAsync(50);
    callers.attempt('a');
    await jest.advanceTimersByTimeAsync(100);
    expect(over).toEqual([{ id: 'a', answered: false }]);
  });

  it('waits for reports that wait for mirrored SIP', async () => {
    const { callers, over } = following();
    let report: () => void = () => undefined;
    callers.attempt('a', new Promise((resolve) => (report = resolve)));
    callers.over('a', false);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(over).toEqual([]);
    report();
    await jest.advanceTimersByTimeAsync(1);
    expect(over).toEqual([{ id: 'a', answered: false }]);
  });

  it('is not told of a caller without an attempt', async () => {
    const { callers, over } = following();
    callers.over('a', true);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(over).toEqual([]);
  });

  it('is told of those that are gone after a reconnect', async () => {
    const { callers, over } = following();
    callers.attempt('a');
    callers.attempt('b');
    callers.keepOnly(new Set(['b']));
    await jest.advanceTimersByTimeAsync(1_000);
    expect(over).toEqual([{ id: 'a', answered: false }]);
    expect(callers.size).toBe(1);
  });
});
