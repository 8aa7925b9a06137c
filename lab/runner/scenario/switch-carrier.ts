/** A carrier's behaviour for one number of a bulk run: a final status at once, or one of these. */
export type Behaviour = number | 'ring-answer' | 'ring' | 'silent';

/**
 * A SIPp scenario that chooses its behaviour by the dialled number: by the digits after `sip:` that
 * `pattern` captures (a POSIX extended regular expression with one group), read as a number. SIPp has no
 * computed status line, so each behaviour is its own branch.
 */
export function switchCarrier(pattern: string, behaviours: ReadonlyMap<number, Behaviour>): string {
  const codes = [...behaviours.keys()];
  const tests = codes.map(
    (code) => `      <test assign_to="is${code}" variable="code" compare="equal" value="${code}"/>`,
  );
  const jumps = codes.map((code) => `  <nop next="${code}" test="is${code}"/>`);
  const branches = [...behaviours].map(
    ([code, behaviour]) => `  <label id="${code}"/>\n${branch(behaviour)}  <nop next="end"/>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<scenario name="switch">
  <recv request="INVITE">
    <action>
      <ereg regexp="sip:${pattern}" search_in="msg" check_it="true" assign_to="all,digits"/>
      <ereg regexp="[0-9]+" search_in="hdr" header="CSeq:" assign_to="cseq"/>
      <todouble assign_to="code" variable="digits"/>
${tests.join('\n')}
    </action>
  </recv>
${jumps.join('\n')}
  <nop next="end"/>
${branches.join('\n')}
  <label id="end"/>
  <Reference variables="all,cseq"/>
</scenario>
`;
}

function branch(behaviour: Behaviour): string {
  switch (behaviour) {
    case 'silent':
      return '  <pause milliseconds="60000"/>\n';
    case 'ring-answer':
      return `${say('100 Trying', '')}${say('180 Ringing')}  <pause milliseconds="100"/>
${say('200 OK', TAG, SDP)}  <recv request="ACK"/>
  <recv request="BYE"/>
${say('200 OK', '')}`;
    case 'ring':
      return `${say('100 Trying', '')}${say('180 Ringing')}  <recv request="CANCEL"/>
${say('200 OK')}${say('487 Request Terminated').replace('[last_CSeq:]', 'CSeq: [$cseq] INVITE')}  <recv request="ACK"/>
`;
    default:
      return `${say('100 Trying', '')}${say(`${behaviour} Phrase of ${behaviour}`)}  <recv request="ACK"/>
`;
  }
}

const TAG = ';tag=[pid]SIPpTag[call_number]';
const SDP = `v=0
      o=carrier 1 1 IN IP4 [local_ip]
      s=-
      c=IN IP4 [media_ip]
      t=0 0
      m=audio [media_port] RTP/AVP 0
      a=rtpmap:0 PCMU/8000
`;

function say(statusLine: string, tag = TAG, body = ''): string {
  const type = body === '' ? '' : '\n      Content-Type: application/sdp';
  // A 3xx's Contact must not be followed: see the option i of Dial().
  const target = statusLine.startsWith('3')
    ? 'sip:elsewhere@[local_ip]:[local_port]'
    : 'sip:[local_ip]:[local_port]';
  return `  <send>
    <![CDATA[
      SIP/2.0 ${statusLine}
      [last_Via:]
      [last_From:]
      [last_To:]${tag}
      [last_Call-ID:]
      [last_CSeq:]
      Contact: <${target}>${type}
      Content-Length: [len]

      ${body}
    ]]>
  </send>
`;
}
