import { isIP } from 'node:net';
import { normalIpv6, type Endpoint, type HepPacket } from './packet';
import type { PbxAddresses } from './pbx-addresses';
import { isAnswerTo, sentRequest, type SentRequest } from './sent-request';
import type { SipMessage } from './sip-message';

interface Ping {
  /** Where the URI leads; undefined where only the PBX knows what its name resolves to. */
  readonly endpoint: Endpoint | undefined;
  /** The latest OPTIONS, until its answer has come. */
  sent?: SentRequest & { readonly callId: string };
  answer?: { readonly status: number; readonly at: number };
}

/**
 * The answers to OPTIONS that a PBX sends of its own accord, by the URI they go to. Only URIs that
 * were asked for are followed: there are as many of them as trunks, whatever else is mirrored.
 */
export class OptionsPings {
  private readonly followed = new Map<string, Ping>();

  constructor(private readonly addresses: Pick<PbxAddresses, 'directionOf'>) {}

  /** @param now any clock that never goes back, as in `take`; milliseconds */
  statusOf(uri: string, withinMs: number, now: number): number | undefined {
    const ping = this.followed.get(uri);
    if (!ping) this.followed.set(uri, { endpoint: endpointOf(uri) });
    return ping?.answer && now - ping.answer.at <= withinMs ? ping.answer.status : undefined;
  }

  /** Takes an OPTIONS or a response to one; false where the PBX did not send it to a followed URI. */
  take(packet: HepPacket, message: SipMessage, now: number): boolean {
    const { callId, status } = message;
    if (status === undefined) {
      const ping = this.followed.get(message.startLine.split(/[ \t]+/, 2)[1] ?? '');
      if (!ping || !this.hasLeft(packet, message, ping)) return false;
      ping.sent = { ...sentRequest(packet, message), callId };
      return true;
    }
    for (const ping of this.followed.values()) {
      if (ping.sent?.callId !== callId || !isAnswerTo(ping.sent, packet, message)) continue;
      if (status < 200) return true;
      ping.answer = { status, at: now };
      delete ping.sent;
      return true;
    }
    return false;
  }

  /** What goes where the carrier is was not received, unless the PBX itself is there. */
  private hasLeft(packet: HepPacket, message: SipMessage, { endpoint }: Ping): boolean {
    const direction = this.addresses.directionOf(sentRequest(packet, message));
    if (direction !== 'unknown') return direction === 'sent';
    const { address, port } = packet.destination;
    return endpoint?.address === address && endpoint.port === port;
  }
}

/** Address and port of a SIP URI whose host is an IP address (RFC 3261 19.1.2 for the port). */
export function endpointOf(uri: string): Endpoint | undefined {
  const [, secure, ipv6, other = '', port, rest = ''] =
    /^sip(s?):(?:[^@]*@)?(?:\[([^\]]*)\]|([^:;?[\]]*))(?::(\d{1,5}))?([;?].*)?$/i.exec(uri) ?? [];
  if (/;maddr=/i.test(rest)) return undefined;
  const usual = secure || /;transport=tls(?![\w-])/i.test(rest) ? 5061 : 5060;
  const number = port === undefined ? usual : Number(port);
  if (ipv6 === undefined) return isIP(other) === 4 ? { address: other, port: number } : undefined;
  // A zone is the PBX's own business.
  if (isIP(ipv6) !== 6 || ipv6.includes('%')) return undefined;
  return { address: normalIpv6(ipv6), port: number };
}
