import type { ChannelTime } from '../../../../../adapters/freeswitch/esl/channel-data';
import { PbxClock } from '../../../../../adapters/freeswitch/legs/pbx-clock';

const SENT = 1_795_239_432_000;

describe("FreeSWITCH's clock", () => {
  const clockAt = () => {
    let now = 0;
    const clock = new PbxClock(() => now);
    const at = (name: ChannelTime, sentAt: number, happenedAt: number, heardAt: number) => {
      now = heardAt;
      const data = {
        'Event-Date-Timestamp': String(sentAt * 1000),
        [`Caller-Channel-${name}-Time`]: String(happenedAt * 1000),
      };
      return clock.at(data)(name);
    };
    return { clock, at };
  };

  it('keeps its order by ours, however late an event comes', () => {
    const { at } = clockAt();
    const over = at('Hangup', SENT, SENT, SENT + 40);
    const begun = at('Created', SENT + 9, SENT + 0.4, SENT + 9);
    expect([over, begun]).toEqual([SENT + 40, SENT + 40]);
  });

  it('is taken again where it was set', () => {
    const { at } = clockAt();
    expect(at('Hangup', SENT, SENT, SENT)).toBe(SENT);
    expect(at('Hangup', SENT - 60_000, SENT - 60_000, SENT + 10)).toBe(SENT + 10);
  });

  it('tells nothing of what has not happened', () => {
    const { clock } = clockAt();
    expect(clock.at({ 'Caller-Channel-Answered-Time': '0' })('Answered')).toBeUndefined();
  });
});
