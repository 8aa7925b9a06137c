import { SipCollector } from '../../../../adapters/hep/collector';
import type { PacketResult } from '../../../../adapters/hep/packet-result';
import type { MemoryLimits } from '../../../../adapters/hep/memory';
import { CARRIER, encoded, packet, PBX, request, response, type Extra } from '../../../doubles/sip';

const SDP = ['v=0', 's=-', 'c=IN IP4 192.0.2.1', 't=0 0', 'm=audio 4000 RTP/AVP 0 8', ''].join(
  '\r\n',
);
const WITH_SDP = { headers: ['Content-Type: application/sdp'], body: SDP };
const WAIT = { withinMs: 60_000 };
const OTHER_HOST = { address: '198.51.100.8', port: 5060 };

type Message = readonly [text: string, wire?: Parameters<typeof packet>[1]];

function collect(messages: readonly Message[], limits?: MemoryLimits) {
  const results: PacketResult[] = [];
  const collector = new SipCollector({
    now: () => 0,
    counted: (result) => results.push(result),
    ...(limits && { limits }),
  });
  collector.sentFrom('pbx', [PBX]);
  for (const [text, wire] of messages) collector.receive(encoded(packet(text, wire)));
  // Asking makes it look at them.
  return { collector, results, leg: collector.leg('leg-b') };
}

/** An INVITE with its final response; `n` numbers the transaction. */
function tried(n: number, status: string, extra: Extra = {}, at = n * 1000): Message[] {
  const names = { cseq: n, branch: `z9hG4bK${n}` };
  return [
    [request('INVITE', names), { at }],
    [response(status, { ...names, ...extra }), { at: at + 50 }],
  ];
}

/** Every order of a few things. */
function orders<T>(things: readonly T[]): T[][] {
  if (things.length < 2) return [[...things]];
  return things.flatMap((first, index) =>
    orders([...things.slice(0, index), ...things.slice(index + 1)]).map((rest) => [first, ...rest]),
  );
}

describe('one INVITE and its refusal', () => {
  const messages: readonly Message[] = [
    [request('INVITE', WITH_SDP), { at: 1000 }],
    [response('100 Trying'), { at: 1010 }],
    [response('183 Session Progress', WITH_SDP), { at: 1100 }],
    [response('180 Ringing'), { at: 1500 }],
    [
      response('480 Codec Mismatch', {
        headers: [
          'Reason: Q.850;cause=88;text="Incompatible, destination";location=LN',
          'Reason: SIP ;cause=488',
          'Warning: 305 carrier.example "only G729"',
          'Retry-After: 7 (maintenance)',
          'c: application/sdp',
        ],
        body: SDP.replace('0 8', '18'),
      }),
      { at: 2000.25 },
    ],
  ];

  it('tell everything', () => {
    expect(collect(messages).leg).toEqual({
      kind: 'failed',
      evidence: {
        source: 'hep',
        origin: 'far',
        sip: 480,
        phrase: 'Codec Mismatch',
        statusLine: 'SIP/2.0 480 Codec Mismatch',
        rang: true,
        progress: true,
        earlyMediaMs: 900.25,
        reasons: [
          { protocol: 'Q.850', cause: 88, text: 'Incompatible, destination', location: 'LN' },
          { protocol: 'SIP', cause: 488 },
        ],
        warnings: [{ code: 305, agent: 'carrier.example', text: 'only G729' }],
        headers: [
          {
            name: 'reason',
            value: 'Q.850;cause=88;text="Incompatible, destination";location=LN',
          },
          { name: 'reason', value: 'SIP ;cause=488' },
          { name: 'warning', value: '305 carrier.example "only G729"' },
          { name: 'retry-after', value: '7 (maintenance)' },
        ],
        retryAfterMs: 7000,
        provisional: [
          { sip: 100, phrase: 'Trying', sdp: false, afterMs: 10 },
          { sip: 183, phrase: 'Session Progress', sdp: true, afterMs: 100 },
          { sip: 180, phrase: 'Ringing', sdp: false, afterMs: 500 },
        ],
        offer: { streams: [expect.objectContaining({ codecs: [PCMU, PCMA] })] },
        refusal: { streams: [expect.objectContaining({ codecs: [{ ...PCMU, name: 'G729' }] })] },
        transport: 'UDP',
        farEnd: '198.51.100.7:5060',
        firstResponseMs: 10,
        failedAfterMs: 1000.25,
      },
    });
  });

  it.each(orders([0, 2, 4]))('tell the same in the order %j %j %j', (...order) => {
    const some = order.map((index) => messages[index] as Message);
    const inOrder = [0, 2, 4].map((index) => messages[index] as Message);
    expect(collect(some).leg).toEqual(collect(inOrder).leg);
  });

  it('tell the same with every packet twice', () => {
    const twice = collect([...messages, ...messages]);
    expect(twice.leg).toEqual(collect(messages).leg);
    expect(twice.results.slice(messages.length)).toEqual(messages.map(() => 'known'));
  });

  it('tell nothing without the INVITE: anybody could have sent that', () => {
    const { leg, results } = collect(messages.slice(1));
    expect(leg).toBeUndefined();
    expect(results).toEqual(['stray', 'stray', 'stray', 'stray']);
  });

  it('are unfinished without the refusal', () => {
    const { leg } = collect(messages.slice(0, 4));
    expect(leg).toMatchObject({
      kind: 'unfinished',
      evidence: { rang: true, origin: 'no-response' },
    });
    expect(leg).not.toHaveProperty('evidence.sip');
  });

  it('are timed from the first of several INVITEs sent again, in any order', () => {
    const sent: readonly Message[] = [
      [request('INVITE'), { at: 1500 }],
      [request('INVITE'), { at: 1000 }],
      [request('INVITE'), { at: 2500 }],
      [response('503 Service Unavailable'), { at: 3000 }],
    ];
    expect(collect(sent).leg).toMatchObject({
      evidence: { firstResponseMs: 2000, failedAfterMs: 2000 },
    });
  });

  it('have no early media for a 100 with a body', () => {
    const { leg } = collect([
      [request('INVITE')],
      [response('100 Trying', WITH_SDP)],
      [response('503 Service Unavailable')],
    ]);
    expect(leg).toMatchObject({ evidence: { progress: false } });
    expect(leg).not.toHaveProperty('evidence.earlyMediaMs');
  });

  it('never took less than no time, though Asterisk stamps what it sends late', () => {
    const { leg } = collect([
      [request('INVITE'), { at: 1000.5 }],
      [response('503 Service Unavailable'), { at: 1000 }],
    ]);
    expect(leg).toMatchObject({ evidence: { firstResponseMs: 0, failedAfterMs: 0 } });
  });
});

const PCMU = { name: 'PCMU', clockRate: 8000 };
const PCMA = { name: 'PCMA', clockRate: 8000 };

describe('several INVITEs of one attempt', () => {
  it.each(orders(tried(1, '407 Proxy Authentication Required').concat(tried(2, '503 Full'))))(
    '407 then 503: the 503 decides (order %#)',
    (...messages) => {
      expect(collect(messages).leg).toMatchObject({
        kind: 'failed',
        evidence: {
          sip: 503,
          phrase: 'Full',
          subAttempts: [
            {
              sip: 407,
              phrase: 'Proxy Authentication Required',
              farEnd: '198.51.100.7:5060',
            },
          ],
        },
      });
    },
  );

  it('422 then 200: no failure', () => {
    const { leg } = collect([...tried(1, '422 Session Interval Too Small'), ...tried(2, '200 OK')]);
    expect(leg).toEqual({
      kind: 'answered',
      subAttempts: [expect.objectContaining({ sip: 422 })],
    });
  });

  it.each([
    ['a new branch for the second host', 'z9hG4bK2'],
    ['the same branch for both hosts', 'z9hG4bK1'],
  ])('503 of one SRV host, 200 of the next, %s: success with a sub-attempt', (_name, branch) => {
    const { leg } = collect([
      ...tried(1, '503 Service Unavailable'),
      [request('INVITE', { branch }), { destination: OTHER_HOST, at: 1100 }],
      [response('200 OK', { branch }), { source: OTHER_HOST, at: 1200 }],
    ]);
    expect(leg).toEqual({
      kind: 'answered',
      subAttempts: [{ sip: 503, phrase: 'Service Unavailable', farEnd: '198.51.100.7:5060' }],
    });
  });

  it('a host that is silent and one that refuses: the refusal decides', () => {
    const { leg } = collect([
      [request('INVITE'), { at: 0 }],
      [request('INVITE', { branch: 'z9hG4bK2' }), { destination: OTHER_HOST, at: 4000 }],
      [response('486 Busy Here', { branch: 'z9hG4bK2' }), { source: OTHER_HOST, at: 4100 }],
    ]);
    expect(leg).toMatchObject({
      evidence: {
        sip: 486,
        farEnd: '198.51.100.8:5060',
        failedAfterMs: 100,
        subAttempts: [{ farEnd: '198.51.100.7:5060' }],
      },
    });
  });

  it('407, and nothing yet to the next one: unfinished', () => {
    const { leg } = collect([
      ...tried(1, '407 Proxy Authentication Required'),
      [request('INVITE', { cseq: 2, branch: 'z9hG4bK2' })],
    ]);
    expect(leg).toMatchObject({ kind: 'unfinished', evidence: { subAttempts: [{ sip: 407 }] } });
  });

  it('a response to another port than its INVITE came from is none', () => {
    const destination = { ...PBX, port: 5080 };
    const { leg } = collect([[request('INVITE')], [response('404 Not Found'), { destination }]]);
    expect(leg).toMatchObject({ kind: 'unfinished' });
  });

  it.each([
    { address: '198.51.100.99', port: 5060 },
    { address: '198.51.100.7', port: 5061 },
  ])('a response from another address than its INVITE went to is none: %j', (source) => {
    const { leg } = collect([[request('INVITE')], [response('404 Not Found'), { source }]]);
    expect(leg).toMatchObject({ kind: 'unfinished', evidence: { farEnd: '198.51.100.7:5060' } });
  });
});

describe('inside a dialog', () => {
  const reinvite = { cseq: 2, branch: 'z9hG4bK2', toTag: 'theirs' };

  it.each(
    orders([
      ...tried(1, '200 OK'),
      [request('INVITE', reinvite), { at: 9000 }],
      [response('488 Not Acceptable Here', reinvite), { at: 9100 }],
    ] as Message[]),
  )('a refused re-INVITE is no failure (order %#)', (...messages) => {
    expect(collect(messages).leg).toEqual({ kind: 'answered', subAttempts: [] });
  });

  it('a refused re-INVITE of a call whose setup was not seen is nothing', () => {
    const { leg, results } = collect([
      [request('INVITE', reinvite)],
      [response('488 Not Acceptable Here', reinvite)],
    ]);
    expect(leg).toBeUndefined();
    expect(results).toEqual(['known', 'stray']);
  });

  it("the carrier's re-INVITE that we refuse is nothing", () => {
    const theirs = { cseq: 77, branch: 'z9hG4bKtheirs', toTag: 'ours' };
    const { leg } = collect([
      ...tried(1, '200 OK'),
      [request('INVITE', theirs), { source: CARRIER, destination: PBX }],
      [response('488 Not Acceptable Here', theirs), { source: PBX, destination: CARRIER }],
    ]);
    expect(leg).toEqual({ kind: 'answered', subAttempts: [] });
  });

  it('an INVITE without a To tag that the carrier sends into our call is nothing', () => {
    const theirs = { cseq: 77, branch: 'z9hG4bKtheirs' };
    const { leg } = collect([
      ...tried(1, '486 Busy Here'),
      [request('INVITE', theirs), { source: CARRIER, destination: PBX }],
      [response('403 Forbidden', theirs), { source: PBX, destination: CARRIER }],
    ]);
    expect(leg).toMatchObject({ kind: 'failed', evidence: { sip: 486 } });
  });
});

describe('a CANCEL', () => {
  const ringing: readonly Message[] = [
    [request('INVITE')],
    [response('180 Ringing')],
    [request('CANCEL')],
  ];

  it('makes the 487 ours, and no status of the carrier', () => {
    const { leg } = collect([...ringing, [response('487 Request Terminated')]]);
    expect(leg).toMatchObject({
      kind: 'failed',
      evidence: { origin: 'ours', rang: true, statusLine: 'SIP/2.0 487 Request Terminated' },
    });
    expect(leg).not.toHaveProperty('evidence.sip');
  });

  it("leaves another answer the carrier's", () => {
    const { leg } = collect([...ringing, [response('486 Busy Here')]]);
    expect(leg).toMatchObject({ evidence: { origin: 'far', sip: 486 } });
  });

  it('of nobody: a 487 is the carrier’s own', () => {
    const { leg } = collect([[request('INVITE')], [response('487 Request Terminated')]]);
    expect(leg).toMatchObject({ evidence: { origin: 'far', sip: 487 } });
  });
});

describe('what is no setup of a call', () => {
  it('is ignored and not kept', () => {
    const { collector, results } = collect([
      [request('BYE', { toTag: 'x' })],
      [request('OPTIONS')],
      [request('ACK', { toTag: 'x' })],
      [request('CANCEL').replace('1 CANCEL', '1 INVITE')],
      ['hello'],
    ]);
    expect(results).toEqual(['ignored', 'ignored', 'ignored', 'ignored', 'bad-sip']);
    expect(collector.size()).toEqual({ legs: 0, messages: 0, bytes: 0 });
  });
});

it('a refusal that carries SIP about something else is a refusal', () => {
  const headers = ['Content-Type: message/sip'];
  const body = 'BYE sip:x@192.0.2.1 SIP/2.0\r\nCSeq: 1 BYE\r\n';
  const { results } = collect([
    [request('INVITE')],
    [response('486 Busy Here', { headers, body })],
  ]);
  expect(results).toEqual(['joined', 'joined']);
});

describe('the password', () => {
  it.each([
    ['secret', 'joined'],
    ['Secret', 'wrong-password'],
    ['secret2', 'wrong-password'],
    ['', 'wrong-password'],
  ])('%j in the packet: %s', (sent, result) => {
    const results: PacketResult[] = [];
    const counted = (one: PacketResult) => results.push(one);
    const collector = new SipCollector({ password: 'secret', now: () => 0, counted });
    collector.sentFrom('pbx', [PBX]);
    const sentPacket = { ...packet(request('INVITE')), password: Buffer.from(sent) };
    collector.receive(encoded(sentPacket));
    expect(collector.leg('leg-b') !== undefined).toBe(result === 'joined');
    expect(results).toEqual([result]);
  });
});

describe('waiting for the final response', () => {
  const [invite, refusal] = tried(1, '407 Proxy Authentication Required') as [Message, Message];
  const receive = (collector: SipCollector, [text, wire]: Message) =>
    collector.receive(encoded(packet(text, wire)));

  it('ends at once where it is there', async () => {
    const { collector } = collect([invite, refusal]);
    await expect(collector.awaitFinal('leg-b', { withinMs: 60_000 })).resolves.toMatchObject({
      kind: 'failed',
    });
  });

  it('ends when it comes, and only with the status that the PBX reports', async () => {
    const { collector } = collect([invite]);
    const any = collector.awaitFinal('leg-b', { withinMs: 60_000 });
    const wanted = collector.awaitFinal('leg-b', { withinMs: 60_000, sip: 503 });
    receive(collector, refusal);
    await expect(any).resolves.toMatchObject({ evidence: { sip: 407 } });
    for (const message of tried(2, '503 Service Unavailable')) receive(collector, message);
    await expect(wanted).resolves.toMatchObject({ evidence: { sip: 503 } });
  });

  it('ends when the time is over, with what is there', async () => {
    const { collector } = collect([invite]);
    await expect(collector.awaitFinal('leg-b', { withinMs: 1 })).resolves.toMatchObject({
      kind: 'unfinished',
    });
    await expect(collector.awaitFinal('other', { withinMs: 1 })).resolves.toBeUndefined();
    await expect(collector.awaitFinal('other', { withinMs: 0 })).resolves.toBeUndefined();
  });
});

describe('what has arrived', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  const invites = (count: number): Message[] =>
    Array.from({ length: count }, (_, n): Message => [request('INVITE', { callId: `leg-${n}` })]);

  it('is looked at together, 20 ms after the first of it', () => {
    const { collector, results } = collect([]);
    const receive = ([text]: Message) => collector.receive(encoded(packet(text)));
    const [first, second] = invites(2) as [Message, Message];
    receive(first);
    jest.advanceTimersByTime(19);
    receive(second);
    expect(results).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(results).toEqual(['joined', 'joined']);
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([
    ['of a leg', (collector: SipCollector) => collector.leg('leg-0')],
    ['for a final response', (collector: SipCollector) => collector.awaitFinal('leg-0', WAIT)],
    ['how full the memory is', (collector: SipCollector) => collector.size()],
    ['about OPTIONS', (collector: SipCollector) => collector.pingStatus('sip:x', 1)],
  ])('is looked at when somebody asks %s', (_, ask) => {
    const { collector, results } = collect([]);
    for (const [text] of invites(2)) collector.receive(encoded(packet(text)));
    expect(results).toEqual([]);
    void ask(collector);
    expect(results).toEqual(['joined', 'joined']);
  });

  it('is looked at at once while somebody waits, and where it is much', () => {
    const { collector, results } = collect([]);
    void collector.awaitFinal('leg-0', WAIT);
    for (const [text] of invites(1)) collector.receive(encoded(packet(text)));
    expect(results).toHaveLength(1);

    const busy = collect([]);
    for (const [text] of invites(63)) busy.collector.receive(encoded(packet(text)));
    expect(busy.results).toEqual([]);
    for (const [text] of invites(1)) busy.collector.receive(encoded(packet(text)));
    expect(busy.results).toHaveLength(64);
  });
});

describe('the memory', () => {
  const many = (count: number): Message[] =>
    Array.from({ length: count }, (_, n): Message => [request('INVITE', { callId: `leg-${n}` })]);

  it('keeps no more messages than it may: who was silent longest goes', () => {
    const limits = { messages: 3, bytes: 1e9, ageMs: 1e9 };
    const { collector } = collect(
      [...many(3), [response('180 Ringing', { callId: 'leg-0' })], ...many(5).slice(4)],
      limits,
    );
    expect(collector.size()).toMatchObject({ messages: 3, legs: 2 });
    expect(collector.leg('leg-1')).toBeUndefined();
    expect(collector.leg('leg-0')).toBeDefined();
    expect(collector.leg('leg-4')).toBeDefined();
  });

  it('keeps no more bytes than it may', () => {
    const { collector } = collect(many(1000), { messages: 1e9, bytes: 20_000, ageMs: 1e9 });
    expect(collector.size().bytes).toBeLessThanOrEqual(20_000);
    expect(collector.leg('leg-999')).toBeDefined();
  });

  it('forgets a leg some time after its last message', () => {
    let now = 0;
    const limits = { messages: 1e9, bytes: 1e9, ageMs: 1000 };
    const collector = new SipCollector({ limits, now: () => now, counted: () => undefined });
    collector.sentFrom('pbx', [PBX]);
    const receive = (text: string) => {
      collector.receive(encoded(packet(text)));
      collector.size();
    };
    receive(request('INVITE', { callId: 'old' }));
    now = 999;
    receive(request('INVITE', { callId: 'new' }));
    expect(collector.leg('old')).toBeDefined();
    now = 1000;
    receive(request('INVITE', { callId: 'newer' }));
    expect(collector.leg('old')).toBeUndefined();
    expect(collector.leg('new')).toBeDefined();
  });

  it('keeps sixteen provisional responses of one INVITE, however many a carrier sends', () => {
    const ringing = Array.from({ length: 100 }, (_, n): Message => [response(`180 Ringing ${n}`)]);
    const { results, collector, leg } = collect([[request('INVITE')], ...ringing]);
    expect(leg).toMatchObject({ evidence: { provisional: { length: 16 } } });
    expect(results.filter((result) => result === 'joined')).toHaveLength(17);
    expect(collector.size()).toMatchObject({ messages: 17 });
  });

  it('keeps nothing of what goes on inside a dialog, however long it lasts', () => {
    const setUp = tried(1, '200 OK');
    const before = collect(setUp).collector.size();
    const inside = Array.from({ length: 200 }, (_, n): Message[] => {
      const names = { cseq: n + 2, branch: `z9hG4bKinside${n}`, toTag: 'theirs' };
      return [[request('INVITE', names)], [response('488 x', names)]];
    });
    const { collector, leg } = collect([...setUp, ...inside.flat()]);
    expect(collector.size()).toEqual(before);
    expect(leg).toEqual({ kind: 'answered', subAttempts: [] });
  });

  it('bounds what one call can fill, and says so', () => {
    const transactions = Array.from({ length: 20 }, (_, n): Message => [
      request('INVITE', { cseq: n, branch: `z9hG4bK${n}` }),
    ]);
    const { results, collector } = collect(transactions);
    expect(results.filter((result) => result === 'overflow')).toHaveLength(4);
    expect(collector.size()).toMatchObject({ legs: 1, messages: 16 });
  });
});

describe('what can never matter', () => {
  const headless = (begin: string) => `${begin}\r\nVia: SIP/2.0/UDP x\r\n\r\n`;
  const CALLER = { address: '203.0.113.9', port: 5060 };

  // Read, each would be bad SIP: Call-ID and CSeq are missing.
  it.each([
    [
      'what a caller sent to the PBX',
      'INVITE sip:1@pbx SIP/2.0',
      { source: CALLER, destination: PBX },
    ],
    ['what the PBX answered', 'SIP/2.0 486 Busy Here', { source: PBX, destination: CALLER }],
    ['a registration', 'REGISTER sip:pbx SIP/2.0', { source: CALLER, destination: PBX }],
    ['an ACK', 'ACK sip:1@carrier SIP/2.0', { source: PBX, destination: CARRIER }],
    ['a BYE', 'BYE sip:1@carrier SIP/2.0', { source: PBX, destination: CARRIER }],
  ])('is not read: %s', (_, begin, wire) => {
    expect(collect([[headless(begin), wire]]).results).toEqual(['ignored']);
  });

  it.each([
    ['an INVITE of the PBX', 'INVITE sip:1@carrier SIP/2.0', { source: PBX, destination: CARRIER }],
    ['an answer to it', 'SIP/2.0 486 Busy Here', { source: CARRIER, destination: PBX }],
    [
      'where neither end is known',
      'INVITE sip:1@x SIP/2.0',
      { source: CALLER, destination: CARRIER },
    ],
    ['behind empty lines', '\r\nINVITE sip:1@pbx SIP/2.0', { source: CALLER, destination: PBX }],
  ])('all else is: %s', (_, begin, wire) => {
    expect(collect([[headless(begin), wire]]).results).toEqual(['bad-sip']);
  });
});
