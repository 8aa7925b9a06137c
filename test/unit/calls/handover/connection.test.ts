import { setUp } from '../../../doubles/call-pipeline';

describe('the connection', () => {
  it('is not there at first, and its last state is told', () => {
    const { service, listener } = setUp();
    expect(service.connectionState()).toEqual({ connected: false, why: 'not yet connected' });
    listener.connection({ connected: true });
    expect(service.connectionState()).toEqual({ connected: true });
  });

  it('is worth one line per news, however often it is tried', async () => {
    const { listener, lines, counted } = setUp();
    for (let round = 0; round < 5; round++) listener.connection({ connected: false, why: 'x' });
    listener.connection({ connected: false, why: 'y' });
    listener.connection({ connected: true });
    listener.connection({ connected: true });
    expect(await counted('crankback_pbx_connected')).toEqual([{ pbx: 'asterisk', value: 1 }]);
    listener.connection({ connected: false, why: 'y' });
    expect(lines.map(({ message, why }) => [message, why])).toEqual([
      ['not connected', 'x'],
      ['not connected', 'y'],
      ['connected', undefined],
      ['not connected', 'y'],
    ]);
    expect(await counted('crankback_pbx_connected')).toEqual([{ pbx: 'asterisk', value: 0 }]);
  });
});
