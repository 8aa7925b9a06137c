import type { LogLine } from '../log-lines';
import type { Proof } from './schema';

/** Settings of one PJSIP endpoint, `media_encryption=no`. */
export interface EndpointSettings {
  readonly endpoint: string;
  readonly settings: readonly string[];
}

/** The carrier of a proof, as `uas-<this>.xml`. */
export const PROOF_CARRIER = 'takes-one-offer';

/** What crankback advises after a refusal; undefined as long as it has advised nothing. */
export function adviceIn(log: readonly LogLine[]): string | undefined {
  const line = log.find(({ message }) => message === 'codec_mismatch');
  return typeof line?.configuration === 'string' ? line.configuration : undefined;
}

/**
 * The settings in a line of advice, which a script can apply as they are: `pjsip.conf [carrier-a]: use_avpf=yes`,
 * several separated by `, ` or ` and `.
 * @throws if a part of it is no setting
 */
export function settingsOf(advice: string): readonly EndpointSettings[] {
  return advice.split('; ').map((line) => {
    const [, named, text] =
      /^pjsip\.conf(?: \[([\w-]+)\]|, the caller's endpoint): (\S.*)$/.exec(line) ?? [];
    const endpoint = text === undefined ? undefined : (named ?? 'caller');
    const settings = text?.split(/, | and /) ?? [];
    if (endpoint === undefined || !settings.every((one) => /^[a-z0-9_]+=[\w!,:.-]+$/.test(one)))
      throw new Error(`no script can apply this advice: ${line}`);
    return { endpoint, settings };
  });
}

/** What a proof sets before its first call. */
export function triedSettings(proof: Proof): readonly EndpointSettings[] {
  return [
    { endpoint: 'carrier-a', settings: proof.with },
    { endpoint: 'caller', settings: proof.caller_with },
  ];
}

/** A piece of pjsip.conf that adds these settings to endpoints. */
export function pjsipText(all: readonly EndpointSettings[]): string {
  return all
    .map(({ endpoint, settings }) => [`[${endpoint}](+type=endpoint)`, ...settings, ''].join('\n'))
    .join('\n');
}

/**
 * A SIPp scenario: answers an offer in which `takes` occurs, and refuses any other with 488 and the session that
 * it takes.
 */
export function carrierXml({ takes, session }: Proof): string {
  const sdp = ['v=0', 'o=carrier 1 1 IN IP4 [local_ip]', 's=-', 'c=IN IP4 [media_ip]', 't=0 0'];
  const body = [
    'Content-Type: application/sdp',
    'Content-Length: [len]',
    '',
    ...sdp,
    ...session,
    '',
  ];
  const contact = 'Contact: <sip:[local_ip]:[local_port];transport=[transport]>';
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<scenario name="${PROOF_CARRIER}">`,
    '  <recv request="INVITE" next="1" test="fits">',
    `    <action><ereg regexp="${escaped(takes)}" search_in="body" assign_to="fits"/></action>`,
    '  </recv>',
    response('SIP/2.0 488 Not Acceptable Here', true, body),
    '  <recv request="ACK" next="2"/>',
    '  <label id="1"/>',
    response('SIP/2.0 200 OK', true, [contact, ...body]),
    '  <recv request="ACK"/>',
    '  <recv request="BYE"/>',
    response('SIP/2.0 200 OK', false, ['Content-Length: 0', '']),
    '  <label id="2"/>',
    '  <nop/>',
    '</scenario>',
    '',
  ].join('\n');
}

function response(status: string, tagged: boolean, more: readonly string[]): string {
  const to = tagged ? '[last_To:];tag=[pid]SIPpTag[call_number]' : '[last_To:]';
  const lines = [
    status,
    '[last_Via:]',
    '[last_From:]',
    to,
    '[last_Call-ID:]',
    '[last_CSeq:]',
    ...more,
  ];
  const text = lines.map((line) => `      ${line}`.trimEnd()).join('\n');
  return `  <send>\n    <![CDATA[\n${text}\n    ]]>\n  </send>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
