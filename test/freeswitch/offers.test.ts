import { createSocket, type Socket } from 'node:dgram';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from 'modesl';
import { freeswitchDialect } from '../../adapters/freeswitch/trunks/dialect';
import { changesOffer } from '../../src/codecs/compare/in-force';
import type { Remedy } from '../../src/codecs/remedy';
import { parseSdp } from '../../src/codecs/sdp';
import { sidesOf } from '../../src/codecs/sides';
import { recordedVersions, recordingsOf, versionOf } from '../doubles/esl/versions';

/**
 * What is advised against a 488 is proven: what FreeSWITCH offers with the advised dial string has the change in it.
 * The offers were recorded from a real one; with `CRANKBACK_TEST_FREESWITCH` a real one is asked.
 */
const REAL = process.env.CRANKBACK_TEST_FREESWITCH;
const RECORD = process.env.CRANKBACK_TEST_RECORD === 'true';
/** Where gateway carrier-a of lab/pbx/freeswitch leads to. */
const CARRIER = { address: '127.0.0.21', port: 15061 } as const;

interface Offer {
  /** What stands in the braces of the dial string. */
  readonly settings: string;
  readonly sdp: string;
}

const PCMA = { name: 'PCMA', clockRate: 8000 } as const;

/** Before, and the remedy that changes it. `media_webrtc` of an empty dial string is false. */
const REMEDIES: readonly (readonly [string, string, Remedy])[] = [
  ['one codec', '', { kind: 'codecs', codecs: [PCMA] }],
  ['longer packets', '', { kind: 'codecs', codecs: [PCMA], ptime: 30 }],
  ['encryption by SDES', '', { kind: 'encryption', wanted: 'sdes' }],
  ['no encryption', 'rtp_secure_media=mandatory', { kind: 'encryption', wanted: 'none' }],
  [
    'one suite',
    'rtp_secure_media=mandatory',
    { kind: 'suites', suites: ['AES_CM_128_HMAC_SHA1_32'] },
  ],
  ['everything of WebRTC', '', { kind: 'webrtc-on' }],
  [
    'nothing of WebRTC',
    'media_webrtc=true',
    { kind: 'webrtc-off', encryption: 'none', feedback: false },
  ],
  ['no feedback', 'media_webrtc=true', { kind: 'feedback', on: false }],
  ['ICE', '', { kind: 'ice', on: true }],
  ['no ICE', 'add_ice_candidates=true', { kind: 'ice', on: false }],
  ['no text', 'rtp_enable_text=true', { kind: 'without-streams', types: ['text'] }],
];

const dialect = freeswitchDialect(() => 'carrier-a');

/** The braces of the line that crankback advises. */
function advised(remedy: Remedy): string {
  const advice = dialect.advise('carrier-a', remedy);
  const [, settings] =
    'line' in advice
      ? (/^the dial string of sofia\/gateway\/carrier-a: \{(.*)\}$/.exec(advice.line) ?? [])
      : [];
  if (settings === undefined) throw new Error(`no dial string: ${JSON.stringify(advice)}`);
  return settings;
}

function fileOf(version: string, name: string): string {
  return join(recordingsOf(version, 'offers'), `${name.toLowerCase().replaceAll(' ', '-')}.json`);
}

let carrier: Socket | undefined;
let freeswitch: Connection | undefined;
let realVersion = '';

beforeAll(async () => {
  if (REAL === undefined) return;
  const [host = '', port = '', password = ''] = REAL.split(':');
  realVersion = await versionOf({ host, port: Number(port), password });
  carrier = createSocket('udp4');
  await new Promise<void>((resolve) => carrier?.bind({ ...CARRIER, exclusive: true }, resolve));
  freeswitch = new Connection(host, Number(port), password);
  await new Promise((resolve) => freeswitch?.once('esl::ready', resolve));
});

afterAll(() => {
  carrier?.close();
  freeswitch?.socket?.destroy();
});

/** Lets FreeSWITCH call carrier-a, which refuses. */
async function offerOf(settings: string): Promise<Offer> {
  const invite = new Promise<string>((resolve) => {
    const heard = (data: Buffer, from: { address: string; port: number }): void => {
      const text = data.toString('latin1');
      if (!text.startsWith('INVITE ')) return;
      carrier?.off('message', heard);
      carrier?.send(refusalOf(text), from.port, from.address);
      resolve(text);
    };
    carrier?.on('message', heard);
  });
  const braces = settings === '' ? '' : `{${settings}}`;
  freeswitch?.api('originate', `${braces}sofia/gateway/carrier-a/200 &park()`, () => undefined);
  const sdp = (await invite).split('\r\n\r\n')[1] ?? '';
  // Keys of calls long gone, and still nothing to keep.
  return { settings, sdp: sdp.replaceAll(/inline:\S+/g, 'inline:a-key') };
}

function refusalOf(invite: string): string {
  const copied = invite
    .split('\r\n')
    .filter((line) => /^(?:via|from|to|call-id|cseq):/i.test(line))
    .map((line) => (/^to:/i.test(line) ? `${line};tag=carrier` : line));
  return ['SIP/2.0 488 Not Acceptable Here', ...copied, 'Content-Length: 0', '', ''].join('\r\n');
}

/** Whether the change is still to be made in this offer. */
function isMissing(remedy: Remedy, { sdp }: Offer): boolean {
  const offer = parseSdp(sdp);
  if (!offer) throw new Error('no offer');
  const evidence = { source: 'hep', rang: false, progress: false, origin: 'far', offer } as const;
  return changesOffer(remedy, sidesOf([evidence]));
}

const VERSIONS = REAL === undefined ? recordedVersions('offers') : ['a real one'];

describe.each(VERSIONS)('what is advised for the dial string, in the offer of %s', (version) => {
  it.each(REMEDIES)('%s', async (name, settings, remedy) => {
    const asked = advised(remedy);
    const offers =
      REAL === undefined
        ? (JSON.parse(readFileSync(fileOf(version, name), 'utf8')) as {
            before: Offer;
            after: Offer;
          })
        : { before: await offerOf(settings), after: await offerOf(asked) };
    if (RECORD) {
      mkdirSync(recordingsOf(realVersion, 'offers'), { recursive: true });
      writeFileSync(fileOf(realVersion, name), `${JSON.stringify(offers, null, 2)}\n`);
    }
    // Another advice has to be recorded anew.
    expect([offers.before.settings, offers.after.settings]).toEqual([settings, asked]);
    expect(isMissing(remedy, offers.before)).toBe(true);
    expect(isMissing(remedy, offers.after)).toBe(false);
  });
});
