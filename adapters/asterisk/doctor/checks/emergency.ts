import type { Found } from '../../../../src/doctor/found';
import { dialplanSeen, takesNumber, wayOf } from './fallback';
import type { AsteriskSeen } from '../seen';

const EMERGENCY = 'crankback-emergency';

/** The way of emergency calls, which never need crankback. */
export function emergency(seen: AsteriskSeen): readonly Found[] {
  const dialplan = dialplanSeen(seen);
  const steps = dialplan?.get(EMERGENCY)?.steps ?? [];
  const lacking = seen.wanted.emergency.filter((number) => {
    const taken = takesNumber(seen, EMERGENCY, number);
    return taken === false || (taken === undefined && dialplan !== undefined && steps.length === 0);
  });
  const dials = steps.filter(({ does }) => /^Dial\(/i.test(does));
  const bare = dials.find(({ does }) => !does.includes('&') && !/,\s*[\d^]+\s*[,)]/.test(does));
  const legs = steps.some(({ does }) => does.includes('crankback-emergency-leg'));
  // A single trunk at the end without a limit is what the last line is.
  const last = dials.at(-1);
  return [
    ...lacking.map((number) => ({
      finding: 'CB3114' as const,
      what: `[${EMERGENCY}] has no extension for ${number}`,
      change: `exten => ${number},1,Gosub(crankback-emergency-leg,\${EXTEN},1(PJSIP/\${EXTEN}@carrier-a)) in [${EMERGENCY}]`,
    })),
    ...(dialplan ? wayOf(seen, dialplan, EMERGENCY, 'CB3115') : []),
    ...(legs && dials.length === 0
      ? [
          {
            finding: 'CB3117' as const,
            what: `[${EMERGENCY}] ends with trunks that are given up`,
            change: 'Dial(PJSIP/${EXTEN}@carrier-a&PJSIP/${EXTEN}@carrier-b) before the Hangup()',
          },
        ]
      : []),
    ...(bare && bare !== last
      ? [
          {
            finding: 'CB3119' as const,
            what: `${bare.where} dials without a limit for silence`,
            change: 'Gosub(crankback-emergency-leg,${EXTEN},1(PJSIP/${EXTEN}@carrier-a))',
          },
        ]
      : []),
  ];
}
