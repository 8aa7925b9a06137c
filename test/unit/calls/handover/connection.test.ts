import { named } from '../../../../src/findings/named';
import { setUp } from '../../../doubles/call-pipeline';

const X = named('CB3001', 'x');
const Y = named('CB3010', 'y');

describe('the connection', () => {
  it('is not there at first, and its last state is told', () => {
    const { service, listener } = setUp();
    expect(service.connectionState()).toEqual({
      connected: false,
      why: 'not yet connected [CB8008]',
    });
    listener.connection({ connected: true });
    expect(service.connectionState()).toEqual({ connected: true });
  });

  it('is worth one line per news, however often it is tried', async () => {
    const { listener, lines, counted } = setUp();
    for (let round = 0; round < 5; round++) listener.connection({ connected: false, why: X });
    listener.connection({ connected: false, why: Y });
    listener.connection({ connected: true });
    listener.connection({ connected: true });
    expect(await counted('crankback_pbx_connected')).toEqual([{ pbx: 'asterisk', value: 1 }]);
    listener.connection({ connected: false, why: Y });
    expect(lines.map(({ message, why }) => [message, why])).toEqual([
      ['not connected', X],
      ['not connected', Y],
      ['connected', undefined],
      ['not connected', Y],
    ]);
    expect(await counted('crankback_pbx_connected')).toEqual([{ pbx: 'asterisk', value: 0 }]);
  });
});
