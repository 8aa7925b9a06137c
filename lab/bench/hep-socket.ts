/**
 * Measures what a mirrored SIP message costs a process that takes it off its socket, with what the system does for it: CPU
 * time of a process that does nothing else. Builds take turns.
 *   npm run build && node dist/lab/bench/hep-socket.js [calls a second] [--against DIR]
 * DIR: `dist` of another build.
 */
import { fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { SipCollector } from '../../adapters/hep/collector';
import type { HepListener } from '../../adapters/hep/listener';

const ROUNDS = 3;
const WARM_UP_MS = 12_000;
const MEASURED_MS = 5_000;
const TICK_MS = 1;
/** Between two messages of a call: each wakes the process where calls are few. */
const APART_TICKS = 3;
const CAPTURE = 'test/captures/asterisk-22.10.1/ring-503.hep.hex';
/** Of the recorded call, made distinct at the same length. */
const CALL_ID = /^Call-ID: *([^\r\n]{8})/im;

interface Usage {
  readonly packets: number;
  /** Microseconds. */
  readonly cpu: number;
}

async function main(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { against: { type: 'string' } },
  });
  const rate = Number(positionals[0] ?? 100);
  const own = resolve(__dirname, '../..');
  const builds = [own, ...(values.against === undefined ? [] : [resolve(values.against)])];
  for (let round = 0; round < ROUNDS; round++)
    for (const build of builds) {
      const { packets, cpu } = await measured(build, rate);
      const seconds = MEASURED_MS / 1_000;
      console.log(
        `${build}: ${rate} calls/s, ${(packets / seconds).toFixed(0)} packets/s, ` +
          `${(cpu / packets).toFixed(1)} µs a packet, ${(cpu / 10_000 / seconds).toFixed(1)}% of a core`,
      );
    }
}

async function measured(build: string, rate: number): Promise<Usage> {
  const child = fork(__filename, ['receive', build]);
  const [port] = (await once(child, 'message')) as [number];
  const socket = createSocket('udp4');
  const template = readFileSync(CAPTURE, 'utf8')
    .trim()
    .split('\n')
    .map((hex) => Buffer.from(hex, 'hex'));
  const later = new Map<number, Buffer[]>();
  let [sent, owed, tick] = [0, 0, 0];
  const send = setInterval(() => {
    owed += (rate * TICK_MS) / 1_000;
    for (; owed >= 1; owed -= 1) {
      const number = String(sent++).padStart(8, '0');
      for (const [index, datagram] of template.entries()) {
        const at = tick + index * APART_TICKS;
        later.set(at, [...(later.get(at) ?? []), distinct(datagram, number)]);
      }
    }
    for (const datagram of later.get(tick) ?? []) socket.send(datagram, port, '127.0.0.1');
    later.delete(tick++);
  }, TICK_MS);
  const asked = async (): Promise<Usage> => {
    const answer = once(child, 'message');
    child.send('usage');
    return ((await answer) as [Usage])[0];
  };
  await pause(WARM_UP_MS);
  const before = await asked();
  await pause(MEASURED_MS);
  const after = await asked();
  clearInterval(send);
  socket.close();
  child.disconnect();
  await once(child, 'exit');
  return { packets: after.packets - before.packets, cpu: after.cpu - before.cpu };
}

function distinct(datagram: Buffer, number: string): Buffer {
  const bytes = Buffer.from(datagram);
  const callId = CALL_ID.exec(bytes.toString('latin1'))?.[1];
  if (callId === undefined) return bytes;
  for (let at = bytes.indexOf(callId); at >= 0; at = bytes.indexOf(callId, at + 1))
    bytes.write(number, at, 'latin1');
  return bytes;
}

async function receive(build: string): Promise<void> {
  type Modules = { SipCollector: typeof SipCollector; HepListener: typeof HepListener };
  const load = (name: string) => import(join(build, 'adapters/hep', name)) as Promise<Modules>;
  const [collectors, listeners] = await Promise.all([load('collector.js'), load('listener.js')]);
  let packets = 0;
  const collector = new collectors.SipCollector({
    now: () => performance.now(),
    counted: () => (packets += 1),
  });
  const listener = new listeners.HepListener({
    ...{ host: '127.0.0.1', port: 0, collector },
    broken: (error) => console.error(error),
  });
  const port = await listener.start();
  // The PBX of the recording.
  collector.sentFrom('asterisk', [{ address: '172.30.77.10', port: 5060 }]);
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ packets, cpu: user + system } satisfies Usage);
  });
  process.on('disconnect', () => process.exit());
  process.send?.(port);
}

const [role, build] = process.argv.slice(2);
if (role === 'receive' && build !== undefined) void receive(build);
else
  main().catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
