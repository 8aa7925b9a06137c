import type { MediaStream } from '../../model/media';
import type { MediaDifference } from '../media-difference';
import {
  isSameProfile,
  isWebrtc,
  profileOf,
  profileText,
  type MediaProfile,
} from '../media-profile';
import type { Remedy } from '../remedy';

/** Profiles and keys of two RTP streams: what differs in them, at most one profile difference. */
export function compareKeying(
  offer: MediaStream,
  accepted: MediaStream,
): readonly MediaDifference[] {
  const [ours, theirs] = [profileOf(offer), profileOf(accepted)];
  const both = `we offered ${profileText(offer)} and the far side takes ${profileText(accepted)}`;
  if (isWebrtc(theirs) && lacksWebrtc(ours, theirs))
    return [
      {
        cause: 'webrtc',
        why: `${both}, as peers of WebRTC do: DTLS, ICE and feedback belong together`,
        remedies: [{ kind: 'webrtc-on' }],
      },
    ];
  if (isWebrtc(ours) && theirs.keying !== 'dtls')
    return [
      {
        cause: 'webrtc',
        why: `${both}: it is no peer of WebRTC`,
        remedies: [{ kind: 'webrtc-off', encryption: theirs.keying, feedback: theirs.feedback }],
      },
    ];
  if (!isSameProfile(offer, accepted))
    return [{ cause: 'profile', why: both, remedies: profileRemedies(ours, theirs) }];
  return [...keyDifferences(offer, accepted), ...spelling(offer, accepted, ours)];
}

/** Feedback alone, between sides without ICE, needs no WebRTC. */
function lacksWebrtc(ours: MediaProfile, theirs: MediaProfile): boolean {
  if (ours.keying !== 'dtls') return true;
  return theirs.ice && (!ours.ice || (theirs.feedback && !ours.feedback));
}

function profileRemedies(ours: MediaProfile, theirs: MediaProfile): readonly Remedy[] {
  const remedies: Remedy[] = [];
  if (ours.keying !== theirs.keying) remedies.push({ kind: 'encryption', wanted: theirs.keying });
  else if (ours.secure !== theirs.secure)
    remedies.push({ kind: 'strict-encryption', strict: theirs.secure });
  if (ours.feedback !== theirs.feedback) remedies.push({ kind: 'feedback', on: theirs.feedback });
  return remedies;
}

function keyDifferences(offer: MediaStream, accepted: MediaStream): readonly MediaDifference[] {
  const found: MediaDifference[] = [];
  const [ours, theirs] = [offer.suites ?? [], accepted.suites ?? []];
  const known = new Set(ours.map(suiteKey));
  if (ours.length > 0 && theirs.length > 0 && !theirs.some((suite) => known.has(suiteKey(suite))))
    found.push({
      cause: 'keying',
      why: `both sides use encryption by SDES, but we offered the suite ${shown(ours)} and the far side takes ${shown(theirs)}`,
      remedies: [{ kind: 'suites', suites: theirs }],
    });
  const [hash, wanted] = [offer.fingerprint, accepted.fingerprint];
  if (hash !== undefined && wanted !== undefined && hash !== wanted)
    found.push({
      cause: 'keying',
      why: `our DTLS fingerprint is of ${hash} and the far side's of ${wanted}`,
      remedies: [{ kind: 'fingerprint', hash: wanted }],
    });
  const role = offer.setup;
  if (role !== undefined && role !== 'actpass' && role === accepted.setup)
    found.push({
      cause: 'keying',
      why: `both sides want to be ${role} in the DTLS handshake (a=setup:${role})`,
      remedies: [{ kind: 'either-dtls-role' }],
    });
  return found;
}

function spelling(
  offer: MediaStream,
  accepted: MediaStream,
  { keying }: MediaProfile,
): readonly MediaDifference[] {
  const [ours, theirs] = [offer.profile.toUpperCase(), accepted.profile.toUpperCase()];
  if (ours === theirs || keying !== 'dtls') return [];
  return [
    {
      cause: 'profile-spelling',
      why: `${offer.profile} and ${accepted.profile} with a fingerprint are one profile in two spellings`,
      remedies: [{ kind: 'short-profile', short: !theirs.includes('TLS') }],
      weak: true,
    },
  ];
}

/** RFC 6188 has AES_256_CM; older equipment writes AES_CM_256. */
function suiteKey(suite: string): string {
  return suite.toUpperCase().replace(/^AES_CM_(\d+)_/, 'AES_$1_CM_');
}

function shown(suites: readonly string[]): string {
  return suites.join(', ');
}
