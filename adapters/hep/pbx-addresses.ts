import type { SipEndpoint } from '../../src/calls/ports';
import { BoundedSet } from '../shared/bounded';
import { isUnspecified } from './packet';
import { isStream, type SentRequest } from './sent-request';

/** Which way a mirrored message went; `unknown` where neither end is known to be the PBX. */
export type Direction = 'sent' | 'received' | 'unknown';

/** What of a message tells where it went. */
export type OnTheWire = Pick<SentRequest, 'source' | 'destination' | 'ipProtocol' | 'transport'>;

/** More than any PBX has transports and interfaces. */
const MOST_LEARNED = 256;

/** `exactly`: address and port. `by address`: a connection's port is another one each time. */
type Owned = 'exactly' | 'by address' | undefined;

/**
 * The addresses that the PBX sends SIP from. What arrives teaches nothing here: everything that an outsider
 * sends to the PBX is mirrored as well, with any content he likes. Only its direction tells the two apart, and
 * he has no say in that: what he sends comes from his address and goes to the PBX's.
 */
export class PbxAddresses {
  /** As the PBXes have told them, by PBX. */
  private readonly told = new Map<string, ReadonlySet<string>>();
  private readonly learned = new BoundedSet<string>(MOST_LEARNED);

  /** That PBX sends from there, and from nowhere that it has told before. */
  tell(pbx: string, endpoints: readonly SipEndpoint[]): void {
    this.told.set(pbx, new Set(endpoints.map(endpointKey)));
  }

  /** This message is known to have left the PBX. */
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
    // A PBX that calls itself. By address alone it might be another program's on the same machine.
    return from === 'exactly' && to === 'exactly' ? 'sent' : 'unknown';
  }

  private owned(end: SipEndpoint, stream: boolean): Owned {
    if (isUnspecified(end)) return 'by address';
    const key = endpointKey(end);
    if (this.learned.has(key)) return 'exactly';
    for (const endpoints of this.told.values()) if (endpoints.has(key)) return 'exactly';
    return stream && this.learned.has(end.address) ? 'by address' : undefined;
  }
}

function endpointKey({ address, port }: SipEndpoint): string {
  return `${address} ${port}`;
}
