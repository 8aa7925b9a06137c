import { AriError } from '../../../../../adapters/asterisk/ari/http';
import { AriRest } from '../../../../../adapters/asterisk/ari/rest';
import { SocketRequests } from '../../../../../adapters/asterisk/ari/socket-requests';

interface Sent {
  readonly type: string;
  readonly request_id: string;
  readonly method: string;
  readonly uri: string;
}

class Socket {
  readonly sent: Sent[] = [];

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Sent);
  }

  get last(): Sent {
    return this.sent.at(-1) as Sent;
  }
}

const PATH = '/channels/1795239432.7/continue?context=crankback-dial&extension=*a&priority=1';

function answering(requests: SocketRequests, socket: Socket): void {
  requests.use(socket);
  requests.answered({ request_id: socket.last.request_id, status_code: 200 });
}

describe('requests by the socket of events', () => {
  let requests: SocketRequests;
  let socket: Socket;

  beforeEach(() => {
    jest.useFakeTimers();
    requests = new SocketRequests(1_000);
    socket = new Socket();
  });
  afterEach(() => jest.useRealTimers());

  it('are of use once Asterisk has answered a ping there', () => {
    expect(requests.isUsable).toBe(false);
    requests.use(socket);
    expect(socket.sent).toMatchObject([
      { type: 'RESTRequest', method: 'GET', uri: 'asterisk/ping' },
    ]);
    expect(requests.isUsable).toBe(false);
    requests.answered({ request_id: socket.last.request_id, status_code: 200 });
    expect(requests.isUsable).toBe(true);
  });

  it('are of no use where the ping is refused, or the socket has ended, until another one answers', () => {
    requests.use(socket);
    requests.answered({ request_id: socket.last.request_id, status_code: 403 });
    expect(requests.isUsable).toBe(false);
    answering(requests, socket);
    requests.drop();
    expect(requests.isUsable).toBe(false);
    requests.use(new Socket());
    expect(requests.isUsable).toBe(false);
  });

  it('settle by their own answers, whichever comes first', async () => {
    answering(requests, socket);
    const first = requests.request('POST', PATH);
    const { request_id: one, uri } = socket.last;
    const second = requests.request('POST', PATH);
    expect(uri).toBe(PATH.slice(1));
    requests.answered({
      request_id: socket.last.request_id,
      status_code: 404,
      reason_phrase: 'Channel not found',
    });
    requests.answered({ request_id: one, status_code: 204 });
    await expect(first).resolves.toBeUndefined();
    await expect(second).rejects.toMatchObject({
      status: 404,
      message: 'POST /channels/1795239432.7/continue: Asterisk answered 404 (Channel not found)',
    });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('fail without an answer in time, or where the connection ends', async () => {
    answering(requests, socket);
    const late = requests.request('POST', PATH);
    const said = expect(late).rejects.toThrow('no answer within 1000 ms');
    jest.advanceTimersByTime(1_000);
    await said;
    const cut = requests.request('POST', PATH);
    requests.drop();
    await expect(cut).rejects.toThrow(AriError);
    await expect(cut).rejects.toMatchObject({ status: undefined });
  });

  it.each([
    ['of nobody', { request_id: '99', status_code: 204 }],
    ['without an id', { status_code: 204 }],
    ['with an id that is no text', { request_id: { toString: 1 }, status_code: 204 }],
  ])('are not settled by an answer %s', async (_, answer) => {
    answering(requests, socket);
    const waits = requests.request('POST', PATH);
    requests.answered(answer);
    expect(jest.getTimerCount()).toBe(1);
    requests.answered({ request_id: socket.last.request_id, status_code: 'x' });
    await expect(waits).rejects.toThrow('Asterisk answered undefined');
  });
});

it('a call that waits is continued by the socket', async () => {
  const rest = new AriRest({ url: 'http://127.0.0.1:1', user: 'u', password: 'p', timeoutMs: 500 });
  const socket = new Socket();
  answering(rest.bySocket, socket);
  const continued = rest.continueInDialplan('1795239432.7', 'crankback-dial', '*a');
  expect(socket.last).toMatchObject({ method: 'POST', uri: PATH.slice(1) });
  rest.bySocket.answered({ request_id: socket.last.request_id, status_code: 204 });
  await continued;
  rest.close();
});
