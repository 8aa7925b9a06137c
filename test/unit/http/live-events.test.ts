import type { Readable } from 'node:stream';
import type { CallEvent } from '../../../src/events/call-event';
import { LiveEvents, type LiveLimits } from '../../../src/http/live/live-events';
import { showing } from '../../../src/records/shown';
import { until } from '../../doubles/until';

const LIMITS: LiveLimits = {
  ...{ clients: 2, behind: 4_000, batchMs: 100, commentMs: 5_000, keptMs: 60_000 },
  ...{ events: 5, characters: 10_000 },
};

beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick'] }));
afterEach(() => jest.useRealTimers());

function begin(limits: Partial<LiveLimits> = {}, maskNumbers = false, run = 'run') {
  const live = new LiveEvents(showing({ maskNumbers }), run, { ...LIMITS, ...limits });
  let hunts = 0;
  const happens = (count = 1): void => {
    for (let index = 0; index < count; index += 1)
      live.record({ ...{ kind: 'hunt-ended', at: 0, pbx: 'asterisk' }, hunt: `h${++hunts}` });
  };
  return { live, happens };
}

/** What a client has got by now, the events by their hunts. */
function read(stream: Readable | undefined): { text: string; ids: string[]; hunts: string[] } {
  const text = (stream?.read() as Buffer | null)?.toString() ?? '';
  const ids = [...text.matchAll(/^id: (.+)$/gm)].map(([, id = '']) => id);
  const hunts = [...text.matchAll(/"hunt":"(\w+)"/g)].map(([, hunt = '']) => hunt);
  return { text, ids, hunts };
}

describe('live events', () => {
  it('come to all who follow, those of a quarter of a second together', () => {
    const { live, happens } = begin();
    const [one, other] = [live.follow(undefined), live.follow(undefined)];
    expect(read(one).text).toBe('retry: 2000\n\nid: run-0\n\n');
    read(other);
    happens(3);
    expect(read(one).text).toBe('');
    jest.advanceTimersByTime(110);
    const { text, ids, hunts } = read(one);
    expect([ids, hunts]).toEqual([
      ['run-1', 'run-2', 'run-3'],
      ['h1', 'h2', 'h3'],
    ]);
    expect(text).toContain(
      'id: run-1\nevent: hunt-ended\ndata: {"kind":"hunt-ended","at":"1970-01-01T00:00:00.000Z","pbx":"asterisk","hunt":"h1"}\n\n',
    );
    expect(read(other).text).toBe(text);
  });

  it('are written to one client at a time: a call is decided between two', () => {
    const { live, happens } = begin({ clients: 3 });
    const all = [live.follow(undefined), live.follow(undefined), live.follow(undefined)];
    for (const stream of all) read(stream);
    const order: string[] = [];
    for (const [index, stream] of all.entries())
      jest.spyOn(stream as Readable, 'push').mockImplementation(() => {
        order.push(`client ${index}`);
        return setImmediate(() => order.push('a call')) !== undefined;
      });
    happens();
    jest.advanceTimersByTime(110);
    expect(order.slice(0, 5)).toEqual(['client 0', 'a call', 'client 1', 'a call', 'client 2']);
  });

  it('that wait for others to be written to are not told again to who comes meanwhile', () => {
    const { live, happens } = begin({ clients: 3 });
    const [one, other] = [live.follow(undefined), live.follow(undefined)];
    happens();
    const late = live.follow('run-0');
    jest.advanceTimersByTime(110);
    for (const stream of [one, other, late]) expect(read(stream).hunts).toEqual(['h1']);
  });

  it('go on behind the last one that a client had', () => {
    const { live, happens } = begin();
    const first = live.follow(undefined);
    happens(2);
    jest.advanceTimersByTime(110);
    expect(read(first).ids.at(-1)).toBe('run-2');
    first?.destroy();
    jest.advanceTimersByTime(1_000);
    happens(2);
    const { text, hunts } = read(live.follow('run-2'));
    expect(hunts).toEqual(['h3', 'h4']);
    expect(text).not.toContain('event: gap');
  });

  it('tell how many are no longer there', () => {
    const { live, happens } = begin();
    live.follow(undefined);
    happens(9);
    const { text, hunts } = read(live.follow('run-1'));
    expect(text).toContain('id: run-4\nevent: gap\ndata: {"lost":3}\n\nid: run-5\n');
    expect(hunts).toEqual(['h5', 'h6', 'h7', 'h8', 'h9']);
  });

  it('are kept in a bound of characters as well', () => {
    const { live, happens } = begin({ events: 1_000, characters: 700 });
    live.follow(undefined);
    happens(100);
    expect(read(live.follow('run-0')).hunts.length).toBeLessThanOrEqual(5);
  });

  it('are not missed by a client that was cut off before the first one', () => {
    const { live, happens } = begin();
    happens(3);
    const { ids } = read(live.follow(undefined));
    expect(ids).toEqual(['run-3']);
    happens(2);
    const { text, hunts } = read(live.follow(ids[0]));
    expect([hunts, text.includes('event: gap')]).toEqual([['h4', 'h5'], false]);
  });

  it.each(['other-1', 'run-99', 'run', '', 'run-1-1', 'run-', '-1', 'run--1', 'run-1e3', 'RUN-1'])(
    'tell of a gap that nobody can count where the last id is “%s”, and go on behind it',
    (id) => {
      const { live, happens } = begin({ clients: 3 });
      live.follow(undefined);
      happens(2);
      const { text, hunts } = read(live.follow(id));
      expect(text).toContain('id: run-0\nevent: gap\ndata: {}\n\nid: run-1\n');
      expect(hunts).toEqual(['h1', 'h2']);
      // Cut off behind the gap, a client gets the rest, and no gap again.
      const again = read(live.follow('run-0'));
      expect([again.hunts, again.text.includes('event: gap')]).toEqual([['h1', 'h2'], false]);
    },
  );

  it('of a service that was begun anew are told with the gap, and none of them twice', () => {
    const before = begin();
    const { ids } = (() => {
      const stream = before.live.follow(undefined);
      before.happens(3);
      jest.advanceTimersByTime(110);
      return read(stream);
    })();
    expect(ids.at(-1)).toBe('run-3');
    // The next run has events by the same numbers before the client is back.
    const after = begin({}, false, 'next');
    after.live.follow(undefined);
    after.happens(4);
    const { text, hunts, ids: given } = read(after.live.follow(ids.at(-1)));
    expect(text).toContain('event: gap\ndata: {}\n\n');
    expect(hunts).toEqual(['h1', 'h2', 'h3', 'h4']);
    expect(given).toEqual(['next-0', 'next-1', 'next-2', 'next-3', 'next-4']);
  });

  it('are made of nothing while nobody follows, and counted all the same', async () => {
    const { live, happens } = begin();
    const first = live.follow(undefined);
    happens();
    jest.advanceTimersByTime(110);
    const left = new Promise((resolve) => first?.once('close', resolve));
    first?.destroy();
    await left;
    jest.advanceTimersByTime(60_000);
    happens(4);
    expect(read(live.follow('run-1')).text).toContain('event: gap\ndata: {"lost":4}\n\n');
  });

  it('drop a client that does not read', async () => {
    jest.useRealTimers();
    const { live, happens } = begin({ batchMs: 1, behind: 1_000 });
    const [slow, quick] = [live.follow(undefined), live.follow(undefined)];
    const got: string[] = [];
    quick?.on('data', (chunk: Buffer) => got.push(chunk.toString()));
    const closed = new Promise((resolve) => slow?.once('close', resolve));
    const more = setInterval(() => happens(5), 2);
    await closed;
    // It reads in its own time.
    await until(() => got.join('').includes('"hunt":"h5"'));
    clearInterval(more);
    expect(slow?.destroyed).toBe(true);
    expect(quick?.destroyed).toBe(false);
    live.stop();
  });

  it('are for so many clients, and free a place when one leaves', async () => {
    jest.useRealTimers();
    const { live } = begin();
    const first = live.follow(undefined);
    live.follow(undefined);
    expect(live.follow(undefined)).toBeUndefined();
    const left = new Promise((resolve) => first?.once('close', resolve));
    first?.destroy();
    await left;
    expect(live.follow(undefined)).toBeDefined();
    live.stop();
  });

  it('are followed by comments while nothing happens, before the connection is taken for dead', () => {
    const { live } = begin();
    const stream = live.follow(undefined);
    read(stream);
    jest.advanceTimersByTime(5_000);
    expect(read(stream).text).toBe(':\n\n');
  });

  it('show no whole number where numbers are masked, and no character that cannot be seen', () => {
    const { live } = begin({}, true);
    const stream = live.follow(undefined);
    const begun = { kind: 'hunt-begun', at: 0, pbx: 'asterisk', hunt: 'h', leg: 'l' };
    live.record({
      ...{ ...begun, number: '0301234567\u202e\n', startedAt: 0, policyHash: 'x' },
    } as CallEvent);
    jest.advanceTimersByTime(110);
    const { text } = read(stream);
    expect(text).toContain('"number":"03');
    expect(text).not.toMatch(/0301234567|\u202e/);
    expect(text.split('\n').filter((line) => line !== '')).toHaveLength(5);
  });
});
