import type { CallEvent } from '../../../src/events/call-event';
import { DecisionLines, type DecisionLine } from '../../../src/records/decision-lines';
import { showing } from '../../../src/records/shown';
import { START } from '../../doubles/policies';
import { savedCall } from '../../doubles/traced-calls';

function toldOf(events: readonly CallEvent[], maskNumbers = false): readonly DecisionLine[] {
  const told: DecisionLine[] = [];
  const lines = new DecisionLines(showing({ maskNumbers }), (line) => told.push(line));
  for (const event of events) lines.record(event);
  return told;
}

const FIRST = 'crankback 1795239432.7@1 (asterisk): dial carrier-a: the first trunk';
const SECOND =
  'crankback 1795239432.7@1 (asterisk): dial carrier-b after carrier-a: 503 All Circuits Busy (trunk-congested), by policy.yaml:14: carrier-a is full; passed over: carrier-x (held by an operator)';

it('a decision is told by the Call-ID of the caller’s leg, and of the attempt that it followed', () => {
  expect(toldOf(savedCall())).toEqual([
    { callId: 'leg-a@phone', at: START + 5, line: FIRST },
    { callId: 'leg-a@phone', at: START + 402, line: SECOND },
    { callId: 'a@pbx', at: START + 402, line: SECOND },
  ]);
});

it('also where the attempt’s Call-ID comes before the decision', () => {
  const [begun, ...others] = savedCall();
  const times = others.find(({ kind }) => kind === 'attempt-timed');
  const failed = others.findIndex(({ kind }) => kind === 'attempt-failed');
  const rest = others.filter((one) => one !== times);
  const events = [begun, ...rest.slice(0, failed), times, ...rest.slice(failed)];
  expect(toldOf(events.filter((one) => one !== undefined))).toEqual(toldOf(savedCall()));
});

it('a leg that is not SIP has none', () => {
  const [begun, ...others] = savedCall();
  if (begun?.kind !== 'hunt-begun') throw new Error('no begin');
  const { at, pbx, hunt, leg, number, startedAt, policyHash } = begun;
  const without = { at, pbx, hunt, leg, number, startedAt, policyHash };
  expect(
    toldOf([{ kind: 'hunt-begun', ...without }, ...others]).map(({ callId }) => callId),
  ).toEqual(['a@pbx']);
});

it.each(['a\u0000b', 'a b', 'ü@phone', 'x'.repeat(257)])(
  'no collector gets the Call-ID %j',
  (id) => {
    expect(toldOf(savedCall({ callerCallId: id })).map(({ callId }) => callId)).toEqual(['a@pbx']);
  },
);

it('a line is escaped, masked and bounded; the Call-ID stays whole', () => {
  const number = '+4917112345678';
  const hostile = {
    callerCallId: `${number}@phone`,
    phrase: `\u202eBusy ${number}\r\n`,
    why: number,
  };
  const told = toldOf(savedCall(hostile), true);
  expect(told[1]?.callId).toBe(`${number}@phone`);
  expect(told[1]?.line).toContain(String.raw`\u202eBusy`);
  for (const { line } of told) expect(line).not.toMatch(/17112345678|[\u202e\r\n]/);
  const long = toldOf(savedCall({ why: 'x'.repeat(100_000) }));
  expect(Math.max(...long.map(({ line }) => line.length))).toBe(2_001);
});

it('calls that are not told of any more make room', () => {
  const told: DecisionLine[] = [];
  const lines = new DecisionLines(showing({ maskNumbers: false }), (line) => told.push(line));
  const [begun] = savedCall({ hunt: 'first' });
  const [, decided] = savedCall({ hunt: 'first' });
  if (!begun || !decided) throw new Error('no events');
  lines.record(begun);
  for (let call = 0; call < 5_000; call++) lines.record({ ...begun, hunt: `${call}` } as CallEvent);
  lines.record(decided);
  expect(told).toEqual([]);
});
