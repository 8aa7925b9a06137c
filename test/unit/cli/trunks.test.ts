import { Registry } from 'prom-client';
import type { FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import { trunks, trunkTable } from '../../../src/cli/trunks';
import { trunksClear } from '../../../src/cli/trunks-clear';
import { trunksHold } from '../../../src/cli/trunks-hold';
import { createHttpServer } from '../../../src/http/server';
import { Journal } from '../../../src/records/journal';
import { DEFAULT_HEALTH } from '../../../src/policy/health-settings';
import { SingleInstanceStore } from '../../../src/trunks/health/single-instance-store';

const TOKEN = 'correct-horse-battery';
const READ_TOKEN = 'for-readers-alone';
let server: FastifyInstance;
let store: SingleInstanceStore;
let flags: { httpPort: string };
let shown: string[];
let forgotten: string[];
let complained: string[];

beforeEach(async () => {
  shown = [];
  forgotten = [];
  complained = [];
  jest.spyOn(console, 'log').mockImplementation((line: string) => void shown.push(line));
  jest.spyOn(console, 'error').mockImplementation((line: string) => void complained.push(line));
  process.env.CRANKBACK_HTTP_TOKEN = TOKEN;
  store = new SingleInstanceStore({
    trunks: new Map([['carrier-a', DEFAULT_HEALTH]]),
    now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 678),
    random: () => 0,
    instance: 'test',
  });
  server = createHttpServer({
    registry: new Registry(),
    journal: new Journal({ hunts: 1 }),
    readiness: () => [],
    warnings: () => [],
    trunks: store,
    offers: {
      list: () => [
        { trunk: 'carrier-a', codecs: [{ name: 'PCMA', clockRate: 8000 }], until: 86_400_000 },
      ],
      forget: (trunk) => void forgotten.push(trunk),
    },
    tokens: { operate: TOKEN, read: READ_TOKEN },
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  flags = { httpPort: String((server.server.address() as AddressInfo).port) };
});
afterEach(async () => {
  await server.close();
  delete process.env.CRANKBACK_HTTP_TOKEN;
  delete process.env.CRANKBACK_HTTP_READ_TOKEN;
  process.exitCode = 0;
  jest.restoreAllMocks();
});

describe('the token of a command', () => {
  it('for reading is the one for reading, where it is set', async () => {
    process.env.CRANKBACK_HTTP_READ_TOKEN = READ_TOKEN;
    process.env.CRANKBACK_HTTP_TOKEN = 'another-token-altogether';
    await trunks(flags);
    expect(complained).toEqual([]);
    expect(shown.join()).toContain('carrier-a');
  });

  it('for changes is never the one for reading', async () => {
    process.env.CRANKBACK_HTTP_READ_TOKEN = READ_TOKEN;
    await trunksHold('carrier-a', flags);
    expect(complained).toEqual([]);
    delete process.env.CRANKBACK_HTTP_TOKEN;
    await trunksClear('carrier-a', flags);
    expect(complained.join()).toContain('CRANKBACK_HTTP_TOKEN_FILE');
    expect(store.read('carrier-a').access).not.toBe('open');
  });

  it('is missing: it says which setting is needed', async () => {
    delete process.env.CRANKBACK_HTTP_TOKEN;
    await trunks(flags);
    expect(complained.join()).toContain('CRANKBACK_HTTP_READ_TOKEN_FILE');
  });
});

describe('crankback trunks', () => {
  it('shows state, why, since when, until when and counts', async () => {
    store.hold('carrier-a', { by: 'operator', why: 'works', for: 60_000 });
    await trunks(flags);
    expect(shown.join('\n').split('\n')).toEqual([
      'TRUNK      STATE  SINCE                 UNTIL                 TRIPS  FAULTS  LOCAL  OFFER  WHY',
      'carrier-a  held   2026-01-02T03:04:05Z  2026-01-02T03:05:05Z  0      0/0     0      PCMA   operator: works',
    ]);
  });

  it('shows all there is with --json', async () => {
    await trunks({ ...flags, json: true });
    expect(JSON.parse(shown.join(''))).toMatchObject({ trunks: [{ trunk: 'carrier-a' }] });
  });

  it('lets nothing steer the terminal', () => {
    const hold = { cause: 'faults', why: '\u001b[2Jx' };
    const counts = { far: { attempts: 0, faults: 0 }, local: { faults: 0 } };
    const row = { trunk: 'a', phase: 'held', access: 'held', trips: 1, hold, counts };
    expect(trunkTable([row])).not.toContain('\u001b');
  });
});

describe('crankback trunks hold and clear', () => {
  it('hold for a time, and clear', async () => {
    await trunksHold('carrier-a', { ...flags, for: '15m', why: 'numbers moved' });
    expect(store.read('carrier-a').hold).toMatchObject({ why: 'numbers moved' });
    await trunksClear('carrier-a', flags);
    expect(store.read('carrier-a').access).toBe('open');
    expect(shown).toEqual(['carrier-a: held for 15m', 'carrier-a: back in use']);
    expect(process.exitCode ?? 0).toBe(0);
    expect(forgotten).toEqual(['carrier-a']);
  });

  it('say what the service refuses, with code 2', async () => {
    await trunksHold('carrier-x', flags);
    expect(complained.join()).toContain('no such trunk');
    expect(process.exitCode).toBe(2);
  });

  it('say so without the right token', async () => {
    process.env.CRANKBACK_HTTP_TOKEN = 'another-token-altogether';
    await trunksClear('carrier-a', flags);
    expect(complained.join()).toContain('CRANKBACK_HTTP_TOKEN_FILE');
    expect(process.exitCode).toBe(2);
  });

  it('refuse what is no duration', async () => {
    await trunksHold('carrier-a', { ...flags, for: '15' });
    expect(complained).toEqual(['--for: not a duration: "15". Expected one like 30s or 15m']);
    expect(store.read('carrier-a').access).toBe('open');
  });

  it('say that nobody answers, with code 1', async () => {
    await server.close();
    await trunksClear('carrier-a', flags);
    expect(complained.join()).toContain('no answer from crankback');
    expect(process.exitCode).toBe(1);
  });
});
