import type { Found } from '../../../../src/doctor/found';
import { CONTRACT_VERSION } from '../../handover/contract';
import { ariOf, type AsteriskSeen } from '../seen';
import { RELOAD } from './written';

/** Parts of our dialplan, the first that is missing counts: without the first one the others are no news. */
export const PARTS = [
  ['crankback-ask,s,1', 'CB3101', 'crankback-ask'],
  [`crankback-contract,${CONTRACT_VERSION},1`, 'CB3102', 'crankback-contract'],
  ['crankback-after-503,1,attempt', 'CB3103', 'crankback-after-503'],
  ['crankback-emergency-leg,1,1', 'CB3104', 'crankback-emergency-leg'],
] as const;

/** Whether Asterisk has our dialplan, by its command, by a channel, or at least by its files. */
export function loaded(seen: AsteriskSeen): readonly Found[] {
  for (const [place, finding, context] of PARTS) {
    if (isThere(seen, place, context) === false)
      return [{ finding, what: `Asterisk has no [${context}]`, ...mendedBy(seen, finding) }];
  }
  return [];
}

function isThere(seen: AsteriskSeen, place: string, context: string): boolean | undefined {
  const byCommand = seen.command?.loaded.get(context);
  if (seen.command) {
    if (!byCommand) return false;
    if (context !== 'crankback-contract') return true;
    return byCommand.steps.some(({ extension }) => extension === CONTRACT_VERSION);
  }
  return ariOf(seen)?.exists.get(place);
}

function mendedBy({ files }: AsteriskSeen, finding: string): Pick<Found, 'change' | 'repair'> {
  const folder = files?.folder ?? '/etc/asterisk';
  const written = files?.extensions;
  const isWritten = written?.files.includes('crankback/extensions.conf');
  if (finding !== 'CB3101')
    return {
      change: `copy the shipped files to ${folder}/crankback, then asterisk -rx "dialplan reload"`,
    };
  if (isWritten !== true)
    return { change: `${folder}/extensions.conf: #include crankback/extensions.conf` };
  return {
    change: 'asterisk -rx "dialplan reload"',
    ...(written?.broken.length === 0 && { repair: RELOAD }),
  };
}
