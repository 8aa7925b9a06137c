import type { Codec, FormatParameter, MediaEncryption } from '../model/media';

/** One change of our own offer, in no PBX's words; a `ConfigurationDialect` has the words. */
export type Remedy =
  /**
   * Offer exactly these codecs, in order; with `ptime` in packets of this length, in milliseconds, which are
   * `longer` than those that were offered.
   */
  | {
      readonly kind: 'codecs';
      readonly codecs: readonly Codec[];
      readonly ptime?: number;
      readonly longer?: boolean;
    }
  /** Encrypt media this way, or not at all. */
  | { readonly kind: 'encryption'; readonly wanted: MediaEncryption }
  /** Keys stay in the offer, but the profile says RTP/SAVP (`strict`), or RTP/AVP. */
  | { readonly kind: 'strict-encryption'; readonly strict: boolean }
  /** AVPF or AVP (RFC 4585). */
  | { readonly kind: 'feedback'; readonly on: boolean }
  /** Everything that WebRTC has: DTLS, ICE, AVPF, multiplexed RTCP. */
  | { readonly kind: 'webrtc-on' }
  /** Nothing of it, but what the far side has. */
  | {
      readonly kind: 'webrtc-off';
      readonly encryption: MediaEncryption;
      readonly feedback: boolean;
    }
  /** Write DTLS profiles without `UDP/TLS/` (RTP/SAVPF), or with it. */
  | { readonly kind: 'short-profile'; readonly short: boolean }
  /** One of these SDES suites, the far side's, in its order. */
  | { readonly kind: 'suites'; readonly suites: readonly string[] }
  /** The hash of the DTLS fingerprint: `sha-1`. */
  | { readonly kind: 'fingerprint'; readonly hash: string }
  /** Take either role in the DTLS handshake. */
  | { readonly kind: 'either-dtls-role' }
  /** Offer no streams of these types; of audio: one only. `keeps` are the codecs of the others, if known. */
  | {
      readonly kind: 'without-streams';
      readonly types: readonly string[];
      readonly keeps?: readonly Codec[];
    }
  /** Offer each stream with a transport of its own, or all with one. */
  | { readonly kind: 'bundle'; readonly on: boolean }
  | { readonly kind: 'ice'; readonly on: boolean }
  /** Offer this codec with these format parameters. */
  | {
      readonly kind: 'format-parameters';
      readonly codec: Codec;
      readonly parameters: readonly FormatParameter[];
    }
  | { readonly kind: 'telephone-event' }
  /** Offer a public media address. */
  | { readonly kind: 'public-address' }
  /** Offer a media address of this IP version. */
  | { readonly kind: 'ip-version'; readonly version: 4 | 6 }
  /** Send an INVITE without body parts of these types. */
  | { readonly kind: 'without-body'; readonly types: readonly string[] };
