import type { Evidence } from '../../../src/model/failure';
import { KNOWN_PHRASES } from '../../../src/model/phrases';
import { normalize } from '../../../src/normalize/normalize';

const quiet = { source: 'test', rang: false, progress: false, origin: 'far' } as const;

function classified(carrier: string | undefined, said: Partial<Evidence>) {
  const failure = normalize([{ ...quiet, ...said }], KNOWN_PHRASES.of(carrier));
  const { class: name, fault, decidedBy } = failure;
  return { class: name, fault, by: decidedBy?.by, list: decidedBy?.list };
}

describe('the list that gave the class is named', () => {
  it.each<[string, string | undefined, Partial<Evidence>, object]>([
    [
      "a carrier's code, on any trunk",
      undefined,
      { sip: 403, phrase: 'Caller ID not allowed D35' },
      { class: 'caller-id-rejected', fault: 'caller', by: 'phrase', list: 'telnyx' },
    ],
    [
      'a phrase of no carrier in particular',
      undefined,
      { sip: 403, phrase: 'No Money Left' },
      { class: 'no-credit', fault: 'trunk', by: 'phrase', list: 'shipped' },
    ],
    [
      "the bare status of the trunk's carrier",
      'vonage',
      { sip: 403, phrase: 'Forbidden' },
      { class: 'caller-id-rejected', fault: 'caller', by: 'status', list: 'vonage' },
    ],
    [
      'the same status of a trunk without a carrier',
      undefined,
      { sip: 403, phrase: 'Forbidden' },
      { class: 'forbidden', fault: 'trunk', by: 'status', list: undefined },
    ],
    [
      "a known phrase before the carrier's bare status",
      'vonage',
      { sip: 403, phrase: 'No Money Left' },
      { class: 'no-credit', fault: 'trunk', by: 'phrase', list: 'shipped' },
    ],
    [
      "a Reason before the carrier's bare status",
      'vonage',
      { sip: 403, phrase: 'Forbidden', reasons: [{ protocol: 'Q.850', cause: 34 }] },
      { class: 'trunk-congested', fault: 'trunk', by: 'reason', list: undefined },
    ],
    [
      "a fault of the carrier's own",
      'shenzhen-dazhong',
      { sip: 482, phrase: 'Loop Detected' },
      { class: 'blocked', fault: 'callee', by: 'status', list: 'shenzhen-dazhong' },
    ],
  ])('%s', (_, carrier, said, expected) => {
    expect(classified(carrier, said)).toEqual(expected);
  });
});

it('after ringing, a status means the same with every carrier', () => {
  const said = { sip: 480, phrase: 'Temporarily Unavailable', rang: true, progress: true };
  expect(classified('vonage', said)).toMatchObject({ class: 'no-answer', list: undefined });
  expect(classified('vonage', { ...said, rang: false })).toMatchObject({ class: 'unavailable' });
});

it('what this side ended is no statement of the carrier', () => {
  const rejected = { sip: 403, phrase: 'Forbidden', origin: 'ours' } as const;
  expect(classified('vonage', rejected)).toMatchObject({ class: 'forbidden', list: undefined });
  const said = { sip: 487, phrase: 'Request Terminated', origin: 'ours' } as const;
  expect(classified('shenzhen-dazhong', said)).toMatchObject({ class: 'cancelled' });
});

it('a published Reason text of 603+ is blocked by analytics, whoever sends it', () => {
  const text = 'v=analytics1;url=https://example.com;id=12345';
  const reasons = [{ protocol: 'SIP', cause: 603, text, location: 'LN' }];
  expect(classified('bandwidth', { sip: 603, phrase: 'Decline', reasons })).toMatchObject({
    class: 'blocked',
    fault: 'caller',
  });
  expect(classified('bandwidth', { sip: 603, phrase: 'Network Blocked' })).toMatchObject({
    class: 'blocked',
    fault: 'caller',
    list: 'bandwidth',
  });
});

describe('blocked by call analytics, told by phrase or by Reason text', () => {
  const told = (protocol: string, cause: number, text: string) => ({
    reasons: [{ protocol, cause, text, location: 'LN' }],
  });

  it.each<[string, Partial<Evidence>]>([
    ['603 Network Blocked', { sip: 603, phrase: 'Network Blocked' }],
    ['603 NETWORK-BLOCKED', { sip: 603, phrase: 'NETWORK-BLOCKED' }],
    ['603 Declined: network blocked', { sip: 603, phrase: 'Declined: network blocked' }],
    ['608 Network Blocked', { sip: 608, phrase: 'Network Blocked' }],
    ['608 Rejected', { sip: 608, phrase: 'Rejected' }],
    [
      'Q.850 21 with a link',
      { sip: 603, ...told('Q.850', 21, 'v=analytics1;url=https://example.com') },
    ],
    ['SIP 603 with a number', { sip: 603, ...told('SIP', 603, 'v=analytics1;tel=+12025550199') }],
    [
      'SIP 603 with a mail address',
      { sip: 603, ...told('SIP', 603, 'v=analytics1;email=a@example.com') },
    ],
    ['SIP 608, spelt at ease', { sip: 603, ...told('SIP', 608, ' V = Analytics1 ; id=1') }],
  ])('%s', (_, more) => {
    expect(classified(undefined, more)).toMatchObject({ class: 'blocked', fault: 'caller' });
    expect(classified('sipcall', more)).toMatchObject({ class: 'blocked', fault: 'caller' });
  });

  it.each<[string, Partial<Evidence>, string]>([
    ['603 Decline', { sip: 603, phrase: 'Decline' }, 'declined'],
    ['603 Not network blocked', { sip: 603, phrase: 'Not network blocked' }, 'declined'],
    ['another version', { sip: 603, ...told('SIP', 603, 'v=analytics2') }, 'declined'],
    ['607 Unwanted', { sip: 607, phrase: 'Unwanted' }, 'blocked'],
  ])('while %s is not: the callee did it', (_, more, expected) => {
    expect(classified(undefined, more)).toMatchObject({ class: expected, fault: 'callee' });
  });
});

describe("the caller's identity refused, told by phrase or by Reason", () => {
  const stir = (cause: number | undefined, text?: string) => ({
    sip: 403,
    phrase: 'Forbidden',
    reasons: [
      {
        protocol: 'STIR',
        ...(cause !== undefined && { cause }),
        ...(text !== undefined && { text }),
      },
    ],
  });

  it.each<[string, Partial<Evidence>]>([
    ['403 Stale Date', { sip: 403, phrase: 'Stale Date' }],
    ['403 use identity header', { sip: 403, phrase: 'use identity header' }],
    ['403 Bad Identity-Info', { sip: 403, phrase: 'Bad Identity-Info' }],
    ['403 Unsupported credential (437)', { sip: 403, phrase: 'Unsupported credential (437)' }],
    ['403 Anonymity Disallowed', { sip: 403, phrase: 'Anonymity Disallowed' }],
    ['STIR 433', stir(433, 'Anonymity Disallowed')],
    ['STIR 436', stir(436)],
    ['STIR 438', stir(438, 'whatever')],
    ['STIR by its text', stir(undefined, 'Invalid Identity Header')],
  ])('%s', (_, more) => {
    const expected = { class: 'caller-id-rejected', fault: 'caller' };
    expect(classified(undefined, more)).toMatchObject(expected);
    expect(classified('sipcall', more)).toMatchObject(expected);
  });
});
