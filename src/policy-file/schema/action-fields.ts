import { codecCalled, COMMON_CODECS } from '../../codecs/registry';
import { relayStatus } from '../../model/classes';
import type { Codec } from '../../model/media';
import { scalar } from './fields';
import { describe, quote } from '../problems/problems';
import { closest } from '../problems/suggest';

/** A recording's name for the PBX: no blank, no dialplan separator, no path out of its folder. */
const RECORDING = /^[A-Za-z0-9_][A-Za-z0-9_./-]{0,79}$/;

export const recording = scalar<string>(
  'Expected the name of a recording of the PBX: letters, digits and _./-, such as ss-noservice',
  (written) => {
    const value = String(written);
    if (RECORDING.test(value) && !value.includes('..')) return { value };
    return { complaint: { message: `not a recording: ${describe(written)}` } };
  },
  RECORDING,
);

const LONGEST_PHRASE = 64;

export const relayedStatus = scalar<{ sip: number; phrase?: string }>(
  'Expected a SIP status from 400 to 699 and, if need be, its phrase, such as 480 or 480 "No lines free"',
  (written) => {
    const [, code = '', , quoted, bare] =
      /^(\d{3})(\s+(?:"([^"]*)"|([^"]*)))?$/.exec(String(written).trim()) ?? [];
    const sip = Number(code);
    if (code === '' || sip < 400 || sip > 699) {
      return { complaint: { message: `not a status for a caller: ${describe(written)}` } };
    }
    const meant = relayStatus(sip);
    if (meant !== sip) {
      const message = `${sip} means something to the next hop only`;
      return { complaint: { message, suggestion: String(meant) } };
    }
    const phrase = (quoted ?? bare ?? '').trim();
    if (phrase === '') return { value: { sip } };
    if (
      phrase.length > LONGEST_PHRASE ||
      !/^[\x20-\x7e]*$/.test(phrase) ||
      /[\\${}]/.test(phrase)
    ) {
      const message = `not a phrase: ${quote(phrase)}`;
      return { complaint: { message } };
    }
    return { value: { sip, phrase } };
  },
);

const CODEC = /^[A-Za-z][A-Za-z0-9_.-]{0,19}(\/\d{4,6}(\/\d)?)?$/;

export const codecName = scalar<Codec>(
  'Expected a codec by its usual name or as SDP has it, such as alaw, g729 or AMR-WB/16000',
  (written) => {
    const text = String(written);
    const value = CODEC.test(text) ? codecCalled(text) : undefined;
    if (value) return { value };
    const suggestion = closest(text, COMMON_CODECS);
    const message = `unknown codec ${describe(written)}`;
    return { complaint: { message, ...(suggestion !== undefined && { suggestion }) } };
  },
  CODEC,
);

export const alertName = scalar<string>(
  'Expected the name of an alert: up to 31 of a-z 0-9 and -, such as finance',
  (written) => {
    const value = String(written);
    if (/^[a-z0-9][a-z0-9-]{0,30}$/.test(value)) return { value };
    return { complaint: { message: `not the name of an alert: ${describe(written)}` } };
  },
  /^[a-z0-9][a-z0-9-]{0,30}$/,
);

export const domain = scalar<string>(
  'Expected a host name, an address, or *. and a domain for all below it, such as "*.example.com"',
  (written) => {
    const value = String(written).toLowerCase();
    if (/^(\*\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(value)) return { value };
    const host = /^(?:sips?:)?(?:[^@]*@)?([a-z0-9.-]+)(?::\d+)?$/.exec(value)?.[1];
    const message = `not a domain: ${quote(value)}`;
    return { complaint: { message, ...(host !== undefined && { suggestion: host }) } };
  },
);

/** Of letters, digits, `_` and `-`; or a feature code, `*` and digits. */
const EXTENSION = /^(?:[A-Za-z0-9_-]{1,80}|\*[0-9]{1,79})$/;

/** An extension of the user's dialplan; the number is filled in as dialled. */
export const extension = scalar<string>(
  'Expected an extension of letters, digits, _ and -, or a feature code of * and digits such as "*97", with {number} where the number belongs',
  (written) => {
    const value = String(written);
    if (EXTENSION.test(value.replaceAll('{number}', '0'))) return { value };
    const placeholder = /\{(?!number\})[^}]*\}?/.exec(value)?.[0];
    if (placeholder === undefined)
      return { complaint: { message: `not an extension: ${quote(value)}` } };
    const message = `unknown placeholder ${quote(placeholder)}`;
    return { complaint: { message, suggestion: '{number}' } };
  },
);
