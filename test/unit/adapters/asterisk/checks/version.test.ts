import { versionProblem } from '../../../../../adapters/asterisk/checks/version';

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
  expect(versionProblem(version)).toBeUndefined();
});

it.each(['18.20.2', '20.5.2', '21.0.2', '19.8.1', '16.30.1', '13.38.3', 'certified/18.9-cert5'])(
  'Asterisk %s has no PJSIPHangup()',
  (version) => {
    expect(versionProblem(version)).toBe(
      `Asterisk ${version} has no PJSIPHangup(), so that no caller could be sent the SIP status of a failure: crankback needs Asterisk 18.21, 20.6, 21.1 or a later one`,
    );
  },
);
