import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import type { FastifyInstance } from 'fastify';
import ts from 'typescript';
import { OPERATE, POLICY, READ, serveV1 } from '../../../doubles/v1';

const ROOT = join(__dirname, '../../../..');

/** A client of one's own, as somebody would write it against types made of the document. */
const PROGRAM = `
import createClient from 'openapi-fetch';
import type { paths } from './api';

export async function lastFailure(baseUrl: string, token: string) {
  const client = createClient<paths>({ baseUrl, headers: { authorization: 'Bearer ' + token } });
  const { data, error } = await client.GET('/v1/calls', {
    params: { query: { result: 'failed', limit: 1 } },
  });
  if (error) throw new Error(error.title);
  const hunt: string | undefined = data.calls[0]?.hunt;
  if (hunt === undefined) return undefined;
  const story = await client.GET('/v1/calls/{call}', { params: { path: { call: hunt } } });
  const failures = story.data?.ladder.flatMap((rung) =>
    rung.kind === 'failed' ? [rung.failure.class] : [],
  );
  return { hunt, failure: failures?.at(-1) };
}

export async function hold(baseUrl: string, token: string, trunk: string) {
  const client = createClient<paths>({ baseUrl, headers: { authorization: 'Bearer ' + token } });
  const { data, error } = await client.POST('/v1/trunks/{trunk}/hold', {
    params: { path: { trunk } },
    body: { reason: 'works', forSeconds: 60 },
  });
  return data?.phase ?? error?.type;
}

export async function check(baseUrl: string, token: string, policy: string) {
  const client = createClient<paths>({ baseUrl, headers: { authorization: 'Bearer ' + token } });
  const { data } = await client.POST('/v1/policy/check', {
    body: policy,
    bodySerializer: (text) => text,
    headers: { 'content-type': 'application/yaml' },
  });
  return data?.ok;
}

export async function differing(baseUrl: string, token: string) {
  const client = createClient<paths>({ baseUrl, headers: { authorization: 'Bearer ' + token } });
  const { data } = await client.POST('/v1/policy/replay', { params: { query: { limit: 10 } } });
  return data?.differing;
}
`;

interface Client {
  lastFailure(baseUrl: string, token: string): Promise<unknown>;
  hold(baseUrl: string, token: string, trunk: string): Promise<unknown>;
  check(baseUrl: string, token: string, policy: string): Promise<unknown>;
  differing(baseUrl: string, token: string): Promise<unknown>;
}

/** What the types must not let through. */
const WRONG = `
import createClient from 'openapi-fetch';
import type { paths } from './api';
const client = createClient<paths>({ baseUrl: '' });
void client.GET('/v1/calls', { params: { query: { result: 'lost' } } });
void client.POST('/v1/trunks/{trunk}/hold', { params: { path: { trunk: 'a' } }, body: { why: 'x' } });
void client.GET('/calls');
`;

describe('a client whose types are made of the document', () => {
  const folder = mkdtempSync(join(tmpdir(), 'api-client-'));
  let server: FastifyInstance;

  beforeAll(() => {
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const generator = join(ROOT, 'node_modules/openapi-typescript/bin/cli.js');
    execFileSync(process.execPath, [
      ...[generator, join(ROOT, 'docs/openapi.json'), '-o', join(folder, 'api.d.ts')],
    ]);
    writeFileSync(join(folder, 'client.ts'), PROGRAM);
    writeFileSync(join(folder, 'wrong.ts'), WRONG);
  }, 60_000);
  afterAll(async () => {
    rmSync(folder, { recursive: true });
    await server.close();
  });

  it('compiles, and what the document does not have does not', () => {
    const files = ['client.ts', 'wrong.ts'].map((name) => join(folder, name));
    const program = ts.createProgram(files, {
      ...{ strict: true, noEmit: true, skipLibCheck: true, types: [] },
      ...{ target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.Node16 },
      moduleResolution: ts.ModuleResolutionKind.Node16,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    });
    const of = (name: string) =>
      ts
        .getPreEmitDiagnostics(program, program.getSourceFile(join(folder, name)))
        .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
    expect(of('client.ts')).toEqual([]);
    expect(of('wrong.ts')).toHaveLength(3);
  }, 60_000);

  it('gets from the service what the document says', async () => {
    const { outputText } = ts.transpileModule(PROGRAM, {
      compilerOptions: {
        module: ts.ModuleKind.CommonJS,
        target: ts.ScriptTarget.ES2022,
        esModuleInterop: true,
      },
    });
    writeFileSync(join(folder, 'client.js'), outputText);
    const client = (await import(join(folder, 'client.js'))) as Client;
    server = serveV1({ tokens: { read: READ, operate: OPERATE } }).server;
    await server.listen({ host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
    expect(await client.lastFailure(url, READ)).toEqual({
      hunt: 'call-1',
      failure: 'trunk-congested',
    });
    await expect(client.lastFailure(url, 'nobody')).rejects.toThrow('A token is needed');
    expect(await client.hold(url, READ, 'carrier-a')).toBe(
      'urn:crankback:problem:insufficient-scope',
    );
    expect(await client.hold(url, OPERATE, 'carrier-a')).toBe('held');
    expect(await client.check(url, READ, POLICY)).toBe(true);
    expect(await client.differing(url, READ)).toBe(0);
  }, 60_000);
});
