import type { SipEndpoint } from '../../src/calls/ports';
import { BoundedSet } from '../shared/bounded';
import { isUnspecified } from './packet';
import { isStream, type SentRequest } from './sent-request';

/** Direction of a mirrored message as the PBX sees it; `unknown` if neither end is known to be the PBX. */
export type Direction = 'sent' | 'received' | 'unknown';

/** The parts of a message that give its direction. */
export type OnTheWire = Pick<SentRequest, 'source' | 'destination' | 'ipProtocol' | 'transport'>;

/** No PBX has more transports and interfaces. */
const MOST_LEARNED = 256;

/** `exactly` by address and port; `by address` for a connection, whose port changes each time. */
type Owned = 'exactly' | 'by address' | undefined;

/**
 * The addresses that the PBX sends SIP from. They are not learned from received messages: the PBX also mirrors
 * what an outsider sends to it, with any content. An outsider cannot choose the direction: his packets come from
 * his address and go to the PBX's address.
 */
export class PbxAddresses {
  /** Reported by the PBXes, by PBX. */
  private readonly told = new Map<string, ReadonlySet<string>>();
  private readonly learned = new BoundedSet<string>(MOST_LEARNED);

  /** Replaces the endpoints that this PBX has reported before. */
  tell(pbx: string, endpoints: readonly SipEndpoint[]): void {
    this.told.set(pbx, new Set(endpoints.map(endpointKey)));
  }

  /** Learns the source of a message that is known to have left the PBX. */
  learn(message: OnTheWire): void {
    const { source } = message;
    this.learned.add(isStream(message) ? source.address : endpointKey(source));
  }

  directionOf(message: OnTheWire): Direction {
    const stream = isStream(message);
    const from = this.owned(message.source, stream);
    const to = this.owned(message.destination, stream);
    if (from && !to) return 'sent';
    if (to && !from) return 'received';
    // The PBX calls itself. By address alone, one end might be another program on the same machine.
    return from === 'exactly' && to === 'exactly' ? 'sent' : 'unknown';
  }

  /**
   * Direction by the addresses alone, whatever the transport: `unknown` also where only a message's Via could tell.
   * The PBX calling itself is `unknown`.
   */
  directionByAddress({
    source,
    destination,
  }: Pick<OnTheWire, 'source' | 'destination'>): Direction {
    const from = this.owned(source, false);
    const to = this.owned(destination, false);
    if (from === 'exactly' && this.owned(destination, true) === undefined) return 'sent';
    if (to === 'exactly' && this.owned(source, true) === undefined) return 'received';
    return 'unknown';
  }

  private owned(end: SipEndpoint, stream: boolean): Owned {
    if (isUnspecified(end)) return 'by address';
    const key = endpointKey(end);
    if (this.learned.has(key)) return 'exactly';
    for (const endpoints of this.told.values()) if (endpoints.has(key)) return 'exactly';
    return stream && this.learned.has(end.address) ? 'by address' : undefined;
  }
}

/** Packets share their endpoints, and each asks for both several times. */
const KEYS = new WeakMap<SipEndpoint, string>();

function endpointKey(endpoint: SipEndpoint): string {
  const known = KEYS.get(endpoint);
  if (known !== undefined) return known;
  const key = `${endpoint.address} ${endpoint.port}`;
  KEYS.set(endpoint, key);
  return key;
}
