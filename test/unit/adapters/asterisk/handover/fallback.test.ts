import { readFallback } from '../../../../../adapters/asterisk/handover/fallback-event';
import {
  Handovers,
  type HandoversParts,
} from '../../../../../adapters/asterisk/handover/handovers';
import type { FellBack, Handover, PbxListener } from '../../../../../src/calls/ports';
import { NOTHING_AROUND } from './parts';

const CHANNEL = { id: 'a1', name: 'PJSIP/caller-00000001', state: 'Ring' };
const STATE = '1/1795653231.051/p/k-1';

function handovers(more: Partial<HandoversParts> = {}) {
  const told: FellBack[] = [];
  const handed: Handover[] = [];
  const left: string[] = [];
  const over: string[] = [];
  const unasked: string[] = [];
  const listener = {
    fellBack: (call: FellBack) => void told.push(call),
    handover: (handover: Handover) => void handed.push(handover),
  } as Partial<PbxListener> as PbxListener;
  const seen = new Handovers({
    ...NOTHING_AROUND,
    rest: { leaveStasis: (id) => Promise.resolve(void left.push(id)) },
    fellBack: (channel, from) => void over.push(`${channel} ${from}`),
    unasked: () => void unasked.push('unasked'),
    listener: () => listener,
    ...more,
  });
  return { seen, told, handed, left, over, unasked };
}

function event(userevent: Record<string, unknown>, eventname = 'crankback-fallback') {
  return { type: 'ChannelUserevent' as const, eventname, userevent, channel: CHANNEL };
}

function asked(session: string) {
  const args = ['1', 'route', 'number=201', `state=${STATE}`, `session=${session}`];
  return { type: 'StasisStart' as const, args, channel: CHANNEL };
}

describe('a call that takes the static fallback', () => {
  it('without an answer is told with its hunt', () => {
    const { seen, told, over } = handovers();
    seen.fellBack(event({ number: '201', state: STATE, from: 'crankback-ask' }));
    expect(told).toEqual([
      {
        huntId: 'a1@1795653231051',
        leg: CHANNEL.name,
        number: '201',
        from: 'crankback-ask',
        answered: false,
      },
    ]);
    expect(over).toEqual(['a1 crankback-ask']);
  });

  it('with an answer that could not be carried out is told as such', () => {
    const { seen, told } = handovers();
    seen.fellBack(event({ number: '201', state: STATE, from: 'crankback-dial' }));
    expect(told).toMatchObject([{ from: 'crankback-dial', answered: true }]);
  });

  it('just now and without our answer shows that calls skip us, though we read', () => {
    const at = Date.parse('2026-11-27T18:20:00.344+0000');
    const { seen, unasked } = handovers({ now: () => at + 20 });
    const fallback = (from: string, timestamp?: string) =>
      seen.fellBack({ ...event({ number: '201', state: STATE, from }), timestamp });
    fallback('crankback-ask', '2026-11-27T18:20:00.344+0000');
    expect(unasked).toHaveLength(1);
    // Read late: we may be too slow, and then it is right to skip us.
    fallback('crankback-ask', '2026-11-27T18:19:59.000+0000');
    fallback('crankback-ask');
    fallback('crankback-dial', '2026-11-27T18:20:00.344+0000');
    expect(unasked).toHaveLength(1);
  });

  it('is not told by other events', () => {
    const { seen, told } = handovers();
    seen.fellBack(event({ number: '201', state: STATE }, 'crankback'));
    expect(told).toEqual([]);
  });

  it('says nothing that our dialplan does not write', () => {
    expect(readFallback({ number: '1&2', state: 'x', from: 'evil\nline' })).toEqual({
      number: '',
      from: '',
    });
    expect(readFallback({ number: 7 })).toEqual({ number: '', from: '' });
  });
});

describe('a call that is left to its dialplan', () => {
  const fallback = () => event({ number: '201', state: STATE, from: 'crankback-ask' });

  it('takes its static way, and that is no fallback', async () => {
    const { seen, told, left, over } = handovers();
    seen.begin(asked('s'));
    await seen.decline('a1');
    seen.fellBack(fallback());
    expect([left, told, over]).toEqual([['a1'], [], []]);
  });

  it('falls back like any other where Asterisk did not take it', async () => {
    const leaveStasis = () => Promise.reject(new Error('gone'));
    const { seen, told } = handovers({ rest: { leaveStasis } });
    await expect(seen.decline('a1')).rejects.toThrow('gone');
    seen.fellBack(fallback());
    expect(told).toHaveLength(1);
  });

  it('falls back like any other when it comes again, and elsewhere', async () => {
    const { seen, told } = handovers();
    await seen.decline('a1');
    seen.begin(asked('s'));
    seen.fellBack(fallback());
    await seen.decline('a1');
    seen.fellBack(event({ number: '201', state: STATE, from: 'crankback-dial' }));
    expect(told).toHaveLength(2);
  });

  it('is forgotten when there are very many of whom nothing is heard', async () => {
    const { seen, told } = handovers();
    await seen.decline('a1');
    for (let other = 0; other < 5_000; other += 1) await seen.decline(`b${other}`);
    seen.fellBack(fallback());
    expect(told).toHaveLength(1);
  });

  it('is so without a leg on a trunk of the policy', () => {
    const { seen, told, handed, left } = handovers();
    const report = ['leg=PJSIP~desk-1', 'tech=', 'dialstatus=BUSY', 'cause=17'];
    const args = ['1', 'failed-only', 'number=201', `state=${STATE}`, ...report];
    seen.begin({ type: 'StasisStart', args, channel: CHANNEL });
    seen.fellBack(fallback());
    expect([handed, left, told]).toEqual([[], ['a1'], []]);
  });
});

describe('a call that shows that Asterisk has lost what it was told', () => {
  it('is decided once it has been told again', async () => {
    let publish: () => void = () => undefined;
    const published = new Promise<void>((resolve) => (publish = resolve));
    const sessions: (string | undefined)[] = [];
    const { seen, handed } = handovers({
      awaited: (session) => {
        sessions.push(session);
        return published;
      },
    });
    seen.begin(asked(''));
    await Promise.resolve();
    expect([sessions, handed]).toEqual([[''], []]);
    publish();
    await published;
    expect(handed).toMatchObject([{ huntId: 'a1@1795653231051' }]);
  });

  it('goes its static way at once where it could not be told', async () => {
    const failed = Promise.reject(new Error('refused'));
    const { seen, handed, left } = handovers({ awaited: () => failed });
    seen.begin(asked(''));
    await failed.catch(() => undefined);
    await Promise.resolve();
    expect([handed, left]).toEqual([[], ['a1']]);
  });
});
