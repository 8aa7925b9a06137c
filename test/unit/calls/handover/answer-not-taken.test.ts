import { setUp, HUNT_ID, routed } from '../../../doubles/call-pipeline';

describe('an answer that the PBX does not take', () => {
  it('is logged, counted and recorded, and nothing is thrown', async () => {
    const { listener, lines, journal, counted, service } = setUp({
      answer: () => Promise.reject(new Error('POST /channels/1/continue: Asterisk answered 404')),
    });
    listener.handover(routed());
    await service.drain(1000);
    expect(journal.find(HUNT_ID)?.decisions[0]?.failed).toMatch(/answered 404/);
    expect(lines.at(-1)).toMatchObject({ level: 'warn', message: 'answer not taken' });
    expect(await counted('crankback_handovers_failed_total')).toEqual([
      { pbx: 'asterisk', value: 1 },
    ]);
  });
});
