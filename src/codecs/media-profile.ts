import type { MediaEncryption, MediaStream } from '../model/media';

/** A transport profile by its meaning; profiles with equal meanings interoperate however they are spelt. */
export interface MediaProfile {
  /** RTP/SAVP or RTP/SAVPF, which oblige both sides to encrypt. */
  readonly secure: boolean;
  /** RTP/AVPF or RTP/SAVPF (RFC 4585). */
  readonly feedback: boolean;
  readonly keying: MediaEncryption;
  readonly ice: boolean;
}

export function isRtp({ profile }: MediaStream): boolean {
  return /(?:^|\/)S?AVPF?$/i.test(profile);
}

/** RTP/SAVPF with a fingerprint means the same as UDP/TLS/RTP/SAVPF (RFC 5764 8, before 7850's spelling). */
export function profileOf(stream: MediaStream): MediaProfile {
  const secure = /(?:^|\/)SAVPF?$/i.test(stream.profile);
  return {
    secure,
    feedback: /AVPF$/i.test(stream.profile),
    keying: stream.encryption === 'none' && secure ? 'sdes' : stream.encryption,
    ice: stream.ice === true,
  };
}

export function isSameProfile(one: MediaStream, other: MediaStream): boolean {
  const [first, second] = [profileOf(one), profileOf(other)];
  if (!isRtp(one) || !isRtp(other))
    return one.profile.toUpperCase() === other.profile.toUpperCase();
  return (
    first.secure === second.secure &&
    first.feedback === second.feedback &&
    first.keying === second.keying
  );
}

/** Browsers and their gateways: DTLS with feedback or ICE (RFC 8827, 8834). */
export function isWebrtc({ keying, feedback, ice }: MediaProfile): boolean {
  return keying === 'dtls' && (feedback || ice);
}

/** `RTP/SAVP with keys by SDES` */
export function profileText(stream: MediaStream): string {
  const { keying, ice } = profileOf(stream);
  const keys = keying === 'none' ? [] : [`keys by ${keying === 'sdes' ? 'SDES' : 'DTLS'}`];
  const parts = [...keys, ...(ice ? ['ICE'] : [])];
  return parts.length === 0 ? stream.profile : `${stream.profile} with ${parts.join(' and ')}`;
}
