import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  FREESWITCH_CAUSES,
  freeswitchSends,
  withoutResponse,
} from '../../../../src/explain/pbx/freeswitch';
import type { FailureClass } from '../../../../src/model/classes';
import { normalize } from '../../../../src/normalize/normalize';

/** Every cause of FreeSWITCH 1.11.1, on a leg that ended without a SIP response before it rang. */
const MEANT: Readonly<Partial<Record<FailureClass, string>>> = {
  // The callee's or the number's.
  busy: 'USER_BUSY BUSY_EVERYWHERE',
  unavailable: 'SUBSCRIBER_ABSENT USER_NOT_REGISTERED',
  declined: 'CALL_REJECTED DECLINE REJECT_ALL',
  blocked: 'UNWANTED',
  redirected: 'REDIRECTION_TO_NEW_DESTINATION',
  'invalid-number':
    'UNALLOCATED_NUMBER NUMBER_CHANGED INVALID_NUMBER_FORMAT DOES_NOT_EXIST_ANYWHERE',
  // We, the caller, or another leg ended it.
  cancelled: 'ORIGINATOR_CANCEL LOSE_RACE PICKED_OFF BLIND_TRANSFER ATTENDED_TRANSFER BOWOUT',
  // Nothing came back.
  'trunk-timeout':
    'NO_USER_RESPONSE NO_ANSWER RECOVERY_ON_TIMER_EXPIRE ALLOTTED_TIMEOUT MEDIA_TIMEOUT PROGRESS_TIMEOUT NO_PICKUP',
  // Nothing was sent.
  'local-unreachable':
    'NO_ROUTE_DESTINATION DESTINATION_OUT_OF_ORDER NETWORK_OUT_OF_ORDER NORMAL_TEMPORARY_FAILURE REQUESTED_CHAN_UNAVAIL ' +
    'CHAN_NOT_IMPLEMENTED MANDATORY_IE_MISSING INVALID_IE_CONTENTS CRASH SYSTEM_SHUTDOWN INVALID_GATEWAY GATEWAY_DOWN ' +
    'INVALID_URL INVALID_PROFILE',
  // The trunk's.
  'trunk-congested': 'NORMAL_CIRCUIT_CONGESTION SWITCH_CONGESTION BEARERCAPABILITY_NOTAVAIL',
  'trunk-failed': 'CHANNEL_UNACCEPTABLE ACCESS_INFO_DISCARDED PRE_EMPTED SERVICE_UNAVAILABLE',
  'no-route': 'NO_ROUTE_TRANSIT_NET',
  forbidden:
    'FACILITY_NOT_SUBSCRIBED OUTGOING_CALL_BARRED INCOMING_CALL_BARRED BEARERCAPABILITY_NOTAUTH',
  loop: 'EXCHANGE_ROUTING_ERROR',
  // The call's.
  'caller-id-rejected':
    'NO_IDENTITY BAD_IDENTITY_INFO UNSUPPORTED_CERTIFICATE INVALID_IDENTITY STALE_DATE',
  'codec-mismatch': 'BEARERCAPABILITY_NOTIMPL INCOMPATIBLE_DESTINATION NOT_ACCEPTABLE',
  'bad-request':
    'FACILITY_REJECTED FACILITY_NOT_IMPLEMENTED SERVICE_NOT_IMPLEMENTED INVALID_CALL_REFERENCE INVALID_MSG_UNSPECIFIED ' +
    'MESSAGE_TYPE_NONEXIST WRONG_MESSAGE IE_NONEXIST WRONG_CALL_STATE MANDATORY_IE_LENGTH_ERROR',
  // They say nothing.
  unknown:
    'NONE CALL_AWARDED_DELIVERED NORMAL_CLEARING RESPONSE_TO_STATUS_ENQUIRY NORMAL_UNSPECIFIED PROTOCOL_ERROR ' +
    'INTERWORKING SUCCESS MANAGER_REQUEST USER_CHALLENGE SRTP_READ_ERROR',
};
const ROWS = Object.entries(MEANT).flatMap(([name, causes]) =>
  causes.split(' ').map((cause): [string, string] => [cause, name]),
);

describe("FreeSWITCH's own causes", () => {
  it.each(ROWS)('%s without a response is %s', (cause, expected) => {
    const evidence = withoutResponse(cause);
    const failure = normalize([{ source: 'x', rang: false, progress: false, ...evidence }]);
    expect(failure.class).toBe(expected);
  });

  it('are all in that table, each once', () => {
    const names = ROWS.map(([cause]) => cause).sort();
    expect(names).toEqual(FREESWITCH_CAUSES.map(({ name }) => name).sort());
    expect(new Set(names).size).toBe(82);
  });

  it('have different numbers', () => {
    expect(new Set(FREESWITCH_CAUSES.map(({ number }) => number)).size).toBe(82);
  });

  it('are those that the tables of SIP statuses name', () => {
    const file = join(__dirname, '../../../../src/explain/pbx/freeswitch.json');
    const table = JSON.parse(readFileSync(file, 'utf8')) as Record<
      'from_sip' | 'to_sip',
      readonly { cause_name: string; q850: number | null; sip: number | string }[]
    >;
    const known = new Map(FREESWITCH_CAUSES.map(({ name, number }) => [name, number]));
    const rows = [...table.from_sip, ...table.to_sip].filter((row) => row.cause_name !== 'default');
    for (const { cause_name: name, q850 } of rows)
      expect([name, known.get(name)]).toEqual([name, q850]);
    expect(freeswitchSends('GATEWAY_DOWN')).toBe(503);
    expect(freeswitchSends('USER_NOT_REGISTERED')).toBe(480);
  });

  it.each([
    ['DESTINATION_OUT_OF_ORDER', 27, 'unavailable'],
    ['NO_ROUTE_DESTINATION', 3, 'no-route'],
    ['NORMAL_TEMPORARY_FAILURE', 41, 'trunk-failed'],
    ['SUBSCRIBER_ABSENT', 20, 'unavailable'],
    ['REDIRECTION_TO_NEW_DESTINATION', 23, 'redirected'],
  ])('%s of an ISDN network is its cause %p, %s', (cause, q850, expected) => {
    const evidence = withoutResponse(cause, true);
    const failure = normalize([{ source: 'x', rang: false, progress: false, ...evidence }]);
    expect(failure).toMatchObject({ class: expected, q850, origin: 'far' });
  });

  it('above 127, and those that this side made, are no causes of an ISDN network', () => {
    expect(withoutResponse('GATEWAY_DOWN', true)).toEqual({ origin: 'local' });
    expect(withoutResponse('PROGRESS_TIMEOUT', true)).toEqual({ origin: 'no-response' });
    expect(withoutResponse('NO_ANSWER', true)).toEqual({ origin: 'no-response' });
  });
});
