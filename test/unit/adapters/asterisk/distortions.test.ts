import type { AttemptReport } from '../../../../adapters/asterisk/handover/contract';
import { readEvent } from '../../../../adapters/asterisk/ari/events';
import { evidenceOf, fromLeg } from '../../../../adapters/asterisk/legs/evidence';
import { Legs, type LegRecord } from '../../../../adapters/asterisk/legs/legs';
import type { Evidence } from '../../../../src/model/failure';
import { normalize } from '../../../../src/normalize/normalize';
import { unpack } from '../../../doubles/archives';

const recordings = unpack('asterisk', [
  'Dial',
  'ChannelState',
  'ChannelHangup',
  'ChannelDestroyed',
]);

/** The first trunk leg that ended in a recording: what ARI said last of it, and our evidence. */
function firstLeg(scenario: string): { said: unknown; evidence: Evidence } {
  const tracker = new Legs();
  for (const recorded of recordings.get(scenario) ?? []) {
    const event = readEvent(recorded);
    if (event === undefined || event === 'unusable') continue;
    const at = Date.parse(recorded['timestamp'] as string);
    const change = tracker.apply(event, at);
    if (change?.kind !== 'ended' || event.type !== 'ChannelDestroyed') continue;
    return { said: [event.cause, event.tech_cause], evidence: fromLeg(change.leg, at) };
  }
  throw new Error(`${scenario}: no leg ended`);
}

describe('what Asterisk distorts, as recorded', () => {
  it.each([
    [
      '480 on our own time-out',
      'fsc-silent',
      [19, 480],
      { origin: 'no-response' },
      'trunk-timeout',
    ],
    [
      '480 on our own time-out, ringing',
      'fsc-ring',
      [19, 480],
      { origin: 'no-response' },
      'no-answer',
    ],
    [
      '408 and cause 18 at Timer B',
      'fs-timerB',
      [18, 408],
      { origin: 'no-response' },
      'trunk-timeout',
    ],
    [
      '500 and cause 127 on a leg that the caller cancelled',
      'observe-cancel',
      [127, 500],
      { sip: 487, origin: 'ours' },
      'cancelled',
    ],
    [
      'cause 58, which is 488',
      'fs-488warn',
      [58, 488],
      { sip: 488, origin: 'far' },
      'codec-mismatch',
    ],
    ['cause 21 for a 603', 'fs-603', [21, 603], { sip: 603, origin: 'far' }, 'declined'],
  ])('%s', (_, scenario, said, expected, failureClass) => {
    const leg = firstLeg(scenario);
    expect(leg.said).toEqual(said);
    const { source, rang, progress, failedAfterMs, ...rest } = leg.evidence;
    expect(rest).toEqual(expected);
    expect(failedAfterMs).toBeGreaterThanOrEqual(0);
    expect(source).toBe('channel-events');
    expect(progress).toBe(rang);
    expect(normalize([leg.evidence]).class).toBe(failureClass);
  });

  it("a carrier's own 408 stays a 408", () => {
    expect(firstLeg('fs-408').evidence).toMatchObject({ sip: 408, origin: 'far' });
  });
});

const leg = (
  name: string,
  farEnd: LegRecord['farEnd'],
  more: Partial<LegRecord> = {},
): LegRecord => ({
  id: '1',
  name,
  dialledAt: 0,
  counted: false,
  dialled: '',
  rang: false,
  progress: false,
  answered: false,
  dialStatus: 'NOANSWER',
  forwarded: false,
  ...(farEnd && { farEnd }),
  ...more,
});

describe('a cause without its status (before 22.7)', () => {
  it.each([
    [58, false, 'codec-mismatch'],
    [19, false, 'unavailable'],
    [19, true, 'no-answer'],
    [27, false, 'trunk-failed'],
    [3, false, 'bad-request'],
    [17, false, 'busy'],
    [34, false, 'trunk-congested'],
    [127, false, 'unknown'],
  ])('%i of a SIP leg, rang %p: %s', (cause, rang, expected) => {
    const evidence = fromLeg(leg('PJSIP/carrier-a-00000001', { cause }, { rang }));
    const failure = normalize([evidence]);
    expect(failure.class).toBe(expected);
    // Nobody has sent it: a rule on q850 must not match.
    expect(failure).not.toHaveProperty('q850');
  });

  it('beside a status neither counts nor contradicts', () => {
    const events = fromLeg(leg('PJSIP/carrier-a-00000001', { cause: 34 }));
    const dialplan = { ...events, source: 'dialplan', sip: 513, phrase: 'Message Too Large' };
    expect(normalize([dialplan, events])).toMatchObject({
      class: 'bad-request',
      contradictions: [],
    });
    expect(normalize([dialplan, events])).not.toHaveProperty('q850');
  });

  it("of another driver's leg is the network's own", () => {
    const evidence = fromLeg(leg('DAHDI/i1/100-1', { cause: 27 }));
    expect(evidence).toMatchObject({ q850: 27, origin: 'far' });
    expect(normalize([evidence])).toMatchObject({ q850: 27, class: 'unavailable' });
  });
});

describe('a report of a leg that is not SIP', () => {
  const report = (dialStatus: string, cause: number): AttemptReport => ({
    trunk: 'isdn',
    leg: 'DAHDI/i1/100-1',
    dialStatus,
    cause,
    tech: '',
    rang: false,
    progress: false,
  });

  it.each([
    ['BUSY', 17, 'busy'],
    ['CONGESTION', 34, 'trunk-congested'],
    ['CHANUNAVAIL', 1, 'invalid-number'],
    ['CHANUNAVAIL', 0, 'trunk-failed'],
    ['BUSY', 16, 'busy'],
    ['NOANSWER', 0, 'trunk-timeout'],
    // Given up by ourselves.
    ['CHANUNAVAIL', 38, 'trunk-timeout'],
  ])('%s with cause %i is %s', (dialStatus, cause, expected) => {
    expect(normalize(evidenceOf(report(dialStatus, cause), undefined)).class).toBe(expected);
  });
});

describe('a 3xx whose events are still on their way', () => {
  const report: AttemptReport = {
    trunk: 'carrier-b',
    leg: 'PJSIP/carrier-b-00000002',
    dialStatus: 'BUSY',
    cause: 0,
    tech: 'SIP 100 Trying',
    rang: false,
    progress: false,
  };
  // Our own Dial() says how long it took, a user's does not.
  const classOf = (more: Partial<AttemptReport>, own: Partial<AttemptReport> = { elapsedMs: 20 }) =>
    normalize(evidenceOf({ ...report, ...own, ...more }, undefined)).class;

  // The caller's channel still has the cause of the attempt before: 34 of a 503, 102 of a 504.
  it.each([0, 34, 102, 19])('is a redirection, after an earlier attempt too: cause %i', (cause) => {
    expect(classOf({ cause })).toBe('redirected');
    expect(classOf({ cause, tech: '' })).toBe('redirected');
    expect(classOf({ cause, tech: 'SIP 180 Ringing', rang: true })).toBe('redirected');
  });

  it('is none where another leg of the fork may have been busy, or a final status was heard', () => {
    expect(classOf({ cause: 17 }, {})).toBe('trunk-timeout');
    expect(classOf({ cause: 17, tech: 'SIP 486 Busy Here' })).toBe('busy');
    expect(classOf({ cause: 17, leg: 'DAHDI/i1/100-1', tech: '' })).toBe('busy');
  });
});

describe('a 503 that nobody heard, where events have no status', () => {
  const report: AttemptReport = {
    trunk: 'carrier-a',
    leg: '',
    dialStatus: 'CONGESTION',
    cause: 34,
    tech: '',
    rang: false,
    progress: false,
  };
  const ended = (name: string): LegRecord => leg(name, { cause: 34 }, { dialStatus: 'CONGESTION' });

  it.each([
    ['was never sent', report, ended('PJSIP/carrier-a-00000001'), 'local-unreachable'],
    [
      'was heard',
      { ...report, tech: 'SIP 503 Service Unavailable' },
      ended('PJSIP/carrier-a-00000001'),
      'trunk-congested',
    ],
    // Whatever is behind a Local channel may have been sent.
    ['is of a Local channel', report, ended('Local/1@x-1;1'), 'trunk-timeout'],
    [
      'is not the cause',
      { ...report, dialStatus: 'CHANUNAVAIL', cause: 38 },
      ended('PJSIP/carrier-a-00000001'),
      'trunk-timeout',
    ],
  ])('%s', (_, told, of, expected) => {
    expect(normalize(evidenceOf(told, of)).class).toBe(expected);
  });
});
