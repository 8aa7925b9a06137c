import { timingSafeEqual } from 'node:crypto';

/**
 * Compares chunk 14 of each packet with one password, in a time that depends only on whether the lengths
 * agree. Without a password every packet is accepted.
 */
export function passwordCheck(expected: string | undefined): (sent: Buffer) => boolean {
  if (expected === undefined) return () => true;
  const password = Buffer.from(expected, 'utf8');
  return (sent) => sent.length === password.length && timingSafeEqual(sent, password);
}
