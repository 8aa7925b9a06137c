/** Stands for a Call-ID in the pattern. */
const CALL_ID = '{callId}';

/**
 * Whether a pattern makes links: an address of the web in which the Call-ID stands behind the host, so that no Call-ID can
 * lead elsewhere.
 */
export function isHomerUrl(pattern: string): boolean {
  if (!/^https?:\/\/[^/?#{}\s]+[/?#]/i.test(pattern) || !pattern.includes(CALL_ID)) return false;
  if (/\s/.test(pattern)) return false;
  const example = pattern.replaceAll(/\{(callId|from|to)\}/g, '1');
  if (!URL.canParse(example)) return false;
  const { username, password } = new URL(example);
  return username === '' && password === '';
}
