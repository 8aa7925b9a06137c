import { policyFromText } from '../../../src/policy-file/policy-file';
import { normalize } from '../../../src/normalize/normalize';
import { LearnedOffers } from '../../../src/codecs/learned';
import { InProcessTrunks } from '../../../src/trunks/limits/trunk-limits';
import { ownReports, ownTrunks } from '../../../src/trunks/own-of-pbx';

const loaded = policyFromText(`version: 1
emergency: []
trunks:
  one: { dial: { asterisk: "PJSIP/{number}@one" }, limits: { concurrent_calls: 2 } }
routes: [{ digits: "*", trunks: [one] }]
`);
if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
const trunk = loaded.policy.trunks.get('one');
if (!trunk) throw new Error('it is there');
const NOW = 1_800_000_000_000;

it('calls of two PBXes with one name are two calls: each takes its place, and gives back its own', () => {
  const all = new InProcessTrunks(new LearnedOffers());
  const [berlin, hamburg] = [ownTrunks('berlin', all), ownTrunks('hamburg', all)];
  const take = (trunks: typeof berlin) =>
    trunks.commit({ trunk: 'one', retry: false }, { trunk, budget: undefined }, '1.7', NOW);
  expect(take(berlin)).toBeUndefined();
  expect(take(hamburg)).toBeUndefined();
  expect(berlin.obstacle(trunk, NOW)).toMatchObject({ kind: 'full' });
  hamburg.release('1.7');
  expect(all.obstacle(trunk, NOW)).toBeUndefined();
  expect(take(hamburg)).toBeUndefined();
  expect(berlin.obstacle(trunk, NOW)).toMatchObject({ kind: 'full' });
});

it('what an attempt tells of a trunk settles the permit of its own call', () => {
  const told: string[] = [];
  const health = ownReports('berlin', {
    report: ({ hunt }) => void told.push(`report ${hunt}`),
    abandon: (hunt) => void told.push(`abandon ${hunt}`),
    left: ({ trunk: name }) => void told.push(`left ${name}`),
    timed: (name) => void told.push(`timed ${name}`),
    pinged: ({ trunk: name }) => void told.push(`pinged ${name}`),
    sendsAgain: () => void told.push('sends'),
  });
  health.report({ trunk: 'one', hunt: '1.7', number: '1', outcome: { kind: 'answered' } });
  health.abandon('1.7');
  health.left({ trunk: 'one', number: '1', failure: normalize([]) });
  health.timed('one', { id: '1.7', invitedAt: NOW });
  health.pinged({ trunk: 'one', answered: true });
  health.sendsAgain();
  expect(told).toEqual([
    ...['report berlin 1.7', 'abandon berlin 1.7', 'left one', 'timed one', 'pinged one', 'sends'],
  ]);
});
