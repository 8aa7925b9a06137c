import { Legs, newLeg } from '../../../../../adapters/asterisk/legs/legs';
import { unseenLegs } from '../../../../../adapters/asterisk/legs/missed-events';
import type { ChannelView } from '../../../../../adapters/asterisk/ari/rest';

const CREATED = '2026-11-21T05:20:51.587+0000';
const channel = (id: string, state: string, context = ''): ChannelView => ({
  id,
  name: `PJSIP/carrier-a-0000000${id.slice(-1)}`,
  state,
  creationtime: CREATED,
  dialplan: { context },
});
const CALLER = channel('a1', 'Ring', 'crankback-attempt');
const LINKED = new Map([
  ['a1', 'a1'],
  ['b1', 'a1'],
  ['b2', 'a2'],
]);
const asked: string[] = [];
const linkedId = (id: string) => {
  asked.push(id);
  return Promise.resolve(LINKED.get(id));
};

beforeEach(() => (asked.length = 0));

describe('a leg that was dialled while nobody listened', () => {
  it('is found with its caller and its age', async () => {
    const found = await unseenLegs([CALLER, channel('b1', 'Down')], new Legs(), linkedId);
    expect(found).toMatchObject([
      { id: 'b1', callerId: 'a1', dialledAt: Date.parse(CREATED), rang: false, answered: false },
    ]);
  });

  it.each([
    ['has rung', [CALLER, channel('b1', 'Ringing')]],
    [
      "is dialled by the user's own dialplan",
      [channel('a1', 'Ring', 'users'), channel('b1', 'Down')],
    ],
    ['is of another caller', [CALLER, channel('b2', 'Down')]],
    ['is gone by now', [CALLER, channel('b9', 'Down')]],
  ])('is left alone where it %s', async (_, channels) => {
    expect(await unseenLegs(channels, new Legs(), linkedId)).toEqual([]);
  });

  it('is not asked for where it is known', async () => {
    const legs = new Legs();
    const known = channel('b1', 'Down');
    legs.adopt(newLeg(known, 'a1', 0));
    expect(await unseenLegs([CALLER, known], legs, linkedId)).toEqual([]);
    expect(asked).toEqual([]);
  });

  it('is asked for beside few others: each question has a time limit', async () => {
    let open = 0;
    let most = 0;
    const slow = async (id: string) => {
      most = Math.max(most, (open += 1));
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return id.startsWith('b') ? 'a1' : undefined;
    };
    const silent = Array.from({ length: 1000 }, (_, index) => channel(`b${index}`, 'Down'));
    expect(await unseenLegs([CALLER, ...silent], new Legs(), slow)).toHaveLength(1000);
    expect(most).toBeLessThanOrEqual(16);
  });
});
