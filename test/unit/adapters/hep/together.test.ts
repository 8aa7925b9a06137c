import { createSocket, type Socket } from 'node:dgram';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { createMirror } from '../../../../adapters/hep/mirror';
import { handleOf, type SocketHandle } from '../../../../adapters/hep/socket-handle';
import { Together, type TogetherParts } from '../../../../adapters/hep/together';
import { encoded, packet, PBX, request, response } from '../../../doubles/sip';

const BUFFER = 8 * 1024 * 1024;

const sockets: Socket[] = [];
const readers: Together[] = [];
afterEach(() => {
  // First: the number of a socket that is closed may be that of another file.
  for (const reader of readers.splice(0)) reader.close();
  for (const socket of sockets.splice(0)) socket.close();
});

async function bound(): Promise<Socket> {
  const socket = createSocket({ type: 'udp4', recvBufferSize: BUFFER });
  sockets.push(socket);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

async function sendTo(port: number, ...datagrams: (Buffer | string)[]): Promise<void> {
  const socket = createSocket('udp4');
  for (const datagram of datagrams)
    await new Promise((sent) => socket.send(datagram, port, '127.0.0.1', sent));
  socket.close();
}

/** A socket that is read together, and what it took at a time. */
async function reading(parts: Partial<TogetherParts> = {}) {
  const socket = await bound();
  const handle = handleOf(socket);
  if (!handle) throw new Error('this Node keeps its handle elsewhere');
  const taken: string[][] = [];
  const together = new Together({
    handle,
    bufferBytes: BUFFER,
    take: (datagrams) => taken.push(datagrams.map(String)),
    broken: (error) => {
      throw error;
    },
    ...parts,
  });
  readers.push(together);
  let woken = 0;
  socket.on('message', (datagram) => {
    woken += 1;
    together.woken(datagram);
  });
  const { port } = socket.address();
  const send = (...texts: string[]) => sendTo(port, ...texts);
  return { together, taken, send, woken: () => woken, flat: () => taken.flat() };
}

/** `0 1 2 …`. */
const numbers = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at));

it('this Node has what is needed', async () => {
  expect(handleOf(await bound())?.fd).toBeGreaterThan(2);
});

it('another Node may keep it elsewhere, or not have it', () => {
  const state = (handle: unknown) =>
    ({ [Symbol('state symbol')]: { handle } }) as unknown as Socket;
  const methods = { recvStart: () => 0, recvStop: () => 0 };
  expect(handleOf(state({ ...methods, fd: 20 }))).toBeDefined();
  for (const handle of [undefined, null, {}, { ...methods, fd: -1 }, { fd: 20 }])
    expect(handleOf(state(handle))).toBeUndefined();
  expect(handleOf({} as Socket)).toBeUndefined();
});

it('a hundred datagrams wake the process a few times, and come whole and in order', async () => {
  const { send, taken, woken, flat } = await reading();
  await send('0');
  await pause(5);
  const rest = numbers(100).slice(1);
  await send(...rest);
  await pause(60);
  expect(flat()).toEqual(numbers(100));
  expect(woken()).toBe(1);
  expect(taken.length).toBeLessThanOrEqual(10);
});

it('after a quiet time the next one wakes the process again', async () => {
  const { send, woken, flat } = await reading();
  for (const text of ['a', 'b']) {
    await send(text);
    await pause(80);
  }
  expect(flat()).toEqual(['a', 'b']);
  expect(woken()).toBe(2);
});

it('an empty datagram is one, and one as large as it can be is whole', async () => {
  const { send, flat } = await reading();
  const large = 'x'.repeat(65_507);
  await send('first', '', large, 'last');
  await pause(60);
  expect(flat()).toEqual(['first', '', large, 'last']);
});

it('what is kept of one keeps no other: each has memory of its own', async () => {
  const sizes: number[][] = [];
  const { send } = await reading({
    take: (datagrams) => {
      for (const { buffer, length } of datagrams) sizes.push([buffer.byteLength, length]);
    },
  });
  await send('first', 'x'.repeat(100), 'x'.repeat(900));
  await pause(60);
  expect(sizes.slice(1)).toEqual([
    [100, 100],
    [900, 900],
  ]);
});

it('who asks has what lies there at once', async () => {
  const { together, send, flat } = await reading();
  await send('a');
  await pause(5);
  await send('b', 'c');
  together.read();
  expect(flat()).toEqual(['a', 'b', 'c']);
});

it('in a hurry each one wakes the process', async () => {
  const { together, send, taken } = await reading();
  await send('a');
  await pause(5);
  together.hurry(true);
  await send('b');
  await pause(5);
  await send('c');
  await pause(5);
  expect(taken).toEqual([['a'], ['b'], ['c']]);
  together.hurry(false);
  await send('d');
  await pause(60);
  expect(taken.at(-1)).toEqual(['d']);
});

it('a sender who never ends keeps nobody who asks waiting', async () => {
  const endless = openSync('/dev/zero', 'r');
  const handle: SocketHandle = { fd: endless, recvStart: () => 0, recvStop: () => 0 };
  let [most, times] = [0, 0];
  const together = new Together({
    handle,
    bufferBytes: BUFFER,
    take: (datagrams) => {
      most = Math.max(most, datagrams.length);
      times += 1;
    },
    broken: () => undefined,
  });
  together.woken(Buffer.from('first'));
  together.read();
  expect([times, most]).toEqual([1, 512]);
  // The event loop has its turns too.
  await pause(100);
  together.close();
  closeSync(endless);
  expect(times).toBeGreaterThan(1);
});

it('with a small buffer it is read more often', async () => {
  const { send, flat } = await reading({ bufferBytes: 64 * 1024 });
  await send('a');
  await pause(5);
  await send('b');
  await pause(8);
  expect(flat()).toEqual(['a', 'b']);
});

it('a broken socket is told once, and read no more', async () => {
  const faults: Error[] = [];
  const handle: SocketHandle = { fd: 1_000_000, recvStart: () => 0, recvStop: () => 0 };
  const together = new Together({
    handle,
    bufferBytes: BUFFER,
    take: () => undefined,
    broken: (error) => faults.push(error),
  });
  together.woken(Buffer.from('first'));
  await pause(60);
  together.read();
  expect(faults).toEqual([expect.objectContaining({ code: 'EBADF' })]);
});

it('nothing is read once it is closed: its number may be another file’s', async () => {
  const { together, send, taken } = await reading();
  await send('a');
  await pause(5);
  together.close();
  await send('b');
  together.read();
  await pause(40);
  expect(taken).toEqual([]);
});

it('leaves traces of other errors as long as they were', async () => {
  const { together, send } = await reading();
  const before = Error.stackTraceLimit;
  await send('a');
  await pause(5);
  together.read();
  expect(Error.stackTraceLimit).toBe(before);
});

describe('the mirror', () => {
  const mirror = createMirror({
    hep: { host: '127.0.0.1', port: 0 },
    counted: () => undefined,
    unheard: () => undefined,
    broken: (error) => {
      throw error;
    },
  });
  let port: number;
  beforeAll(async () => {
    port = await mirror.start();
    mirror.sentFrom('pbx', [PBX]);
  });
  afterAll(() => mirror.stop());

  it('tells what was there before somebody asked, though nobody has read it yet', async () => {
    await sendTo(port, encoded(packet(request('INVITE'))));
    await pause(5);
    const socket = createSocket('udp4');
    sockets.push(socket);
    socket.connect(port, '127.0.0.1');
    await once(socket, 'connect');
    // Connected, it sends without a turn of the event loop, in which it would be read.
    socket.send(encoded(packet(response('503 Service Unavailable'))));
    expect(mirror.leg('leg-b')).toMatchObject({ kind: 'failed', evidence: { sip: 503 } });
  });
});
