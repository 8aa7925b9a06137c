import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  readSipAddresses,
  SipAddresses,
} from '../../../../../adapters/freeswitch/trunks/sip-addresses';
import { SipCollector } from '../../../../../adapters/hep/collector';
import type { SipEndpoint } from '../../../../../src/calls/ports';

/** As a real FreeSWITCH 1.11.1 prints them, shortened. */
const LIST = `<?xml version="1.0" encoding="ISO-8859-1"?>
<profiles>
<profile>
<name>lab</name>
<type>profile</type>
<data>sip:mod_sofia@127.0.0.1:5090</data>
<state>RUNNING (0)</state>
</profile>
<gateway>
<name>carrier-a</name>
<type>gateway</type>
<data>sip:lab@127.0.0.21:15061</data>
<state>NOREG</state>
</gateway>

</profiles>
`;
const PROFILE = `<?xml version="1.0" encoding="ISO-8859-1"?>
<profile>
  <profile-info>
    <name>lab</name>
    <rtp-ip>127.0.0.1</rtp-ip>
    <sip-ip>127.0.0.1</sip-ip>
    <url>sip:mod_sofia@127.0.0.1:5090</url>
    <bind-url>sip:mod_sofia@127.0.0.1:5090;transport=udp,tcp</bind-url>
    <hold-music>N/A</hold-music>
  </profile-info>
</profile>
`;
const HERE = { address: '127.0.0.1', port: 5090 };

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function freeswitch(profile: string | undefined = PROFILE, list = LIST) {
  const printed = new Map([
    ['sofia xmlstatus', list],
    ['sofia xmlstatus profile lab', profile],
  ]);
  return {
    ask: (command: string, args: string) => Promise.resolve(printed.get(`${command} ${args}`)),
  };
}

describe('where FreeSWITCH sends SIP from', () => {
  it('is the sockets of its profiles', async () => {
    expect(await readSipAddresses(freeswitch())).toEqual([HERE]);
  });

  it('has the ports of TLS and WebSocket, and behind NAT the inner address', async () => {
    const text = PROFILE.replace(
      /<bind-url>.*<\/bind-url>/,
      `<ext-sip-ip>203.0.113.1</ext-sip-ip>
      <bind-url>sip:mod_sofia@203.0.113.1:5090;maddr=127.0.0.1;transport=udp,tcp</bind-url>
      <tls-bind-url>sips:mod_sofia@203.0.113.1:5091;maddr=127.0.0.1;transport=tls</tls-bind-url>
      <wss-bind-url>sips:mod_sofia@127.0.0.1:7443;transport=wss</wss-bind-url>`,
    );
    const ports = (await readSipAddresses(freeswitch(text))).map(({ address, port }) => [
      address,
      port,
    ]);
    expect(ports).toEqual([5090, 5091, 7443].map((port) => ['127.0.0.1', port]));
  });

  it.each([
    ['sip:mod_sofia@127.0.0.1;transport=udp', 5060],
    ['sips:mod_sofia@[2001:db8::1]', 5061],
  ])('is the port of the scheme where %s has none', async (url, port) => {
    const text = PROFILE.replace(/<bind-url>.*<\/bind-url>/, `<bind-url>${url}</bind-url>`);
    expect(await readSipAddresses(freeswitch(text))).toEqual([{ ...HERE, port }]);
  });

  it.each([
    ['is away', undefined, undefined],
    ['has no profile of that name', 'Invalid Profile!\n', LIST],
    ['prints something else', '<profile/>', '<profiles/>'],
  ])('is not known where it %s', async (_, profile, list) => {
    const nobody = { ask: () => Promise.resolve(undefined) };
    const asked = list === undefined ? nobody : freeswitch(profile, list);
    expect(await readSipAddresses(asked)).toEqual([]);
  });

  it('is asked again every minute, and stays as it was while nobody answers', async () => {
    const told: (readonly SipEndpoint[])[] = [];
    let answering = freeswitch();
    const addresses = new SipAddresses({
      pbx: 'berlin',
      observer: { ask: (...question) => answering.ask(...question) },
      mirror: { sentFrom: (pbx, endpoints) => void (pbx === 'berlin' && told.push(endpoints)) },
    });
    await addresses.follow();
    answering = { ask: () => Promise.resolve(undefined) };
    await jest.advanceTimersByTimeAsync(60_000);
    expect(told).toEqual([[HERE]]);
    answering = freeswitch(PROFILE.replace(':5090;', ':5092;'));
    await jest.advanceTimersByTimeAsync(60_000);
    expect(told.slice(1)).toEqual([[{ ...HERE, port: 5092 }]]);
    addresses.stop();
    await jest.advanceTimersByTimeAsync(600_000);
    expect(told).toHaveLength(2);
  });

  it('is what makes its recorded SIP evidence', () => {
    const file = join(__dirname, '../../../../captures/hep/freeswitch.hex');
    const packets = readFileSync(file, 'utf8').trim().split('\n');
    const play = (known: readonly SipEndpoint[]) => {
      const collector = new SipCollector({ now: () => 0, counted: () => undefined });
      collector.sentFrom('freeswitch', known);
      for (const hex of packets) collector.receive(Buffer.from(hex, 'hex'));
      // A leg of 503, the caller of that leg, and one that was answered.
      return [
        'd91c88b4-5ffb-1240-f7a1-aeb14b37817a',
        '1-26242@127.0.0.1',
        'da3bf2a8-5ffb-1240-f7a1-aeb14b37817a',
      ].map((callId) => collector.leg(callId));
    };
    expect(play([HERE])).toMatchObject([
      { kind: 'failed', evidence: { sip: 503, farEnd: '127.0.0.1:15071' } },
      undefined,
      { kind: 'answered', subAttempts: [] },
    ]);
    expect(play([])).toEqual([undefined, undefined, undefined]);
  });
});
