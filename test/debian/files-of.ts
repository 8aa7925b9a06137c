import type { Machine } from './machine';

const UNCOMPARED = [
  ...['/proc', '/sys', '/run', '/tmp', '/root', '/var/log', '/var/cache', '/var/lib/systemd'],
  // dpkg's and apt's own books.
  ...['/var/lib/dpkg/status', '/var/lib/dpkg/status-old', '/var/lib/dpkg/lock'],
  ...['/var/lib/dpkg/triggers', '/var/lib/apt'],
];
/** What the tools for users keep of the file before. */
const BACKUPS = String.raw`-name .pwd.lock -o -path "/etc/*-"`;

/**
 * Every file that a machine has, with its hash or where it points to, its rights and owner; without what changes by
 * itself.
 * @param more paths that change by themselves here
 * @param volumes folders that are file systems of their own
 */
export function filesOf(
  machine: Machine,
  more: readonly string[] = [],
  volumes: readonly string[] = [],
): string {
  const without = [...UNCOMPARED, ...more].map((path) => `-path "${path}"`).join(' -o ');
  const what = String.raw`\( -type f -exec sha256sum {} + \) -o -printf "%y %m %u %g %l %p\n"`;
  const rights = String.raw`-type f -printf "%m %u %g %p\n"`;
  const find = (show: string): string =>
    `find / ${volumes.join(' ')} -xdev \\( ${without} -o ${BACKUPS} \\) -prune -o ${show}`;
  return machine.does(`{ ${find(what)}; ${find(rights)}; } | sort`);
}
