import { setUp, routed } from '../../../doubles/call-pipeline';

describe('draining', () => {
  it('lets answers under way finish before it leaves the PBX', async () => {
    let finish: () => void = () => undefined;
    const { service, listener, stopped } = setUp({
      answer: () => new Promise<void>((resolve) => (finish = resolve)),
    });
    listener.handover(routed());
    const drained = service.drain(60_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(stopped()).toBe(0);
    finish();
    await drained;
    expect(stopped()).toBe(1);
  });

  it('does not wait for an answer that never comes', async () => {
    const { service, listener, stopped } = setUp({
      answer: () => new Promise<void>(() => undefined),
    });
    listener.handover(routed());
    await service.drain(20);
    expect(stopped()).toBe(1);
  });

  it('without answers under way ends at once', async () => {
    const { service, stopped } = setUp();
    await service.drain(60_000);
    expect(stopped()).toBe(1);
  });
});
