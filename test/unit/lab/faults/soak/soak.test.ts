import { callsOfKinds, MIX } from '../../../../../lab/faults/call-mix';
import type { SeenCall } from '../../../../../lab/faults/seen';
import { judgeCaller } from '../../../../../lab/faults/soak/caller-verdict';
import type { Sample } from '../../../../../lab/faults/soak/sample';
import type { Soaked } from '../../../../../lab/faults/soak/soak';
import { growth, soakTable } from '../../../../../lab/faults/soak/soak-report';

const sample = (at: number, residentMb: number, tracked: Sample['tracked']): Sample => ({
  at,
  residentMb,
  heapMb: 10,
  descriptors: 20,
  threads: 11,
  handles: 5,
  tracked,
});
const IDLE = { hunts: 0, listeners: 7 };
const soaked = (during: readonly number[], after: Sample['tracked'] = IDLE): Soaked => ({
  calls: 1,
  harmed: [],
  fallbacks: 0,
  left: [],
  samples: [
    sample(0, 50, IDLE),
    ...during.map((mb, index) => sample(10 * (index + 1), mb, { hunts: 9, listeners: 7 })),
    sample(1000, 100, after),
  ],
});

test('what grows only at first, or only while calls are there, has not grown', () => {
  expect(growth(soaked([50, 80, 100, 101, 102, 103]))).toEqual([]);
});

test('memory that grows up to the end is found', () => {
  expect(growth(soaked([50, 60, 70, 80, 90, 100]))).toEqual(['memory: 80 MB, then 100 MB']);
});

test('a listener that stays is found', () => {
  const left = soaked([50, 50, 50], { hunts: 0, listeners: 8 });
  expect(growth(left)).toEqual(['listeners: 7 before, 8 after']);
});

test('the table shows the time before, four times during and the time after', () => {
  const [head, , memory] = soakTable(soaked([1, 2, 3, 4, 5, 6, 7, 8])).split('\n');
  expect(head).toBe('|  | 0 s | 20 s | 40 s | 60 s | 80 s | 1000 s |');
  expect(memory).toBe('| resident memory, MB | 50 | 2 | 4 | 6 | 8 | 100 |');
});

const [answered, , , , , , silent] = callsOfKinds(MIX, 7);
const seen: SeenCall = { number: '', invitedAt: 0, finals: [200], finalAt: 150, attempts: [] };

test('a caller who got what the policy owes is not harmed', () => {
  expect(judgeCaller(answered!, seen)).toEqual([]);
  expect(judgeCaller(silent!, { ...seen, finalAt: 4000 })).toEqual([]);
});

test.each<[string, Partial<SeenCall>, RegExp]>([
  ['another status', { finals: [503] }, /got 503, was owed 200/],
  ['nothing', { finals: [] }, /got nothing/],
  ['an answer late', { finalAt: 3200 }, /waited 3.1 s/],
  ['an answer that the PBX took back', { droppedAt: 500 }, /ended by the PBX/],
])('a caller who got %s is harmed', (_, what, harm) => {
  expect(judgeCaller(answered!, { ...seen, ...what }).join()).toMatch(harm);
});

test('a caller who was not seen is harmed', () => {
  expect(judgeCaller(answered!, undefined)).toHaveLength(1);
});
