import { randomUUID } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { EslScenario } from './esl/scenario';
import { CARRIERS, CARRIER_PORT } from './sipp-call';

/** Longest time to a response. Milliseconds. */
const LIMIT_MS = 2_000;

/**
 * Registers a scenario's phones with a FreeSWITCH on loopback, which asks for no password.
 * @param sip `127.0.0.1:15060`, FreeSWITCH's SIP address
 * @param expires seconds; 0 ends the registration
 */
export async function register(
  phones: NonNullable<EslScenario['phones']>,
  sip: string,
  expires: number,
): Promise<void> {
  for (const [user, letters] of Object.entries(phones)) {
    for (const letter of letters) await registerOne(user, CARRIERS[letter], { sip, expires });
  }
}

async function registerOne(
  user: string,
  address: string,
  { sip, expires }: { readonly sip: string; readonly expires: number },
): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, address, resolve));
  const call = randomUUID();
  const lines = [
    'REGISTER sip:default SIP/2.0',
    `Via: SIP/2.0/UDP ${address}:${socket.address().port};branch=z9hG4bK${call}`,
    `From: <sip:${user}@default>;tag=${call}`,
    `To: <sip:${user}@default>`,
    `Call-ID: ${call}`,
    'CSeq: 1 REGISTER',
    'Max-Forwards: 70',
    `Contact: <sip:${user}@${address}:${CARRIER_PORT}>`,
    `Expires: ${expires}`,
    'Content-Length: 0',
  ];
  try {
    const response = await new Promise<string>((resolve) => {
      const timer = setTimeout(() => resolve('nothing'), LIMIT_MS);
      socket.once('message', (data) => {
        clearTimeout(timer);
        resolve(data.toString('latin1'));
      });
      const [host = '', port = ''] = sip.split(':');
      socket.send(`${lines.join('\r\n')}\r\n\r\n`, Number(port), host);
    });
    if (!response.startsWith('SIP/2.0 200'))
      throw new Error(`the phone of ${user} at ${address} could not register: ${response}`);
  } finally {
    socket.close();
  }
}
