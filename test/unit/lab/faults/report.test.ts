import { callsOfKinds, ANSWERED } from '../../../../lab/faults/call-mix';
import type { PlayedFault } from '../../../../lab/faults/fault-lab';
import { asMarkdown, figuresOf, harmsOf, inShort, isFine } from '../../../../lab/faults/report';
import type { Verdict } from '../../../../lab/faults/verdict';

const [call] = callsOfKinds(ANSWERED, 1);
const fine: Verdict = {
  call: call!,
  seen: { number: call!.number, invitedAt: 5000, finals: [503], attempts: [] },
  by: 'policy',
  harms: [],
  waitedMs: 40,
  silenceMs: 1040,
};
const played: PlayedFault = {
  fault: {
    name: 'kill',
    about: 'kill -9',
    holdMs: 0,
    recoversWithinMs: 0,
    fallback: true,
    break: () => Promise.resolve(),
    heal: () => Promise.resolve(),
  },
  verdicts: [fine, { ...fine, by: 'fallback', waitedMs: 2010 }],
  recoveryMs: 2345,
  left: [],
  moments: { brokenAt: 4000, healedAt: 5000 },
};

test('a fault without harm is fine, with its longest wait and its recovery', () => {
  const figures = figuresOf(played);
  expect(isFine(figures)).toBe(true);
  expect(inShort(figures)).toBe(
    'ok     kill: 2 calls, 0 harmed, 1 by the fallback, longest wait 2.0 s, at a silent carrier 1.0 s, recovery 2.3 s',
  );
  expect(asMarkdown([figures]).split('\n').at(-1)).toBe(
    '| `kill` | kill -9 | 2 | 0 | 1 | 2.0 s | 1.0 s | 2.3 s |',
  );
});

test('a harmed call is counted and shown', () => {
  const harmed = { ...played, verdicts: [{ ...fine, harms: ['no final status'] }, fine] };
  expect(figuresOf(harmed)).toMatchObject({ harmed: 1 });
  expect(isFine(figuresOf(harmed))).toBe(false);
  expect(inShort(figuresOf(harmed))).toMatch(/^HARMED /);
  expect(harmsOf(harmed)).toEqual([
    `1 × answered: no final status; for example ${call!.number} at 1.0 s (caller 503)`,
  ]);
});

test('a channel that stays is no less', () => {
  const left = { ...played, left: ['PJSIP/caller-1'] };
  expect(isFine(figuresOf(left))).toBe(false);
  expect(harmsOf(left)).toEqual(['channels left: PJSIP/caller-1']);
});

test('a policy that never decides again is shown as such', () => {
  expect(asMarkdown([figuresOf({ ...played, recoveryMs: Infinity })])).toMatch(/never/);
  expect(asMarkdown([figuresOf({ ...played, recoveryMs: undefined })])).toMatch(/nothing lost/);
});
