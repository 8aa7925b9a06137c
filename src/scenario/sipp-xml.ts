import type { Behaviour, Response } from './far-side';

/**
 * A SIPp scenario that plays one carrier. With several behaviours, each INVITE to one of these numbers takes the next;
 * any other INVITE, left by another scenario to be repeated, gets a 503 and does not count.
 */
export function sippXml(
  name: string,
  behaviours: readonly Behaviour[],
  numbers: readonly string[],
): string {
  const [only] = behaviours;
  const body =
    only && behaviours.length === 1 ? [INVITE, ...played(only)] : branches(behaviours, numbers);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!-- Written by crankback scenario. -->',
    `<scenario name="${name}">`,
    ...body,
    '  <Reference variables="cseq"/>',
    '</scenario>',
    '',
  ].join('\n');
}

const CSEQ = '<ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" assign_to="cseq"/>';
const INVITE = `  <recv request="INVITE"><action>${CSEQ}</action></recv>`;
const BUSY: Response = { waitMs: 0, sip: 503, phrase: 'Not This Call', headers: [] };

function branches(behaviours: readonly Behaviour[], numbers: readonly string[]): string[] {
  const own = `<ereg regexp="sip:(${numbers.join('|')})@" search_in="hdr" header="To:" assign_to="own,number"/>`;
  const tests = behaviours.map(
    (_, index) =>
      `<test assign_to="is${index + 1}" variable="calls" compare="equal" value="${index + 1}"/>`,
  );
  return [
    '  <Global variables="calls"/>',
    `  <recv request="INVITE" next="own" test="own"><action>${CSEQ}${own}</action></recv>`,
    ...message(BUSY),
    '  <recv request="ACK" next="end"/>',
    '  <label id="own"/>',
    `  <nop><action><add assign_to="calls" value="1"/>${tests.join('')}</action></nop>`,
    ...behaviours.map((_, index) => `  <nop next="${index + 1}" test="is${index + 1}"/>`),
    `  <nop next="${behaviours.length}"/>`,
    ...behaviours.flatMap((behaviour, index) => [
      `  <label id="${index + 1}"/>`,
      ...played(behaviour),
      '  <nop next="end"/>',
    ]),
    '  <label id="end"/>',
    '  <nop/>',
    '  <Reference variables="number"/>',
  ];
}

function played({ responses, end }: Behaviour): string[] {
  return [...responses.flatMap((response) => message(response)), ...ENDS[end]];
}

const OK: Response = { waitMs: 0, sip: 200, phrase: 'OK', headers: [] };
const TERMINATED: Response = { waitMs: 0, sip: 487, phrase: 'Request Terminated', headers: [] };

const ENDS: Readonly<Record<Behaviour['end'], readonly string[]>> = {
  final: ['  <recv request="ACK"/>'],
  answered: ['  <recv request="ACK"/>', '  <recv request="BYE"/>', ...message(OK)],
  cancelled: [
    '  <recv request="CANCEL"/>',
    ...message(OK),
    ...message(TERMINATED, 'CSeq: [$cseq] INVITE'),
    '  <recv request="ACK"/>',
  ],
  // Longer than any scenario.
  silent: ['  <pause milliseconds="40000"/>'],
};

function message(
  { waitMs, sip, phrase, headers, sdp }: Response,
  cseq = '[last_CSeq:]',
): readonly string[] {
  const tag = sip === 100 ? '' : ';tag=[pid]SIPpTag[call_number]';
  const contact = 'Contact: <sip:[local_ip]:[local_port];transport=[transport]>';
  const own = headers.some((line) => line.startsWith('Contact:'));
  const session = ['v=0', 'o=carrier 1 1 IN IP4 [local_ip]', 's=-', 'c=IN IP4 [media_ip]', 't=0 0'];
  const text = [
    `SIP/2.0 ${sip} ${phrase}`,
    ...['[last_Via:]', '[last_From:]', `[last_To:]${tag}`, '[last_Call-ID:]', cseq],
    ...headers,
    ...(sip === 100 || own ? [] : [contact]),
    ...(sdp ? ['Content-Type: application/sdp'] : []),
    'Content-Length: [len]',
    '',
    ...(sdp ? [...session, ...sdp, ''] : []),
  ];
  return [
    ...(waitMs > 0 ? [`  <pause milliseconds="${waitMs}"/>`] : []),
    '  <send>',
    '    <![CDATA[',
    ...text.map((line) => (line === '' ? '' : `      ${line}`)),
    '    ]]>',
    '  </send>',
  ];
}
