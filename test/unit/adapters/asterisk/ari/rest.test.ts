import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { AriError } from '../../../../../adapters/asterisk/ari/http';
import { AriRest } from '../../../../../adapters/asterisk/ari/rest';

const TIMEOUT_MS = 1_000;

interface Seen {
  readonly line: string;
  readonly socket: Socket;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}
type Answer = (response: http.ServerResponse, request: http.IncomingMessage) => void;

let server: http.Server;
let rest: AriRest;
let seen: Seen[];
let sockets: Set<Socket>;
let answer: Answer;

/** Answers with a status and, where given, a body. */
function says(status: number, body: unknown = ''): Answer {
  return (response) => {
    response.statusCode = status;
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

beforeEach(async () => {
  seen = [];
  sockets = new Set();
  answer = says(204);
  server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      seen.push({
        line: `${request.method} ${request.url}`,
        socket: request.socket,
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      answer(response, request);
    });
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  rest = client(TIMEOUT_MS);
});

function client(timeoutMs: number): AriRest {
  return new AriRest({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    user: 'crankback',
    password: 'päss:wörd',
    timeoutMs,
  });
}

/** For answers that take a busy machine some time. */
function givenTime(): void {
  rest.close();
  rest = client(20_000);
}

afterEach(async () => {
  rest.close();
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

/** How a request failed; a request that succeeds fails the test. */
async function failureOf(work: Promise<unknown>): Promise<AriError> {
  const outcome = await work.then(
    () => 'succeeded',
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(AriError);
  return outcome as AriError;
}

describe('a command', () => {
  it.each<[string, () => Promise<unknown>, string, string]>([
    [
      'to dial',
      () => rest.continueInDialplan('1795239432.7', 'crankback-dial', 'carrier-a'),
      'POST /ari/channels/1795239432.7/continue?context=crankback-dial&extension=carrier-a&priority=1',
      '',
    ],
    [
      'to leave a message',
      () => rest.continueInDialplan('1', 'crankback-voicemail', 'b-1001@default'),
      'POST /ari/channels/1/continue?context=crankback-voicemail&extension=b-1001%40default&priority=1',
      '',
    ],
    ['to fall back', () => rest.leaveStasis('1'), 'POST /ari/channels/1/continue', ''],
    ['to hang up', () => rest.hangup('1', 38), 'DELETE /ari/channels/1?reason_code=38', ''],
    [
      'to set a variable',
      () => rest.setGlobal('CRANKBACK_DIAL_a', 'PJSIP/${CB_NUMBER}@a&b'),
      'POST /ari/asterisk/variable?variable=CRANKBACK_DIAL_a&value=PJSIP%2F%24%7BCB_NUMBER%7D%40a%26b',
      '',
    ],
    [
      'to set several variables of a call',
      () =>
        rest.setVariables('1', [
          ['A', 'PJSIP/${CB_TO}@a'],
          ['B', String.raw`x,"y"\(z`],
        ]),
      `POST /ari/channels/1/variable?${String(
        new URLSearchParams({
          variable: 'ARRAY(A,B)',
          value: String.raw`PJSIP/${'${CB_TO}'}@a,x\,\"y\"\\\(z`,
        }),
      )}`,
      '',
    ],
    [
      'to set a variable whose value is too long for a line',
      () => rest.setGlobal('CRANKBACK_FIRST_0', '0'.repeat(1_000)),
      'POST /ari/asterisk/variable',
      JSON.stringify({ variable: 'CRANKBACK_FIRST_0', value: '0'.repeat(1_000) }),
    ],
    [
      'to filter events',
      () => rest.allowEvents('crankback', ['Dial']),
      'PUT /ari/applications/crankback/eventFilter',
      '{"allowed":[{"type":"Dial"}]}',
    ],
    [
      'to follow all channels',
      () => rest.followChannels('crankback'),
      'POST /ari/applications/crankback/subscription?eventSource=channel%3A',
      '',
    ],
  ])('%s is one request', async (_, command, line, body) => {
    await command();
    expect(seen.map((request) => [request.line, request.body])).toEqual([[line, body]]);
  });

  it('about a channel with a hostile id stays with that channel', async () => {
    await rest.leaveStasis('../asterisk?x=1#/');
    expect(seen[0]?.line).toBe('POST /ari/channels/..%2Fasterisk%3Fx%3D1%23%2F/continue');
  });

  it('carries user and password, also those that are no ASCII', async () => {
    await rest.leaveStasis('1');
    const [scheme, token] = seen[0]?.headers.authorization?.split(' ') ?? [];
    expect(scheme).toBe('Basic');
    expect(Buffer.from(token ?? '', 'base64').toString('utf8')).toBe('crankback:päss:wörd');
  });
});

describe('connections', () => {
  it('are kept: twenty requests in a row use two at most', async () => {
    for (let index = 0; index < 20; index++) await rest.leaveStasis('1');
    expect(seen).toHaveLength(20);
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  it('are at most 16, and requests beyond wait for one', async () => {
    givenTime();
    await Promise.all(Array.from({ length: 100 }, () => rest.leaveStasis('1')));
    expect(seen).toHaveLength(100);
    expect(sockets.size).toBeLessThanOrEqual(16);
  });

  it('that Asterisk has closed meanwhile cost no command', async () => {
    await rest.leaveStasis('1');
    answer = (response, request) => {
      if (request.socket === seen[0]?.socket) request.socket.destroy();
      else says(204)(response, request);
    };
    await rest.leaveStasis('2');
    expect(sockets.size).toBe(2);
  });

  it('that Asterisk closes for each command again do not make us try for ever', async () => {
    answer = (_, request) => request.socket.destroy();
    const error = await failureOf(rest.leaveStasis('1'));
    expect(error.status).toBeUndefined();
    expect(seen).toHaveLength(2);
  });
});

describe('an Asterisk that refuses', () => {
  it.each([
    [400, { message: 'Missing context' }, 'Missing context'],
    [401, { message: 'Authentication required' }, 'Authentication required'],
    [404, { message: 'Channel not found' }, 'Channel not found'],
    [409, { message: 'Channel not in Stasis application' }, 'Channel not in Stasis application'],
    [412, { message: 'Channel in invalid state' }, 'Channel in invalid state'],
    [500, { message: 'Allocation failed' }, 'Allocation failed'],
    [503, '<html>busy</html>', undefined],
    [302, '', undefined],
    [500, { message: 42 }, undefined],
    [500, 'null', undefined],
  ])('with %i %j is an error with status, command and message', async (status, body, message) => {
    answer = says(status, body);
    const error = await failureOf(rest.continueInDialplan('1', 'crankback-dial', 'carrier-a'));
    expect(error.status).toBe(status);
    const why = message === undefined ? '' : ` (${message})`;
    expect(error.message).toBe(`POST /channels/1/continue: Asterisk answered ${status}${why}`);
  });
});

describe('an Asterisk that does not answer', () => {
  const patience = TIMEOUT_MS * 10;

  it.each<[string, Answer]>([
    ['at all', () => undefined],
    ['more than a header', (response) => response.writeHead(200).flushHeaders()],
    [
      'more than half a body',
      (response) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{"system":');
      },
    ],
  ])(
    '%s within the time is an error that says so, and the next request is served',
    async (_, hangs) => {
      answer = hangs;
      const error = await failureOf(rest.version());
      expect(error.status).toBeUndefined();
      expect(error.message).toBe(`GET /asterisk/info: no answer within ${TIMEOUT_MS} ms`);
      answer = says(200, { system: { version: '22.10.1' } });
      await expect(rest.version()).resolves.toBe('22.10.1');
    },
    patience,
  );

  it.each<[string, Answer]>([
    ['before its answer', (_, request) => request.socket.resetAndDestroy()],
    [
      'in the middle of its answer',
      (response, request) => {
        response.writeHead(200, { 'content-length': 100 });
        response.write('{"system":', () => request.socket.destroy());
      },
    ],
    ['after nonsense', (_, request) => request.socket.end('no HTTP at all\r\n\r\n')],
  ])(
    'because the connection broke %s is an error',
    async (_, breaks) => {
      answer = breaks;
      const error = await failureOf(rest.version());
      expect(error.status).toBeUndefined();
      expect(error.message).toMatch(/^GET \/asterisk\/info: ./);
      expect(error.cause).toHaveProperty('message');
    },
    patience,
  );

  it('because nothing listens is an error', async () => {
    await new Promise((resolve) => server.close(resolve));
    const error = await failureOf(rest.version());
    expect(error.message).toMatch(/ECONNREFUSED/);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  it('leaves no request open when we close', async () => {
    answer = () => undefined;
    const errors = Promise.all([rest.version(), rest.channels()].map(failureOf));
    while (seen.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    rest.close();
    await expect(errors).resolves.toHaveLength(2);
  });
});

describe('the version', () => {
  it('is what Asterisk says', async () => {
    answer = says(200, { system: { version: '22.10.1+dfsg' } });
    await expect(rest.version()).resolves.toBe('22.10.1+dfsg');
    expect(seen[0]?.line).toBe('GET /ari/asterisk/info?only=system');
  });

  it.each(['', 'no JSON', '<html></html>', 'null', '[]', '{}', '{"system":null}', '{"system":{}}'])(
    'of a server that answers %j is an error: that is no ARI',
    async (body) => {
      answer = says(200, body);
      const error = await failureOf(rest.version());
      expect(error.message).toMatch(/^GET \/asterisk\/info: .*not ARI's: check CRANKBACK_ARI_URL$/);
    },
  );
});

describe('the channels', () => {
  it('are read as far as they are needed', async () => {
    const channel = { id: '1.1', name: 'PJSIP/a-00000001', state: 'Up' };
    answer = says(200, [{ ...channel, caller: {}, dialplan: { context: 'x', exten: 's' } }]);
    await expect(rest.channels()).resolves.toEqual([{ ...channel, dialplan: { context: 'x' } }]);
  });

  it.each(['', 'no JSON', 'null', '{}', '"x"', '[{"id":"1.1"}]'])(
    'in an answer %j are an error',
    async (body) => {
      answer = says(200, body);
      expect((await failureOf(rest.channels())).message).toMatch(/^GET \/channels: /);
    },
  );
});

describe('the state of a channel', () => {
  it.each([
    [200, { id: '1', state: 'Ringing' }, 'Ringing'],
    [200, { id: '1' }, undefined],
    [200, 'no JSON', undefined],
    [404, { message: 'Channel not found' }, undefined],
  ])('with %i %j is %p', async (status, body, expected) => {
    answer = says(status, body);
    await expect(rest.channelState('1')).resolves.toBe(expected);
  });

  it.each([401, 500, 503])('with %i is an error, not a missing channel', async (status) => {
    answer = says(status, { message: 'odd' });
    expect((await failureOf(rest.channelState('1'))).status).toBe(status);
  });
});

describe('the last response of a leg', () => {
  it.each([
    [200, { value: 'SIP 100 Trying' }, 'SIP 100 Trying'],
    [200, { value: '' }, undefined],
    [200, '', undefined],
    [404, { message: 'Provided channel was not found' }, undefined],
    [500, { message: 'Unable to read provided function' }, undefined],
  ])('with %i %j is %p', async (status, body, expected) => {
    answer = says(status, body);
    await expect(rest.lastResponse('1.1', 'PJSIP/carrier-a-00000008')).resolves.toBe(expected);
    const query = 'variable=HANGUPCAUSE%28PJSIP%2Fcarrier-a-00000008%2Ctech%29';
    expect(seen[0]?.line).toBe(`GET /ari/channels/1.1/variable?${query}`);
  });

  it.each([401, 409, 503])('with %i is an error, not silence', async (status) => {
    answer = says(status, { message: 'odd' });
    expect((await failureOf(rest.lastResponse('1', 'x'))).status).toBe(status);
  });
});

describe('modules', () => {
  it('are those that run', async () => {
    answer = says(200, [
      { name: 'codec_alaw.so', description: 'x', status: 'Running' },
      { name: 'codec_g729.so', description: 'x', status: 'Not Running' },
    ]);
    expect(await rest.runningModules()).toEqual(['codec_alaw.so']);
    answer = says(200, '<html>');
    await expect(rest.runningModules()).rejects.toThrow(/not ARI's/);
  });
});

describe('an answer that is too long', () => {
  beforeEach(givenTime);

  /** Goes on until the connection ends. */
  function endless(begin: string, more: string): { readonly sent: () => number; answer: Answer } {
    let sent = 0;
    return {
      sent: () => sent,
      answer: (response) => {
        response.write(begin);
        const write = () => {
          while (!response.destroyed) {
            sent += more.length;
            if (!response.write(more)) return response.once('drain', write);
          }
          return undefined;
        };
        write();
      },
    };
  }

  it('is cut off while it comes', async () => {
    const { answer: flood, sent } = endless('{"state":"', 'x'.repeat(65_536));
    answer = flood;
    const failure = await failureOf(rest.channelState('1'));
    expect(failure.message).toBe('GET /channels/1: an answer longer than 1048576 bytes, cut off');
    expect(failure.status).toBeUndefined();
    // What was on its way already.
    expect(sent()).toBeLessThan(32 * 1024 * 1024);
  });

  it('is cut off also where it is refused, or a list', async () => {
    answer = (response) => {
      response.statusCode = 500;
      response.end(`{"message":"${'x'.repeat(2 * 1024 * 1024)}"}`);
    };
    expect((await failureOf(rest.leaveStasis('1'))).message).toContain('cut off');
    answer = endless('[{"id":"1"}', ` ,{"id":"${'x'.repeat(50_000)}"}`).answer;
    expect((await failureOf(rest.channels())).message).toBe(
      'GET /channels: an answer longer than 33554432 bytes, cut off',
    );
  });

  it('does not fill a message', async () => {
    answer = says(500, { message: 'x'.repeat(10_000) });
    expect((await failureOf(rest.leaveStasis('1'))).message.length).toBeLessThan(600);
  });
});

describe('10,000 channels', () => {
  beforeEach(givenTime);

  const channel = (index: number) => ({
    id: `1795239432.${index}`,
    name: `PJSIP/carrier-a-${index.toString(16).padStart(8, '0')}`,
    state: 'Up',
    caller: { name: 'Zoë "Ä\\"', number: '200' },
    dialplan: { context: 'from-internal', exten: 's', app_data: 'x'.repeat(700) },
  });

  it('are read in many turns', async () => {
    const list = Array.from({ length: 10_000 }, (_, index) => channel(index));
    answer = says(200, list);
    const parse = jest.spyOn(JSON, 'parse');
    const channels = await rest.channels();
    const longest = Math.max(...parse.mock.calls.map(([text]) => text.length));
    parse.mockRestore();
    expect(channels).toHaveLength(10_000);
    expect(channels[9_999]).toEqual({
      id: '1795239432.9999',
      name: 'PJSIP/carrier-a-0000270f',
      state: 'Up',
      dialplan: { context: 'from-internal' },
    });
    expect(longest).toBeLessThan(2_000);
  });
});
