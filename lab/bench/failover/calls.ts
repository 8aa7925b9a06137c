import { DIGIT_OF, MODES, type Mode } from './modes';
import type { InvitePacket } from './wire';

/** Addresses of the parties on the wire. */
export const CALLER = '172.30.77.30';
export const FIRST = '172.30.77.21';
export const NEXT = '172.30.77.23';

/** One call as seen on the wire. */
export interface Call {
  readonly mode: Mode;
  readonly round: number;
  /** From the first carrier's failure to the next INVITE, or to the caller's final status. Milliseconds. */
  readonly latencyMs?: number;
  /** From the caller's INVITE to the first carrier's. Milliseconds. */
  readonly firstMs?: number;
  /** The call ended as expected: answered by the next carrier, or relayed if there is none. */
  readonly succeeded: boolean;
  /** INVITEs sent again. */
  readonly repeats: number;
}

/** Common properties of all calls in one cell. */
export interface Expected {
  readonly status: number;
  readonly expects: 'next' | 'relay';
  /** Digits dialled before the number itself. */
  readonly prefix: (mode: Mode) => string;
}

/** `<digit of the mode><round, two digits><call>`: every call has its own number. */
export function numberStem(mode: Mode, round: number): string {
  return `${DIGIT_OF[mode]}${String(round).padStart(2, '0')}`;
}

/** All calls whose INVITE the caller sent. */
export function callsOf(packets: readonly InvitePacket[], expected: Expected): Call[] {
  const byNumber = new Map<string, InvitePacket[]>();
  for (const packet of packets) {
    const atCaller = packet.from === CALLER || packet.to === CALLER;
    const number = atCaller ? withoutPrefix(packet.user, expected) : packet.user;
    const known = byNumber.get(number);
    if (known) known.push(packet);
    else byNumber.set(number, [packet]);
  }
  return [...byNumber].flatMap(([number, seen]) => callOf(number, seen, expected) ?? []);
}

function callOf(
  number: string,
  packets: readonly InvitePacket[],
  { status, expects }: Expected,
): Call | undefined {
  const [, digit, round] = /^(\d)(\d\d)\d+$/.exec(number) ?? [];
  const mode = MODES.find((one) => DIGIT_OF[one] === digit);
  const invites = packets.filter(({ request }) => request === 'INVITE');
  if (!mode || !invites.some(({ from }) => from === CALLER)) return undefined;
  const failed = packets.find((packet) => packet.from === FIRST && packet.status === status);
  const invited = invites.find(({ to }) => to === NEXT);
  const called = invites.find(({ from }) => from === CALLER);
  const first = invites.find(({ to }) => to === FIRST);
  const finals = packets.filter((packet) => packet.to === CALLER && (packet.status ?? 0) >= 200);
  const final = finals[0];
  const end = expects === 'next' ? invited : final;
  const wanted = expects === 'next' ? 200 : status;
  return {
    mode,
    round: Number(round),
    ...(failed && end && { latencyMs: end.at - failed.at }),
    ...(called && first && { firstMs: first.at - called.at }),
    succeeded: failed !== undefined && end !== undefined && final?.status === wanted,
    repeats: invites.length - new Set(invites.map(({ callId }) => callId)).size,
  };
}

/** The dialled number distinguishes a native call from the others. */
function withoutPrefix(user: string, { prefix }: Expected): string {
  const dialled = MODES.map(prefix).find((one) => one !== '' && user.startsWith(one));
  return user.slice((dialled ?? '').length);
}
