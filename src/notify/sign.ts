import { createHmac } from 'node:crypto';

/** Of a key that is written in base64, as the standard has it. */
const ENCODED = 'whsec_';

/**
 * The headers of Standard Webhooks (standardwebhooks.com): HMAC-SHA256 of id, time and body with dots between them.
 * @param at Unix time in milliseconds
 */
export function signature(
  key: string,
  { id, at, body }: { readonly id: string; readonly at: number; readonly body: string },
): Readonly<Record<string, string>> {
  const bytes = key.startsWith(ENCODED)
    ? Buffer.from(key.slice(ENCODED.length), 'base64')
    : Buffer.from(key);
  const time = Math.floor(at / 1_000);
  const signed = createHmac('sha256', bytes).update(`${id}.${time}.${body}`).digest('base64');
  return { 'webhook-timestamp': String(time), 'webhook-signature': `v1,${signed}` };
}
