import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { joinCalls } from '../../../../lab/faults/seen';
import { parseTrace } from '../../../../lab/runner/sip/trace';

const trace = (name: string) =>
  parseTrace(readFileSync(join(__dirname, '..', 'fixtures', name), 'utf8'));

test('the traces of caller and carrier are joined by the dialled number', () => {
  const [carrier] = [trace('503.a.msg')];
  const calls = joinCalls([trace('503.caller.msg')], new Map([['carrier-a', carrier]]));
  expect(calls.size).toBe(1);
  const [[number, call]] = [...calls] as [[string, NonNullable<ReturnType<typeof calls.get>>]];
  expect(call.number).toBe(number);
  expect(call.attempts).toHaveLength(1);
  expect(call.attempts[0]).toMatchObject({ trunk: 'carrier-a', said: [100, 503] });
  expect(call.finals).toHaveLength(1);
  expect(call.attempts[0]!.invitedAt).toBeGreaterThan(call.invitedAt);
});

test('calls that no caller of the run placed are left out', () => {
  const calls = joinCalls([], new Map([['carrier-a', trace('503.a.msg')]]));
  expect(calls.size).toBe(0);
});
