import { WaitingPackets } from '../../../../../adapters/hep/forward/waiting-packets';

it('packets come out in order, however many went in', () => {
  const waiting = new WaitingPackets(10_000_000);
  const packets = Array.from({ length: 2_500 }, (_, n) => Buffer.from(String(n)));
  const taken: (Buffer | undefined)[] = [];
  for (const [n, one] of packets.entries()) {
    expect(waiting.offer(one)).toBe(true);
    if (n % 3 === 0) taken.push(waiting.take());
  }
  while (!waiting.isEmpty) taken.push(waiting.take());
  expect(taken).toEqual(packets);
  expect(waiting.take()).toBeUndefined();
  expect(waiting.bytes).toBe(0);
});

it('one that does not fit is not taken, and a tiny one counts for more than its bytes', () => {
  const waiting = new WaitingPackets(10_000);
  expect(waiting.offer(Buffer.alloc(10_000))).toBe(false);
  let taken = 0;
  while (taken < 1_000 && waiting.offer(Buffer.alloc(1))) taken += 1;
  expect(taken).toBe(77);
  expect(waiting.bytes).toBeLessThanOrEqual(10_000);
});
