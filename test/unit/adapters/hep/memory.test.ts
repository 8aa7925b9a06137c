import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { MEMORY_LIMITS, SipMemory, type MemoryLimits } from '../../../../adapters/hep/memory';
import { decodeHep } from '../../../../adapters/hep/packet';
import { parseSip } from '../../../../src/sip/sip-message';
import { packet, parsed, request, response } from '../../../doubles/sip';

const MEGABYTE = 1024 * 1024;
const TEXT = { INVITE: request('INVITE'), '180': response('180 Ringing') };
const of = (text: string) => ({ wire: packet(text), message: parsed(text) });
const INVITE = of(TEXT.INVITE);
const RINGING = of(TEXT['180']);
const REFUSED = of(response('503 Service Unavailable'));

type Message = typeof INVITE;

function add(memory: SipMemory, callId: string, one: Message, now = 0): void {
  memory.add(one.wire, { ...one.message, callId }, now);
}

function limits(given: Partial<MemoryLimits>): MemoryLimits {
  return { messages: 1e9, bytes: 1e12, ageMs: 1e9, ...given };
}

it('a call that rings for a minute while 1,000 calls/s pass still has its SIP when it fails', () => {
  const memory = new SipMemory(MEMORY_LIMITS);
  add(memory, 'ringing', INVITE);
  add(memory, 'ringing', RINGING);
  for (let call = 0; call < 60_000; call++) {
    add(memory, `passing-${call}`, INVITE, call);
    add(memory, `passing-${call}`, REFUSED, call);
  }
  add(memory, 'ringing', REFUSED, 60_000);
  expect(memory.find('ringing')?.last).toMatchObject({ final: { status: 503 } });
  expect(memory.find('ringing')?.last?.provisional).toHaveLength(1);
  expect(memory.find('passing-59999')?.last?.final?.status).toBe(503);
  expect(memory.find('passing-0')).toBeUndefined();
  const { bytes, messages } = memory.size();
  expect(bytes).toBeLessThanOrEqual(64 * MEGABYTE);
  expect(messages).toBeLessThanOrEqual(50_000);
});

it('a refusal is found also where ringing phones take the whole memory', () => {
  const memory = new SipMemory(limits({ messages: 100 }));
  for (let leg = 0; leg < 200; leg++) {
    add(memory, `leg-${leg}`, INVITE);
    add(memory, `leg-${leg}`, RINGING);
  }
  add(memory, 'leg-199', REFUSED);
  for (let leg = 200; leg < 210; leg++) add(memory, `leg-${leg}`, INVITE);
  expect(memory.find('leg-199')?.last?.final?.status).toBe(503);
  expect(memory.find('leg-150')).toBeUndefined();
});

it('a leg whose INVITE is sent again after a 407 is under way again', () => {
  const memory = new SipMemory(limits({ messages: 12 }));
  add(memory, 'again', INVITE);
  add(memory, 'again', of(response('407 Proxy Authentication Required')));
  const names = { cseq: 2, branch: 'z9hG4bK2' };
  add(memory, 'again', of(request('INVITE', names)));
  for (let call = 0; call < 20; call++) {
    add(memory, `passing-${call}`, INVITE);
    add(memory, `passing-${call}`, REFUSED);
  }
  add(memory, 'again', of(response('486 Busy Here', names)));
  expect(memory.find('again')?.last?.final?.status).toBe(486);
});

it('a leg under way ends with its age too', () => {
  const memory = new SipMemory(limits({ ageMs: 1_000 }));
  add(memory, 'over', INVITE);
  add(memory, 'over', REFUSED);
  add(memory, 'under-way', INVITE);
  add(memory, 'new', INVITE, 1_000);
  expect(memory.size()).toMatchObject({ legs: 1, messages: 1 });
});

it('whatever comes: it stays within its bounds, and no leg under way goes while those that are over take more than their part', () => {
  const bound = 24;
  const step = fc.record({
    leg: fc.integer({ min: 0, max: 40 }),
    one: fc.constantFrom(INVITE, RINGING, REFUSED),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300, size: 'max' }), (steps) => {
      const memory = new SipMemory(limits({ messages: bound }));
      const isUnderWay = new Set<string>();
      for (const { leg, one } of steps) {
        const callId = `leg-${leg}`;
        const before = memory.size().messages;
        add(memory, callId, one);
        const { legs, messages } = memory.size();
        expect(messages).toBeLessThanOrEqual(bound);
        const found = memory.find(callId);
        if (found && found.last?.final === undefined) isUnderWay.add(callId);
        else isUnderWay.delete(callId);
        const kept = [...isUnderWay].filter((id) => memory.find(id));
        // None was under way and is gone, unless those under way fill what is theirs.
        if (kept.length < isUnderWay.size) expect(before).toBeGreaterThanOrEqual(bound * 0.75);
        const over = messages - kept.reduce((sum, id) => sum + sizeOf(memory, id), 0);
        if (kept.length < isUnderWay.size) expect(over).toBeLessThanOrEqual(bound / 4);
        for (const id of isUnderWay) if (!memory.find(id)) isUnderWay.delete(id);
        if (legs === 0) expect(messages).toBe(0);
      }
    }),
  );
});

function sizeOf(memory: SipMemory, callId: string): number {
  const transactions = memory.find(callId)?.transactions ?? [];
  return transactions.reduce(
    (sum, { provisional, final }) => sum + 1 + provisional.length + (final ? 1 : 0),
    0,
  );
}

describe('with the messages of a real Asterisk, at 1,000 calls/s', () => {
  const PER_SECOND = 1_000;
  const SECONDS = 14;
  const RINGS_MS = 9_900;
  /** Of its leg to the carrier: INVITE, 100, 180, 503. */
  const recorded = readFileSync('test/captures/asterisk-22.10.1/ring-503.hep.hex', 'utf8')
    .trim()
    .split('\n')
    .map((hex) => decodeHep(Buffer.from(hex, 'hex')))
    .flatMap((one) => {
      const message = typeof one === 'string' ? undefined : parseSip(one.payload);
      return message?.callId.includes('@') || message?.cseqMethod !== 'INVITE'
        ? []
        : [{ one, message }];
    })
    .filter(({ message }) => message.method !== 'ACK');

  function played(ringsMs: number) {
    const memory = new SipMemory(MEMORY_LIMITS);
    expect(recorded.map(({ message }) => message.status)).toEqual([undefined, 100, 180, 503]);
    const put = (call: number, { one, message }: (typeof recorded)[number], now: number) =>
      typeof one === 'string' || memory.add(one, { ...message, callId: `call-${call}` }, now);
    const lost = new Set<number>();
    for (let now = 0; now < SECONDS * 1_000; now += 1_000 / PER_SECOND) {
      for (const one of recorded.slice(0, 3)) put(now, one, now);
      const over = now - ringsMs;
      if (over < 0) continue;
      put(over, recorded[3] as (typeof recorded)[number], now);
      const leg = memory.find(`call-${over}`)?.last;
      if (leg?.final?.status !== 503 || leg.provisional.length !== 2) lost.add(over);
    }
    return { memory, lost };
  }

  it('10,000 legs under way are kept, and of those that are over the last 2.7 s', () => {
    const { memory, lost } = played(RINGS_MS);
    expect(lost.size).toBe(0);
    const overSince = SECONDS * 1_000 - 1 - RINGS_MS;
    const last = Array.from({ length: 2_700 }, (_, ago) => `call-${overSince - ago}`);
    expect(last.filter((callId) => memory.find(callId)?.last?.final?.status !== 503)).toEqual([]);
    const { bytes, messages } = memory.size();
    expect(bytes).toBeLessThanOrEqual(64 * MEGABYTE);
    expect(messages).toBeLessThanOrEqual(50_000);
  });

  it('with 11,500 the bound is reached', () => {
    const { lost } = played(11_500);
    expect(lost.size).toBeGreaterThan(0);
  });
});
