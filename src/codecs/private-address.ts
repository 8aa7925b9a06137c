import { BlockList, isIP } from 'node:net';

/** RFC 1918, RFC 6598 (carrier-grade NAT), link-local, loopback, and their IPv6 equivalents. */
const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  PRIVATE.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::1', 128],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  PRIVATE.addSubnet(network, prefix, 'ipv6');

/** Whether this address cannot be reached from the public internet; false for a host name. */
export function isPrivate(address: string): boolean {
  const version = isIP(address);
  return version > 0 && PRIVATE.check(address, version === 6 ? 'ipv6' : 'ipv4');
}
