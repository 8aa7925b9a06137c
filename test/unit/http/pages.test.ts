import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { createHttpServer } from '../../../src/http/server';
import { Journal } from '../../../src/records/journal';

const above = mkdtempSync(join(tmpdir(), 'crankback-pages-'));
const folder = join(above, 'site');
mkdirSync(join(folder, 'problems'), { recursive: true });
mkdirSync(join(folder, 'assets'));
writeFileSync(join(above, 'secret.html'), 'secret');
writeFileSync(join(folder, 'index.html'), '<title>first</title>');
writeFileSync(join(folder, 'problems/index.html'), '<title>problems</title>');
writeFileSync(join(folder, 'assets/search.js'), 'search()');
writeFileSync(join(folder, 'assets/style.css'), 'body {}');
symlinkSync(join(above, 'secret.html'), join(folder, 'link.html'));

function serverOf(site: string, read?: string) {
  return createHttpServer({
    registry: new Registry(),
    journal: new Journal({ hunts: 10 }),
    readiness: () => [],
    warnings: () => [],
    site,
    ...(read !== undefined && { tokens: { read } }),
  });
}

const server = serverOf(folder, 'correct-horse-battery');
// What comes later is not served.
beforeAll(async () => {
  await server.listen({ host: '127.0.0.1', port: 0 });
  writeFileSync(join(folder, 'later.html'), 'later');
});
afterAll(async () => {
  await server.close();
  rmSync(above, { recursive: true });
});

describe('the documentation', () => {
  it.each([
    ['/docs/', 'text/html', '<title>first</title>'],
    ['/docs/index.html', 'text/html', '<title>first</title>'],
    ['/docs/%69ndex.html', 'text/html', '<title>first</title>'],
    ['/docs/problems/', 'text/html', '<title>problems</title>'],
    ['/docs/assets/search.js', 'application/javascript', 'search()'],
    ['/docs/assets/style.css', 'text/css', 'body {}'],
  ])('is read at %s without a token', async (url, type, body) => {
    const answer = await server.inject({ method: 'GET', url });
    expect(answer).toMatchObject({ statusCode: 200, body });
    expect(answer.headers['content-type']).toContain(type);
  });

  it('begins at its first page', async () => {
    const { statusCode, headers } = await server.inject({ method: 'GET', url: '/docs' });
    expect([statusCode, headers.location]).toEqual([308, 'docs/']);
  });

  it('lets a page run scripts of its own folder, and nothing else', async () => {
    const { headers } = await server.inject({ method: 'GET', url: '/docs/' });
    expect(headers).toMatchObject({
      'content-security-policy':
        "default-src 'none';script-src 'self';style-src 'self';img-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    });
  });

  it('leaves what browsers are told of everything else as it was', async () => {
    const { headers } = await server.inject({ method: 'GET', url: '/health' });
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'cache-control': 'no-store',
    });
  });

  it('is not sent again where it has not changed', async () => {
    const { headers } = await server.inject({ method: 'GET', url: '/docs/index.html' });
    const again = await server.inject({
      method: 'GET',
      url: '/docs/index.html',
      headers: { 'if-none-match': headers.etag as string },
    });
    expect(again).toMatchObject({ statusCode: 304, body: '' });
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'] as const)('takes no %s', async (method) => {
    const { statusCode } = await server.inject({ method, url: '/docs/index.html' });
    expect(statusCode).toBe(404);
  });

  it.each([
    ['list of a folder', '/docs/assets/'],
    ['folder without its slash', '/docs/problems'],
    ['link out of its folder', '/docs/link.html'],
    ['file that came later', '/docs/later.html'],
    ['name in other letters', '/docs/INDEX.HTML'],
  ])('has no %s: %s', async (_, url) => {
    const { statusCode, body } = await server.inject({ method: 'GET', url });
    expect([statusCode, body]).toEqual([404, '{"errors":["nothing is here"]}']);
  });

  it.each([
    '/docs/../secret.html',
    '/docs/problems/../../secret.html',
    '/docs/%2e%2e/secret.html',
    '/docs/..%2fsecret.html',
    '/docs/..%5csecret.html',
    '/docs//../secret.html',
    '/docs/%252e%252e/secret.html',
    '/docs/assets/..%00/secret.html',
    `/docs/${join(above, 'secret.html')}`,
  ])('has nothing outside its folder: %s', async (path) => {
    // Not by a client that tidies paths up.
    const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    socket.end(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`);
    const said: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => said.push(chunk));
    await once(socket, 'close');
    const answer = Buffer.concat(said).toString();
    expect(answer).toMatch(/^HTTP\/1\.1 40[034] /);
    expect(answer).not.toContain('secret');
  });

  it('says how to build it where it is not there', async () => {
    const bare = serverOf(join(above, 'nowhere'));
    const { statusCode, body } = await bare.inject({ method: 'GET', url: '/docs' });
    expect(statusCode).toBe(404);
    expect(body).toContain('npm run site');
  });
});

describe('the dashboard', () => {
  const shown = createHttpServer({
    registry: new Registry(),
    journal: new Journal({ hunts: 10 }),
    ...{ readiness: () => [], warnings: () => [], tokens: { read: 'correct-horse-battery' } },
    dashboard: folder,
  });

  it('is a page that needs no token, and the first one', async () => {
    const { statusCode, body } = await shown.inject({ method: 'GET', url: '/dashboard/' });
    expect([statusCode, body]).toEqual([200, '<title>first</title>']);
    const first = await shown.inject({ method: 'GET', url: '/' });
    expect([first.statusCode, first.headers.location]).toEqual([302, 'dashboard/']);
    const bare = await shown.inject({ method: 'GET', url: '/dashboard' });
    expect([bare.statusCode, bare.headers.location]).toEqual([308, 'dashboard/']);
  });

  it('may ask this service alone, and make no markup of a text', async () => {
    const { headers } = await shown.inject({ method: 'GET', url: '/dashboard/' });
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none';connect-src 'self';require-trusted-types-for 'script';trusted-types 'none'",
    );
  });

  it('says how to build it where it is not there', async () => {
    const answer = await server.inject({ method: 'GET', url: '/dashboard' });
    expect(answer.statusCode).toBe(404);
    expect(answer.body).toContain('npm run build');
  });
});
