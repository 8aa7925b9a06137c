import type { CallEvent } from '../../src/events/call-event';
import { showing } from '../../src/records/shown';
import { noteOf } from '../../src/tracing/note-of';
import type { TraceNote } from '../../src/tracing/note';
import type { SpanPlan } from '../../src/tracing/span';
import { spansOfCall } from '../../src/tracing/spans-of-call';
import { spansOfObserved } from '../../src/tracing/spans-of-observed';
import { failureOf, START } from './policies';

export const TRUNKS = new Set(['carrier-a', 'carrier-b']);

export const notesOf = (events: readonly CallEvent[]): readonly TraceNote[] =>
  events.flatMap((event) => {
    const note = noteOf(event, (name) => TRUNKS.has(name));
    return note && note.kind !== 'observed' ? [note] : [];
  });

/** The spans of a call that was only observed. */
export function spansOfSeen(event: CallEvent, { maskNumbers = false } = {}): SpanPlan {
  const note = noteOf(event, (name) => TRUNKS.has(name));
  if (note?.kind !== 'observed') throw new Error('no observed call');
  return spansOfObserved(note, showing({ maskNumbers }));
}

/** The spans of a call that these events tell of. */
export function spansOf(events: readonly CallEvent[], { maskNumbers = false } = {}): SpanPlan {
  const call = spansOfCall(notesOf(events), showing({ maskNumbers }));
  if (!call) throw new Error('no call');
  return call;
}

/** The call as lines with the time since START, one for each span: `200-900 attempt carrier-a: 503 Busy (…)`. */
export function drawn({ start, end, name, error, children, events }: SpanPlan): readonly string[] {
  const said = error === undefined ? '' : `: ${error}`;
  const marks = events.map((one) => ` [${one.name} ${one.at - START}]`).join('');
  return [
    `${start - START}-${end - START} ${name}${said}${marks}`,
    ...children.flatMap((child) => drawn(child).map((line) => `  ${line}`)),
  ];
}

interface Told {
  readonly hunt?: string;
  readonly number?: string;
  readonly callerCallId?: string;
  readonly phrase?: string;
  readonly why?: string;
}

/** Events of a call that fails on carrier-a, is answered on carrier-b after 2.4 s, and lasts a minute. */
export function savedCall({
  hunt = '1795239432.7@1',
  number = '+493012345678',
  callerCallId = 'leg-a@phone',
  phrase = 'All Circuits Busy',
  why = 'carrier-a is full',
}: Told = {}): readonly CallEvent[] {
  const of = { pbx: 'asterisk', hunt } as const;
  const failure = failureOf(503, { phrase });
  const rule = { file: 'policy.yaml', line: 14, column: 1 };
  const common = { ...of, number, planned: false, degraded: false, repeated: false } as const;
  const leg = (id: string, trunk: string, times: object, at: number): CallEvent => ({
    ...{ kind: 'attempt-timed', at: START + at, ...of, trunk },
    times: { id, callId: `${id}@pbx`, invitedAt: START, ...times },
  });
  return [
    {
      ...{ kind: 'hunt-begun', at: START + 4, ...of, leg: 'PJSIP/phone-1', callerCallId, number },
      ...{ startedAt: START, policyHash: 'abc', route: '*' },
    },
    {
      ...{ kind: 'decided', at: START + 5, ...common, on: 'route', passedOver: [] },
      decision: {
        outcome: { kind: 'dial', trunk: 'carrier-a', number },
        ...{ why: 'the first trunk', refused: [] },
      },
    },
    { kind: 'answer-taken', at: START + 9, ...of, ms: 6 },
    {
      ...{ kind: 'attempt-failed', at: START + 400, ...of, number, trunk: 'carrier-a' },
      ...{ failure, observed: false, complete: true },
    },
    {
      ...{ kind: 'decided', at: START + 402, ...common, on: 'failed', failure, trunk: 'carrier-a' },
      passedOver: [{ trunk: 'carrier-x', reason: 'held', why: 'held by an operator' }],
      decision: {
        outcome: { kind: 'dial', trunk: 'carrier-b', number },
        ...{ rule, why, refused: [] },
      },
    },
    { kind: 'answer-taken', at: START + 405, ...of, ms: 4 },
    leg('a', 'carrier-a', { invitedAt: START + 20, endedAt: START + 390 }, 420),
    {
      ...{ kind: 'attempt-answered', at: START + 2_405, ...of, trunk: 'carrier-b' },
      ...{ retry: true, earlier: [] },
    },
    leg(
      'b',
      'carrier-b',
      {
        ...{ invitedAt: START + 410, firstResponseAt: START + 430, rangAt: START + 700 },
        ...{ answeredAt: START + 2_400, far: '192.0.2.7:5060', codecs: ['PCMA'] },
      },
      2_410,
    ),
    { kind: 'hunt-ended', at: START + 62_000, ...of },
  ];
}
