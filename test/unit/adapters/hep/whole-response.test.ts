import { SipCollector } from '../../../../adapters/hep/collector';
import type { Failure } from '../../../../src/model/failure';
import { normalize } from '../../../../src/normalize/normalize';
import { encoded, packet, PBX, request, response } from '../../../doubles/sip';

/** A response as a carrier sends it: its status line, then its header lines. */
type Sent = readonly [statusLine: string, ...headers: string[]];

/** The failure of an INVITE that got these responses, by mirrored SIP alone. */
function failureOf(responses: readonly Sent[], { cancelled = false } = {}): Failure {
  const collector = new SipCollector({ now: () => 0, counted: () => undefined });
  collector.sentFrom('pbx', [PBX]);
  const messages = [
    request('INVITE'),
    ...responses.map(([line, ...headers]) => response(line, { headers })),
  ];
  if (cancelled) messages.splice(-1, 0, request('CANCEL'));
  for (const [index, text] of messages.entries())
    collector.receive(encoded(packet(text, { at: 1000 + index })));
  const leg = collector.leg('leg-b');
  if (leg === undefined || leg.kind === 'answered') throw new Error('no failure');
  return normalize([leg.evidence]);
}

/** What is expected of a failure; `q850: undefined` says that there is none. */
type Told = { [Key in 'class' | 'fault' | 'q850' | 'location' | 'sip']?: Failure[Key] | undefined };

const q850 = (cause: number, more = ''): string => `Reason: Q.850;cause=${cause}${more}`;

describe('Reason headers of provisional responses', () => {
  it.each<[string, Told, ...Sent[]]>([
    [
      'busy in a 183, and a 480 that says nothing',
      { class: 'busy', fault: 'callee', q850: 17, sip: 480 },
      ['183 Session Progress', 'P-Early-Media: sendrecv', q850(17, ';text="User busy"')],
      ['480 Temporarily Unavailable', q850(31)],
    ],
    [
      'a number that does not exist, announced, and a bare 503',
      { class: 'invalid-number', fault: 'number', q850: 1 },
      ['183 Session Progress', q850(1)],
      ['503 Service Unavailable'],
    ],
    [
      'the last one that carries information',
      { class: 'unavailable', q850: 20 },
      ['183 Session Progress', q850(17)],
      ['183 Session Progress', q850(20)],
      ['183 Session Progress', q850(31)],
      ['480 Temporarily Unavailable'],
    ],
    [
      "the final response's own comes first",
      { class: 'trunk-congested', q850: 34 },
      ['183 Session Progress', q850(17)],
      ['503 Service Unavailable', q850(34)],
    ],
    [
      'a specific status stands',
      { class: 'declined', sip: 603, q850: 21 },
      ['183 Session Progress', q850(31)],
      ['603 Decline', q850(21)],
    ],
    [
      'a 486 stands, and its 183 is recorded',
      { class: 'busy', sip: 486, q850: 34 },
      ['183 Session Progress', q850(34)],
      ['486 Busy Here'],
    ],
    ['also in a 180', { class: 'busy', q850: 17 }, ['180 Ringing', q850(17)], ['480 Gone']],
  ])('%s', (_, expected, ...responses) => {
    expect(failureOf(responses)).toMatchObject(expected);
  });

  it('count where we gave up ourselves: a busy announcement is no "no answer"', () => {
    const ring: Sent = ['183 Session Progress', q850(17)];
    expect(failureOf([ring, ['487 Request Terminated']], { cancelled: true }).class).toBe('busy');
    expect(failureOf([ring])).toMatchObject({ class: 'busy', q850: 17, origin: 'no-response' });
  });
});

describe('the Q.850 cause of the record', () => {
  it.each<[string, Told, Sent]>([
    ['is the one that decided', { class: 'busy', q850: 17 }, ['480 Gone', q850(16), q850(17)]],
    ['also on one line', { class: 'busy', q850: 17 }, ['480 Gone', `${q850(16)}, Q.850;cause=17`]],
    ['also behind 0', { class: 'no-route', q850: 3 }, ['404 Not Found', q850(0), q850(3)]],
    ['also behind 130', { class: 'no-route', q850: 3 }, ['404 Not Found', q850(130), q850(3)]],
    ['is never 0', { class: 'unavailable', q850: undefined }, ['480 Gone', q850(0)]],
    ['is never above 127', { class: 'trunk-congested', q850: undefined }, ['503 Full', q850(128)]],
    ['is never 487', { class: 'unavailable', q850: undefined }, ['480 Gone', q850(487)]],
    ['is told where it says nothing', { class: 'unavailable', q850: 16 }, ['480 Gone', q850(16)]],
    [
      'has its own location',
      { class: 'busy', q850: 17, location: 'RLN' },
      ['480 Gone', q850(16, ';location=LN'), q850(17, ';location=RLN')],
    ],
    [
      'has none of another one',
      { class: 'busy', q850: 17, location: undefined },
      ['480 Gone', q850(16, ';location=LN'), q850(17)],
    ],
  ])('%s', (_, expected, sent) => {
    const { class: name, q850: cause, location } = failureOf([sent]);
    expect({ class: name, q850: cause, location }).toEqual({
      location: undefined,
      ...expected,
    });
  });
});

describe('Reason protocols', () => {
  const identity = { class: 'caller-id-rejected', fault: 'caller' } as const;

  it.each<[string, Told, ...Sent[]]>([
    [
      'STIR on a 403',
      { ...identity, q850: undefined },
      ['403 Forbidden', 'Reason: STIR;cause=433;text="Anonymity Disallowed"'],
    ],
    [
      'STIR 403, stale date',
      identity,
      ['403 Forbidden', 'Reason: STIR;cause=403;text="Stale Date"'],
    ],
    ['STIR 428', identity, ['480 Gone', 'Reason: STIR ;cause=428 ;text="Use Identity Header"']],
    ['STIR 436', identity, ['603 Decline', 'Reason: stir;cause=436;ppt="shaken"']],
    ['STIR 437', identity, ['500 Error', 'Reason: STIR;cause=437']],
    [
      'STIR 438 behind a cause without information',
      identity,
      ['403 No', q850(21), 'Reason: STIR;cause=438'],
    ],
    ['its phrase without a cause', identity, ['403 No', 'Reason: STIR;text="Bad Identity Info"']],
    ['its phrase under SIP', identity, ['403 No', 'Reason: SIP;cause=403;text="Stale Date"']],
    ['its phrase as the response’s', identity, ['403 Stale Date']],
    ['its status', identity, ['438 Invalid Identity Header']],
    [
      'STIR beside a specific status',
      { class: 'busy' },
      ['486 Busy Here', 'Reason: STIR;cause=436'],
    ],
    [
      'STIR in a 180, when the call went on and nobody was there',
      { class: 'no-answer' },
      ['180 Ringing', 'Reason: STIR;cause=436;text="Bad Identity Info"'],
      ['480 Gone'],
    ],
    [
      'STIR in a 183, and a rejection',
      identity,
      ['183 Session Progress', 'Reason: STIR;cause=436'],
      ['403 Forbidden'],
    ],
    [
      'SIP with a specific status',
      { class: 'busy', q850: undefined },
      ['503 Full', 'Reason: SIP;cause=486'],
    ],
    [
      'SIP 17 is not Q.850 17',
      { class: 'unavailable', q850: undefined },
      ['480 Gone', 'Reason: SIP;cause=17'],
    ],
    [
      'an unknown one',
      { class: 'unavailable', q850: undefined },
      ['480 Gone', 'Reason: X.25;cause=17'],
    ],
    [
      '3GPP’s',
      { class: 'unavailable', q850: undefined },
      ['480 Gone', 'Reason: RELEASE_CAUSE;cause=1'],
    ],
    ['preemption', { class: 'trunk-congested' }, ['503 Full', 'Reason: preemption;cause=1']],
    [
      'one that looks like Q.850',
      { class: 'unavailable', q850: undefined },
      ['480 Gone', 'Reason: Q.8500;cause=17'],
    ],
  ])('%s', (_, expected, ...responses) => {
    const failure = failureOf(responses);
    expect(failure).toMatchObject(
      Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined)),
    );
    if ('q850' in expected && expected.q850 === undefined)
      expect(failure).not.toHaveProperty('q850');
  });
});

describe('a 487', () => {
  it.each<[string, string, Sent[]]>([
    ['that nobody asked for, and says busy', 'busy', [['487 Request Terminated', q850(17)]]],
    ['and says congestion', 'trunk-congested', [['487 Request Terminated', q850(34)]]],
    ['and names a status', 'declined', [['487 Request Terminated', 'Reason: SIP;cause=603']]],
    ['and refuses the identity', 'caller-id-rejected', [['487 No', 'Reason: STIR;cause=438']]],
    ['and says nothing', 'unknown', [['487 Request Terminated', q850(16)]]],
    ['after ringing, and says nothing', 'no-answer', [['180 Ringing'], ['487 Request Terminated']]],
    ['after ringing, and says busy', 'busy', [['180 Ringing'], ['487 Done', q850(17)]]],
  ])('%s', (_, expected, responses) => {
    expect(failureOf(responses).class).toBe(expected);
  });

  it('after our own CANCEL says nothing, whatever its Reason', () => {
    const failure = failureOf([['180 Ringing'], ['487 Done', q850(17)]], { cancelled: true });
    expect(failure).toMatchObject({ class: 'no-answer', origin: 'ours' });
  });
});

describe('blocked by analytics', () => {
  const text = (value: string): string => `Reason: Q.850;cause=21;text="${value}";location=LN`;
  const redress = { redressUrl: 'https://example.com/', redressPhone: '+12025550199' };
  const plain = 'v=analytics1;url=https://example.com;tel=+12025550199';

  it.each<[string, Sent, object | undefined]>([
    ['the text of ATIS-1000099', ['603 Decline', text(plain)], redress],
    [
      'in other letters and spaces',
      ['603 Decline', text(`V = Analytics1; url=https://example.com`)],
      { redressUrl: redress.redressUrl },
    ],
    ['its phrase alone', ['603 Network Blocked'], undefined],
    ['its phrase on a 608', ['608 Network Blocked', text(plain)], redress],
    ['on a status that a gateway made of it', ['403 Forbidden', text(plain)], redress],
    [
      'a 608 with a Call-Info',
      ['608 Rejected', 'Call-Info: <https://example.com/>;purpose=jwscard'],
      { redressUrl: redress.redressUrl },
    ],
    [
      'a Call-Info for another purpose',
      ['608 Rejected', 'Call-Info: <https://example.com/>;purpose=icon'],
      undefined,
    ],
    [
      'no web address',
      ['603 Decline', text('v=analytics1;url=javascript:alert(1);tel=abc')],
      undefined,
    ],
    [
      'an address with a password',
      ['603 Decline', text('v=analytics1;url=https://a:b@example.com')],
      undefined,
    ],
    [
      'an address without end',
      ['603 Decline', text(`v=analytics1;url=https://example.com/${'x'.repeat(300)}`)],
      undefined,
    ],
    [
      'control characters',
      ['603 Decline', text('v=analytics1;url=https://example.com/\u001b[31m;tel=+1-202 555.0199')],
      { redressUrl: 'https://example.com/%1B[31m', redressPhone: '+12025550199' },
    ],
    [
      'a number without end',
      ['603 Decline', text(`v=analytics1;tel=${'1'.repeat(40)}`)],
      undefined,
    ],
  ])('%s', (_, sent, expected) => {
    const failure = failureOf([sent]);
    expect(failure).toMatchObject({ class: 'blocked', fault: 'caller' });
    expect(failure.redress).toEqual(expected);
  });

  it.each<[string, Sent, string]>([
    ["a callee's own 603", ['603 Decline', q850(21, ';location=U')], 'declined'],
    ['another version', ['603 Decline', text('v=analytics2')], 'declined'],
    ['a text of another protocol', ['603 Decline', `Reason: X;text="${plain}"`], 'declined'],
    ['a specific status', ['486 Busy Here', text(plain)], 'busy'],
  ])('not: %s', (_, sent, expected) => {
    const failure = failureOf([sent]);
    expect(failure.class).toBe(expected);
    expect(failure).not.toHaveProperty('redress');
  });
});

describe('the headers of a refusal', () => {
  it('are evidence, of its final response alone', () => {
    const { evidence } = failureOf([
      ['183 Session Progress', 'X-Code: early'],
      ['486 Busy Here', 'X-Code: D12', 'Server: x'],
    ]);
    expect(evidence[0]?.headers).toEqual([
      { name: 'x-code', value: 'D12' },
      { name: 'server', value: 'x' },
    ]);
  });

  it('are none of an attempt that the caller ended', () => {
    const responses: Sent[] = [['180 Ringing'], ['487 Request Terminated', 'X-Code: D12']];
    expect(failureOf(responses, { cancelled: true }).evidence[0]?.headers).toBeUndefined();
  });
});
