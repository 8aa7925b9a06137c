import type { FailureClass } from '../model/classes';
import { statusOf } from '../policy/treatments/relay';
import type { DefaultTreatment } from './default-treatment';

/** A rule that does something else with a status than the shipped ones, and where to put it. */
export interface OtherLine {
  /** One rule, as it stands in a list of rules. */
  readonly line: string;
  /** Whose rules it belongs to: after a 6xx only those of the trunk that sent it may try another one. */
  readonly of: 'trunk' | 'all';
  /** Where it goes and what it does, for people. */
  readonly then: string;
}

const AMONG_ALL = 'in `rules`';
const OF_TRUNK = 'in `trunks: carrier-a: rules`';

/**
 * What somebody who is not content with the shipped rules most likely wants for this status.
 * @param kind what the shipped rules do with the class
 */
export function otherLine(
  sip: number,
  name: FailureClass,
  { kind }: Pick<DefaultTreatment, 'kind'>,
): OtherLine {
  const when = `when: { sip: ${sip} }`;
  if (name === 'redirected') {
    const line = `- { ${when}, do: { redirect: { domains: '*.carrier.example' } } }`;
    const then = `${AMONG_ALL}: a Contact below that domain is dialled. On Asterisk that needs mirrored SIP.`;
    return { line, of: 'all', then };
  }
  if (name === 'blocked') {
    const line = `- { ${when}, do: { relay: { as: 480 } } }`;
    const then = `${AMONG_ALL}: the caller gets 480, which every phone knows. Another trunk is blocked too, and counted.`;
    return { line, of: 'all', then };
  }
  if (name === 'codec-mismatch') {
    const line = `- { ${when}, do: { retry: same-trunk, codecs: [alaw, ulaw] } }`;
    const then = `${AMONG_ALL}: one more offer to the same trunk. With mirrored SIP \`codecs: accepted-by-peer\` knows which.`;
    return { line, of: 'all', then };
  }
  if (kind !== 'relay') {
    const what = kind === 'voicemail' ? 'no mailbox' : 'no other trunk is asked';
    const status = statusOf({ class: name, sip });
    const line = `- { ${when}, do: { relay: true } }`;
    return { line, of: 'all', then: `${AMONG_ALL}: ${what}, the caller gets ${status} at once.` };
  }
  if (sip >= 600) {
    const line = `- { when: { sip: ${sip}, phrase: '*capacity*' }, do: { retry: next-trunk } }`;
    const then = `${OF_TRUNK}: where this carrier says it of itself, by its phrase, the next trunk is tried.`;
    return { line, of: 'trunk', then };
  }
  const line = `- { ${when}, do: { retry: next-trunk } }`;
  const then = `${OF_TRUNK}: where this carrier says it of what another one takes, the next trunk is tried.`;
  return { line, of: 'trunk', then };
}
