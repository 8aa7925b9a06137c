import { SIP_CODES } from '../model/registries/sip-codes';
import { causeOfSip, sipOfCause } from '../model/registries/rfc3398';
import { ASTERISK, asteriskOf, asteriskSends } from './pbx/asterisk';
import { freeswitchCause, freeswitchOf, freeswitchSends, numberOf } from './pbx/freeswitch';
import { fill, type Labels } from './texts';

type PbxRow = readonly ['asterisk' | 'freeswitch', string];

/** Registered final statuses; losses are shown only for these. */
const FINAL = SIP_CODES.map(({ code }) => code).filter((code) => code >= 300);
/** Up to this many are listed; of more, the number is enough. */
const MOST_NAMED = 6;

/** `401, 407, 603`, or `400, 402, 405, 406, 412, 413 … (+32)`. */
function list(codes: readonly number[]): string {
  if (codes.length <= MOST_NAMED + 1) return codes.join(', ');
  return `${codes.slice(0, MOST_NAMED).join(', ')} … (+${codes.length - MOST_NAMED})`;
}

/** What each PBX makes of a final status, and what is lost. */
export function sipOnPbxes(sip: number, labels: Labels): readonly PbxRow[] {
  return [
    ['asterisk', sipOnAsterisk(sip, labels)],
    ['freeswitch', sipOnFreeswitch(sip, labels)],
  ];
}

function sipOnAsterisk(sip: number, { asterisk: words, lost }: Labels): string {
  if (sip < 400) return words.redirect;
  const row = asteriskOf(sip) ?? unmeasured(sip);
  const { cause, dial_status: dial, relayed_by_cause: back } = row;
  const others = FINAL.filter((code) => code !== sip && asteriskOf(code)?.cause === cause);
  return [
    fill(words.sip, { cause, dial }),
    others.length > 0 ? fill(lost.shared, { others: list(others) }) : '',
    back === sip ? '' : fill(words.back, { cause, back }),
    others.length === 0 && back === sip ? lost.nothing : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** Asterisk treats every status without its own row like its class; see pbx/asterisk.json. */
function unmeasured(sip: number) {
  const like = sip >= 600 ? 699 : sip >= 500 ? 555 : 499;
  const row = asteriskOf(like);
  if (!row) throw new Error(`pbx/asterisk.json lacks the measured status ${like}`);
  return row;
}

function sipOnFreeswitch(sip: number, { freeswitch: words, lost }: Labels): string {
  if (sip < 400) return words.redirect;
  const { name, number } = freeswitchOf(sip);
  const others = FINAL.filter(
    (code) => code !== sip && code >= 400 && freeswitchOf(code).name === name,
  );
  const back = freeswitchSends(name);
  return [
    fill(words.sip, { name, number }),
    number > 127 ? words.above : '',
    others.length > 0 ? fill(lost.shared, { others: list(others) }) : '',
    back === sip ? '' : fill(words.back, { name, back }),
    others.length === 0 && back === sip && number <= 127 ? lost.nothing : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** The statuses from which each PBX makes a cause, and what it sends for the cause. */
export function causeOnPbxes(cause: number, labels: Labels): readonly PbxRow[] {
  return [
    ['asterisk', causeOnAsterisk(cause, labels)],
    ['freeswitch', causeOnFreeswitch(cause, labels)],
  ];
}

function causeOnAsterisk(cause: number, { asterisk: words }: Labels): string {
  const registered = new Set(FINAL);
  const from = ASTERISK.filter((row) => row.cause === cause && registered.has(row.sip));
  const back = asteriskSends(cause);
  const codes = list(from.map(({ sip }) => sip));
  return [
    fill(from.length > 0 ? words.cause : words.unset, { from: codes, cause, back }),
    back === 603 ? words.unmapped : '',
  ]
    .filter(Boolean)
    .join(' ');
}

function causeOnFreeswitch(cause: number, { freeswitch: words }: Labels): string {
  const found = freeswitchCause(cause);
  return found ? nameOnFreeswitch(found.name, words) : words.foreign;
}

function nameOnFreeswitch(name: string, words: Labels['freeswitch']): string {
  const from = FINAL.filter((sip) => sip >= 400 && freeswitchOf(sip).name === name);
  const back = freeswitchSends(name);
  const template = from.length > 0 ? words.cause : words.unset;
  return `${fill(template, { name, from: list(from), back })} ${words.override}`;
}

export function ownCauseOnPbxes(name: string, { freeswitch: words }: Labels): readonly PbxRow[] {
  const isOwn = (numberOf(name) ?? 0) > 127;
  const text = nameOnFreeswitch(name, words);
  return [['freeswitch', isOwn ? `${words.above} ${text}` : text]];
}

export function sipRfc3398(sip: number, { rfc3398: words }: Labels): string {
  const { cause } = causeOfSip(sip);
  if (cause !== undefined) return fill(words.sip, { cause });
  return sip === 487 ? words.none : words.warning;
}

export function causeRfc3398(cause: number, { rfc3398: words }: Labels): string {
  return sipOfCause(cause)
    .map(({ sip }) => (sip === undefined ? words.no_response : fill(words.cause, { sip })))
    .join(', ');
}
