import { CallsInProgress } from '../../../src/tracing/calls-in-progress';
import type { TraceNote } from '../../../src/tracing/note';
import { traceIdOf } from '../../../src/tracing/trace-id';

const HOUR = 3_600_000;

const begun = (hunt: string): TraceNote => ({
  ...{ kind: 'begun', at: 1, pbx: 'asterisk', hunt, leg: 'l', number: '1', startedAt: 1 },
  policyHash: 'p',
});
const ended = (hunt: string): TraceNote => ({ kind: 'ended', at: 2, pbx: 'asterisk', hunt });
const late = (hunt: string): TraceNote => ({
  ...{ kind: 'late', at: 3, pbx: 'asterisk', hunt, trunk: 't', known: true },
});
const hunts = (calls: readonly (readonly TraceNote[])[]) => calls.map(([first]) => first?.hunt);

describe('a call', () => {
  it('is over a moment after its end, with what came in that moment', () => {
    const calls = new CallsInProgress(3_000);
    for (const hunt of ['a', 'b']) calls.take(begun(hunt), 0);
    calls.take(ended('a'), 1_000);
    calls.take(late('a'), 2_000);
    expect(calls.over(3_999)).toEqual([]);
    expect(calls.over(4_000)).toEqual([[begun('a'), ended('a'), late('a')]]);
    expect(calls.size).toBe(1);
  });

  it('makes no second trace by what comes later still', () => {
    const calls = new CallsInProgress(3_000);
    calls.take(begun('a'), 0);
    calls.take(ended('a'), 0);
    expect(calls.over(10_000)).toHaveLength(1);
    calls.take(late('a'), 10_001);
    expect(calls.size).toBe(0);
  });

  it('whose end was missed is over after a day', () => {
    const calls = new CallsInProgress(3_000);
    calls.take(begun('a'), 0);
    expect(calls.over(23 * HOUR)).toEqual([]);
    expect(hunts(calls.over(24 * HOUR))).toEqual(['a']);
  });

  it('keeps a hundred notes, and its end', () => {
    const calls = new CallsInProgress(3_000);
    calls.take(begun('a'), 0);
    for (let count = 0; count < 1_000; count++) calls.take(late('a'), 0);
    for (let count = 0; count < 1_000; count++) calls.take(ended('a'), 0);
    const [notes = []] = calls.over(10_000);
    expect(notes).toHaveLength(101);
    expect(notes.at(-1)).toEqual(ended('a'));
  });
});

it('calls have a bound: the oldest is traced as far as it went', () => {
  const calls = new CallsInProgress(3_000);
  for (let hunt = 0; hunt < 20_001; hunt++) calls.take(begun(`${hunt}`), 0);
  expect(calls.size).toBe(20_000);
  expect(hunts(calls.over(0))).toEqual(['0']);
  expect(hunts(calls.all()).slice(0, 2)).toEqual(['1', '2']);
  expect(calls.size).toBe(0);
});

it('the trace of a call has the same id from every process, and no other call has it', () => {
  const call = { pbx: 'asterisk', hunt: '1.7@1', startedAt: 5 };
  expect(traceIdOf(call)).toMatch(/^[0-9a-f]{32}$/);
  expect(traceIdOf({ ...call })).toBe(traceIdOf(call));
  const others = [{ startedAt: 6 }, { hunt: '1.8@1' }, { pbx: 'freeswitch' }];
  for (const other of others) expect(traceIdOf({ ...call, ...other })).not.toBe(traceIdOf(call));
});
