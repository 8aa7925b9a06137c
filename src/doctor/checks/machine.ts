import type { Found } from '../found';
import type { HostSeen } from '../host/seen';

/** As in package.json. */
const OLDEST_NODE = [20, 19] as const;

/** Node.js, the user, the clock. */
export function machine({ node, isRoot, clockSynchronised }: HostSeen): readonly Found[] {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  return [
    ...(isOld
      ? [
          {
            finding: 'CB9003' as const,
            what: `Node.js ${node}; 20.19 is the oldest that is tested`,
          },
        ]
      : []),
    ...(clockSynchronised === false
      ? [
          {
            finding: 'CB9001' as const,
            what: 'timedatectl says that the clock is not synchronised',
            change: 'timedatectl set-ntp true',
          },
        ]
      : []),
    ...(isRoot
      ? [
          {
            finding: 'CB9010' as const,
            what: 'root may read and write what the service’s user may not',
          },
        ]
      : []),
  ];
}
