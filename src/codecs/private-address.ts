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

/** 4 or 6 for an IP address; undefined for a host name. */
export function ipVersionOf(address: string): 4 | 6 | undefined {
  const version = isIP(address);
  return version === 4 || version === 6 ? version : undefined;
}

/** Whether this is no address at all: `0.0.0.0`, `::`. RFC 2543 used it for a call on hold. */
export function isUnspecified(address: string): boolean {
  return address === '0.0.0.0' || /^[0:]+$/.test(address);
}

/** Whether this address is one of a group (RFC 5771, RFC 4291 2.7). */
export function isMulticast(address: string): boolean {
  return isIP(address) === 6 ? /^ff/i.test(address) : /^2(?:2[4-9]|3\d)\./.test(address);
}
