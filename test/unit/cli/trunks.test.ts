import { Registry } from 'prom-client';
import type { FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import { report } from '../../../src/cli/report';
import { trunk } from '../../../src/cli/trunk';
import { trunks, trunkTable } from '../../../src/cli/trunks';
import { trunksClear } from '../../../src/cli/trunks-clear';
import { trunksHold } from '../../../src/cli/trunks-hold';
import { createHttpServer } from '../../../src/http/server';
import { Journal } from '../../../src/records/journal';
import type { UnclassifiedOfTrunk } from '../../../src/records/unclassified';
import { DEFAULT_HEALTH } from '../../../src/policy/health-settings';
import { SingleInstanceStore } from '../../../src/trunks/health/single-instance-store';

const TOKEN = 'correct-horse-battery';
const READ_TOKEN = 'for-readers-alone';
const AT = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const NOTHING = {
  ...{ trunk: 'carrier-a', since: AT, until: AT + 60_000, attempts: 0, answered: 0, more: false },
  ...{ failures: [], hours: [], late: [], blocked: [] },
};
let server: FastifyInstance;
let store: SingleInstanceStore;
let flags: { httpPort: string };
let told: Map<string, UnclassifiedOfTrunk>;
let shown: string[];
let recorded: unknown;
let forgotten: string[];
let complained: string[];

beforeEach(async () => {
  told = new Map();
  recorded = NOTHING;
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
      of: (trunk) =>
        trunk === 'carrier-a'
          ? { codecs: [{ name: 'PCMA', clockRate: 8000 }], until: 86_400_000 }
          : undefined,
      forget: (trunk) => void forgotten.push(trunk),
    },
    unclassified: { of: (name) => told.get(name) },
    modeOf: () => 'decide',
    lasting: { ask: () => Promise.resolve(recorded as never) },
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
      'TRUNK      MODE    STATE  SINCE                 UNTIL                 TRIPS  FAULTS  LOCAL  OFFER  WHY',
      'carrier-a  decide  held   2026-01-02T03:04:05Z  2026-01-02T03:05:05Z  0      0/0     0      PCMA   operator: works',
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

  it('tells limits and shares, where there are any', () => {
    const counts = { far: { attempts: 0, faults: 0 }, local: { faults: 0 } };
    const row = (trunk: string) => ({ trunk, phase: 'closed', access: 'open', trips: 0, counts });
    const limits = [
      { counts: 'concurrent_calls', inUse: 3, limit: 10, share: 4 },
      { counts: 'calls_per_second', inUse: 0, limit: 5 },
    ];
    const [head, limited, free] = trunkTable([{ ...row('a'), limits }, row('b')]).split('\n');
    expect(head).toMatch(/ LIMITS +WHY/);
    expect(limited).toMatch(/ 3\/4 calls of 10, 0\/5 calls\/s +-/);
    expect(free).toMatch(/^b .* - +-/);
    expect(trunkTable([row('b')])).not.toContain('LIMITS');
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
    expect(complained).toEqual([
      '--for: not a duration: "15". Expected one like 30s or 15m [CB8006]',
    ]);
    expect(store.read('carrier-a').access).toBe('open');
  });

  it('say that nobody answers, with code 1', async () => {
    await server.close();
    await trunksClear('carrier-a', flags);
    expect(complained.join()).toContain('no answer from crankback');
    expect(process.exitCode).toBe(1);
  });
});

describe('crankback trunks NAME', () => {
  const seen = [
    {
      said: '403 Ask Bob',
      kind: 'phrase',
      count: 12,
      lastAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
      class: 'forbidden',
      line: '- { sip: 403, phrase: "Ask Bob", class: forbidden }',
    },
    {
      said: 'X.25;cause=5',
      kind: 'reason',
      count: 3,
      lastAt: Date.UTC(2026, 0, 2, 3, 4, 6),
      class: 'unavailable',
    },
  ] as const;

  it('shows its state, what nothing classifies, and the line that would', async () => {
    told.set('carrier-a', { seen, leftOut: 7 });
    await trunk('carrier-a', flags);
    expect(shown.join('\n')).toBe(
      [
        'TRUNK      MODE    STATE   SINCE  UNTIL  TRIPS  FAULTS  LOCAL  OFFER  WHY',
        'carrier-a  decide  closed  -      -      0      0/0     0      PCMA   -',
        '',
        'Since 2026-01-02T03:04:05Z: 0 attempts, 0 answered.',
        '',
        'Responses that nothing classifies (2; 7 more were seen and are left out):',
        '    12  2026-01-02T03:04:05Z  forbidden  403 Ask Bob',
        '     3  2026-01-02T03:04:06Z  unavailable  Reason: X.25;cause=5',
        '',
        'If the carrier means more by a phrase, give it its class in the policy file:',
        'phrases:',
        '  - { sip: 403, phrase: "Ask Bob", class: forbidden }',
      ].join('\n'),
    );
  });

  it('says so where everything was classified', async () => {
    await trunk('carrier-a', flags);
    expect(shown.join('\n')).toContain(
      'Every response since the start of the service was classified.',
    );
  });

  it('--json has all of it', async () => {
    told.set('carrier-a', { seen, leftOut: 0 });
    await trunk('carrier-a', { ...flags, json: true });
    expect(JSON.parse(shown.join('\n'))).toMatchObject({
      trunk: 'carrier-a',
      phase: 'closed',
      unclassified: { seen, leftOut: 0 },
    });
  });

  describe('has of the record', () => {
    const attempt = (beganAt: number, callId: string) => ({
      ...{ beganAt, number: '030123', times: { id: 'x', callId, invitedAt: beganAt } },
      failure: { evidence: [] },
    });
    const congested = {
      ...{ class: 'trunk-congested', sip: 503, phrase: 'No \u001b[31mlines', count: 8 },
      ...{ firstAt: AT + 1_000, lastAt: AT + 9_000 },
      examples: [attempt(AT + 9_000, 'c9'), attempt(AT + 7_000, 'c7')],
    };
    const silent = {
      ...{ class: 'trunk-timeout', count: 1, firstAt: AT + 8_000, lastAt: AT + 8_000 },
      examples: [attempt(AT + 8_000, 'c8')],
    };
    const FAILING = {
      ...{ ...NOTHING, attempts: 12, answered: 3, failingSince: AT + 2_000 },
      failures: [congested, silent],
    };

    it('since when it fails, with what, how often, and its last failures', async () => {
      recorded = FAILING;
      await trunk('carrier-a', { ...flags, since: '1h' });
      const said = shown.join('\n').split('\n\n').slice(1, -1).join('\n\n');
      expect(said).toBe(
        [
          'Since 2026-01-02T03:04:05Z: 12 attempts, 3 answered.',
          'It has failed since 2026-01-02T03:04:07Z: no attempt was answered after that.',
          '',
          'FAILED  STATUS  PHRASE              CLASS            FIRST                 LAST',
          '8       503     No \\u001b[31mlines  trunk-congested  2026-01-02T03:04:06Z  2026-01-02T03:04:14Z',
          '1       -       -                   trunk-timeout    2026-01-02T03:04:13Z  2026-01-02T03:04:13Z',
          '',
          'Its last failures:',
          'BEGAN                 STATUS  PHRASE              CLASS            NUMBER  CALL-ID',
          '2026-01-02T03:04:14Z  503     No \\u001b[31mlines  trunk-congested  030123  c9',
          '2026-01-02T03:04:13Z  -       -                   trunk-timeout    030123  c8',
          '2026-01-02T03:04:12Z  503     No \\u001b[31mlines  trunk-congested  030123  c7',
        ].join('\n'),
      );
    });

    it('all of it with --json', async () => {
      recorded = FAILING;
      await trunk('carrier-a', { ...flags, json: true });
      expect(JSON.parse(shown.join('\n'))).toMatchObject({
        ...{ trunk: 'carrier-a', phase: 'closed', recorded: { failingSince: AT + 2_000 } },
      });
    });

    it('that it cannot be told, and its state all the same', async () => {
      // No report at all.
      recorded = undefined;
      await trunk('carrier-a', flags);
      expect(shown.join('\n')).toContain('carrier-a  decide  closed');
      expect(shown.join('\n')).toContain('What was recorded of it is not known: http://');
      expect(process.exitCode ?? 0).toBe(0);
    });

    it('nothing for a time that is none', async () => {
      await trunk('carrier-a', { ...flags, since: 'yesterday' });
      expect(complained.join()).toContain('--since: unexpected "yesterday". Expected 30m');
      expect(process.exitCode).toBe(2);
    });
  });

  it('is refused for a trunk that the policy does not have', async () => {
    await trunk('carrier-a/hold?x', flags);
    expect(complained.join()).toContain('the policy has no such trunk');
    expect(process.exitCode).toBe(2);
  });

  it('cannot be steered by what a carrier sent', async () => {
    const [first] = seen;
    told.set('carrier-a', {
      seen: [{ ...first, said: '403 \u001b[31mred\nCOUNT' }],
      leftOut: 0,
    });
    await trunk('carrier-a', flags);
    expect(shown.join('\n')).toContain('403 \\u001b[31mred\\u000aCOUNT');
  });
});

describe('crankback report', () => {
  const asked = () => ({ ...flags, since: '1h', format: 'md' });

  it('takes what the service answers', async () => {
    recorded = { ...NOTHING, failures: [] };
    await report('carrier-a', asked());
    expect(shown.join('\n')).toContain('0 attempts, 0 answered.');
  });

  it.each([
    ['attempts that are no number', { attempts: 'many' }, 'attempts'],
    [
      'a failure without its times',
      { failures: [{ class: 'busy', count: 1, examples: [] }] },
      'firstAt',
    ],
    ['no evidence', { late: [{ beganAt: 1, failure: {} }] }, 'evidence'],
    ['no hours', { hours: undefined }, 'hours'],
  ])('refuses an answer with %s, and names the field', async (_, wrong, field) => {
    recorded = { ...NOTHING, failures: [], ...wrong };
    await report('carrier-a', asked());
    expect(shown).toEqual([]);
    expect(complained.join()).toContain(field);
    expect(process.exitCode).toBe(1);
  });
});
