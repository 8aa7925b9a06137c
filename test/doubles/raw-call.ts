import { createSocket, type Socket } from 'node:dgram';
import type { RawInvite } from './esl/scenario';
import { pause } from './until';

const FROM = '127.0.0.30';
const PORT = 15_060;
/** Longest time to a final response. Milliseconds. */
const LIMIT_MS = 20_000;
/** Duration of an answered call. Milliseconds. */
const TALK_MS = 200;

/**
 * Places one call over UDP with bytes that SIPp cannot send: each Latin-1 character is sent as one byte.
 * @returns the final response to the INVITE; empty if none came
 */
export async function callRaw(number: string, raw: RawInvite, sip: string): Promise<string> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(PORT, FROM, resolve));
  try {
    const send = (text: string) => sendTo(socket, text, sip);
    const final = finalResponse(socket);
    send(request('INVITE', number, sip, raw));
    const response = await final;
    if (response === '') return response;
    const to = /^To: .*$/m.exec(response)?.[0];
    send(request('ACK', number, sip, { to }));
    if (response.startsWith('SIP/2.0 200')) {
      await pause(TALK_MS);
      send(request('BYE', number, sip, { to }));
      await pause(TALK_MS);
    }
    return response;
  } finally {
    socket.close();
  }
}

interface Parts extends RawInvite {
  readonly to?: string | undefined;
}

function request(method: string, number: string, sip: string, parts: Parts): string {
  const { to, name = 'Lab Caller', headers = [] } = parts;
  const isInvite = method === 'INVITE';
  const body = isInvite ? SDP : '';
  const lines = [
    `${method} sip:${number}@${sip} SIP/2.0`,
    `Via: SIP/2.0/UDP ${FROM}:${PORT};branch=z9hG4bKraw${method === 'BYE' ? 'bye' : 'invite'}${number}`,
    `From: "${name}" <sip:caller@${FROM}>;tag=raw`,
    to ?? `To: <sip:${number}@${sip}>`,
    `Call-ID: raw-${number}-${process.pid}@${FROM}`,
    `CSeq: ${method === 'BYE' ? 2 : 1} ${method}`,
    `Contact: <sip:caller@${FROM}:${PORT}>`,
    'Max-Forwards: 70',
    ...headers,
    ...(isInvite ? ['Content-Type: application/sdp'] : []),
    `Content-Length: ${body.length}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

const SDP = [
  'v=0',
  `o=caller 1 1 IN IP4 ${FROM}`,
  's=-',
  `c=IN IP4 ${FROM}`,
  't=0 0',
  'm=audio 15070 RTP/AVP 0',
  'a=rtpmap:0 PCMU/8000',
  '',
].join('\r\n');

function finalResponse(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(''), LIMIT_MS);
    socket.on('message', (data) => {
      const text = data.toString('latin1');
      if (!/^SIP\/2\.0 [2-6]/.test(text) || !/^CSeq: 1 INVITE/im.test(text)) return;
      clearTimeout(timer);
      resolve(text);
    });
  });
}

function sendTo(socket: Socket, text: string, sip: string): void {
  const [host = '', port = ''] = sip.split(':');
  socket.send(Buffer.from(text, 'latin1'), Number(port), host);
}
