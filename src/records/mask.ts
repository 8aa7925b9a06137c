/** Keeps the first two and last two characters of a number: enough to recognise it, too few to dial it. */
export function maskNumber(number: string): string {
  const characters = [...number].map((character) =>
    /[0-9A-D*#+]/.test(character) ? character : '?',
  );
  if (characters.length <= 4) return '*'.repeat(characters.length);
  const hidden = Math.min(characters.length - 4, 28);
  return characters.slice(0, 2).join('') + '*'.repeat(hidden) + characters.slice(-2).join('');
}

/** What people, SIP and dialplans put between the digits of one number; `%` stands in an encoded one. */
const BETWEEN = String.raw`[\s\p{C}\p{Zs}\p{Pd}\p{Default_Ignorable_Code_Point}./()*#%_A-D]{0,3}`;
/** Five digits and more are a number, also with something between them. */
const NUMBER = String.raw`\+?\p{Nd}(?:${BETWEEN}\p{Nd}){4,}`;
/** Before an @ fewer are one too: an extension, a mailbox. */
const USER = String.raw`\+?\p{Nd}[\p{Nd}*#]*(?=@)`;

const OCTET = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
/** What has many digits and is no number, so that a masked log still tells where and when. */
const NO_NUMBER = [
  // A time, 2026-01-31T22:00:00.000Z.
  String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z`,
  // An address with or without its port.
  String.raw`(?<![\p{Nd}.])${OCTET}(?:\.${OCTET}){3}(?::\d{1,5})?(?!\.?\p{Nd})`,
  String.raw`\[[0-9A-Fa-f:.]{2,45}\](?::\d{1,5})?`,
  // A codec's rate, opus/48000/2.
  String.raw`(?<=[A-Za-z0-9]\/)(?:8000|11025|12000|16000|22050|24000|32000|44100|48000|90000)(?:\/[1-8])?(?![\p{Nd}@])`,
  // A policy's hash.
  String.raw`(?<=\bpolicy )[0-9a-f]{12}\b`,
].join('|');

const IN_TEXT = new RegExp(`(?<kept>${NO_NUMBER})|${USER}|${NUMBER}`, 'gu');

/** Text of any origin with every number in it masked: a phrase, a header, a URI, an error's message. */
export function maskText(text: string): string {
  return text.replace(IN_TEXT, (found: string, kept?: string) => kept ?? maskNumber(found));
}

/** The same with something else in place of each number. */
export function withoutNumbers(text: string, instead: string): string {
  return text.replace(IN_TEXT, (_, kept?: string) => kept ?? instead);
}

/** `1001@default`, whose context tells nothing. */
export function maskMailbox(mailbox: string): string {
  const [user = '', ...context] = mailbox.split('@');
  return [/\p{Nd}/u.test(user) ? maskNumber(user) : user, ...context.map(maskText)].join('@');
}

/**
 * A leg's name on the PBX: `PJSIP/carrier-a-0000001a`, `Local/1001@internal-00000002;1`,
 * `sofia/internal/1001@192.0.2.1`. What tells Asterisk's legs apart, the counter at the end, stays.
 */
export function maskLeg(leg: string): string {
  const [, name = '', counter = ''] = leg.startsWith('sofia/')
    ? [leg, leg]
    : (/^(.*?)(-[0-9a-f]{8}(?:;[12])?)?$/su.exec(leg) ?? [leg, leg]);
  return name.split('/').map(maskSegment).join('/') + counter;
}

/** A user alone, however short, is a number where nothing but digits is in it. */
function maskSegment(segment: string): string {
  return /^\+?[\p{Nd}*#]+$/u.test(segment) ? maskNumber(segment) : maskText(segment);
}
