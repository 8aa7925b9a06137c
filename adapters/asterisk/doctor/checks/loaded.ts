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

/**
 * Where a call goes on that begins without asking, and where it does while nobody can be asked. A dialplan of before such
 * calls has no such places.
 */
export const BEGUN = ['crankback-attempt,0,begun-5', 'crankback-alone,s,1'] as const;

/** Whether Asterisk has our dialplan, by its command, by a channel, or at least by its files. */
export function loaded(seen: AsteriskSeen): readonly Found[] {
  for (const [place, finding, context] of PARTS) {
    if (isThere(seen, place, context) === false)
      return [{ finding, what: `Asterisk has no [${context}]`, ...mendedBy(seen, finding) }];
  }
  return seen.wanted.travels && begins(seen) === false
    ? [
        {
          finding: 'CB3120',
          what: 'travel is on, and the dialplan that Asterisk has loaded is of before',
          ...reloadedOrCopied(seen),
        },
      ]
    : [];
}

function begins({ command, ...seen }: AsteriskSeen): boolean | undefined {
  if (!command) {
    const exists = ariOf(seen)?.exists;
    return BEGUN.some((place) => exists?.get(place) === false) ? false : exists?.get(BEGUN[0]);
  }
  const steps = command.loaded.get('crankback-attempt')?.steps ?? [];
  // The caller that a trunk presents is the newest of it.
  const isBegun = steps.some(({ does }) =>
    /^Dial\(.*CALLERID\(num\)\)=.*,crankback-begun,/.test(does),
  );
  return isBegun && command.loaded.has('crankback-alone');
}

/** Files that are the shipped ones already are read again. */
function reloadedOrCopied({ files }: AsteriskSeen): Pick<Found, 'change' | 'repair'> {
  const isWritten =
    files?.extensions?.broken.length === 0 && files.ours.every(({ isShipped }) => isShipped);
  return isWritten ? { change: 'asterisk -rx "dialplan reload"', repair: RELOAD } : copied(files);
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
  const written = files?.extensions;
  const isWritten = written?.files.includes('crankback/extensions.conf');
  if (finding !== 'CB3101') return copied(files);
  if (isWritten !== true)
    return { change: `${folderOf(files)}/extensions.conf: #include crankback/extensions.conf` };
  return {
    change: 'asterisk -rx "dialplan reload"',
    ...(written?.broken.length === 0 && { repair: RELOAD }),
  };
}

function copied(files: AsteriskSeen['files']): Pick<Found, 'change'> {
  return {
    change: `copy the shipped files to ${folderOf(files)}/crankback, then asterisk -rx "dialplan reload"`,
  };
}

function folderOf(files: AsteriskSeen['files']): string {
  return files?.folder ?? '/etc/asterisk';
}
