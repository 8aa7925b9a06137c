import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { labAddress } from '../../provision/place';
import type { Fault } from '../fault';

/** crankback's HEP port in the lab. */
const ADDRESS = labAddress(40);
const ASTERISK = labAddress(10);
const CARRIER = labAddress(21);
const PORT = 9060;
const PASSWORD = 'lab-only-secret';
/** Packets are sent in bursts, one every hundredth of a second. */
const BURST_EVERY = 10;

/** Faults of the port for mirrored SIP. */
export const HEP_FAULTS: readonly Fault[] = [
  flood('hep-flood', 'SIP of strangers', 5000, (index) => packet(sip(index))),
  flood('hep-garbage', 'random bytes, false lengths, broken SIP', 3000, garbage),
];

function flood(
  name: string,
  what: string,
  perSecond: number,
  datagram: (index: number) => Buffer,
): Fault {
  let sender: Sender | undefined;
  const end = async (): Promise<void> => {
    await sender?.end();
    sender = undefined;
  };
  return {
    name,
    about: `${perSecond} HEP packets a second for 5 s: ${what}`,
    ...(name === 'hep-garbage' && { quick: true }),
    holdMs: 5000,
    shows: { metric: 'crankback_hep_packets_total', atLeast: perSecond },
    recoversWithinMs: 1000,
    fallback: false,
    break: () => {
      sender = new Sender(perSecond, datagram);
      return Promise.resolve();
    },
    heal: end,
    cleanUp: end,
  };
}

/** Sends datagrams until it is ended. */
class Sender {
  private readonly socket: Socket = createSocket('udp4');
  private readonly sending: Promise<void>;
  private over = false;

  constructor(perSecond: number, datagram: (index: number) => Buffer) {
    // An address without a listener is no fault of the sender's.
    this.socket.on('error', () => undefined);
    this.sending = this.send(Math.round((perSecond * BURST_EVERY) / 1000), datagram);
  }

  async end(): Promise<void> {
    this.over = true;
    await this.sending;
    this.socket.close();
    await once(this.socket, 'close');
  }

  private async send(burst: number, datagram: (index: number) => Buffer): Promise<void> {
    for (let index = 0; !this.over;) {
      for (let sent = 0; sent < burst; sent++) {
        this.socket.send(datagram(index++), PORT, ADDRESS);
      }
      await pause(BURST_EVERY);
    }
  }
}

function garbage(index: number): Buffer {
  const good = packet(sip(index));
  switch (index % 4) {
    case 0:
      return randomBytes(1 + (index % 1400));
    case 1:
      // A length that is not the packet's.
      good.writeUInt16BE(index % 65_536, 4);
      return good;
    case 2:
      // Random bytes in the chunks.
      randomBytes(16).copy(good, 6 + (index % (good.length - 22)));
      return good;
    default:
      return packet(sip(index).replaceAll(': ', `${'\u0000'.repeat(index % 3)}:`));
  }
}

/** A HEPv3 packet from the PBX, with the right password. */
function packet(payload: string): Buffer {
  const chunks = [
    chunk(1, Buffer.from([2])),
    chunk(2, Buffer.from([17])),
    chunk(3, Buffer.from(ASTERISK.split('.').map(Number))),
    chunk(4, Buffer.from(CARRIER.split('.').map(Number))),
    chunk(7, uint16(5060)),
    chunk(8, uint16(5060)),
    chunk(9, uint32(Math.floor(Date.now() / 1000))),
    chunk(10, uint32((Date.now() % 1000) * 1000)),
    chunk(11, Buffer.from([1])),
    chunk(12, uint32(1)),
    chunk(14, Buffer.from(PASSWORD)),
    chunk(15, Buffer.from(payload)),
  ];
  const body = Buffer.concat(chunks);
  return Buffer.concat([Buffer.from('HEP3'), uint16(body.length + 6), body]);
}

function chunk(type: number, value: Buffer): Buffer {
  return Buffer.concat([uint16(0), uint16(type), uint16(value.length + 6), value]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** An INVITE of a call that crankback does not know, and in turn its 503. */
function sip(index: number): string {
  const call = Math.floor(index / 2);
  const first =
    index % 2 === 0 ? `INVITE sip:3${call}@${CARRIER} SIP/2.0` : 'SIP/2.0 503 Service Unavailable';
  return [
    first,
    `Via: SIP/2.0/UDP ${ASTERISK}:5060;branch=z9hG4bK${call}`,
    `From: <sip:stranger@${ASTERISK}>;tag=${call}`,
    `To: <sip:3${call}@${CARRIER}>${index % 2 === 0 ? '' : `;tag=t${call}`}`,
    `Call-ID: stranger-${call}`,
    'CSeq: 1 INVITE',
    'Content-Length: 0',
    '',
    '',
  ].join('\r\n');
}
