import type { Found } from '../../../../src/doctor/found';
import { isOurs, isUsers } from '../dialplan';
import type { AsteriskSeen } from '../seen';
import { dialplanOf } from '../written-dialplan';

/** Foreign lines in our contexts, and whether anything leads to us. */
export function shadowed({ command, files }: AsteriskSeen): readonly Found[] {
  const dialplan = command?.loaded ?? (files?.extensions && dialplanOf(files.extensions.lines));
  if (!dialplan?.has('crankback')) return [];
  const found: Found[] = [];
  for (const { name, steps } of dialplan.values()) {
    if (!isOurs(name)) continue;
    const foreign = steps.find(({ where }) => !isOurFile(where));
    if (foreign)
      found.push({
        finding: 'CB3106',
        what: `${foreign.where} has ${foreign.extension} in [${name}], which is crankback’s`,
        change: `another name for the context at ${foreign.where}`,
      });
  }
  const entered = [...dialplan.values()].some(
    ({ name, steps, includes }) =>
      !isOurs(name) &&
      !isUsers(name) &&
      (includes.includes('crankback') ||
        steps.some(({ does }) => /\bcrankback(-failed)?\s*,/.test(does))),
  );
  if (!entered)
    found.push({
      finding: 'CB3109',
      what: 'no extension of yours goes to [crankback] or [crankback-failed]',
      change: 'exten => _X.,1,Goto(crankback,${EXTEN},1)',
    });
  return found;
}

/** `crankback/planned.conf:12` of the files; the loaded dialplan names a file without its folder. */
function isOurFile(where: string): boolean {
  const file = where.replace(/:\d+$/, '');
  if (file.startsWith('crankback/') || file.includes('/crankback/')) return true;
  return (
    ['planned.conf', 'emergency.conf'].includes(file) || file === 'extensions.conf-of-crankback'
  );
}
