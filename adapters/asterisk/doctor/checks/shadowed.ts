import type { Found } from '../../../../src/doctor/found';
import { isOurs, isUsers } from '../dialplan';
import type { AsteriskSeen } from '../seen';
import { dialplanOf } from '../written-dialplan';

/** Foreign lines in our contexts, and whether anything leads to us. */
export function shadowed({ command, files }: AsteriskSeen): readonly Found[] {
  // The loaded dialplan names a file without its folder, so that the user's extensions.conf looks like ours.
  const dialplan = files?.extensions ? dialplanOf(files.extensions.lines) : command?.loaded;
  if (!dialplan?.has('crankback')) return [];
  const found: Found[] = [];
  for (const { name, steps } of dialplan.values()) {
    // A context of the user's own may have such a name.
    if (!isOurs(name) || !steps.some(({ where }) => isOurFile(where))) continue;
    const foreign = steps.find(
      // Of what is loaded alone it is not known.
      ({ where }) =>
        !isOurFile(where) &&
        (files?.extensions !== undefined || !where.startsWith('extensions.conf:')),
    );
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

/** `crankback/planned.conf:12` of the files, `planned.conf:12` of what is loaded. */
function isOurFile(where: string): boolean {
  const file = where.replace(/:\d+$/, '');
  return file.includes('crankback/') || LOADED.includes(file);
}

const LOADED = ['planned.conf', 'emergency.conf'];
