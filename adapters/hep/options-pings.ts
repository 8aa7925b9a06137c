import { isIP } from 'node:net';
import { normalIpv6, type Endpoint, type HepPacket } from './packet';
import type { PbxAddresses } from './pbx-addresses';
import { isAnswerTo, sentRequest, type SentRequest } from './sent-request';
import type { SipMessage } from '../../src/sip/sip-message';

interface Ping {
  /** Address and port in the URI; undefined if the URI has a name, which the PBX resolves. */
  readonly endpoint: Endpoint | undefined;
  /** The latest OPTIONS, until its answer comes. */
  sent?: SentRequest & { readonly callId: string };
  answer?: { readonly status: number; readonly at: number };
}

/**
 * Answers to the PBX's own OPTIONS, by destination URI. Only URIs that were queried are followed: as many
 * as there are trunks, whatever else is mirrored.
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

  /** Takes an OPTIONS or a response to one; false if the PBX did not send it to a followed URI. */
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

  /** The PBX receives nothing whose destination is the carrier. So such a packet was sent. */
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
  // HEP has no zone.
  if (isIP(ipv6) !== 6 || ipv6.includes('%')) return undefined;
  return { address: normalIpv6(ipv6), port: number };
}
