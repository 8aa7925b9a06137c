import type { IncomingHttpHeaders } from 'node:http';

/** In crankback's network. The PBX's configuration names the first one. */
export const PORTS = { pbxHep: 9060, crankbackHep: 9061, collector: 9062, webhook: 8095 };

export type Received =
  /** A datagram with mirrored SIP, and who has sent it. */
  | { readonly from: 'pbx' | 'crankback'; readonly base64: string }
  /** What was posted to the webhook. */
  | { readonly from: 'alerts'; readonly headers: IncomingHttpHeaders; readonly body: string };
