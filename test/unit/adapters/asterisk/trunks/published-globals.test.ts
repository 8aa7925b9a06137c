import { inBackground } from '../../../../../adapters/asterisk/ari/background';
import {
  MOST_PUBLISHED,
  policyGlobals,
  trunkVariables,
} from '../../../../../adapters/asterisk/trunks/policy-globals';
import { PublishedGlobals } from '../../../../../adapters/asterisk/trunks/published-globals';
import type { AsteriskTrunk } from '../../../../../adapters/asterisk/trunks/trunk-names';

const MINUTE = 60_000;

function trunk(name: string, more: Partial<AsteriskTrunk> = {}): AsteriskTrunk {
  const dial = { asterisk: `PJSIP/{number}@${name}` };
  return { name, dial, firstResponse: 1, ringTimeout: 30_000, ...more };
}

function policyOf(hash: string, ...trunks: readonly AsteriskTrunk[]): ReadonlyMap<string, string> {
  return policyGlobals(hash, trunks);
}

function asterisk(globals = new Map<string, string>()) {
  const asked: string[] = [];
  let fails = false;
  const tell = (line: string, done: () => void): Promise<void> => {
    asked.push(line);
    if (fails) return Promise.reject(new Error('gone'));
    done();
    return Promise.resolve();
  };
  const rest = {
    global: (name: string) => Promise.resolve(globals.get(name) ?? ''),
    setGlobal: (name: string, value: string) => tell(name, () => globals.set(name, value)),
    deleteGlobal: (name: string) => tell(`-${name}`, () => globals.delete(name)),
  };
  return {
    rest,
    globals,
    fail: (yes: boolean) => (fails = yes),
    /** What Asterisk was asked since the last look; CRANKBACK_SAID_… left out. */
    asked: () => asked.splice(0).filter((line) => !line.includes('_SAID_')),
  };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('a policy is told to Asterisk', () => {
  it('whole at first, its hash last', async () => {
    const { rest, globals, asked } = asterisk();
    const caller = { callerId: { otherwise: '4930' }, progressTimeout: 15_000 };
    await new PublishedGlobals(rest, policyOf('p', trunk('a', caller))).publish();
    expect(Object.fromEntries(globals)).toMatchObject({
      CRANKBACK_DIAL_a: 'PJSIP/${CB_TO}@a',
      CRANKBACK_RING_TIMEOUT_a: '30^15',
      CRANKBACK_CALLER_a: '4930',
      CRANKBACK_SAID_503: 'SIP 503 Service Unavailable',
    });
    expect(asked().at(-1)).toBe('CRANKBACK_POLICY');
  });

  it('again by what differs only', async () => {
    const { rest, asked } = asterisk();
    const published = new PublishedGlobals(rest, policyOf('p', trunk('a'), trunk('b')));
    await published.publish();
    asked();
    published.want(policyOf('q', trunk('a'), trunk('b', { ringTimeout: 20_000 })));
    await published.publish();
    expect(asked()).toEqual(['CRANKBACK_RING_TIMEOUT_b', 'CRANKBACK_POLICY']);
    await published.publish();
    expect(asked()).toEqual([]);
  });

  it('whole again where Asterisk may have lost it', async () => {
    const { rest, asked, globals } = asterisk();
    const published = new PublishedGlobals(rest, policyOf('p', trunk('a')));
    await published.publish();
    globals.clear();
    published.forget();
    asked();
    await published.publish();
    expect(asked()).toContain('CRANKBACK_DIAL_a');
  });

  it('again by what it did not take', async () => {
    const { rest, asked, fail } = asterisk();
    const published = new PublishedGlobals(rest, policyOf('p', trunk('a')));
    fail(true);
    await expect(published.publish()).rejects.toThrow('gone');
    fail(false);
    asked();
    await published.publish();
    expect(asked()).toContain('CRANKBACK_DIAL_a');
  });

  it('with the variables of its first trunks only', () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `t${index}`);
    const policy = policyOf('p', ...names.map((name) => trunk(name)));
    expect(policy.has(`CRANKBACK_DIAL_t${MOST_PUBLISHED - 1}`)).toBe(true);
    expect(policy.has(`CRANKBACK_DIAL_t${MOST_PUBLISHED}`)).toBe(false);
    expect(policy.size).toBeLessThan(3 * MOST_PUBLISHED);
  });
});

describe('a trunk of which Asterisk is not known to have all', () => {
  it.each([
    ['as it is published', trunk('a'), []],
    ['that has changed', trunk('a', { ringTimeout: 1_000 }), ['CRANKBACK_RING_TIMEOUT_a']],
    ['that is not published', trunk('z'), ['CRANKBACK_DIAL_z', 'CRANKBACK_RING_TIMEOUT_z']],
  ])('lacks the rest: one %s', async (_, one, lacking) => {
    const { rest } = asterisk();
    const published = new PublishedGlobals(rest, policyOf('p', trunk('a')));
    await published.publish();
    const names = published.lacking(trunkVariables(one)).map(([name]) => name);
    expect(names).toEqual(lacking);
  });
});

describe('what a new policy has no more', () => {
  async function removed() {
    const pbx = asterisk();
    const published = new PublishedGlobals(pbx.rest, policyOf('p', trunk('a'), trunk('b')));
    await published.publish();
    published.want(policyOf('q', trunk('a')));
    await published.publish();
    return { ...pbx, published, has: () => pbx.globals.has('CRANKBACK_DIAL_b') };
  }

  it('stays while calls may still dial it: until a minute after the generation was raised', async () => {
    const { published, has, globals } = await removed();
    await jest.advanceTimersByTimeAsync(10 * MINUTE);
    expect(has()).toBe(true);
    published.removeLater();
    await jest.advanceTimersByTimeAsync(MINUTE - 1);
    expect(has()).toBe(true);
    await jest.advanceTimersByTimeAsync(1);
    expect([...globals.keys()].filter((name) => name.endsWith('_b'))).toEqual([]);
    expect(globals.get('CRANKBACK_PUBLISHED')).toBe('a');
    expect(globals.has('CRANKBACK_DIAL_a')).toBe(true);
  });

  it('stays where it is wanted again before that', async () => {
    const { published, has } = await removed();
    published.removeLater();
    published.want(policyOf('r', trunk('a'), trunk('b')));
    await published.publish();
    await jest.advanceTimersByTimeAsync(2 * MINUTE);
    expect(has()).toBe(true);
  });

  it('that went within the minute of another stays a minute of its own', async () => {
    const { published, globals, has } = await removed();
    published.removeLater();
    await jest.advanceTimersByTimeAsync(MINUTE / 2);
    published.want(policyOf('r', trunk('c')));
    await published.publish();
    published.removeLater();
    await jest.advanceTimersByTimeAsync(MINUTE / 2);
    expect(has()).toBe(false);
    expect(globals.has('CRANKBACK_DIAL_a')).toBe(true);
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(globals.has('CRANKBACK_DIAL_a')).toBe(false);
  });

  it('is deleted with the next policy where Asterisk was away', async () => {
    const { published, fail, has } = await removed();
    published.removeLater();
    fail(true);
    await jest.advanceTimersByTimeAsync(MINUTE);
    fail(false);
    expect(has()).toBe(true);
    published.removeLater();
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(has()).toBe(false);
  });

  it('is deleted by a crankback that was started with it; nothing that no trunk can have', async () => {
    const { globals, rest } = await removed();
    globals.set('CRANKBACK_PUBLISHED', 'a b ../X');
    globals.set('CRANKBACK_DIAL_../X', 'theirs');
    const next = new PublishedGlobals(rest, policyOf('q', trunk('a')));
    await next.publish();
    next.removeLater();
    await jest.advanceTimersByTimeAsync(MINUTE);
    expect(globals.has('CRANKBACK_DIAL_b')).toBe(false);
    expect(globals.has('CRANKBACK_DIAL_../X')).toBe(true);
  });

  it('keeps no process alive, and goes with the connection', async () => {
    const { published, has } = await removed();
    published.removeLater();
    published.stop();
    await jest.advanceTimersByTimeAsync(2 * MINUTE);
    expect(has()).toBe(true);
  });
});

it('what no call waits for is asked twelve at a time, each when its turn comes', async () => {
  const sent: { readonly done: () => void; readonly fail: (why: Error) => void }[] = [];
  const send = () => new Promise<void>((done, fail) => sent.push({ done, fail }));
  const value = () => Promise.resolve('');
  const background = inBackground({
    setGlobal: send,
    deleteGlobal: send,
    global: value,
    endpointState: value,
    pjsipObject: () => Promise.resolve(undefined),
  });
  const all = Array.from({ length: 30 }, (_, index) => background.setGlobal(`${index}`, ''));
  const ends = Promise.allSettled([...all, background.global('last')]);
  const answered = async (index: number, how: 'done' | 'fail') => {
    sent[index]?.[how](new Error('refused'));
    await jest.advanceTimersByTimeAsync(0);
  };
  await answered(-1, 'done');
  expect(sent).toHaveLength(12);
  await answered(0, 'done');
  expect(sent).toHaveLength(13);
  // One that fails leaves its place too.
  await answered(1, 'fail');
  expect(sent).toHaveLength(14);
  for (let index = 2; index < 30; index += 1) await answered(index, 'done');
  const settled = await ends;
  expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(1);
});
