import type { Found } from '../found';
import type { HostSeen } from '../host/seen';

/** Whether holds by operators survive a restart. */
export function stateFile({ stateFile: seen }: HostSeen): readonly Found[] {
  if (!seen) return [{ finding: 'CB6103', what: 'CRANKBACK_STATE_FILE is off' }];
  const { path, folder, folderWritable, problem } = seen;
  return [
    ...(folderWritable === true
      ? []
      : [
          {
            finding: 'CB6102' as const,
            what:
              folderWritable === undefined
                ? `there is no folder ${folder}`
                : `this user may not write in ${folder}`,
            change: `install -d -o crankback -m 750 ${folder}`,
            ...(folderWritable === undefined && {
              repair: { kind: 'folder', path: folder } as const,
            }),
          },
        ]),
    ...(problem === undefined ? [] : [{ finding: 'CB6101' as const, what: `${path}: ${problem}` }]),
  ];
}
