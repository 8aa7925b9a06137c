import { SipCollector } from '../../../../adapters/hep/collector';
import type { PacketResult } from '../../../../adapters/hep/packet-result';
import { CARRIER, encoded, packet, PBX, request, response } from '../../../doubles/sip';

/** Who has no account anywhere and can send SIP to the PBX, which mirrors all of it. */
const OUTSIDER = { address: '203.0.113.66', port: 5060 };
const FORGED = { source: OUTSIDER, destination: PBX };
const URI = 'sip:100@198.51.100.7';
/** Before a message lines may be empty (RFC 3261 7.5); with one it is read before its addresses count. */
const BEFORE = ['', '\r\n'];

type Message = readonly [text: string, wire?: Parameters<typeof packet>[1]];

function beside(...known: readonly (typeof PBX)[]) {
  let now = 0;
  const results: PacketResult[] = [];
  const collector = new SipCollector({
    now: () => now,
    counted: (result) => results.push(result),
  });
  if (known.length > 0) collector.sentFrom('pbx', known);
  const mirror = (...messages: readonly Message[]) => {
    for (const [text, wire] of messages) collector.receive(encoded(packet(text, wire)));
    collector.size();
  };
  return { collector, results, mirror, pass: (ms: number) => (now += ms) };
}

const options = (text: string): string => text.replace(/(CSeq: \d+) INVITE/, '$1 OPTIONS');
const ping = (callId: string): Message[] => [
  [request('OPTIONS', { callId })],
  [options(response('200 OK', { callId }))],
];

describe('an outsider’s OPTIONS', () => {
  it.each(['503 Service Unavailable', '200 OK'])(
    'and a stray %s say nothing of a trunk',
    (line) => {
      for (const before of BEFORE) {
        const { collector, mirror, results } = beside(PBX);
        collector.pingStatus(URI, 1);
        mirror([before + request('OPTIONS', { callId: 'forged' }), FORGED]);
        mirror([options(response(line, { callId: 'forged' })), FORGED]);
        // The same, as if the PBX had answered the outsider so.
        mirror([
          options(response(line, { callId: 'forged' })),
          { source: PBX, destination: OUTSIDER },
        ]);
        expect(collector.pingStatus(URI, 1000)).toBeUndefined();
        expect(results).toEqual(['ignored', 'ignored', 'ignored']);
      }
    },
  );

  it('takes nothing from the PBX’s own, before its answer or after it', () => {
    const { collector, mirror } = beside(PBX);
    collector.pingStatus(URI, 1);
    const [sent, answer] = ping('own') as [Message, Message];
    mirror(sent, [options(response('503 x', { callId: 'own' })), FORGED]);
    mirror([request('OPTIONS', { callId: 'forged' }), FORGED], answer);
    mirror([options(response('503 x', { callId: 'forged' })), FORGED]);
    mirror([options(response('503 x', { callId: 'own' })), FORGED]);
    expect(collector.pingStatus(URI, 1000)).toBe(200);
  });

  it('says nothing even where nobody knows where the PBX sends from', () => {
    const { collector, mirror } = beside();
    collector.pingStatus(URI, 1);
    mirror(
      [request('OPTIONS', { callId: 'forged' }), FORGED],
      [options(response('503 x', { callId: 'forged' })), FORGED],
    );
    expect(collector.pingStatus(URI, 1000)).toBeUndefined();
    // The carrier's address is in the URI: what went there has left the PBX.
    mirror(...ping('own'));
    expect(collector.pingStatus(URI, 1000)).toBe(200);
  });

  it('is told from the PBX’s own where only a name is known of the carrier', () => {
    const named = (text: string) => text.replace(URI, 'sip:carrier.example.net');
    const [sent, answer] = ping('own') as [Message, Message];
    const play = (known: readonly (typeof PBX)[]) => {
      const { collector, mirror } = beside(...known);
      collector.pingStatus('sip:carrier.example.net', 1);
      mirror([named(request('OPTIONS', { callId: 'forged' })), FORGED]);
      mirror([options(response('503 x', { callId: 'forged' })), FORGED]);
      mirror([named(sent[0])], answer);
      return collector.pingStatus('sip:carrier.example.net', 1000);
    };
    expect(play([PBX])).toBe(200);
    expect(play([])).toBeUndefined();
  });
});

describe('an outsider who has guessed the Call-ID of a leg', () => {
  const refused: readonly Message[] = [[request('INVITE')], [response('486 Busy Here')]];
  const other = { cseq: 9, branch: 'z9hG4bKforged' };

  it.each<[string, readonly Message[]]>([
    ['a response', [[response('503 x'), FORGED]]],
    ['a response of another transaction', [[response('503 x', other), FORGED]]],
    ['an answer', [[response('200 OK'), FORGED]]],
    [
      'an INVITE that the PBX refuses',
      [
        [request('INVITE', other), FORGED],
        [response('503 x', other), { source: PBX, destination: OUTSIDER }],
        [response('503 x', other), FORGED],
      ],
    ],
    ['the same INVITE', [[request('INVITE'), FORGED]]],
    ['a CANCEL', [[request('CANCEL'), FORGED]]],
    ['an INVITE inside the dialog', [[request('INVITE', { toTag: 'ours' }), FORGED]]],
  ])('changes nothing with %s', (_, forged) => {
    const { collector, mirror } = beside(PBX);
    mirror(...refused);
    const before = collector.leg('leg-b');
    expect(before).toMatchObject({ kind: 'failed', evidence: { sip: 486, origin: 'far' } });
    const size = collector.size();
    mirror(...forged, ...forged);
    expect(collector.leg('leg-b')).toEqual(before);
    expect(collector.size()).toEqual(size);

    const early = beside(PBX);
    early.mirror(...forged, ...refused);
    expect(early.collector.leg('leg-b')).toEqual(before);
    const [invite, refusal] = refused as [Message, Message];
    const between = beside(PBX);
    between.mirror(invite, ...forged, refusal);
    expect(between.collector.leg('leg-b')).toEqual(before);
  });

  it('makes no leg that the PBX never made', () => {
    for (const before of BEFORE) {
      const { collector, mirror, results } = beside(PBX);
      mirror([before + request('INVITE'), FORGED], [response('503 x'), FORGED]);
      mirror([response('503 x'), { source: PBX, destination: OUTSIDER }]);
      expect(collector.leg('leg-b')).toBeUndefined();
      // Of these only what may still belong to a request takes room, and not much.
      expect(results).toEqual(['ignored', 'stray', 'ignored']);
      expect(collector.size()).toEqual({ legs: 0, messages: 0, bytes: 0 });
    }
  });

  it('fills no bounds of the leg', () => {
    const { collector, mirror } = beside(PBX);
    const [invite, refusal] = refused as [Message, Message];
    mirror(invite);
    for (let n = 0; n < 100; n++) {
      const names = { cseq: n, branch: `z9hG4bKforged${n}` };
      mirror([request('INVITE', names), FORGED], [response(`18${n % 10} x`, names), FORGED]);
      mirror([request('INVITE', { ...names, toTag: 'x' }), FORGED]);
      mirror([response(`18${n % 10} ${n}`), FORGED]);
    }
    mirror([response('180 Ringing')], refusal);
    expect(collector.leg('leg-b')).toMatchObject({
      kind: 'failed',
      evidence: { sip: 486, rang: true, provisional: [{ sip: 180 }] },
    });
    expect(collector.leg('leg-b')).not.toHaveProperty('evidence.subAttempts');
  });

  it('pushes no leg out of the memory', () => {
    const results: PacketResult[] = [];
    const limits = { messages: 10, bytes: 1e9, ageMs: 1e9 };
    const counted = (result: PacketResult) => results.push(result);
    const collector = new SipCollector({ limits, now: () => 0, counted });
    collector.sentFrom('pbx', [PBX]);
    const mirror = (...messages: readonly Message[]) => {
      for (const [text, wire] of messages) collector.receive(encoded(packet(text, wire)));
    };
    mirror(...refused);
    for (let n = 0; n < 1_500; n++) {
      const callId = `forged-${n}`;
      mirror([request('INVITE', { callId }), FORGED], [response('503 x', { callId }), FORGED]);
    }
    expect(collector.leg('leg-b')).toMatchObject({ evidence: { sip: 486 } });
    expect(collector.size()).toMatchObject({ legs: 1, messages: 2 });
  });

  it('is no carrier by its address alone: branch and transport have to fit', () => {
    const { collector, mirror } = beside(PBX);
    mirror([request('INVITE')]);
    mirror([response('503 x', { branch: 'z9hG4bKguessed' })]);
    mirror([response('503 x', { cseq: 2 })]);
    mirror([response('503 x').replace('SIP/2.0/UDP', 'SIP/2.0/TCP')]);
    collector.receive(encoded({ ...packet(response('503 x')), ipProtocol: 6 }));
    expect(collector.leg('leg-b')).toMatchObject({ kind: 'unfinished' });
  });
});

describe('where the PBX sends from', () => {
  const leg = (callId: string): Message[] => [
    [request('INVITE', { callId })],
    [response('486 Busy Here', { callId })],
  ];

  it('is learnt from a leg that it has just dialled, whichever is told first', () => {
    const after = beside();
    after.mirror(...leg('first'));
    expect(after.collector.leg('first')).toBeUndefined();
    after.collector.dialled('first');
    expect(after.collector.leg('first')).toMatchObject({ evidence: { sip: 486 } });
    after.mirror(...leg('second'));
    expect(after.collector.leg('second')).toMatchObject({ evidence: { sip: 486 } });

    const before = beside();
    before.collector.dialled('first');
    before.mirror(...leg('first'));
    expect(before.collector.leg('first')).toMatchObject({ evidence: { sip: 486 } });
  });

  it('is not learnt from a leg that it has dialled long ago', () => {
    const { collector, mirror, pass } = beside();
    collector.dialled('lost');
    pass(6_000);
    mirror([request('INVITE', { callId: 'lost' }), FORGED]);
    mirror([request('INVITE', { callId: 'other' }), FORGED]);
    expect(collector.size()).toMatchObject({ legs: 0 });
  });

  it('is not learnt from what arrives, however often', () => {
    const { collector, mirror } = beside();
    for (let n = 0; n < 100; n++) mirror([request('INVITE', { callId: `forged-${n}` }), FORGED]);
    collector.dialled('first');
    mirror(...leg('first'));
    mirror([request('INVITE', { callId: 'first', cseq: 2 }), FORGED]);
    mirror([request('INVITE', { callId: 'forged-7' }), FORGED]);
    expect(collector.size()).toMatchObject({ legs: 1, messages: 2 });
  });

  it('is not where a caller sends to whose Call-ID is the same, once that is known', () => {
    const { collector, mirror } = beside();
    mirror([request('INVITE', { callId: 'guessed' }), FORGED]);
    collector.dialled('first');
    mirror(...leg('first'));
    collector.dialled('guessed');
    mirror(...leg('guessed'));
    expect(collector.leg('guessed')).toMatchObject({ evidence: { sip: 486 } });
    mirror([request('INVITE', { callId: 'more' }), FORGED]);
    expect(collector.leg('more')).toBeUndefined();
  });

  it('may be several addresses, and shown as none', () => {
    const { collector, mirror } = beside();
    const second = { address: '10.0.0.1', port: 5060 };
    const hidden = { address: '0.0.0.0', port: 5060 };
    const far = { address: '10.0.0.9', port: 5060 };
    collector.dialled('one');
    mirror(...leg('one'));
    collector.dialled('two');
    mirror(
      [request('INVITE', { callId: 'two' }), { source: second, destination: far }],
      [response('404 x', { callId: 'two' }), { source: far, destination: second }],
    );
    mirror(
      [request('INVITE', { callId: 'three' }), { source: hidden, destination: CARRIER }],
      [response('403 x', { callId: 'three' }), { destination: PBX }],
    );
    const seen = ['one', 'two', 'three'].map((callId) => collector.leg(callId));
    expect(seen).toMatchObject(
      [404, 403].reduce(
        (all, sip) => [...all, { evidence: { sip } }],
        [{ evidence: { sip: 486 } }],
      ),
    );
    mirror([request('INVITE', { callId: 'forged' }), { source: OUTSIDER, destination: hidden }]);
    mirror([request('INVITE', { callId: 'forged' }), { source: OUTSIDER, destination: second }]);
    mirror([request('INVITE', { callId: 'forged' }), { source: hidden, destination: hidden }]);
    expect(collector.leg('forged')).toBeUndefined();
  });

  it('is the address alone of a connection, whose port is another one each time', () => {
    const { collector, mirror } = beside();
    const tcp = (text: string) => text.replace('SIP/2.0/UDP', 'SIP/2.0/TCP');
    const over = (port: number) => ({ ...PBX, port });
    collector.dialled('one');
    mirror(
      [tcp(request('INVITE', { callId: 'one' })), { source: over(40_001) }],
      [tcp(response('486 x', { callId: 'one' })), { destination: over(40_001) }],
    );
    mirror(
      [tcp(request('INVITE', { callId: 'two' })), { source: over(40_002) }],
      [tcp(response('404 x', { callId: 'two' })), { destination: over(5060) }],
    );
    expect(collector.leg('one')).toMatchObject({ evidence: { sip: 486, transport: 'TCP' } });
    expect(collector.leg('two')).toMatchObject({ evidence: { sip: 404 } });
    const another = { ...OUTSIDER, address: PBX.address, port: 6_000 };
    mirror([tcp(request('INVITE', { callId: 'proxy' })), { source: another, destination: PBX }]);
    mirror([request('INVITE', { callId: 'proxy' }), { source: another, destination: PBX }]);
    expect(collector.leg('proxy')).toBeUndefined();
  });

  it('is both ends of a PBX that calls itself', () => {
    const inside = { ...PBX, port: 5080 };
    const { collector, mirror } = beside(PBX, inside);
    mirror(
      [request('INVITE'), { source: PBX, destination: inside }],
      [response('486 x'), { source: inside, destination: PBX }],
    );
    expect(collector.leg('leg-b')).toMatchObject({ evidence: { sip: 486 } });
  });

  it('is where the PBX said last', () => {
    const { collector, mirror } = beside(OUTSIDER);
    collector.sentFrom('pbx', [PBX]);
    mirror([request('INVITE'), FORGED]);
    expect(collector.leg('leg-b')).toBeUndefined();
  });
});
