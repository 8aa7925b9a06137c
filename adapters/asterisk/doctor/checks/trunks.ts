import type { Found } from '../../../../src/doctor/found';
import { ariOf, type AsteriskSeen } from '../seen';
import { codecsIn, translatable } from '../../trunks/codecs';
import { deviceOf } from '../../trunks/trunk-names';

/** The endpoints that trunks dial. */
export function trunks(seen: AsteriskSeen): readonly Found[] {
  const ari = ariOf(seen);
  if (!ari) return [];
  const running = translatable([...ari.modules]);
  return seen.wanted.trunks.flatMap(({ name, dial: { asterisk }, health }): readonly Found[] => {
    const [technology, endpoint = ''] = deviceOf(asterisk ?? '').split('/');
    if (technology !== 'PJSIP' || endpoint.includes('{') || !ari.endpoints.has(endpoint)) return [];
    const found = ari.endpoints.get(endpoint);
    if (!found)
      return [
        {
          finding: 'CB3401',
          what: `trunk ${name} dials PJSIP endpoint ${endpoint}, which Asterisk does not know`,
          change: `trunks.${name}.dial.asterisk, or [${endpoint}] in pjsip.conf`,
        },
      ];
    const lacking = codecsIn(found.allow).filter(
      ({ name: codec }) => !running.some((one) => one.name.toLowerCase() === codec.toLowerCase()),
    );
    return [
      ...(found.state === 'offline'
        ? [
            {
              finding: 'CB3402' as const,
              what: `Asterisk calls ${endpoint} of trunk ${name} offline`,
            },
          ]
        : []),
      ...(health?.ping && found.qualifyFrequency === 0
        ? [
            {
              finding: 'CB3403' as const,
              what: `trunk ${name} has options_ping, and qualify_frequency of ${endpoint} is 0`,
              change: 'pjsip.conf, its AOR: qualify_frequency = 30',
            },
          ]
        : []),
      ...(health?.ping && found.qualifyFrequency > 0 && !found.only2xx && !seen.wanted.hep
        ? [
            {
              finding: 'CB3404' as const,
              what: `any answer of ${endpoint} to OPTIONS counts for trunk ${name}`,
              change: 'pjsip.conf, its AOR: qualify_2xx_only = yes',
            },
          ]
        : []),
      ...lacking.map(({ name: codec }) => ({
        finding: 'CB3405' as const,
        what: `no module translates ${codec}, which ${endpoint} of trunk ${name} allows`,
      })),
    ];
  });
}
