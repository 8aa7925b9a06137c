import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testMessage } from '../../../src/alerts/message';
import { secretsOf } from '../../../src/notify/secret-files';
import { signature } from '../../../src/notify/sign';
import { Webhook } from '../../../src/notify/ways/webhook';
import type { WebhookWay } from '../../../src/policy/alert-settings';
import { AT } from '../../doubles/alerts';
import { webhookReceiver } from '../../doubles/webhook-receiver';

const KEY = 'a-key-to-sign-with';
const MESSAGE = testMessage({ now: AT, instance: 'pbx-1', digest: () => '0123456789abcdef' });

let receiver: Awaited<ReturnType<typeof webhookReceiver>>;
let webhook: Webhook | undefined;

beforeEach(async () => void (receiver = await webhookReceiver()));
afterEach(async () => {
  await webhook?.stop();
  await receiver.stop();
});

function deliver(more: Partial<WebhookWay> = {}, env = {}, timeout = 5_000) {
  const way: WebhookWay = { kind: 'webhook', template: 'crankback', url: receiver.url, ...more };
  webhook = new Webhook(way, { secretOf: secretsOf(env), now: () => AT });
  return webhook.deliver(MESSAGE, timeout);
}

describe('a webhook', () => {
  it('gets the message as JSON, with an id by which one that comes twice is known', async () => {
    expect(await deliver()).toEqual({ ok: true, answer: '200 ok' });
    expect(receiver.posted[0]?.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': MESSAGE.id,
    });
    expect(JSON.parse(receiver.posted[0]?.text ?? '')).toEqual(MESSAGE);
  });

  it('is signed with its time, over exactly what was sent', async () => {
    await deliver({ sign: 'NOC' }, { CRANKBACK_ALERT_SECRET_NOC: KEY });
    const [{ headers, text } = { headers: {}, text: '' }] = receiver.posted;
    const time = String(headers['webhook-timestamp']);
    expect(time).toBe(String(Math.floor(AT / 1_000)));
    const hmac = createHmac('sha256', KEY).update(`${MESSAGE.id}.${time}.${text}`);
    expect(headers['webhook-signature']).toBe(`v1,${hmac.digest('base64')}`);
  });

  it('sends a token where it is named', async () => {
    await deliver({ token: 'T' }, { CRANKBACK_ALERT_SECRET_T: 'for-us' });
    expect(receiver.posted[0]?.headers.authorization).toBe('Bearer for-us');
  });

  it.each([
    ['an error', { status: 500, text: 'down' }, { ok: false, answer: '500 down' }],
    [
      'that it wants to be left alone',
      { status: 429, text: '', headers: { 'retry-after': '7' } },
      { ok: false, answer: '429', retryAfter: 7_000 },
    ],
    [
      'the same for a year',
      { status: 503, text: '', headers: { 'retry-after': '31536000' } },
      { ok: false, answer: '503', retryAfter: 900_000 },
    ],
    [
      'a redirection, which is not followed',
      { status: 302, text: '', headers: { location: 'http://127.0.0.1:1/' } },
      { ok: false, answer: '302' },
    ],
  ])('that answers %s has not taken it', async (_, answers, expected) => {
    Object.assign(receiver.answers, answers);
    expect(await deliver()).toEqual(expected);
    expect(receiver.tried()).toBe(1);
  });

  it('that answers without end is read as far as is shown', async () => {
    Object.assign(receiver.answers, { status: 500, text: 'x'.repeat(100_000), goesOn: true });
    const { answer } = await deliver();
    expect(answer).toMatch(/^500 x{200}/);
    expect(answer).toHaveLength(300);
  });

  it('that never answers is given up', async () => {
    receiver.answers.hangs = true;
    expect(await deliver({}, {}, 50)).toEqual({ ok: false, answer: 'no answer within 0.05 s' });
  });

  it('that is not there has not taken it', async () => {
    const { url } = receiver;
    await receiver.stop();
    const { ok, answer } = await deliver({ url });
    expect([ok, answer]).toEqual([false, expect.stringContaining('ECONNREFUSED')]);
    receiver = await webhookReceiver();
  });
});

describe('a secret', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'crankback-secret-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read from a file at each delivery, without the line break at its end', async () => {
    const path = join(folder, 'key');
    const secretOf = secretsOf({ CRANKBACK_ALERT_SECRET_A_FILE: path });
    writeFileSync(path, 'one\n');
    expect(await secretOf('A')).toBe('one');
    writeFileSync(path, 'two');
    expect(await secretOf('A')).toBe('two');
  });

  it.each([
    ['not set', {}, 'CRANKBACK_ALERT_SECRET_A is not set'],
    ['in no file', { CRANKBACK_ALERT_SECRET_A_FILE: '/no/such' }, 'ENOENT'],
    ['in a folder', { CRANKBACK_ALERT_SECRET_A_FILE: '/' }, 'cannot be read'],
    ['in a device', { CRANKBACK_ALERT_SECRET_A_FILE: '/dev/zero' }, 'not a plain file'],
  ])('that is %s is named and not sent without', async (_, env, expected) => {
    const { ok, answer } = await deliver({ sign: 'A' }, env);
    expect([ok, answer]).toEqual([false, expect.stringContaining(expected)]);
    expect(receiver.tried()).toBe(0);
  });

  it('may be the URL, and nothing else than one', async () => {
    const way = { urlSecret: 'URL' };
    const base = { kind: 'webhook', template: 'crankback' } as const;
    const parts = (value: string) => ({
      secretOf: secretsOf({ CRANKBACK_ALERT_SECRET_URL: value }),
      now: () => AT,
    });
    webhook = new Webhook({ ...base, ...way }, parts(receiver.url));
    expect(await webhook.deliver(MESSAGE, 5_000)).toMatchObject({ ok: true });
    const other = new Webhook({ ...base, ...way }, parts('file:///etc/passwd'));
    expect(await other.deliver(MESSAGE, 5_000)).toMatchObject({ ok: false });
  });

  it('is none of crankback’s own', async () => {
    const secretOf = secretsOf({ CRANKBACK_ARI_PASSWORD: 'x', CRANKBACK_HTTP_TOKEN: 'y' });
    await expect(secretOf('ARI_PASSWORD')).rejects.toThrow('is not set');
  });
});

it('signs as the standard’s own example', () => {
  const signed = signature('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    at: 1_614_265_330_000,
    body: '{"test": 2432232314}',
  });
  expect(signed).toEqual({
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});
