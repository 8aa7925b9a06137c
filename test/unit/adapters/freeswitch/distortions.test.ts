import { FREESWITCH_CAUSES, meaningOf, numberOf } from '../../../../src/explain/pbx/freeswitch';
import { parseQuery } from '../../../../src/explain/query';
import { sheetOf } from '../../../../src/explain/sheet';
import { loadTexts } from '../../../../src/explain/texts';
import type { ChannelData } from '../../../../adapters/freeswitch/esl/channel-data';
import {
  evidenceOf,
  fromChannelData,
  fromLeg,
} from '../../../../adapters/freeswitch/legs/evidence';
import { normalize } from '../../../../src/normalize/normalize';
import { unpack } from '../../../doubles/archives';

const texts = loadTexts('en');
const parts = { texts, treatments: () => ({ kind: 'relay' as const }) };
const recordings = unpack('freeswitch', ['CHANNEL_HANGUP_COMPLETE', 'CHANNEL_EXECUTE_COMPLETE']);

/** Also of what is not read in service. */
type Recorded = ChannelData & Readonly<Record<string, string | undefined>>;
const eventsOf = (scenario: string) => (recordings.get(scenario) ?? []) as readonly Recorded[];

function legB(scenario: string): Recorded {
  const found = eventsOf(scenario).find(
    (event) =>
      event['Event-Name'] === 'CHANNEL_HANGUP_COMPLETE' && event['Call-Direction'] === 'outbound',
  );
  if (!found) throw new Error(`${scenario}: no leg B`);
  return found;
}

function bridge(scenario: string): Recorded {
  const found = eventsOf(scenario).find((event) => event['Application'] === 'bridge');
  if (!found) throw new Error(`${scenario}: no bridge`);
  return found;
}

describe('what FreeSWITCH distorts, as recorded', () => {
  it.each([
    ['closed_tcp', '503', 'local', 'local-unreachable'],
    ['closed_udp', '503', 'local', 'local-unreachable'],
    ['dns_fail', '503', 'local', 'local-unreachable'],
    ['silent_timer_b', '408', 'no-response', 'trunk-timeout'],
    ['brg_401_challenge', '408', 'no-response', 'trunk-timeout'],
  ])('%s: a %s that no carrier sent', (scenario, locallyGenerated, origin, failureClass) => {
    const leg = legB(scenario);
    expect(leg['variable_sip_term_status']).toBe(locallyGenerated);
    const { failedAfterMs, ...evidence } = fromLeg(leg);
    expect(evidence).toEqual({
      source: 'channel-events',
      rang: false,
      progress: false,
      origin,
    });
    expect(failedAfterMs).toBeGreaterThanOrEqual(0);
    const failure = normalize(evidenceOf(bridge(scenario), leg, 0));
    expect([failure.class, failure.sip]).toEqual([failureClass, undefined]);
  });

  it("a carrier's own 408 and 503 stay what they are", () => {
    expect(fromLeg(legB('brg_408'))).toMatchObject({ sip: 408, origin: 'far' });
    expect(fromLeg(legB('brg_503_plain'))).toMatchObject({ sip: 503, origin: 'far' });
  });

  it('SUCCESS after early media', () => {
    const data = bridge('brg_183_then_503');
    expect(data['variable_originate_disposition']).toBe('SUCCESS');
    const evidence = fromChannelData(data, 0);
    expect(evidence).toMatchObject({ sip: 503, rang: false, progress: true, origin: 'far' });
    expect(evidence.earlyMediaMs).toBeGreaterThan(1000);
  });

  it('a cause above 127, of which hangup_cause_q850 says 16', () => {
    const leg = legB('brg_607');
    expect([leg['Hangup-Cause'], leg['variable_hangup_cause_q850']]).toEqual(['UNWANTED', '16']);
    const { offer, failedAfterMs, ...evidence } = fromLeg(leg);
    expect(failedAfterMs).toBeGreaterThanOrEqual(0);
    expect(evidence).toEqual({
      source: 'channel-events',
      rang: false,
      progress: false,
      sip: 607,
      phrase: 'Unwanted',
      origin: 'far',
    });
    // Our offer is in the leg's own channel data, mirrored SIP or not.
    expect(offer?.streams[0]?.codecs).toContainEqual({ name: 'PCMU', clockRate: 8000 });
  });

  it('487 CANCEL, which is a note of its own time-out', () => {
    const leg = legB('leg_timeout_ringing');
    expect(leg['variable_sip_invite_failure_status']).toBe('487');
    expect(normalize([fromLeg(leg)])).toMatchObject({ class: 'no-answer', rang: true });
    expect(normalize([fromLeg(leg)])).not.toHaveProperty('sip');
  });

  it("a caller's CANCEL, whose Reason header is the caller's", () => {
    const leg = legB('caller_cancel_ringing');
    expect(leg['variable_sip_reason']).toContain('Q.850;cause=31');
    expect(fromLeg(leg)).toMatchObject({ sip: 487, origin: 'ours' });
    expect(fromLeg(leg)).not.toHaveProperty('reasons');
  });

  it('a 302 that ends as "no channel available"', () => {
    const leg = legB('out_retry_302_fatal_B.observer');
    expect(leg['Hangup-Cause']).toBe('REQUESTED_CHAN_UNAVAIL');
    expect(normalize([fromLeg(leg)])).toMatchObject({ class: 'redirected', sip: 302 });
  });

  it('a cause that a Reason header overrode: the status counts, the value is told', () => {
    const leg = legB('brg_480_reason_q850_16');
    expect(leg['Hangup-Cause']).toBe('NORMAL_CLEARING');
    const failure = normalize([fromLeg(leg)]);
    expect(failure).toMatchObject({ class: 'unavailable', sip: 480, q850: 16 });
  });

  it('a Reason header that versions before 1.11.1 show in the cause alone', () => {
    const { variable_sip_reason: header, ...leg } = legB('brg_503_reason_q850');
    expect(header).toContain('Q.850;cause=');
    const cause = numberOf(leg['Hangup-Cause'] ?? '');
    expect(fromLeg(leg).reasons).toEqual([{ protocol: 'Q.850', cause }]);
    expect(fromLeg(legB('brg_503_plain'))).not.toHaveProperty('reasons');
    // Our own CANCEL has a cause of ours.
    const cancelled = { ...leg, variable_sip_term_status: '487' };
    expect(fromLeg(cancelled)).not.toHaveProperty('reasons');
  });

  it('progress of an earlier attempt on leg A', () => {
    const data = bridge('brg_183_then_503');
    const later = Number(data['Event-Date-Timestamp']) / 1000;
    expect(fromChannelData(data, later)).toMatchObject({ rang: false, progress: false });
  });

  it("a Reason header left on leg A that did not make this attempt's cause", () => {
    const data = { ...bridge('brg_503_reason_q850'), variable_originate_disposition: 'USER_BUSY' };
    expect(fromChannelData(data, 0)).not.toHaveProperty('reasons');
    expect(fromChannelData(bridge('brg_503_reason_q850'), 0).reasons).toHaveLength(1);
  });
});

describe('a hangup cause', () => {
  it.each([
    ['USER_BUSY', { kind: 'cause', q850: 17 }],
    ['BUSY_EVERYWHERE', { kind: 'status', sip: 600 }],
    ['LOSE_RACE', { kind: 'cancelled' }],
    ['USER_NOT_REGISTERED', { kind: 'absent' }],
    ['SUCCESS', { kind: 'nothing' }],
    ['constructor', { kind: 'nothing' }],
    ['', { kind: 'nothing' }],
  ])('%p means %p', (cause, expected) => {
    expect(meaningOf(cause)).toEqual(expected);
  });

  it('has its number by name', () => {
    expect([numberOf('DECLINE'), numberOf('toString')]).toEqual([816, undefined]);
  });
});

describe('what FreeSWITCH computed', () => {
  const leg = (cause: string, name: string): ChannelData => ({
    'Hangup-Cause': cause,
    'Channel-Name': name,
  });

  it.each(FREESWITCH_CAUSES.map(({ name }) => name))('%s: explain says what we decide', (name) => {
    const failure = normalize([fromLeg(leg(name, 'sofia/external/200'))]);
    const parsed = parseQuery(name, texts.labels);
    const facts = 'query' in parsed ? sheetOf(parsed.query, parts).facts : { class: null };
    expect(facts.class ?? 'unknown').toBe(failure.class);
    // No carrier has said it: a rule on q850 must not match.
    expect(failure).not.toHaveProperty('q850');
  });

  it.each([
    ['GATEWAY_DOWN', 'local-unreachable'],
    ['USER_NOT_REGISTERED', 'unavailable'],
    ['SUBSCRIBER_ABSENT', 'unavailable'],
    ['PROGRESS_TIMEOUT', 'trunk-timeout'],
    ['NO_ROUTE_DESTINATION', 'local-unreachable'],
    ['NORMAL_TEMPORARY_FAILURE', 'local-unreachable'],
  ])('%s is %s', (name, expected) => {
    expect(normalize([fromLeg(leg(name, 'sofia/external/200'))]).class).toBe(expected);
  });

  it('is no cause of ISDN, which carries its causes', () => {
    const failure = normalize([fromLeg(leg('USER_BUSY', 'FreeTDM/1:1/200'))]);
    expect(failure).toMatchObject({ class: 'busy', q850: 17 });
    const data = { variable_originate_disposition: 'USER_BUSY' };
    const of = (dial: string) =>
      normalize([fromChannelData({ ...data, variable_crankback_dial: dial }, 0)]);
    expect(of('freetdm/1/a/200')).toMatchObject({ class: 'busy', q850: 17 });
    expect(of('user/200')).not.toHaveProperty('q850');
  });
});

describe("a 487 of the far side's own", () => {
  const data = (cause: string, more: ChannelData = {}): ChannelData => ({
    variable_sip_invite_failure_status: '487',
    variable_sip_invite_failure_phrase: 'Request Terminated',
    variable_originate_disposition: cause,
    ...more,
  });

  it('is no caller who has left: the caller waits for us', () => {
    expect(normalize([fromChannelData(data('ORIGINATOR_CANCEL'), 0)])).toMatchObject({
      class: 'unknown',
      sip: 487,
      origin: 'far',
    });
  });

  it('is refined by its Reason', () => {
    const busy = data('USER_BUSY', { variable_sip_reason: 'Q.850;cause=17' });
    expect(normalize([fromChannelData(busy, 0)])).toMatchObject({ class: 'busy', q850: 17 });
  });

  it("while sofia's own note of a CANCEL stays ours", () => {
    const cancel = data('ORIGINATOR_CANCEL', { variable_sip_invite_failure_phrase: 'CANCEL' });
    expect(normalize([fromChannelData(cancel, 0)]).class).toBe('cancelled');
  });
});
