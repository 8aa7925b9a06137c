import { isUnspecified, type Endpoint, type HepPacket } from './packet';
import type { SipMessage } from '../../src/sip/sip-message';

/** The parts of a request that its responses must repeat (RFC 3261 17.1.3, 18.2.2). */
export interface SentRequest {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly ipProtocol: number;
  /** Of its topmost Via, upper case. */
  readonly transport?: string;
  readonly cseq: number;
  readonly branch: string;
}

const UDP = 17;
/** Transports in a topmost Via that use connections (RFC 3261 18, RFC 4168, RFC 7118). */
const STREAMS: ReadonlySet<string> = new Set(['TCP', 'TLS', 'SCTP', 'TLS-SCTP', 'WS', 'WSS']);

export function sentRequest(packet: HepPacket, message: SipMessage): SentRequest {
  const { source, destination, ipProtocol } = packet;
  const { transport, cseq, branch } = message;
  // Made for each message: spreading what may be absent takes several times as long.
  return transport === undefined
    ? { source, destination, ipProtocol, cseq, branch }
    : { source, destination, ipProtocol, cseq, branch, transport };
}

/** Whether a request is the same one sent again, or its CANCEL (RFC 3261 9.1). */
export function isSameRequest(sent: SentRequest, packet: HepPacket, message: SipMessage): boolean {
  return (
    isNamed(sent, packet, message) &&
    isFarEnd(sent.destination, packet.destination) &&
    isNearEnd(sent, packet.source)
  );
}

/**
 * Whether a response went exactly the way of its request in reverse, over the same transport. RFC 3261 17.1.3
 * matches by branch and method only, and so allows a response from another address; that is no evidence here.
 */
export function isAnswerTo(sent: SentRequest, packet: HepPacket, message: SipMessage): boolean {
  return (
    isNamed(sent, packet, message) &&
    isFarEnd(sent.destination, packet.source) &&
    isNearEnd(sent, packet.destination)
  );
}

/** Whether a connection was used. The port of the side that opened a connection is ephemeral. */
export function isStream({ ipProtocol, transport }: Pick<SentRequest, 'ipProtocol' | 'transport'>) {
  return ipProtocol !== UDP || (transport !== undefined && STREAMS.has(transport));
}

function isNamed(sent: SentRequest, { ipProtocol }: HepPacket, message: SipMessage): boolean {
  const { cseq, branch, transport } = message;
  if (sent.cseq !== cseq || sent.branch !== branch) return false;
  return sent.ipProtocol === ipProtocol && sent.transport === transport;
}

function isFarEnd(sent: Endpoint, seen: Endpoint): boolean {
  return sent.address === seen.address && sent.port === seen.port;
}

/** Compares the PBX's own end, whose address may be unspecified and whose port may be ephemeral. */
function isNearEnd(sent: SentRequest, seen: Endpoint): boolean {
  const { source } = sent;
  if (source.port !== seen.port && !isStream(sent)) return false;
  return source.address === seen.address || isUnspecified(source) || isUnspecified(seen);
}
