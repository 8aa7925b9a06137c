import { isUnspecified, type Endpoint, type HepPacket } from './packet';
import type { SipMessage } from './sip-message';

/** A request that has left the PBX, as far as its responses have to fit it. */
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
/** Transports of a topmost Via whose connections have a port of their own (RFC 3261 18, RFC 7118). */
const STREAMS: ReadonlySet<string> = new Set(['TCP', 'TLS', 'SCTP', 'TLS-SCTP', 'WS', 'WSS']);

export function sentRequest(packet: HepPacket, message: SipMessage): SentRequest {
  const { source, destination, ipProtocol } = packet;
  const { transport, cseq, branch } = message;
  return {
    source,
    destination,
    ipProtocol,
    cseq,
    branch,
    ...(transport !== undefined && { transport }),
  };
}

/** Whether a request is that one: sent again, or its CANCEL (RFC 3261 9.1). */
export function isSameRequest(sent: SentRequest, packet: HepPacket, message: SipMessage): boolean {
  return (
    isNamed(sent, packet, message) &&
    isFarEnd(sent.destination, packet.destination) &&
    isNearEnd(sent, packet.source)
  );
}

/**
 * Whether a response has gone exactly the way back, over the same transport. SIP allows an answer from
 * another address (RFC 3261 17.1.3 looks at branch and method alone); such a one is no evidence.
 */
export function isAnswerTo(sent: SentRequest, packet: HepPacket, message: SipMessage): boolean {
  return (
    isNamed(sent, packet, message) &&
    isFarEnd(sent.destination, packet.source) &&
    isNearEnd(sent, packet.destination)
  );
}

/** Whether it came over a connection, where the port of who opened it means nothing. */
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

/** The PBX's own end. Only there may an address not be shown, and a connection have another port. */
function isNearEnd(sent: SentRequest, seen: Endpoint): boolean {
  const { source } = sent;
  if (source.port !== seen.port && !isStream(sent)) return false;
  return source.address === seen.address || isUnspecified(source) || isUnspecified(seen);
}
