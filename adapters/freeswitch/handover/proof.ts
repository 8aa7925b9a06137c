import { createHash, timingSafeEqual } from 'node:crypto';
import { variable, type ChannelData } from '../esl/channel-data';

/** FreeSWITCH's global variable with the secret. */
export const SECRET_VARIABLE = 'crankback_secret';

/**
 * Whether a handover comes from the dialplan of a FreeSWITCH that has the secret: `crankback_proof` is the
 * MD5 of `secret/Unique-ID/state`. A FreeSWITCH dialplan can compute no other digest. The secret has 128
 * random bits and precedes a text that its author cannot choose freely.
 */
export function isProven(data: ChannelData, secret: string): boolean {
  const sent = Buffer.from(variable(data, 'crankback_proof') ?? '', 'latin1');
  const state = variable(data, 'crankback_state') ?? '';
  const right = Buffer.from(proofOf(secret, data['Unique-ID'] ?? '', state), 'latin1');
  return sent.length === right.length && timingSafeEqual(sent, right);
}

/** The proof as the dialplan computes it. Lower-case hex. */
export function proofOf(secret: string, uuid: string, state: string): string {
  return createHash('md5').update(`${secret}/${uuid}/${state}`).digest('hex');
}
