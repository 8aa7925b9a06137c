import type { CallEvent, Decided } from '../../../src/events/call-event';
import { entryOf } from '../../../src/journal/entries';
import type { Failure } from '../../../src/model/failure';
import { showing } from '../../../src/records/shown';

const of = { at: 1, pbx: 'asterisk', hunt: 'h' } as const;
const failure: Failure = {
  ...{ class: 'busy', fault: 'callee', sip: 486, phrase: 'Busy Here', rang: true },
  ...{ progress: false, earlyMediaMs: 0, origin: 'far', contradictions: [], evidence: [] },
};
const decided: Decided = {
  ...of,
  kind: 'decided',
  on: 'failed',
  number: '0301234567',
  decision: {
    outcome: { kind: 'dial', trunk: 'b', number: '0301234567' },
    rule: { file: '/p.yaml', line: 7, column: 5 },
    why: 'first rule that matches',
    refused: [],
  },
  passedOver: [{ trunk: 'a', reason: 'tried', why: 'tried by this call' }],
  ...{ planned: true, degraded: false, repeated: false },
};

const same = <T>(value: T): T => value;

describe('an entry of the journal', () => {
  it.each<[CallEvent, object]>([
    [
      {
        ...of,
        kind: 'hunt-begun',
        leg: 'l',
        number: '1',
        startedAt: 5,
        policyHash: 'p',
        route: '0*',
      },
      { kind: 'hunt', at: 5, leg: 'l', number: '1', policy: 'p', route: '0*' },
    ],
    [
      {
        ...{ ...of, kind: 'attempt-timed', trunk: 'a' },
        times: { id: 'b', callId: 'x@y', invitedAt: 5, endedAt: 9 },
      },
      { kind: 'timed', hunt: 'h', trunk: 'a', times: { id: 'b', callId: 'x@y' } },
    ],
    [decided, { kind: 'decision', outcome: 'dial', trunk: 'b', ruleFile: '/p.yaml', ruleLine: 7 }],
    [
      {
        ...of,
        kind: 'attempt-failed',
        number: '1',
        trunk: 'a',
        failure,
        observed: true,
        complete: true,
      },
      {
        kind: 'attempt-end',
        trunk: 'a',
        completes: false,
        seenBefore: true,
        failure: { class: 'busy', sip: 486, rang: true },
      },
    ],
    [
      { ...of, kind: 'evidence-completed', number: '1', trunk: 'a', failure, reported: failure },
      { kind: 'attempt-end', completes: true },
    ],
    [
      { ...of, kind: 'attempt-observed', leg: 'l', number: '1', trunk: 'x', known: false, ms: 20 },
      { kind: 'observed', trunk: 'x', known: false, ms: 20 },
    ],
    [
      { ...of, kind: 'attempt-answered', trunk: 'a', retry: false, earlier: [] },
      { kind: 'answered', trunk: 'a' },
    ],
    [
      { ...of, kind: 'late-answered', trunk: 'a', leg: 'l' },
      { kind: 'late-answer', hunt: 'h' },
    ],
    [
      { ...of, kind: 'answer-not-taken', decidedAt: 1, why: 'w' },
      { kind: 'not-carried-out', why: 'w' },
    ],
    [
      { ...of, kind: 'fell-back', leg: 'l', number: '', from: 'crankback-dial', answered: true },
      { kind: 'not-carried-out', why: 'crankback-dial' },
    ],
    [
      { ...of, kind: 'hunt-ended' },
      { kind: 'hunt-end', hunt: 'h' },
    ],
    [
      { at: 1, kind: 'policy-changed', file: '/p', hash: 'n', before: 'b', text: Buffer.from('v') },
      { kind: 'policy', hash: 'n', text: Buffer.from('v') },
    ],
    [
      { at: 1, kind: 'pbx-connected', pbx: 'asterisk' },
      { kind: 'connection', connected: true },
    ],
    [
      { at: 1, kind: 'pbx-gone', pbx: 'asterisk', why: 'w' },
      { connected: false, why: 'w' },
    ],
  ])('%#', (event, entry) => {
    expect(entryOf(event, same)).toMatchObject(entry);
  });

  it('has a decision whole: what it passed over, and whether it was planned', () => {
    const entry = entryOf(decided, same);
    expect(JSON.parse(entry?.kind === 'decision' ? entry.detail : '')).toEqual({
      ...{ decision: decided.decision, passedOver: decided.passedOver },
      ...{ planned: true, degraded: false },
    });
  });

  it('has no number that is masked', () => {
    const text = JSON.stringify(entryOf(decided, showing({ maskNumbers: true })));
    expect(text).toContain('03******67');
    expect(text).not.toContain('0301234567');
  });
});

describe('the Call-IDs of a call', () => {
  const begun = (callerCallId: string): CallEvent => ({
    ...{ ...of, kind: 'hunt-begun', leg: 'l', callerCallId },
    ...{ number: '1', startedAt: 5, policyHash: 'p' },
  });
  const masked = showing({ maskNumbers: true });

  it('are bounded: the caller’s is as long as it likes', () => {
    expect(entryOf(begun('x'.repeat(4000)), same)).toMatchObject({
      callerCallId: 'x'.repeat(256),
    });
  });

  it('are masked where a phone may have put a number, and whole where the PBX made them', () => {
    const callId = '0b5e7e7c-1234567890';
    expect(entryOf(begun('0301234567@phone'), masked)).toMatchObject({
      callerCallId: '03******67@phone',
    });
    const times = { id: callId, callId, invitedAt: 5, local: '192.0.2.1:5060', codecs: ['G729'] };
    expect(entryOf({ ...of, kind: 'attempt-timed', trunk: 'a', times }, masked)).toMatchObject({
      times,
    });
  });
});
