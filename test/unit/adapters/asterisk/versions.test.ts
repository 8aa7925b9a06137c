import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  TRIED,
  versionProblem,
  versionRemarks,
} from '../../../../adapters/asterisk/checks/version';
import { RECORDED_CALLS } from '../../../../lab/record/calls';
import { readVersions } from '../../../../lab/record/recording';
import { replay } from '../../../doubles/asterisk-replay';
import {
  hasSecondTimeout,
  hasStatusInEvents,
  toldOf,
  versionsPage,
} from '../../../doubles/versions-page';

const versions = readVersions();

/** What is decided on, whichever version: the wire's status, and none where none came. */
const DECIDED: Readonly<Record<string, string>> = {
  '404': 'invalid-number 404',
  '480': 'unavailable 480',
  '486': 'busy 486',
  '488': 'codec-mismatch 488',
  '500': 'trunk-failed 500',
  '502': 'trunk-failed 502',
  '503': 'trunk-congested 503',
  '603': 'declined 603',
  '407-silent': 'trunk-timeout',
  '407-503': 'trunk-congested 503',
  'ring-503': 'trunk-congested 503 rang',
  'ring-timeout': 'no-answer rang',
  'ring-second-timeout': 'no-answer rang',
  'trying-timeout': 'trunk-timeout',
  'trying-second-timeout': 'trunk-timeout',
  'silent-timeout': 'trunk-timeout',
  'closed-port': 'trunk-timeout',
  'given-up': 'trunk-timeout',
  'unknown-endpoint': 'local-unreachable',
  'no-dns': 'local-unreachable',
};

/** What is followed and not decided by the same name, whichever version. */
const FOLLOWED: Readonly<Record<string, string>> = {
  'observed-302': 'redirected',
  'observed-cancel': 'cancelled',
};

/** The class of the same call where it is decided. */
function classOf(observed: string): string | undefined {
  return DECIDED[observed.replace('observed-', '')]?.split(' ')[0];
}

it('there is a recording of each branch that is said to be tried', () => {
  const branches = [...new Set(versions.map(({ version }) => Number(version.split('.')[0])))];
  expect(branches).toEqual(TRIED);
});

it('docs/versions.md is committed as it is generated: run `npm run docs` after a change', () => {
  const page = readFileSync(join(__dirname, '../../../../docs/versions.md'), 'utf8');
  expect(page).toBe(versionsPage(versions));
});

describe.each(versions)('Asterisk $version', (recording) => {
  const { version, calls, applications } = recording;

  it('is used or refused, and described, as it is', () => {
    const remarks = versionRemarks(version).join('\n');
    expect(versionProblem(version, false) === undefined).toBe(applications['PJSIPHangup']);
    expect(remarks.includes('no SIP status')).toBe(!hasStatusInEvents(recording));
    expect(remarks.includes('no second time-out')).toBe(!hasSecondTimeout(recording));
  });

  it('was recorded with every call', () => {
    expect(calls.map(({ name }) => name)).toEqual(RECORDED_CALLS.map(({ name }) => name));
  });

  it.each(calls)('$name: leaves no leg behind, and is decided on as everywhere', (call) => {
    const { left, answered } = replay(call.events);
    expect(left).toBe(0);
    expect(answered).toBe(call.name.endsWith('answer') ? 1 : 0);
    const { decided } = toldOf(call);
    if (call.name in DECIDED) expect(decided).toBe(DECIDED[call.name]);
    // Its status is in the events alone.
    if (call.name === '302') expect(decided).toMatch(/^redirected( 302)?$/);
  });

  it.each(calls.filter(({ name }) => name.startsWith('observed-')))(
    '$name: is followed with the status that was on the wire, where events have one',
    (call) => {
      const final = call.wire.carrier.find((status) => status >= 300);
      if (final === undefined) return;
      const [leg] = replay(call.events).legs;
      const ours = call.name === 'observed-cancel';
      expect(leg?.failure.sip).toBe(hasStatusInEvents(recording) || ours ? final : undefined);
      expect(leg?.failure.class).toBe(FOLLOWED[call.name] ?? classOf(call.name));
    },
  );
});
