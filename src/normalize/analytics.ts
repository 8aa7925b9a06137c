// Own parser: ATIS-1000099's text is three `name=value` parts, and no library knows it.
import type { Evidence, Reason, Redress } from '../model/failure';

/** Only so many parts of a text are read. */
const MOST_PARTS = 16;
/** Longest link that is recorded. Characters. */
const LONGEST_URL = 256;

/**
 * Reads a Reason's text as ATIS-1000099 ("603+") writes it, `v=analytics1;url=https://…;tel=+1202…`: analytics
 * in the network blocked the call.
 * @returns where to complain, as far as it is named and well-formed; undefined for any other text
 */
export function analyticsOf({ protocol, text = '' }: Reason): Redress | undefined {
  // Other protocols' texts are theirs.
  if (protocol !== 'Q.850' && protocol !== 'SIP') return undefined;
  const parts = text.split(';', MOST_PARTS).map((part) => part.trim());
  if (!parts.some((part) => /^v\s*=\s*analytics1$/i.test(part))) return undefined;
  const valueOf = (name: string): string =>
    parts.find((part) => part.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
  return redressOf(valueOf('url'), valueOf('tel'));
}

/** What a source names as the way to complain about a blocked call; undefined if it names none. */
export function redressIn(evidence: Evidence, reasons: readonly Reason[]): Redress | undefined {
  const told = reasons.map(analyticsOf).find((redress) => redress && isAny(redress));
  const link = redressOf(evidence.redressUri ?? '', '');
  return told ?? (isAny(link) ? link : undefined);
}

function redressOf(uri: string, phone: string): Redress {
  const redressUrl = linkIn(uri);
  const redressPhone = phoneIn(phone);
  return {
    ...(redressUrl !== undefined && { redressUrl }),
    ...(redressPhone !== undefined && { redressPhone }),
  };
}

function isAny(redress: Redress): boolean {
  return Object.keys(redress).length > 0;
}

/** Somebody will click on it: nothing but a plain web address, written by the parser and not as it came. */
function linkIn(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, username, password, href } = new URL(text);
  const isWeb = protocol === 'https:' || protocol === 'http:';
  if (!isWeb || username !== '' || password !== '' || href.length > LONGEST_URL) return undefined;
  return href;
}

/** E.164 has 15 digits at most; visual separators are left out. */
function phoneIn(text: string): string | undefined {
  const plain = text
    .slice(0, 32)
    .replace(/^tel:/i, '')
    .replace(/[-.() ]/g, '');
  return /^\+?\d{3,15}$/.test(plain) ? plain : undefined;
}
