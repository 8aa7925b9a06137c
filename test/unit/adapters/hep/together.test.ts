import { createSocket, type Socket } from 'node:dgram';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { createMirror } from '../../../../adapters/hep/mirror';
import { handleOf, type SocketHandle } from '../../../../adapters/hep/socket-handle';
import { Together, type TogetherParts } from '../../../../adapters/hep/together';
import { encoded, packet, PBX, request, response } from '../../../doubles/sip';

const BUFFER = 8 * 1024 * 1024;

/** The reader's timers run by hand, as a busy machine runs them late; the pauses of this test do not. */
const NOT_FAKED = [
  ...(['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask'] as const),
  ...(['setImmediate', 'clearImmediate', 'setInterval', 'clearInterval'] as const),
];
const inTime = (ms: number): void => void jest.advanceTimersByTime(ms);

const sockets: Socket[] = [];
const readers: Together[] = [];
beforeEach(() => jest.useFakeTimers({ doNotFake: NOT_FAKED }));
afterEach(() => {
  jest.useRealTimers();
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
  /** Sends them; the event loop has read one more. */
  const wake = async (...texts: string[]): Promise<void> => {
    const before = woken;
    await send(...texts);
    while (woken === before) await pause(1);
  };
  return { together, taken, send, wake, woken: () => woken, flat: () => taken.flat() };
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
  const { send, wake, taken, woken, flat } = await reading();
  await wake('0');
  await send(...numbers(100).slice(1));
  inTime(60);
  expect(flat()).toEqual(numbers(100));
  expect(woken()).toBe(1);
  expect(taken.length).toBeLessThanOrEqual(10);
});

it('after a quiet time the next one wakes the process again', async () => {
  const { wake, flat } = await reading();
  for (const text of ['a', 'b']) {
    await wake(text);
    inTime(80);
  }
  expect(flat()).toEqual(['a', 'b']);
});

it('an empty datagram is one, and one as large as it can be is whole', async () => {
  const { wake, flat } = await reading();
  const large = 'x'.repeat(65_507);
  await wake('first', '', large, 'last');
  inTime(60);
  expect(flat()).toEqual(['first', '', large, 'last']);
});

it('what is kept of one keeps no other: each has memory of its own', async () => {
  const sizes: number[][] = [];
  const { wake } = await reading({
    take: (datagrams) => {
      for (const { buffer, length } of datagrams) sizes.push([buffer.byteLength, length]);
    },
  });
  await wake('first', 'x'.repeat(100), 'x'.repeat(900));
  inTime(60);
  expect(sizes.slice(1)).toEqual([
    [100, 100],
    [900, 900],
  ]);
});

it('who asks has what lies there at once', async () => {
  const { together, send, wake, flat } = await reading();
  await wake('a');
  await send('b', 'c');
  together.read();
  expect(flat()).toEqual(['a', 'b', 'c']);
});

it('in a hurry each one wakes the process', async () => {
  const { together, wake, taken } = await reading();
  await wake('a');
  together.hurry(true);
  await wake('b');
  await wake('c');
  expect(taken).toEqual([['a'], ['b'], ['c']]);
  together.hurry(false);
  await wake('d');
  inTime(60);
  expect(taken.at(-1)).toEqual(['d']);
});

it('a sender who never ends keeps nobody who asks waiting', () => {
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
  inTime(100);
  together.close();
  closeSync(endless);
  expect(times).toBeGreaterThan(1);
});

it('with a small buffer it is read more often', async () => {
  const { send, wake, flat } = await reading({ bufferBytes: 64 * 1024 });
  await wake('a');
  await send('b');
  inTime(8);
  expect(flat()).toEqual(['a', 'b']);
});

it('a broken socket is told once, and read no more', () => {
  const faults: Error[] = [];
  const handle: SocketHandle = { fd: 1_000_000, recvStart: () => 0, recvStop: () => 0 };
  const together = new Together({
    handle,
    bufferBytes: BUFFER,
    take: () => undefined,
    broken: (error) => faults.push(error),
  });
  together.woken(Buffer.from('first'));
  inTime(60);
  together.read();
  expect(faults).toEqual([expect.objectContaining({ code: 'EBADF' })]);
});

it('nothing is read once it is closed: its number may be another file’s', async () => {
  const { together, send, wake, taken } = await reading();
  await wake('a');
  together.close();
  await send('b');
  together.read();
  inTime(40);
  expect(taken).toEqual([]);
});

it('leaves traces of other errors as long as they were', async () => {
  const { together, wake } = await reading();
  const before = Error.stackTraceLimit;
  await wake('a');
  together.read();
  expect(Error.stackTraceLimit).toBe(before);
});

describe('the mirror', () => {
  beforeEach(() => jest.useRealTimers());
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
