import {
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asteriskFindings } from '../../../../../adapters/asterisk/doctor/checks';
import { BEGUN, PARTS as LOADED } from '../../../../../adapters/asterisk/doctor/checks/loaded';
import { modules, NEEDED } from '../../../../../adapters/asterisk/doctor/checks/modules';
import { readFiles } from '../../../../../adapters/asterisk/doctor/read-files';
import type {
  AriSeen,
  AsteriskSeen,
  AsteriskWanted,
} from '../../../../../adapters/asterisk/doctor/seen';
import { travelText } from '../../../../../adapters/asterisk/plan/travel-text';
import { named } from '../../../../../src/findings/named';
import { EXTENSIONS, FILE_FAULTS, type AsteriskFiles } from '../../../../doubles/asterisk-faults';

const ROOT = join(__dirname, '../../../../..');
const SHIPPED = join(ROOT, 'adapters/asterisk/dialplan');
const PARTS = LOADED.map(([place]) => place);
const NUMBER = '4930123456';

const NO_HEP: AsteriskWanted = {
  policyHash: '0123456789ab',
  decides: true,
  travels: false,
  serviceRuns: true,
  trunks: ['carrier-a', 'carrier-b'].map((name) => ({
    name,
    dial: { asterisk: `PJSIP/{number}@${name}` },
    firstResponse: 2_000,
    ringTimeout: 30_000,
    health: { ping: {} },
  })),
  emergency: ['112'],
  numbers: [NUMBER],
  voicemail: true,
  mailboxes: ['1001@default'],
  url: 'http://127.0.0.1:8088',
};
const WANTED: AsteriskWanted = {
  ...NO_HEP,
  hep: { host: '127.0.0.1', port: 9060, password: 'lab-only-secret' },
};

const ENDPOINT = { state: 'online', allow: '(ulaw|alaw)', qualifyFrequency: 30, only2xx: true };

const ARI: AriSeen = {
  version: '22.10.1',
  modules: new Set([
    ...NEEDED,
    ...['app_voicemail.so', 'app_originate.so', 'app_softhangup.so'],
    ...['res_hep.so', 'res_hep_pjsip.so', 'codec_ulaw.so', 'codec_alaw.so'],
  ]),
  application: true,
  mayWrite: true,
  globals: new Map([
    ['CRANKBACK_SESSION', 'abc'],
    ['CRANKBACK_POLICY', '0123456789ab'],
    ['CRANKBACK_DIAL_carrier-a', 'PJSIP/${CB_TO}@carrier-a'],
    ['CRANKBACK_DIAL_carrier-b', 'PJSIP/${CB_TO}@carrier-b'],
  ]),
  endpoints: new Map<string, typeof ENDPOINT | undefined>([
    ['carrier-a', ENDPOINT],
    ['carrier-b', ENDPOINT],
    ['carrier-x', undefined],
  ]),
  exists: new Map(PARTS.map((place): [string, boolean] => [place, true])),
  mailboxes: new Map([['1001@default', true]]),
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crankback-doctor-'));
  cpSync(SHIPPED, join(folder, 'crankback'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The files in order, after a fault was put in, as the probe reads them. */
async function seenWith(put: (files: AsteriskFiles) => void = () => undefined) {
  const lab = (name: string) => readFileSync(join(ROOT, 'lab/pbx/asterisk', name), 'utf8');
  const files: AsteriskFiles = new Map([
    ['extensions.conf', EXTENSIONS],
    ['http.conf', '[general]\nenabled = yes\nbindaddr = 127.0.0.1\n'],
    ['hep.conf', lab('hep.conf').replace('172.30.77.40', '127.0.0.1')],
    ['stasis.conf', lab('stasis.conf')],
    ['crankback/extensions.conf', readFileSync(join(SHIPPED, 'extensions.conf'), 'utf8')],
  ]);
  put(files);
  for (const [name, text] of files) writeFileSync(join(folder, name), text);
  const read = await readFiles(folder, SHIPPED);
  // What a dry run by Asterisk's own matching says of these two patterns.
  const text = files.get('extensions.conf') ?? '';
  const takes = new Map([
    [`crankback-fallback,${NUMBER},1`, /crankback-fallback\]\nexten => _X\./.test(text)],
    ['crankback-emergency,112,1', text.includes('exten => 112,')],
  ]);
  const ari = { ...ARI, exists: new Map([...ARI.exists, ...takes]) };
  return { wanted: WANTED, ari, ...(read && { files: read }) };
}

function codesOf(seen: AsteriskSeen): readonly string[] {
  return [...new Set(asteriskFindings(seen).map(({ finding }) => finding))];
}

it('finds nothing in an Asterisk in order', async () => {
  expect(codesOf(await seenWith())).toEqual([]);
});

describe('what travels', () => {
  const step = {
    ...{ trunk: 'carrier-a', forms: new Map() },
    example: { number: '1', startedAt: 0 },
  };
  /** As Asterisk has it. */
  const published = (generation: string, until: number) => {
    const entries = [{ pattern: { places: [], open: true }, first: step }];
    const { firsts } = travelText({ entries, generation, until, tellable: new Set() });
    return [...firsts].map(([symbol, text]) => [`CRANKBACK_FIRST_${symbol}`, text] as const);
  };
  const LATER = Date.now() + 3_600_000;

  it.each([
    ['it has what it was told', published('g.1', LATER), []],
    ['it has nothing', [], ['CB3206']],
    ['it has that of another generation', published('g.0', LATER), ['CB3206']],
    ['the time of what it has is over', published('g.1', Date.now() - 1_000), ['CB3206']],
  ])('where %s', async (_, texts, codes) => {
    const seen = await seenWith();
    const ari = { ...ARI, ...seen.ari, globals: new Map([...ARI.globals, ...texts]) };
    expect(codesOf({ ...seen, ari, wanted: { ...WANTED, told: 'g.1' } })).toEqual(codes);
    // Where nothing was told, nothing is missed.
    expect(codesOf({ ...seen, ari })).toEqual([]);
  });

  it.each([
    ['observes', { decides: false, travels: true }, 'g.1', LATER, ['CB3207']],
    ['has no travel: on', { decides: true, travels: false }, 'g.1', LATER, ['CB3207']],
    ['wants it', { decides: true, travels: true }, 'g.1', LATER, []],
    ['observes, and it was ended', { decides: false, travels: true }, 'off', LATER, []],
    ['observes, and it is over', { decides: false, travels: true }, 'g.1', Date.now() - 1_000, []],
  ])('is found where the policy %s', async (_, wants, generation, until, codes) => {
    const seen = await seenWith();
    const texts = [...published('g.1', until), ['CRANKBACK_GENERATION', generation] as const];
    const ari = { ...ARI, ...seen.ari, globals: new Map([...ARI.globals, ...texts]) };
    const found = codesOf({ ...seen, ari, wanted: { ...WANTED, ...wants } });
    expect(found.filter((code) => code === 'CB3207')).toEqual(codes);
  });
});

it.each(FILE_FAULTS)('finds %s: %s', async (finding, _fault, put) => {
  expect(codesOf(await seenWith(put))).toContain(finding);
});

it.each([
  ['the module runs, and its application is gone', ARI.modules, false, ['CB3302']],
  ['another module has the application', without('app_voicemail.so'), true, []],
  ['the module runs, and the command does not say', ARI.modules, undefined, []],
])('looks for the application of voicemail: %s', async (_, loaded, hasVoiceMail, expected) => {
  const { wanted, ari } = await seenWith();
  const seen = {
    loaded: new Map(),
    takes: new Map(),
    ...(hasVoiceMail !== undefined && { hasVoiceMail }),
  };
  const found = modules({ wanted, ari: { ...ari, modules: loaded }, command: seen });
  expect(found.map(({ finding }) => finding)).toEqual(expected);
});

/** Faults that ARI shows. */
const ARI_FAULTS: readonly (readonly [
  string,
  string,
  Partial<AriSeen>,
  Partial<AsteriskWanted>?,
])[] = [
  ['CB3006', 'an old Asterisk', { version: '16.28.0' }],
  ['CB3007', 'events without a status', { version: '20.11.1' }],
  ['CB3005', 'a user that may only read', { mayWrite: false }],
  ['CB3009', 'the service is connected elsewhere', { application: false }],
  ['CB3004', 'another instance has the calls', {}, { serviceRuns: false }],
  ['CB3201', 'no variables', { globals: new Map() }],
  [
    'CB3203',
    'a frozen crankback',
    { globals: new Map([...ARI.globals, ['CRANKBACK_FROZEN_AT', '1']]) },
  ],
  ['CB3204', 'another policy', { globals: new Map([...ARI.globals, ['CRANKBACK_POLICY', 'x']]) }],
  [
    'CB3205',
    'a trunk without its dial string',
    { globals: new Map([...ARI.globals, ['CRANKBACK_DIAL_carrier-b', '']]) },
  ],
  ...PARTS.map((place, index): readonly [string, string, Partial<AriSeen>] => [
    ['CB3101', 'CB3102', 'CB3103', 'CB3104'][index] ?? '',
    `${place} is not loaded`,
    { exists: new Map([...ARI.exists, [place, false]]) },
  ]),
  ['CB3301', 'a module is missing', { modules: without('func_uri.so') }],
  ['CB3302', 'no voicemail', { modules: without('app_voicemail.so') }],
  ['CB3304', 'no limit for emergency calls', { modules: without('app_originate.so') }],
  ['CB3405', 'no translation', { modules: without('codec_alaw.so') }],
  ['CB7009', 'no mirror', { modules: without('res_hep_pjsip.so') }],
  ['CB3303', 'no mailbox', { mailboxes: new Map([['1001@default', false]]) }],
  ['CB3401', 'no endpoint', endpoint(undefined)],
  ['CB3402', 'an endpoint that is away', endpoint({ ...ENDPOINT, state: 'offline' })],
  ['CB3403', 'no OPTIONS', endpoint({ ...ENDPOINT, qualifyFrequency: 0 })],
];

it.each(ARI_FAULTS.map(([finding, fault, ari, wanted = {}]) => ({ finding, fault, ari, wanted })))(
  'finds $finding: $fault',
  async ({ finding, ari, wanted }) => {
    const seen = await seenWith();
    const codes = codesOf({
      ...seen,
      wanted: { ...seen.wanted, ...wanted },
      ari: {
        ...seen.ari,
        ...ari,
        exists: ari.exists ? new Map([...seen.ari.exists, ...ari.exists]) : seen.ari.exists,
      },
    });
    expect(codes).toContain(finding);
  },
);

it('finds CB3404: any answer to OPTIONS counts, and no SIP is mirrored', async () => {
  const seen = await seenWith();
  const ari = { ...seen.ari, ...endpoint({ ...ENDPOINT, only2xx: false }) };
  expect(codesOf({ ...seen, wanted: NO_HEP, ari })).toEqual(['CB3404']);
});

describe('with travel: on', () => {
  const TRAVELS = { ...WANTED, travels: true };
  const of = (found: readonly { readonly finding: string }[]) =>
    found.filter(({ finding }) => finding === 'CB3120');
  const withoutBegun = async (put?: (files: AsteriskFiles) => void, lacks: string = BEGUN[0]) => {
    const seen = await seenWith(put);
    const exists = new Map([
      ...seen.ari.exists,
      ...BEGUN.map((place) => [place, place !== lacks] as const),
    ]);
    return { ...seen, wanted: TRAVELS, ari: { ...seen.ari, exists } };
  };

  it('finds CB3120: Asterisk has a dialplan of before calls began without asking', async () => {
    const seen = await withoutBegun();
    expect(of(asteriskFindings(seen))).toMatchObject([
      { change: 'asterisk -rx "dialplan reload"', repair: { kind: 'command' } },
    ]);
    const older = await withoutBegun((files) =>
      files.set('crankback/extensions.conf', '; of before\n'),
    );
    const [found] = asteriskFindings(older).filter(({ finding }) => finding === 'CB3120');
    expect(found?.change).toMatch(/^copy the shipped files to .*\/crankback, then/);
    expect(found?.repair).toBeUndefined();
    expect(of(asteriskFindings({ ...seen, wanted: WANTED }))).toEqual([]);
  });

  it('finds CB3120: Asterisk has a dialplan of before calls went on without anybody to ask', async () => {
    const seen = await withoutBegun(undefined, BEGUN[1]);
    expect(of(asteriskFindings(seen))).toHaveLength(1);
    expect(of(asteriskFindings(await withoutBegun(undefined, 'none')))).toEqual([]);
  });

  it('takes the word of its own command', async () => {
    const seen = await withoutBegun();
    const withStep = (does: string, more = 'crankback-alone'): AsteriskSeen => ({
      ...seen,
      command: {
        takes: new Map(),
        loaded: new Map(
          [...LOADED.map(([, , context]) => context), 'crankback-attempt', more].map((name) => [
            name,
            { name, includes: [], steps: [{ extension: '1', priority: '3', does, where: 'a:1' }] },
          ]),
        ),
      },
    });
    const begins = 'Dial(${SET(ARRAY(CB_TO,CALLERID(num))=1)}a,30,i,crankback-begun,1,s)';
    expect(of(asteriskFindings(withStep(begins)))).toEqual([]);
    // One that would show callers as they are, whomever their trunk takes.
    const older = withStep('Dial(${CUT(CB_STEP,.,6)}a,30,i,crankback-begun,1,s)');
    expect(of(asteriskFindings(older)).length).toBeGreaterThan(0);
    expect(of(asteriskFindings(withStep('NoOp()')))).toHaveLength(1);
    const before = withStep(begins, 'crankback-voicemail');
    expect(of(asteriskFindings(before))).toHaveLength(1);
  });
});

it('tells why ARI is not there', () => {
  const why = named('CB3002', 'refused');
  expect(codesOf({ wanted: WANTED, ari: { finding: 'CB3002', why } })).toEqual(['CB3002']);
});

it('tells no secret, neither that of the settings nor that of hep.conf', async () => {
  const seen = await seenWith((files) =>
    files.set(
      'hep.conf',
      (files.get('hep.conf') ?? '').replace(/(capture_password = ).*/, '$1other-secret'),
    ),
  );
  const found = JSON.stringify(asteriskFindings(seen));
  expect(found).toContain('CB7003');
  expect(found).not.toMatch(/lab-only-secret|other-secret/);
});

it.each([
  ['a device that is included', 'no plain file', (path: string) => symlinkSync('/dev/null', path)],
  [
    'an included file of more than 16 MiB',
    'bytes are too many',
    (path: string) => {
      writeFileSync(path, '');
      truncateSync(path, 16 * 1024 * 1024 + 1);
    },
  ],
])('does not read %s', async (_what, why, make) => {
  make(join(folder, 'mine.conf'));
  const [, , put] = FILE_FAULTS.find(([finding]) => finding === 'CB3108') ?? [];
  const found = asteriskFindings(await seenWith(put)).map(({ finding, what }) => [finding, what]);
  expect(found).toEqual([['CB3108', expect.stringContaining(why)]]);
});

it('copies the shipped file where an include of ours is missing, and mends no other include', async () => {
  const seen = await seenWith(() => rmSync(join(folder, 'crankback/planned.conf')));
  const [found] = asteriskFindings(seen);
  const to = join(folder, 'crankback/planned.conf');
  expect(found).toMatchObject({
    finding: 'CB3108',
    change: `cp ${join(SHIPPED, 'planned.conf')} ${to}`,
    repair: { kind: 'copy', files: [{ from: join(SHIPPED, 'planned.conf'), to }] },
  });
  const [, , put] = FILE_FAULTS.find(([finding]) => finding === 'CB3108') ?? [];
  expect(asteriskFindings(await seenWith(put)).map(({ repair }) => repair)).not.toContainEqual(
    expect.objectContaining({ kind: 'command' }),
  );
});

it('includes our dialplan only where all of its files are there', async () => {
  const [, , put] = FILE_FAULTS.find(([finding]) => finding === 'CB3107') ?? [];
  const repairOf = (seen: AsteriskSeen) =>
    asteriskFindings(seen).find(({ finding }) => finding === 'CB3107')?.repair?.kind;
  expect(repairOf(await seenWith(put))).toBe('line');
  rmSync(join(folder, 'crankback/emergency.conf'));
  expect(repairOf(await seenWith(put))).toBe('copy');
});

function without(module: string): ReadonlySet<string> {
  return new Set([...ARI.modules].filter((name) => name !== module));
}

function endpoint(one: typeof ENDPOINT | undefined): Partial<AriSeen> {
  return { endpoints: new Map([...ARI.endpoints, ['carrier-b', one]]) };
}
