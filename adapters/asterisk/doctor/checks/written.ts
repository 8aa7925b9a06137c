import type { Found } from '../../../../src/doctor/found';
import type { AsteriskSeen } from '../seen';
import { dialplanOf } from '../written-dialplan';

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
            repair: {
              kind: 'line',
              path: `${folder}/extensions.conf`,
              line: `#include ${INCLUDE}`,
            } as const,
          },
        ]),
    ...extensions.broken.map(({ where, file, why }) => ({
      finding: 'CB3108' as const,
      what: `${folder}/${where} includes ${file}: ${why}`,
      change: `chmod 644 ${folder}/${file}`,
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

/** Extensions of the files that Asterisk does not have; one is enough to say so. */
function notLoaded(
  { extensions, folder }: NonNullable<AsteriskSeen['files']>,
  { loaded }: NonNullable<AsteriskSeen['command']>,
): readonly Found[] {
  // Where nothing of ours is there, it is not loaded, which is another finding.
  if (!extensions || !loaded.has('crankback-ask')) return [];
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
          repair: { kind: 'command', pbx: 'asterisk', command: 'dialplan reload' },
        },
      ];
    }
  }
  return [];
}
