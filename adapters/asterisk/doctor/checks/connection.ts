import type { Found } from '../../../../src/doctor/found';
import type { AsteriskSeen } from '../seen';
import { hasStatusInEvents, versionProblem } from '../../checks/version';

/** ARI: whether it answers, whether we may do what we have to, and who has the calls. */
export function connection({ ari, wanted }: AsteriskSeen): readonly Found[] {
  if (!('version' in ari)) return [{ finding: ari.finding, what: withoutCode(ari.why) }];
  const { version, mayWrite, application } = ari;
  const old = versionProblem(version, !wanted.decides);
  return [
    ...(old === undefined ? [] : [{ finding: 'CB3006' as const, what: withoutCode(old) }]),
    ...(old === undefined && hasStatusInEvents(version) === false
      ? [
          {
            finding: 'CB3007' as const,
            what: `Asterisk ${version} reports no SIP status in its events`,
          },
        ]
      : []),
    ...(wanted.decides && mayWrite === false
      ? [
          {
            finding: 'CB3005' as const,
            what: 'Asterisk refuses to set a variable for the user in CRANKBACK_ARI_USER',
            change: 'ari.conf: read_only = no',
          },
        ]
      : []),
    ...(wanted.decides && wanted.serviceRuns && !application
      ? [
          {
            finding: 'CB3009' as const,
            what: 'the service answers, and this Asterisk has no Stasis application "crankback"',
            change: 'CRANKBACK_ARI_URL of the service; systemctl restart crankback',
          },
        ]
      : []),
    ...(wanted.decides && !wanted.serviceRuns && application
      ? [
          {
            finding: 'CB3004' as const,
            what: 'no service answers here, and another one has the Stasis application "crankback"',
          },
        ]
      : []),
  ];
}

function withoutCode(sentence: string): string {
  return sentence.replace(/ \[CB\d{4}\]$/, '');
}
