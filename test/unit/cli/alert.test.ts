import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { alertList, alertTest } from '../../../src/cli/alert';
import { OPERATE, READ, serveV1 } from '../../doubles/v1';

let server: FastifyInstance;
let flags: { httpPort: string };
let shown: string[];
let complained: string[];

beforeEach(async () => {
  shown = [];
  complained = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void shown.push(line));
  jest.spyOn(console, 'error').mockImplementation((line: string) => void complained.push(line));
  process.env.CRANKBACK_HTTP_TOKEN = OPERATE;
  ({ server } = serveV1({ tokens: { operate: OPERATE, read: READ } }));
  await server.listen({ host: '127.0.0.1', port: 0 });
  flags = { httpPort: String((server.server.address() as AddressInfo).port) };
});

afterEach(async () => {
  jest.restoreAllMocks();
  delete process.env.CRANKBACK_HTTP_TOKEN;
  process.exitCode = undefined;
  await server.close();
});

it('a test says what the receiver answered, with code 1 where it has not taken it', async () => {
  await alertTest('noc', flags);
  expect(shown).toEqual(['noc: not taken: 500 no']);
  expect(process.exitCode).toBe(1);
});

it('a receiver that the policy does not have is code 2', async () => {
  await alertTest('nobody', flags);
  expect(complained.join()).toContain('the policy has no such receiver [CB8002]');
  expect(process.exitCode).toBe(2);
});

it('a test needs the token for changes', async () => {
  process.env.CRANKBACK_HTTP_TOKEN = READ;
  await alertTest('noc', flags);
  expect(complained.join()).toContain('needs the token of CRANKBACK_HTTP_TOKEN_FILE');
  expect(process.exitCode).toBe(2);
});

it('what is open is told in a line each', async () => {
  await alertList(flags);
  expect(shown).toEqual([
    'carrier-a: trunk held (warning) since 2026-01-02T03:04:05.678Z: 5 faults in a row; told: noc',
  ]);
});
