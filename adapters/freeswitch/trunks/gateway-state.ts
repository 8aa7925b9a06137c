import { parseStringPromise } from 'xml2js';
import * as z from 'zod';

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

/** State of a gateway's OPTIONS, as FreeSWITCH counts them. */
export interface GatewayState {
  /** When the next OPTIONS is due; changes once one has been answered or given up. Seconds. */
  readonly due: number;
  /** Seconds between two OPTIONS; 0: none are sent. */
  readonly every: number;
  /** Goes up to `most` with each good answer and down to 0 with each bad one. */
  readonly count: number;
  readonly most: number;
  /** Just loaded, without an OPTIONS so far. */
  readonly isNew: boolean;
  /** Request-URI of the OPTIONS. */
  readonly uri: string;
}

/** Parses the output of `sofia xmlstatus gateway`; undefined for an unknown gateway. */
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
    // A bad answer would have taken it down with a count below the minimum.
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
