import { listed } from '../../../src/cli/calls';
import { missingLines } from '../../../src/cli/calls-text';

const call = (hunt: string) => ({ pbx: 'asterisk', hunt, number: '1' });

/** A service that gives these pages, by `before`. */
function serviceOf(pages: Readonly<Record<string, object>>) {
  const asked: string[] = [];
  const ask = (path: string): Promise<unknown> => {
    asked.push(path);
    const before = new URLSearchParams(path.split('?')[1]).get('before') ?? '';
    return Promise.resolve(pages[before]);
  };
  return { asked, ask };
}

describe('crankback calls', () => {
  const PAGES = {
    '': { calls: [call('3')], next: '30-3', missing: [{ until: 1, why: 'a' }] },
    '30-3': { calls: [], next: '20-2' },
    // Its attempts were on two pages.
    '20-2': { calls: [call('3'), call('2')], next: '10-1', missing: [{ until: 2, why: 'b' }] },
    '10-1': { calls: [call('1')] },
  };

  it.each([
    [1, ['3'], '30-3', 1],
    [2, ['3', '2'], '10-1', 3],
    [3, ['3', '2', '1'], undefined, 4],
    [50, ['3', '2', '1'], undefined, 4],
  ])('with --limit %d go on over pages that end early', async (limit, hunts, next, pages) => {
    const { ask, asked } = serviceOf(PAGES);
    const list = await listed(ask, new URLSearchParams({ trunk: 'a' }), String(limit));
    expect(list.calls.map(({ hunt }) => hunt)).toEqual(hunts);
    expect(list.next).toBe(next);
    expect(asked).toHaveLength(pages);
    expect(asked[0]).toBe(`/calls?trunk=a&limit=${limit}`);
  });

  it('keep all that the service tells of a call and of what is missing', async () => {
    const list = await listed(serviceOf(PAGES).ask, new URLSearchParams(), '50');
    expect(list.calls[0]).toEqual(call('3'));
    expect(list.missing).toEqual([
      { until: 1, why: 'a' },
      { until: 2, why: 'b' },
    ]);
  });

  it.each([
    [
      { since: 0, until: 1_250, why: 'not closed' },
      'records may be missing from 1970-01-01T00:00:00.000Z until 1970-01-01T00:00:01.250Z: not closed',
    ],
    [
      { until: 1_000, count: 12, why: 'disk\u001b full' },
      '12 records are missing until 1970-01-01T00:00:01.000Z: disk\\u001b full',
    ],
  ])('name a loss %#', (loss, line) => {
    expect(missingLines([loss])).toEqual([line]);
  });
});
