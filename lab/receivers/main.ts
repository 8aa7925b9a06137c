/**
 * Others that crankback tells something, for tests of the lab; runs beside it in its container, by Node alone. Writes what
 * comes as one line of JSON each, see `Received`. Takes the PBX's mirrored SIP in crankback's place and hands it on to
 * crankback as it came, so that it is known what the PBX has sent; takes what crankback passes on to another HEP collector,
 * and its alerts.
 */
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import { PORTS, type Received } from './received';

function keep(received: Received): void {
  process.stdout.write(`${JSON.stringify(received)}\n`);
}

const toCrankback = createSocket('udp4');
createSocket('udp4')
  .on('message', (datagram) => {
    keep({ from: 'pbx', base64: datagram.toString('base64') });
    toCrankback.send(datagram, PORTS.crankbackHep, '127.0.0.1');
  })
  .bind(PORTS.pbxHep);

createSocket('udp4')
  .on('message', (datagram) => keep({ from: 'crankback', base64: datagram.toString('base64') }))
  .bind(PORTS.collector, '127.0.0.1');

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    keep({ from: 'alerts', headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.end();
  });
}).listen(PORTS.webhook, '127.0.0.1');
