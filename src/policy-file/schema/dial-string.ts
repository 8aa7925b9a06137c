import type { Complaint } from '../problems/problems';
import { quote } from '../problems/problems';
import { closest } from '../problems/suggest';

/** Syntax of dial strings for one kind of PBX. */
export interface DialStringKind {
  /** Channel technologies that a dial string may begin with. */
  readonly technologies: readonly string[];
  /** A dial string, for messages. */
  readonly example: string;
  /**
   * Beginning of the dial strings for which the PBX reports OPTIONS, so that `options_ping` has an effect.
   * Absent if it reports none.
   */
  readonly reportsOptionsTo?: string;
  /** Dial strings that name a phone of the PBX itself by the number, not a gateway that knows the number. */
  readonly toPhones: RegExp;
  /** Characters that are legal for this PBX alone; it neither expands them nor splits at them. */
  readonly alsoLegal?: string;
  /**
   * Dial strings that name one user or group of the PBX itself, whatever number was dialled: these need no number.
   * Absent if there are none.
   */
  readonly fixed?: { readonly pattern: RegExp; readonly example: string };
}

/**
 * Every PBX that a trunk may have a dial string for, by its name in the policy. Another adapter adds its
 * own.
 */
export const DIAL_STRING_KINDS: Readonly<Record<string, DialStringKind>> = {
  asterisk: {
    technologies: ['PJSIP', 'SIP', 'IAX2', 'DAHDI', 'Local'],
    example: 'PJSIP/{number}@carrier-a',
    reportsOptionsTo: 'PJSIP/',
    toPhones: /^(?:PJSIP|SIP|IAX2)\/[^@/:]*\{number\}[^@/:]*$/,
  },
  freeswitch: {
    technologies: ['sofia', 'verto', 'user', 'group', 'loopback', 'freetdm'],
    example: 'sofia/gateway/carrier-a/{number}',
    reportsOptionsTo: 'sofia/gateway/',
    // `sofia/internal/{number}%example.com` is where that user has registered.
    toPhones: /^(?:(?:user|group|verto)\/|sofia\/[^/@%]+\/[^/@%]+%[^/@%]+$)/,
    alsoLegal: '%',
    fixed: { pattern: /^(?:user|group)\//, example: 'group/sales' },
  },
};

/** Whether dial strings, by the name of the PBX, lead to phones of that PBX. */
export function leadsToPhones(dial: Readonly<Partial<Record<string, string>>>): boolean {
  const known = Object.entries(DIAL_STRING_KINDS).flatMap(([pbx, { toPhones }]) => {
    const text = dial[pbx];
    return text === undefined ? [] : [toPhones.test(text)];
  });
  return known.length > 0 && known.every((leads) => leads);
}

/** The required syntax of a dial string, at the end of messages about it. */
export function dialStringExpected({
  technologies,
  example,
  fixed,
  alsoLegal = '',
}: DialStringKind): string {
  return (
    `Expected one of ${technologies.map((name) => `${name}/`).join(', ')} followed by letters, digits ` +
    `and @._:;/=-${alsoLegal} with {number} exactly once, such as ${example}` +
    (fixed ? `, or one user or group, such as ${fixed.example}` : '')
  );
}

/**
 * What is wrong with a dial string; undefined for one that is safe for the PBX. Every call fills its number
 * in, so the string must not contain anything that a dialplan expands (`$`), splits at (`,`, `|`) or dials
 * in addition (`&`).
 */
export function dialStringComplaint(
  text: string,
  {
    technologies,
    fixed,
    alsoLegal = '',
  }: Pick<DialStringKind, 'technologies' | 'fixed' | 'alsoLegal'>,
): Omit<Complaint, 'expected'> | undefined {
  const [technology = '', ...rest] = text.split('/');
  if (!technologies.includes(technology) || rest.length === 0) {
    const meant = closest(technology, technologies);
    const message = `no channel technology in ${quote(text)}`;
    if (meant === undefined || rest.length === 0) return { message };
    return { message, suggestion: [meant, ...rest].join('/') };
  }
  const illegal = [...text].find(
    (one) => !/^[A-Za-z0-9{}@._:;/=-]$/.test(one) && !alsoLegal.includes(one),
  );
  if (illegal !== undefined)
    return { message: `illegal character ${quote(illegal)} in the dial string ${quote(text)}` };

  const times = text.split('{number}').length - 1;
  const placeholder = /\{[^}]*\}?|\}/.exec(text.replaceAll('{number}', ''))?.[0];
  if (placeholder !== undefined) {
    const message = `unknown placeholder ${quote(placeholder)} in the dial string`;
    return times === 0 ? { message, suggestion: '{number}' } : { message };
  }
  if (times === 1 || (times === 0 && fixed?.pattern.test(text))) return undefined;
  const how = times === 0 ? 'without {number}' : `with {number} ${times} times`;
  return { message: `dial string ${how}: ${quote(text)}` };
}
