import { hostFindings } from '../../../src/doctor/checks';
import type { HostSeen } from '../../../src/doctor/host/seen';
import { readSettings, type Settings } from '../../../src/settings/settings';

const BUILT = { version: '0.2.0', commit: 'a1', contracts: { asterisk: '1', freeswitch: '1' } };
const OTHER_CONTRACT = { ...BUILT, contracts: { asterisk: '1', freeswitch: '0' } };

/** A machine on which nothing is wrong. */
function healthy(env: Readonly<Record<string, string>> = {}): HostSeen {
  return {
    settings: settingsOf(env),
    program: BUILT,
    node: '22.12.0',
    isRoot: false,
    clockSynchronised: true,
    policyFile: { path: '/etc/crankback/policy.yaml', mode: 0o640 },
    policyHash: '0123456789ab',
    secrets: [{ path: '/etc/crankback/ari-password', mode: 0o640 }],
    journal: {
      path: '/var/lib/crankback/journal.db',
      folder: '/var/lib/crankback',
      folderWritable: true,
      file: { path: '/var/lib/crankback/journal.db', mode: 0o640 },
      freeBytes: 10_000_000_000,
      content: 'ours',
    },
    stateFile: {
      path: '/var/lib/crankback/state.json',
      folder: '/var/lib/crankback',
      folderWritable: true,
    },
    ports: [],
    service: {
      kind: 'there',
      ready: true,
      reasons: [],
      warnings: [],
      policyHash: '0123456789ab',
      running: BUILT,
    },
  };
}

function settingsOf(env: Readonly<Record<string, string>>): Settings {
  const required = {
    CRANKBACK_POLICY: '/etc/crankback/policy.yaml',
    CRANKBACK_ARI_URL: 'http://127.0.0.1:8088',
    CRANKBACK_ARI_USER: 'crankback',
    CRANKBACK_ARI_PASSWORD: 'secret',
  };
  const read = readSettings({ ...required, ...env }, {}, () => '');
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.settings;
}

const up = healthy();
const { journal, stateFile } = up;
if (!journal || !stateFile) throw new Error('both are part of it');

/** Each fault by itself, and what is found. */
const FAULTS: readonly (readonly [finding: string, fault: string, seen: Partial<HostSeen>])[] = [
  ['CB8001', 'the service does not run', { service: { kind: 'absent', why: 'ECONNREFUSED' } }],
  ['CB8002', 'another token', { service: { kind: 'refused', status: 401 } }],
  ['CB8004', 'another program at the port', { service: { kind: 'strange' } }],
  ['CB8010', 'not ready, and no token', { service: { kind: 'there', ready: false } }],
  [
    'CB3101',
    'the service says why it is not ready',
    {
      service: {
        kind: 'there',
        ready: false,
        reasons: ['asterisk: the dialplan of crankback is not loaded [CB3101]'],
      },
    },
  ],
  [
    'CB1405',
    'another policy is in force',
    { service: { kind: 'there', ready: true, reasons: [], policyHash: 'ba9876543210' } },
  ],
  [
    'CB8014',
    'upgraded, and not restarted',
    { service: { kind: 'there', ready: true, reasons: [], running: { ...BUILT, commit: 'b2' } } },
  ],
  [
    'CB8014',
    'a dialplan of another contract',
    { service: { kind: 'there', ready: true, reasons: [], running: OTHER_CONTRACT } },
  ],
  [
    'CB9004',
    'everybody may write the policy',
    { policyFile: { path: 'policy.yaml', mode: 0o666 } },
  ],
  ['CB9005', 'everybody may read a secret', { secrets: [{ path: 'ari', mode: 0o644 }] }],
  [
    'CB9011',
    'everybody may read the journal',
    { journal: { ...journal, file: { path: journal.path, mode: 0o644 } } },
  ],
  [
    'CB6006',
    'the journal’s folder is another’s',
    { journal: { ...journal, folderWritable: false } },
  ],
  ['CB6007', 'a full disk', { journal: { ...journal, freeBytes: 1_000_000 } }],
  ['CB6009', 'a journal of a newer crankback', { journal: { ...journal, content: 'newer' } }],
  ['CB6009', 'something else in its place', { journal: { ...journal, content: 'other' } }],
  [
    'CB6102',
    'the state’s folder is another’s',
    { stateFile: { ...stateFile, folderWritable: false } },
  ],
  ['CB6101', 'a state file that is none', { stateFile: { ...stateFile, problem: 'no JSON' } }],
  ['CB9003', 'an old Node.js', { node: '18.20.4' }],
  ['CB9001', 'a clock that nobody sets', { clockSynchronised: false }],
  ['CB9010', 'root', { isRoot: true }],
  [
    'CB9008',
    'a port is taken',
    { ports: [{ setting: 'CRANKBACK_HTTP_PORT', host: '127.0.0.1', port: 8090, taken: 'in use' }] },
  ],
  [
    'CB9007',
    'HTTP for everybody',
    {
      settings: settingsOf({
        CRANKBACK_HTTP_HOST: '0.0.0.0',
        CRANKBACK_HTTP_READ_TOKEN: 'long-enough-a-token',
      }),
    },
  ],
  [
    'CB7005',
    'mirrored SIP of everybody',
    { settings: settingsOf({ CRANKBACK_HEP_HOST: '0.0.0.0', CRANKBACK_HEP_PORT: '9060' }) },
  ],
];

const withoutJournal: HostSeen = { ...up };
delete (withoutJournal as { journal?: unknown }).journal;
const withoutState: HostSeen = { ...up };
delete (withoutState as { stateFile?: unknown }).stateFile;

it('finds nothing on a machine in order', () => {
  expect(hostFindings(up)).toEqual([]);
});

it.each(FAULTS)('finds %s: %s', (finding, _fault, seen) => {
  expect(hostFindings({ ...up, ...seen }).map((one) => one.finding)).toEqual([finding]);
});

it.each([
  ['CB6008', withoutJournal],
  ['CB6103', withoutState],
] as const)('finds %s: nothing is kept', (finding, seen) => {
  expect(hostFindings(seen).map((one) => one.finding)).toEqual([finding]);
});

it('names both versions, and the contracts that differ, where the service was not restarted', () => {
  const running = { ...OTHER_CONTRACT, version: '0.1.0' };
  const service = { kind: 'there', ready: true, reasons: [], running } as const;
  expect(hostFindings({ ...up, service })).toEqual([
    {
      finding: 'CB8014',
      what: '0.1.0 (commit a1) is running, and this program is 0.2.0 (commit a1); their dialplan contracts differ: freeswitch 0 and 1',
      change: 'systemctl restart crankback',
    },
  ]);
});

it('says what travels, what asks and why, and until when it is followed', () => {
  const routes = { begin: 2, ask: { 'limits of a trunk': 1, refuses: 3 }, more: true };
  const until = Date.UTC(2026, 10, 30, 12);
  const travels = { berlin: { routes, generation: 'g1', until } };
  const service = { kind: 'there', ready: true, reasons: [], travels } as const;
  expect(hostFindings({ ...up, service })).toEqual([
    {
      finding: 'CB8018',
      what: 'berlin: of 2 routes calls begin without asking; asking: 1 for limits of a trunk, 3 for refuses, all behind these, as there are too many; generation g1; without crankback that is followed until 2026-11-30T12:00:00.000Z, then the static fallback',
    },
  ]);
});

it('mends permissions by taking away what others may do', () => {
  const [found] = hostFindings({ ...up, secrets: [{ path: 'ari', mode: 0o664 }] });
  expect(found?.repair).toEqual({ kind: 'mode', path: 'ari', mode: 0o660 });
});
