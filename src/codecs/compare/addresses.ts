import type { MediaDescription } from '../../model/media';
import type { MediaDifference } from '../media-difference';
import { ipVersionOf, isPrivate, isUnspecified } from '../private-address';

/** Media addresses of a description, each once. */
export function addressesOf(description: MediaDescription | undefined): readonly string[] {
  return [...new Set((description?.streams ?? []).flatMap(({ address }) => address ?? []))];
}

/** Media addresses that cannot be reached from outside, each once. */
export function privateAddresses(description: MediaDescription | undefined): readonly string[] {
  return addressesOf(description).filter(isPrivate);
}

/** IP versions of all addresses that are any. */
export function versionsOf(description: MediaDescription | undefined): ReadonlySet<4 | 6> {
  const real = addressesOf(description).filter((address) => !isUnspecified(address));
  return new Set(real.flatMap((address) => ipVersionOf(address) ?? []));
}

/** IPv6 against IPv4, and an address that is none. */
export function compareAddresses(
  offer: MediaDescription,
  refusal: MediaDescription | undefined,
): readonly MediaDifference[] {
  const found: MediaDifference[] = [];
  const [ours] = versionsOf(offer);
  const theirs = versionsOf(refusal);
  if (ours !== undefined && theirs.size > 0 && !theirs.has(ours)) found.push(otherVersion(ours));
  if (addressesOf(offer).some(isUnspecified))
    found.push({
      cause: 'media-address',
      why: `our offer has the media address ${addressesOf(offer).filter(isUnspecified).join(', ')}, which is none: media cannot be sent to it`,
      remedies: [{ kind: 'public-address' }],
    });
  return found;
}

export function otherVersion(ours: 4 | 6): MediaDifference {
  const theirs = ours === 6 ? 4 : 6;
  return {
    cause: 'ip-version',
    why: `we offered media over IPv${ours} and the far side takes IPv${theirs}`,
    remedies: [{ kind: 'ip-version', version: theirs }],
  };
}
