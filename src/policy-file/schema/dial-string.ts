import type { Complaint } from '../problems/problems';
import { quote } from '../problems/problems';
import { closest } from '../problems/suggest';

const TECHNOLOGIES = ['PJSIP', 'SIP', 'IAX2', 'DAHDI', 'Local'];
const FREESWITCH_TECHNOLOGIES = ['sofia', 'verto', 'user', 'group', 'loopback', 'freetdm'];

export const DIAL_STRING_EXPECTED =
  `Expected one of ${TECHNOLOGIES.map((name) => `${name}/`).join(', ')} followed by letters, digits ` +
  'and @._:;/=- with {number} exactly once, such as PJSIP/{number}@carrier-a';

export const FREESWITCH_DIAL_STRING_EXPECTED =
  `Expected one of ${FREESWITCH_TECHNOLOGIES.map((name) => `${name}/`).join(', ')} followed by letters, ` +
  'digits and @._:;/=- with {number} exactly once, such as sofia/gateway/carrier-a/{number}';

/**
 * What is wrong with a FreeSWITCH dial string; undefined for one that is safe to hand to `bridge`, where
 * the same characters would be expanded, split or dialled as well.
 */
export function freeswitchDialStringComplaint(
  text: string,
): Omit<Complaint, 'expected'> | undefined {
  return complaintAbout(text, FREESWITCH_TECHNOLOGIES);
}

/**
 * What is wrong with an Asterisk dial string; undefined for one that is safe to hand to `Dial`.
 * A number is filled into it on every call, so nothing may be in it that the dialplan would
 * expand (`$`), split (`,`, `|`) or dial as well (`&`).
 */
export function dialStringComplaint(text: string): Omit<Complaint, 'expected'> | undefined {
  return complaintAbout(text, TECHNOLOGIES);
}

function complaintAbout(
  text: string,
  technologies: readonly string[],
): Omit<Complaint, 'expected'> | undefined {
  const [technology = '', ...rest] = text.split('/');
  if (!technologies.includes(technology) || rest.length === 0) {
    const meant = closest(technology, technologies);
    const message = `no channel technology in ${quote(text)}`;
    if (meant === undefined || rest.length === 0) return { message };
    return { message, suggestion: [meant, ...rest].join('/') };
  }
  const illegal = /[^A-Za-z0-9{}@._:;/=-]/u.exec(text)?.[0];
  if (illegal !== undefined)
    return { message: `illegal character ${quote(illegal)} in the dial string ${quote(text)}` };

  const times = text.split('{number}').length - 1;
  const placeholder = /\{[^}]*\}?|\}/.exec(text.replaceAll('{number}', ''))?.[0];
  if (placeholder !== undefined) {
    const message = `unknown placeholder ${quote(placeholder)} in the dial string`;
    return times === 0 ? { message, suggestion: '{number}' } : { message };
  }
  if (times === 1) return undefined;
  const how = times === 0 ? 'without {number}' : `with {number} ${times} times`;
  return { message: `dial string ${how}: ${quote(text)}` };
}
