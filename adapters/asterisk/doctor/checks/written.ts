import { repairText, type Found } from '../../../../src/doctor/found';
import type { AsteriskSeen, FilesSeen, OwnFile } from '../seen';
import { dialplanOf } from '../written-dialplan';

/** What is on the disk, as Asterisk reads it when it starts. */
export const RELOAD = { kind: 'command', pbx: 'asterisk', command: 'dialplan reload' } as const;

const INCLUDE = 'crankback/extensions.conf';

/** The files of the dialplan: whether ours is included, can be read, is the shipped one, and is what is loaded. */
export function written({ files, command }: AsteriskSeen): readonly Found[] {
  if (!files?.extensions) return [];
  const { folder, extensions, ours } = files;
  const isIncluded =
    extensions.files.includes(INCLUDE) || extensions.broken.some(({ file }) => file === INCLUDE);
  const stale = command && isIncluded ? notLoaded(files, command) : [];
  return [
    ...(isIncluded
      ? []
      : [
          {
            finding: 'CB3107' as const,
            what: `${folder}/extensions.conf does not include ${INCLUDE}`,
            change: `#include ${INCLUDE}`,
            ...including(files),
          },
        ]),
    ...extensions.broken.map(({ where, file, why }) => ({
      finding: 'CB3108' as const,
      what: `${folder}/${where} includes ${file}: ${why}`,
      change: `chmod 644 ${folder}/${file}`,
      ...copying(
        ours.filter(({ name, mode }) => file === `crankback/${name}` && mode === undefined),
      ),
    })),
    ...ours.flatMap(({ name, path, mode, isShipped, shipped }) => {
      const found: Found[] = [];
      if (isIncluded && mode !== undefined && isShipped === false)
        found.push({
          finding: 'CB3105',
          what: `${path} is not the file that came with this crankback`,
          change: `cp ${shipped ?? `crankback's ${name}`} ${path}`,
          ...(shipped !== undefined && {
            repair: { kind: 'copy', files: [{ from: shipped, to: path }] } as const,
          }),
        });
      if (mode !== undefined && mode & 0o002)
        found.push({
          finding: 'CB9006',
          what: `${path} has mode ${mode.toString(8)}: everybody may change it`,
          change: `chmod ${(mode & ~0o002).toString(8)} ${path}`,
          repair: { kind: 'mode', path, mode: mode & ~0o002 },
        });
      return found;
    }),
    ...stale,
  ];
}

/** Asterisk loads nothing behind an include that is not there, so ours come first. */
function including({ folder, ours }: FilesSeen): Pick<Found, 'repair'> {
  const missing = ours.filter(({ mode }) => mode === undefined);
  if (missing.length > 0) {
    const { repair } = copying(missing);
    return repair ? { repair } : {};
  }
  const path = `${folder}/extensions.conf`;
  return { repair: { kind: 'line', path, line: `#include ${INCLUDE}` } };
}

/** Files of ours as they came; nothing where it is not known from where. */
function copying(files: readonly OwnFile[]): Pick<Found, 'change' | 'repair'> {
  const copies = files.flatMap(({ path, shipped }) =>
    shipped === undefined ? [] : [{ from: shipped, to: path }],
  );
  if (copies.length === 0 || copies.length < files.length) return {};
  const repair = { kind: 'copy', files: copies } as const;
  return { change: repairText(repair), repair };
}

/** Extensions of the files that Asterisk does not have; one is enough to say so. */
function notLoaded(
  { extensions, folder }: NonNullable<AsteriskSeen['files']>,
  { loaded }: NonNullable<AsteriskSeen['command']>,
): readonly Found[] {
  // Where nothing of ours is there, it is not loaded, which is another finding; a reload with a broken include loads less.
  if (!extensions || extensions.broken.length > 0 || !loaded.has('crankback-ask')) return [];
  for (const { name, steps } of dialplanOf(extensions.lines).values()) {
    for (const { extension, where } of steps) {
      const has = loaded.get(name)?.steps.some((step) => step.extension === extension);
      // A global variable in a name is resolved when it is loaded.
      if (has === true || extension.includes('$')) continue;
      return [
        {
          finding: 'CB3110',
          what: `${folder}/${where} has ${extension}@${name}, and Asterisk has not`,
          change: 'asterisk -rx "dialplan reload"',
          repair: RELOAD,
        },
      ];
    }
  }
  return [];
}
