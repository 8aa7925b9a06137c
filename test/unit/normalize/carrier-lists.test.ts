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
