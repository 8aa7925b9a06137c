import { callsOfKinds, MIX } from '../../../../lab/faults/call-mix';
import { byFallback, byPolicy } from '../../../../lab/faults/owed';
import type { SeenCall } from '../../../../lab/faults/seen';
import { judge } from '../../../../lab/faults/verdict';
import type { WireAttempt } from '../../../../lab/runner/sip/wire';

const [, failing, , , , , silent] = callsOfKinds(MIX, 7);
const POLICY = { ways: [byPolicy(failing!.kind)], untended: false };

const refused: WireAttempt = {
  trunk: 'carrier-a',
  callId: '1',
  invitedAt: 10,
  said: [100, 503],
  failedAt: 20,
};
const answered: WireAttempt = {
  trunk: 'carrier-b',
  callId: '2',
  invitedAt: 50,
  said: [100, 180, 200],
};
const fine: SeenCall = {
  number: failing!.number,
  invitedAt: 0,
  finals: [200],
  finalAt: 160,
  hungUpAt: 2160,
  attempts: [refused, answered],
};

test('a call that went its way is not harmed, and its longest wait is known', () => {
  const verdict = judge(failing!, fine, POLICY);
  expect(verdict).toMatchObject({ by: 'policy', harms: [], waitedMs: 30, silenceMs: 0 });
});

test.each<[string, Partial<SeenCall>, RegExp]>([
  ['without a final status', { finals: [] }, /no final status/],
  ['with two final statuses', { finals: [200, 200] }, /2 final statuses/],
  ['with another status', { finals: [503] }, /not what was owed: carrier-a 503, .* caller 503/],
  ['on another trunk', { attempts: [refused] }, /not what was owed/],
  [
    'rung twice',
    { attempts: [refused, answered, { ...answered, callId: '3' }] },
    /not what was owed/,
  ],
  ['ended by the PBX', { droppedAt: 1000 }, /ended by the PBX/],
  [
    'that waited after a failure',
    { attempts: [refused, { ...answered, invitedAt: 3021 }] },
    /waited 3.0 s/,
  ],
  [
    'that waited for the first INVITE',
    { attempts: [{ ...refused, invitedAt: 3001, failedAt: 3002 }, answered] },
    /waited 3.0 s/,
  ],
])('a call %s is harmed', (_, what, harm) => {
  expect(judge(failing!, { ...fine, ...what }, POLICY).harms.join()).toMatch(harm);
});

test('a call that was not seen is harmed', () => {
  expect(judge(failing!, undefined, POLICY).harms).toHaveLength(1);
});

test('the fallback is no harm where it is owed', () => {
  const seen = { ...fine, attempts: [answered] };
  const ways = [...POLICY.ways, ...byFallback(failing!.kind)];
  expect(judge(failing!, seen, { ways, untended: true })).toMatchObject({
    by: 'fallback',
    harms: [],
  });
  expect(judge(failing!, seen, POLICY).harms).toHaveLength(1);
});

test('the caller that ended the call first was not dropped', () => {
  expect(judge(failing!, { ...fine, droppedAt: 2161 }, POLICY).harms).toEqual([]);
});

test('beside a silent carrier the wait counts from its INVITE, up to the ring time-out without crankback', () => {
  const ways = [byPolicy(silent!.kind)];
  const seen = (gap: number): SeenCall => ({
    ...fine,
    number: silent!.number,
    attempts: [
      { trunk: 'carrier-a', callId: '1', invitedAt: 10, said: [] },
      { ...answered, invitedAt: 10 + gap },
    ],
  });
  expect(judge(silent!, seen(1020), { ways, untended: false })).toMatchObject({
    harms: [],
    silenceMs: 1020,
  });
  expect(judge(silent!, seen(4001), { ways, untended: false }).harms).toHaveLength(1);
  expect(judge(silent!, seen(8200), { ways, untended: true }).harms).toEqual([]);
});
