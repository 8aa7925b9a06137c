import { readChannels } from '../../../../../adapters/freeswitch/legs/missed-events';

describe('the list of channels', () => {
  it('has who they are and whether they are up', async () => {
    const rows = [
      { uuid: 'a-1', direction: 'outbound', callstate: 'ACTIVE' },
      { uuid: 'a-2', direction: 'inbound', callstate: 'HELD' },
      { uuid: 'a-3', direction: 'outbound', callstate: 'RINGING', cid_name: '"],[{' },
      { uuid: 'not a uuid', direction: 'outbound', callstate: 'ACTIVE' },
      { direction: 'outbound' },
      null,
    ];
    expect(await readChannels(JSON.stringify({ row_count: rows.length, rows }))).toEqual([
      { uuid: 'a-1', outbound: true, up: true },
      { uuid: 'a-2', outbound: false, up: true },
      { uuid: 'a-3', outbound: true, up: false },
    ]);
  });

  it('is empty without rows', async () => {
    expect(await readChannels('{"row_count":0}\n')).toEqual([]);
  });

  it.each([
    '',
    '-ERR no reply\n',
    'No such command',
    '{"row_count":1,"rows":[{"uuid":"a"}',
    '[',
    `{${' '.repeat(2000)}}`,
  ])('is unknown where FreeSWITCH says %j', async (text) => {
    expect(await readChannels(text)).toBeUndefined();
  });

  it('is read in slices', async () => {
    const row = { direction: 'outbound', callstate: 'ACTIVE', cid_name: 'x'.repeat(1000) };
    const rows = Array.from({ length: 10_000 }, (_, index) => ({ uuid: `a-${index}`, ...row }));
    const text = JSON.stringify({ row_count: rows.length, rows });
    const parse = jest.spyOn(JSON, 'parse');
    const channels = await readChannels(text);
    const longest = Math.max(...parse.mock.calls.map(([one]) => one.length));
    parse.mockRestore();
    expect(channels).toHaveLength(10_000);
    expect(longest).toBeLessThan(2_000);
  });
});
