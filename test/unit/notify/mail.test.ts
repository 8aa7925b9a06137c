import { once } from 'node:events';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { advance, NONE } from '../../../src/alerts/incidents';
import { messageOf } from '../../../src/alerts/message';
import { secretsOf } from '../../../src/notify/secret-files';
import { Mail } from '../../../src/notify/ways/mail';
import type { MailWay } from '../../../src/policy/alert-settings';
import { AT, condition, HOSTILE } from '../../doubles/alerts';

const LIMIT = 10_000;
const PASSWORD = 'correct-horse';

let folder: string;
let key: string;
let cert: string;
let server: SMTPServer | undefined;
let mails: { text: string; to: readonly string[]; secure: boolean; user: unknown }[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-mail-'));
  const [keyFile, certFile] = [join(folder, 'key'), join(folder, 'cert')];
  execFileSync(
    'openssl',
    [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'],
      ...['-keyout', keyFile, '-out', certFile],
    ],
    { stdio: 'ignore' },
  );
  key = readFileSync(keyFile, 'utf8');
  cert = readFileSync(certFile, 'utf8');
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => void (mails = []));
afterEach(async () => {
  if (!server) return;
  await new Promise<void>((resolve) => server?.close(resolve));
  server = undefined;
});

/** A mail server on loopback. @returns its port */
async function serve(options: SMTPServerOptions = {}): Promise<number> {
  server = new SMTPServer({
    ...{ key, cert, authOptional: true, disableReverseLookup: true },
    onAuth: ({ username, password }, _, callback) =>
      password === PASSWORD ? callback(null, { user: username }) : callback(new Error('no')),
    onData: (stream, { envelope, secure, user }, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        mails.push({
          text: Buffer.concat(chunks).toString(),
          to: envelope.rcptTo.map(({ address }) => address),
          ...{ secure, user },
        });
        callback();
      });
    },
    ...options,
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  return (listening.address() as AddressInfo).port;
}

function send(port: number, more: Partial<MailWay> = {}, why = '5 faults in a row', ca = cert) {
  const way: MailWay = {
    ...{ kind: 'mail', host: 'localhost', port, tls: 'starttls' },
    ...{ from: 'crankback@example.com', to: ['noc@example.com'] },
    ...more,
  };
  const secretOf = secretsOf({ CRANKBACK_ALERT_SECRET_MAIL: PASSWORD });
  const { changes } = advance(NONE, [condition({ why, evidence: { phrase: why } })], AT);
  const message = messageOf(changes, { now: AT, instance: 'pbx-1', digest: () => 'abc' });
  return new Mail(way, { secretOf, ca }).deliver(message, LIMIT);
}

/** Header lines, unfolded. */
function headersOf(text: string): readonly string[] {
  return (text.split('\r\n\r\n')[0] ?? '').replace(/\r\n[ \t]+/g, ' ').split('\r\n');
}

describe('mail', () => {
  it('goes out encrypted, with the reason, to everybody it is for', async () => {
    const port = await serve();
    const to = ['noc@example.com', 'boss@example.com'];
    expect(await send(port, { to, user: 'crankback', password: 'MAIL' })).toMatchObject({
      ok: true,
    });
    expect(mails[0]).toMatchObject({ to, secure: true, user: 'crankback' });
    const { text = '' } = mails[0] ?? {};
    expect(headersOf(text)).toEqual(
      expect.arrayContaining([
        'Subject: [crankback pbx-1] opened: carrier-a: trunk held (warning)',
        'Message-ID: <abc@crankback>',
        'Auto-Submitted: auto-generated',
      ]),
    );
    expect(text).toContain('why: 5 faults in a row');
    expect(text).toContain('$ crankback trunks list carrier-a');
  });

  it('goes over TLS from the first byte where it is asked for', async () => {
    const port = await serve({ secure: true });
    expect(await send(port, { tls: 'tls' })).toMatchObject({ ok: true });
    expect(mails[0]?.secure).toBe(true);
  });

  it('is not sent in clear where the server has no TLS', async () => {
    const port = await serve({ hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    expect(await send(port)).toMatchObject({ ok: false });
    expect(mails).toEqual([]);
  });

  it('is not sent to a server that is not who it says it is', async () => {
    const port = await serve();
    const { ok, answer } = await send(port, { host: '127.0.0.1' });
    expect([ok, mails]).toEqual([false, []]);
    expect(answer).toMatch(/altnames|self-signed|certificate/i);
  });

  it('is sent again later where the server refuses it', async () => {
    const port = await serve({
      onRcptTo: (_, __, callback) =>
        callback(Object.assign(new Error('later'), { responseCode: 450 })),
    });
    const { ok, answer } = await send(port);
    expect([ok, answer]).toEqual([false, expect.stringContaining('later')]);
  });

  it('needs the right password', async () => {
    const port = await serve({
      onAuth: (_, __, callback) => callback(new Error('wrong password')),
    });
    expect(await send(port, { user: 'crankback', password: 'MAIL' })).toMatchObject({ ok: false });
  });

  it.each(HOSTILE)('has no header and no address of a text such as %j', async (text) => {
    const port = await serve();
    await send(port, {}, text.slice(0, 300));
    const names = headersOf(mails[0]?.text ?? '').map((line) => line.split(':')[0]?.toLowerCase());
    expect(mails[0]?.to).toEqual(['noc@example.com']);
    expect([...names].sort()).toEqual([
      ...['auto-submitted', 'content-transfer-encoding', 'content-type', 'date', 'from'],
      ...['message-id', 'mime-version', 'subject', 'to', 'x-crankback-instance'],
    ]);
  });
});
