import {
  TRIED,
  versionProblem,
  hasStatusInEvents,
  versionRemarks,
} from '../../../../../adapters/asterisk/checks/version';

it.each([
  '22.10.1',
  '23.0.0',
  '21.1.0',
  '20.6.0',
  '20.18.2',
  '18.21.0',
  '20.7-cert3',
  'certified/20.7-cert1',
  '22.10.1+dfsg+~cs6.17.60671434-1',
  // No number to compare.
  'GIT-master-1a2b3c4',
])('Asterisk %s can be used', (version) => {
  expect(versionProblem(version, false)).toBeUndefined();
});

it.each(['18.20.2', '20.5.2', '21.0.2', '19.8.1', '16.30.1', '13.38.3', 'certified/18.9-cert5'])(
  'Asterisk %s has no PJSIPHangup()',
  (version) => {
    expect(versionProblem(version, false)).toBe(
      `Asterisk ${version} has no PJSIPHangup(), so that no caller could be sent the SIP status of a failure: crankback needs Asterisk 18.21, 20.6, 21.1 or a later one, except for mode: observe [CB3006]`,
    );
  },
);

it.each(['18.20.2', '20.5.2', '18.10.0'])('Asterisk %s is enough to observe', (version) => {
  expect(versionProblem(version, true)).toBeUndefined();
});

it.each(['16.30.1', '13.38.3'])('Asterisk %s is not even followed', (version) => {
  expect(versionProblem(version, true)).toBe(
    `Asterisk ${version} is too old: crankback follows the calls of Asterisk 18 and later [CB3006]`,
  );
});

const NO_STATUS =
  'its channel events have no SIP status: an attempt that crankback only follows is classified by its cause';
const NO_SECOND = 'its Dial() has no second time-out: progress_timeout has no effect';

it.each([
  ['22.10.1', []],
  ['22.6.0', [NO_STATUS]],
  ['22.0.0', [NO_STATUS, NO_SECOND]],
  ['GIT-master-1a2b3c4', ['crankback cannot tell how old an Asterisk GIT-master-1a2b3c4 is']],
])('what is different with Asterisk %s', (version, remarks) => {
  expect(versionRemarks(version)).toEqual(remarks);
});

it.each([
  ['18.26.4', true, false],
  ['20.6.0', true, true],
  ['20.17.0', false, false],
  ['21.12.3', true, false],
  ['23.0.0', true, false],
  ['23.1.0', false, false],
  ['24.0.0', false, false],
])('Asterisk %s: no status %p, no second time-out %p', (version, noStatus, noSecond) => {
  const remarks = versionRemarks(version);
  expect([remarks.includes(NO_STATUS), remarks.includes(NO_SECOND)]).toEqual([noStatus, noSecond]);
});

it('a branch that was not tried is said to be so', () => {
  expect(versionRemarks('99.0.0')).toEqual([
    `crankback was not tried with Asterisk 99, only with ${TRIED.join(', ')}`,
  ]);
});

it('a version without a number is not said to have no status', () => {
  expect(hasStatusInEvents('GIT-master-1a2b3c')).toBeUndefined();
});
