import { setUp, HUNT_ID, routed, failed } from '../../../doubles/call-pipeline';

describe('channels', () => {
  it('are taken by an attempt and given back when it failed, or the call ended', () => {
    const { listener, trunks } = setUp();
    const inUse = () => [trunks.inUseOn('carrier-a'), trunks.inUseOn('carrier-b')];
    listener.handover(routed());
    expect(inUse()).toEqual([1, 0]);
    listener.handover(failed(503));
    expect(inUse()).toEqual([0, 1]);
    listener.callerGone(HUNT_ID);
    expect(inUse()).toEqual([0, 0]);
  });

  it('of an earlier hunt are given back when the same leg begins another', () => {
    const { listener, trunks } = setUp();
    listener.handover(routed());
    listener.handover({ ...routed(), huntId: '1795239432.7@1795239499999' });
    expect(trunks.inUseOn('carrier-a')).toBe(1);
  });
});
