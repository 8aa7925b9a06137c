import { parseStringPromise } from 'xml2js';
import { z } from 'zod';

const count = z.coerce.number().int();
const GatewayView = z.object({
  contact: z.string(),
  proxy: z.string(),
  ping: count,
  pingfreq: count,
  pingmin: count,
  pingcount: count,
  pingmax: count,
  status: z.string(),
});

/** How a gateway's OPTIONS are going, as FreeSWITCH counts them. */
export interface GatewayState {
  /** When the next OPTIONS is due: another value once one has been answered or given up. Seconds. */
  readonly due: number;
  /** Seconds between two OPTIONS; 0: none are sent. */
  readonly every: number;
  /** Goes up to `most` with each good answer and down to 0 with each bad one. */
  readonly count: number;
  readonly most: number;
  /** Loaded a moment ago, and pinged not yet. */
  readonly isNew: boolean;
  /** Where the OPTIONS go: their Request-URI. */
  readonly uri: string;
}

/** What `sofia xmlstatus gateway` prints; undefined where it knows none of that name. */
export async function readGateway(text: string): Promise<GatewayState | undefined> {
  const options = { explicitArray: false, explicitRoot: false };
  const read = await parseStringPromise(text, options).catch(() => undefined);
  const gateway = GatewayView.safeParse(read).data;
  if (!gateway) return undefined;
  const { ping, pingfreq, pingmin, pingcount, pingmax, status } = gateway;
  return {
    due: ping,
    every: pingfreq,
    count: pingcount,
    most: pingmax,
    // A bad answer that brings the count below the least takes the gateway down.
    isNew: status === 'UP' && pingcount < pingmin,
    uri: requestUri(gateway),
  };
}

/** Whether the OPTIONS between these two states had a good answer, by FreeSWITCH's measure. */
export function wasGood(before: GatewayState, after: GatewayState): boolean {
  if (after.count !== before.count) return after.count > before.count;
  return after.count === after.most;
}

/** As sofia writes it: `sip:192.0.2.7:5060;transport=udp`. */
function requestUri({ proxy, contact }: { proxy: string; contact: string }): string {
  const [, transport] = /;transport=([a-z]+)/.exec(contact) ?? [];
  return transport === undefined || proxy.includes('transport=')
    ? proxy
    : `${proxy};transport=${transport}`;
}
