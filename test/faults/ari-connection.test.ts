import http from 'node:http';
import net from 'node:net';
import { AriConnection, WANTED_EVENTS } from '../../adapters/asterisk/ari/connection';
import { AriRest } from '../../adapters/asterisk/ari/rest';
import { AriServer, PASSWORD, USER } from '../doubles/ari-server';
import { recordedEvents, recordedScenarios } from '../doubles/captures';
import { pause, until } from '../doubles/until';

/** Where the time-out itself is tested. */
const SHORT_TIMEOUT_MS = 400;
/** Elsewhere: a busy machine takes its time. */
const TIMEOUT_MS = 10_000;
const RETRY_MS = 10;
/** Enough for many more tries. */
const QUIET_MS = 150;
/**
 * To make one connection: version, whether the application is free, two looks at the index of 11 API
 * descriptions, event filter, subscription.
 */
const REQUESTS = 17;

jest.setTimeout(30_000);

interface Watched {
  readonly connection: AriConnection;
  readonly rest: AriRest;
  readonly events: unknown[];
  readonly dropped: string[];
  /** Versions of Asterisk, one for each connection that was taken into use. */
  readonly connected: string[];
  readonly reasons: string[];
}

let server: AriServer;
const watched: Watched[] = [];

function watch(
  options: {
    url?: string;
    password?: string;
    timeoutMs?: number;
    onConnected?: () => Promise<void>;
    takeOver?: boolean;
  } = {},
): Watched {
  const settings = {
    url: options.url ?? server.url,
    user: USER,
    password: options.password ?? PASSWORD,
    application: 'crankback',
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    ...(options.takeOver !== undefined && { takeOver: options.takeOver }),
  };
  let session = '';
  const rest = new AriRest(settings);
  const events: unknown[] = [];
  const dropped: string[] = [];
  const connected: string[] = [];
  const reasons: string[] = [];
  const connection = new AriConnection(
    settings,
    rest,
    {
      event: (event) => events.push(event),
      dropped: (reason) => dropped.push(reason),
      session: () => session,
      policy: () => ({ trunks: new Map() }),
      connected: async (version) => {
        await options.onConnected?.();
        session = String(Math.random());
        await rest.setGlobal('CRANKBACK_SESSION', session);
        connected.push(version);
      },
      usable: () => undefined,
      disconnected: (why) => reasons.push(why),
    },
    () => RETRY_MS,
  );
  const all = { connection, rest, events, dropped, connected, reasons };
  watched.push(all);
  connection.start();
  return all;
}

async function stop({ connection, rest }: Watched): Promise<void> {
  await connection.stop();
  rest.close();
}

/** Types of all handles that keep this process alive. */
function handles(): string[] {
  const ours = /TCP|Timeout|Connect|GetAddrInfo|Immediate/;
  return process.getActiveResourcesInfo().filter((type) => ours.test(type));
}

/** What keeps this process alive and did not before. */
function excess(before: readonly string[]): string[] {
  const known = [...before];
  return handles().filter((type) => {
    const at = known.indexOf(type);
    if (at >= 0) known.splice(at, 1);
    return at < 0;
  });
}

const uncaught: unknown[] = [];
const note = (error: unknown) => uncaught.push(error);

// The first connection of a process compiles ari-client and its descriptions: on a busy machine that
// alone can take longer than the time-out that is tested here.
beforeAll(async () => {
  server = await AriServer.start();
  const { connected } = watch();
  await until(() => connected.length > 0);
  await Promise.all(watched.splice(0).map(stop));
  await server.stop();
});

beforeEach(async () => {
  server = await AriServer.start();
  process.on('uncaughtException', note);
  process.on('unhandledRejection', note);
});

afterEach(async () => {
  await Promise.all(watched.splice(0).map(stop));
  await server.stop();
  process.off('uncaughtException', note);
  process.off('unhandledRejection', note);
  expect(uncaught.splice(0)).toEqual([]);
});

describe('a connection', () => {
  it('is made by ari-client, filters events at Asterisk and knows its version', async () => {
    const { connected, reasons } = watch();
    await until(() => connected.length > 0);
    expect(connected).toEqual(['22.10.1']);
    expect(reasons).toEqual([]);
    const made = server.requests.map(({ method, path }) => `${method} ${path}`);
    // ari-client looks once without a password.
    const docs = ['GET /api-docs/resources.json', 'GET /api-docs/resources.json'];
    const free = 'GET /applications/crankback-here';
    expect(made.slice(0, 4)).toEqual(['GET /asterisk/info', free, ...docs]);
    expect(made[REQUESTS - 2]).toBe('PUT /applications/crankback/eventFilter');
    expect(made[REQUESTS - 1]).toBe('POST /applications/crankback/subscription');
    expect(made[REQUESTS]).toBe('POST /asterisk/variable');
    expect(JSON.parse(server.requests[REQUESTS - 2]?.body ?? '')).toEqual({
      allowed: WANTED_EVENTS.map((type) => ({ type })),
    });
  });

  it('subscribes to channels and to nothing else: Asterisk may block for ever when it ends a subscription to device states', async () => {
    const { connected } = watch();
    await until(() => connected.length > 0);
    expect(server.requests[REQUESTS - 1]?.query).toEqual({ eventSource: 'channel:' });
    expect(server.upgrades.map((query) => query.get('subscribeAll'))).toEqual([null]);
    expect(server.upgrades.map((query) => query.get('app'))).toEqual(['crankback,crankback-here']);
  });

  it('brings every recorded event unchanged and in order, but those that nobody uses', async () => {
    const { connected, events, dropped } = watch();
    await until(() => connected.length > 0);
    const recorded = recordedScenarios.flatMap((scenario) => [...recordedEvents(scenario)]);
    const useful = recorded.filter(
      ({ type, soft, channel }) =>
        !(type === 'ChannelHangupRequest' && soft === true) &&
        !(type === 'ChannelStateChange' && channel?.state !== 'Ringing'),
    );
    for (const event of recorded) server.send(event);
    await until(() => events.length + dropped.length >= useful.length);
    expect(dropped).toEqual([]);
    expect(events).toEqual(useful);
    expect(useful.length).toBeGreaterThan(200);
    expect(recorded.length).toBeGreaterThan(useful.length);
  });
});

describe('a message that cannot be used', () => {
  const good = recordedEvents('503')[0] ?? { type: 'none' };

  it.each<[string, object | string | Buffer, string]>([
    ['an event without a type', { channel: { id: '1' } }, 'unusable-event'],
    ['an event with a type of another kind', { type: { a: 1 } }, 'unusable-event'],
    ['an event that is a list', '[]', 'unusable-event'],
    ['an event that is null', 'null', 'unusable-event'],
    ['an event that is a number', '7', 'unusable-event'],
    ['an empty message', '', 'bad-json'],
    ['half of an event', '{"type":"Dial","peer":{"id":', 'bad-json'],
    ['no JSON', 'HTTP/1.1 500', 'bad-json'],
    ['a binary frame', Buffer.from([0, 255, 128, 1]), 'bad-json'],
    ['an empty binary frame', Buffer.alloc(0), 'bad-json'],
  ])('%s is counted, and the next event still arrives', async (_, message, reason) => {
    const { connected, events, dropped, reasons } = watch();
    await until(() => connected.length > 0);
    server.send(message);
    server.send(good);
    await until(() => events.length > 0);
    expect(events).toEqual([good]);
    expect(dropped).toEqual([reason]);
    expect(reasons).toEqual([]);
    expect(server.accepted).toBe(1);
  });

  it.each(['ChannelTeleported', 'constructor', '__proto__'])(
    'because nobody knows its type, %s, is passed on like any other',
    async (type) => {
      const { connected, events, dropped } = watch();
      await until(() => connected.length > 0);
      server.send({ type, channel: { id: '1' } });
      server.send(good);
      await until(() => events.length > 1);
      expect(events).toEqual([{ type, channel: { id: '1' } }, good]);
      expect(dropped).toEqual([]);
    },
  );

  it('because it is longer than any event ends the connection, which comes back', async () => {
    const { connected, events, reasons } = watch();
    await until(() => connected.length > 0);
    server.send({ type: 'ChannelUserevent', eventname: 'x'.repeat(1_000_000) });
    await until(() => events.length > 0);
    server.send({ type: 'ChannelUserevent', eventname: 'x'.repeat(1_100_000) });
    await until(() => connected.length > 1);
    expect(reasons).toEqual(['Max payload size exceeded [CB3010]']);
    expect(events).toHaveLength(1);
  });

  it('comes a thousand times and changes nothing', async () => {
    const { connected, events, dropped } = watch();
    await until(() => connected.length > 0);
    for (let index = 0; index < 1000; index++) server.send(`{"type":"Odd${index}`);
    server.send(good);
    await until(() => events.length > 0);
    expect(dropped).toHaveLength(1000);
    expect(server.accepted).toBe(1);
  });
});

describe('a wrong password', () => {
  it('is named with its variable, and tried again until it is right', async () => {
    server.behaviour.password = 'another';
    const { reasons, connected } = watch();
    await until(() => reasons.length >= 3);
    expect(new Set(reasons)).toEqual(
      new Set([expect.stringMatching(/CRANKBACK_ARI_PASSWORD.*refused user "crankback"/)]),
    );
    expect(reasons.join()).not.toContain(PASSWORD);
    server.behaviour.password = PASSWORD;
    await until(() => connected.length > 0);
  });

  it('that only the WebSocket refuses is tried again as well', async () => {
    server.behaviour.upgrade = 'refuse';
    const { reasons, connected } = watch();
    await until(() => reasons.length >= 2);
    expect(reasons[0]).toMatch(/401/);
    server.behaviour.upgrade = 'accept';
    await until(() => connected.length > 0);
  });
});

describe('a server without ARI', () => {
  it('is named with its variable', async () => {
    server.behaviour.rest = { status: 404, body: 'Not Found' };
    const { reasons } = watch();
    await until(() => reasons.length > 0);
    expect(reasons[0]).toMatch(/^CRANKBACK_ARI_URL: there is a web server, but no ARI/);
  });

  it('that answers everything with a page of its own is named with its variable', async () => {
    server.behaviour.rest = { status: 200, body: '<html></html>' };
    server.behaviour.apiDocs = { status: 200, body: '<html></html>' };
    const { reasons } = watch();
    await until(() => reasons.length > 0);
    expect(reasons[0]).toMatch(/not ARI's: check CRANKBACK_ARI_URL/);
  });
});

describe('a black hole', () => {
  it.each<[string, (server: AriServer) => void, RegExp]>([
    [
      'that takes connections and answers nothing',
      ({ behaviour }) => (behaviour.rest = 'hang'),
      /no answer within 400 ms/,
    ],
    [
      'behind the first answer',
      ({ behaviour }) => (behaviour.apiDocs = 'hang'),
      /connecting to ARI: no answer within 400 ms/,
    ],
    [
      'in place of the WebSocket',
      ({ behaviour }) => (behaviour.upgrade = 'hang'),
      /connecting to ARI: no answer within 400 ms/,
    ],
  ])('%s is given up in time and tried again', async (_, break_, why) => {
    break_(server);
    const { reasons, connected } = watch({ timeoutMs: SHORT_TIMEOUT_MS });
    await until(() => reasons.length >= 2);
    expect(reasons[0]).toMatch(why);
    expect(reasons[1]).toMatch(why);
    Object.assign(server.behaviour, { rest: 'answer', apiDocs: 'answer', upgrade: 'accept' });
    await until(() => connected.length > 0);
    expect(server.webSocketCount).toBe(1);
  });

  it('that opened late is closed again: two sockets would replace each other', async () => {
    server.behaviour.apiDocs = 'hang';
    const { reasons, connected } = watch({ timeoutMs: SHORT_TIMEOUT_MS });
    await until(() => reasons.length > 0);
    server.behaviour.apiDocs = 'answer';
    await until(() => connected.length > 0);
    await pause(SHORT_TIMEOUT_MS);
    expect([server.accepted, server.webSocketCount]).toEqual([1, 1]);
  });

  it('behind an open WebSocket is noticed by its missing pongs', async () => {
    const { reasons, connected } = watch({ timeoutMs: SHORT_TIMEOUT_MS });
    await until(() => connected.length > 0);
    server.behaviour.pongs = false;
    await until(() => reasons.length > 0);
    expect(reasons).toEqual(['Asterisk has left 3 pings unanswered [CB3010]']);
    server.behaviour.pongs = true;
    await until(() => connected.length > 1);
    await pause(SHORT_TIMEOUT_MS * 2);
    expect(reasons).toHaveLength(1);
  });
});

describe('broken API descriptions', () => {
  // ari-client throws each of these where nobody can catch it.
  it.each<[string, AriServer['behaviour']['apiDocs']]>([
    ['an error', { status: 500, body: { message: 'Internal Server Error' } }],
    ['nothing', { status: 404, body: { message: 'Resource not found' } }],
    ['a refusal', { status: 401, body: { message: 'Authentication required' } }],
    ['a broken connection', 'reset'],
    ['half of them', 'half'],
    ['no JSON', { status: 200, body: 'no JSON' }],
    ['a page', { status: 200, body: '<html></html>' }],
    ['JSON of another kind', { status: 200, body: '[]' }],
    ['null', { status: 200, body: 'null' }],
    ['nothing at all', { status: 200, body: '' }],
  ])('(%s) are survived and tried again', async (_, apiDocs) => {
    server.behaviour.apiDocs = apiDocs;
    const { reasons, connected } = watch();
    await until(() => reasons.length >= 2);
    expect(connected).toEqual([]);
    server.behaviour.apiDocs = 'answer';
    await until(() => connected.length > 0);
  });
});

describe('a connection that is lost', () => {
  it.each<[string, () => void]>([
    ['closed by Asterisk', () => server.closeWebSockets()],
    ['broken without a word', () => server.reset()],
  ])('%s comes back more than ten times, without a leak', async (_, lose) => {
    const setting = jest.spyOn(global, 'setInterval');
    const clearing = jest.spyOn(global, 'clearInterval');
    // Nothing here is about time: a slow machine must not end a connection.
    const { connected, events, reasons } = watch();
    await until(() => connected.length > 0);
    const listeners = process.eventNames().map((name) => process.listenerCount(name as 'exit'));
    const before = { handles: handles().length, connections: server.connections };
    for (let round = 1; round <= 30; round++) {
      lose();
      await until(() => connected.length > round);
    }
    expect(reasons).toHaveLength(30);
    expect(server.accepted).toBe(31);
    expect(server.webSocketCount).toBe(1);
    expect(server.connections).toBeLessThanOrEqual(before.connections + 2);
    expect(handles().length).toBeLessThanOrEqual(before.handles + 4);
    expect(process.eventNames().map((name) => process.listenerCount(name as 'exit'))).toEqual(
      listeners,
    );
    const intervals = setting.mock.results.map(({ value }) => value as unknown);
    const cleared = new Set(clearing.mock.calls.map(([timer]) => timer as unknown));
    expect(intervals.length).toBeGreaterThanOrEqual(31);
    expect(intervals.filter((timer) => !cleared.has(timer))).toHaveLength(1);
    server.send(recordedEvents('503')[0] ?? {});
    await until(() => events.length > 0);
    expect(events).toHaveLength(1);
    setting.mockRestore();
    clearing.mockRestore();
  });

  it('comes back when Asterisk was away for a while', async () => {
    const { connected, reasons } = watch();
    await until(() => connected.length > 0);
    await server.stop();
    await until(() => reasons.length >= 5);
    expect(reasons.at(-1)).toMatch(/ECONNREFUSED/);
    await server.listen();
    await until(() => connected.length > 1);
  });

  it('comes back when it broke before it was in use', async () => {
    let attempts = 0;
    const { connected, reasons } = watch({
      onConnected: () => {
        attempts += 1;
        return attempts < 3 ? Promise.reject(new Error('GET /channels: odd')) : Promise.resolve();
      },
    });
    await until(() => connected.length > 0);
    expect(reasons).toEqual(['GET /channels: odd [CB3010]', 'GET /channels: odd [CB3010]']);
    expect(server.webSocketCount).toBe(1);
  });

  it('is reported once for each loss, while it is brought into use as well', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { reasons, connected } = watch({ onConnected: () => held });
    await until(() => server.webSocketCount > 0 && server.requests.length >= REQUESTS);
    server.closeWebSockets();
    await until(() => reasons.length > 0);
    release();
    await until(() => server.accepted > 1 && connected.length > 1);
    expect(reasons).toHaveLength(1);
  });
});

describe('another instance with our application', () => {
  const replaced = { type: 'ApplicationReplaced', application: 'crankback' };

  const taken = /another instance has the Stasis application "crankback"/;
  const looks = () =>
    server.requests.filter(({ path }) => path === '/applications/crankback-here').length;

  it('wins: we say so, do not fight back, and are back when the application is free', async () => {
    const { connected, reasons } = watch();
    await until(() => connected.length > 0);
    server.behaviour.taken = true;
    server.send(replaced);
    await until(() => looks() >= 3);
    expect(reasons).toEqual(reasons.map((): unknown => expect.stringMatching(taken)));
    expect(server.accepted).toBe(1);
    server.behaviour.taken = false;
    await until(() => connected.length > 1);
    expect(server.accepted).toBe(2);
  });

  it('that has taken over while we were away keeps it', async () => {
    const { connected, reasons } = watch();
    await until(() => connected.length > 0);
    server.behaviour.taken = true;
    server.globals.set('CRANKBACK_SESSION', 'of another');
    server.closeWebSockets();
    await until(() => reasons.some((why) => taken.test(why)));
    await pause(QUIET_MS);
    expect(server.accepted).toBe(1);
  });

  it('that has it before we come keeps it, unless we are told to take over', async () => {
    server.behaviour.taken = true;
    const polite = watch();
    await until(() => polite.reasons.length > 0);
    expect(polite.reasons[0]).toMatch(taken);
    expect(server.accepted).toBe(0);
    const { connected } = watch({ takeOver: true });
    await until(() => connected.length > 0);
    expect(server.accepted).toBe(1);
  });

  it('is ourselves where Asterisk has not noticed that our connection is gone', async () => {
    const { connected } = watch();
    await until(() => connected.length > 0);
    server.behaviour.taken = true;
    server.reset();
    await until(() => connected.length > 1);
  });
});

describe('stopping', () => {
  /** Everything that was opened is closed again, ours and the server's half. */
  async function expectNothingLeft(before: string[]): Promise<void> {
    // ari-client's first look leaves an idle connection, which keeps no process alive.
    http.globalAgent.destroy();
    await until(() => server.connections === 0);
    const made = server.requests.length;
    await pause(QUIET_MS);
    expect(server.requests).toHaveLength(made);
    expect(server.connections).toBe(0);
    // One is the timer of this very wait.
    await until(() => excess(before).filter((type) => type !== 'Immediate').length <= 1);
  }

  it('leaves nothing behind', async () => {
    const before = handles();
    const all = watch();
    await until(() => all.connected.length > 0);
    await stop(all);
    await expectNothingLeft(before);
    expect(all.reasons).toEqual([]);
  });

  it('at once leaves nothing behind', async () => {
    const before = handles();
    const all = watch();
    await stop(all);
    await expectNothingLeft(before);
    expect([all.connected, all.reasons]).toEqual([[], []]);
  });

  // After each of the requests that make a connection, and while its WebSocket opens.
  it.each([1, 2, 3, 4, 14, REQUESTS])(
    'after request %i of connecting leaves nothing behind',
    async (count) => {
      const before = handles();
      const all = watch();
      await until(() => server.requests.length >= count);
      await stop(all);
      await expectNothingLeft(before);
      expect(server.webSocketCount).toBe(0);
    },
  );

  it.each<[string, Partial<AriServer['behaviour']>]>([
    ['the first answer', { rest: 'hang' }],
    ['the WebSocket', { upgrade: 'hang' }],
  ])('while waiting for %s leaves nothing behind', async (_, behaviour) => {
    Object.assign(server.behaviour, behaviour);
    const before = handles();
    const all = watch();
    await pause(100);
    expect(server.connections).toBeGreaterThan(0);
    await stop(all);
    await expectNothingLeft(before);
  });

  it('while waiting for the next try leaves nothing behind', async () => {
    server.behaviour.password = 'another';
    const before = handles();
    const all = watch();
    await until(() => all.reasons.length > 0);
    await stop(all);
    const tried = server.requests.length;
    await expectNothingLeft(before);
    expect(server.requests).toHaveLength(tried);
  });

  it('ends in time when Asterisk does not close its half', async () => {
    const before = handles();
    const all = watch();
    await until(() => all.connected.length > 0);
    server.freeze();
    const started = Date.now();
    await stop(all);
    expect(Date.now() - started).toBeLessThan(3000);
    server.thaw();
    await expectNothingLeft(before);
  });

  it('ends when the connection breaks at the same moment', async () => {
    const all = watch();
    await until(() => all.connected.length > 0);
    const stopped = stop(all);
    server.reset();
    await stopped;
  });
});

describe('a name that does not resolve', () => {
  it('is a reason, and tried again', async () => {
    const { reasons } = watch({ url: 'http://no-such-host.invalid:8088' });
    await until(() => reasons.length > 0);
    expect(reasons[0]).toMatch(/^GET \/asterisk\/info: /);
  });
});

describe('a server that speaks something else', () => {
  it('is a reason, and tried again', async () => {
    const other = net.createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('SSH-2.0-OpenSSH_9.2\r\n'),
    );
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as net.AddressInfo;
    const { reasons } = watch({ url: `http://127.0.0.1:${port}` });
    await until(() => reasons.length >= 2);
    expect(reasons[0]).toMatch(/^GET \/asterisk\/info: /);
    await new Promise((resolve) => other.close(resolve));
  });
});

it('stops also where what runs on each connection fails at that very moment', async () => {
  let fail: (() => void) | undefined;
  const onConnected = () =>
    new Promise<void>((_, reject) => (fail = () => reject(new Error('too late'))));
  const one = watch({ onConnected });
  await until(() => fail !== undefined);
  const stopped = stop(one);
  fail?.();
  await stopped;
  expect(one.reasons).toEqual([]);
});
