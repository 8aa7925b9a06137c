/** One codec of a session description, without its payload type. */
export interface Codec {
  /** Encoding name as in RFC 3551 and the IANA registry, as sent: `PCMU`, `G729`, `opus`. */
  readonly name: string;
  /** RTP clock rate, Hz; `8000` for G722 too (RFC 3551 4.5.2). */
  readonly clockRate: number;
  /** 1 is left out. */
  readonly channels?: number;
}

/** Encryption of a stream's media: none, by keys in the SDP (RFC 4568), by DTLS (RFC 5764). */
export type MediaEncryption = 'none' | 'sdes' | 'dtls';

/** One format parameter of `a=fmtp`, as sent but in lower case: `annexb`, `no`. Untrusted. */
export interface FormatParameter {
  readonly name: string;
  readonly value: string;
}

/** One payload type: its codec and its format parameters. One codec may have several payload types. */
export interface CodecFormat {
  readonly codec: Codec;
  readonly parameters: readonly FormatParameter[];
}

/** One `m=` line with its attributes. */
export interface MediaStream {
  /** `audio`, `video`, `image` (T.38) … */
  readonly type: string;
  /** 0 switches the stream off; in a refusal's capabilities it has no meaning (RFC 3261 21.4.26). */
  readonly port: number;
  /** Transport profile: `RTP/AVP`, `RTP/SAVP`, `UDP/TLS/RTP/SAVPF`, `udptl` … */
  readonly profile: string;
  /** In order of preference, without telephone-event, comfort noise and redundancy. */
  readonly codecs: readonly Codec[];
  /** Clock rates at which DTMF as telephone-event (RFC 4733) is offered, Hz; empty without it. */
  readonly telephoneEvent: readonly number[];
  readonly encryption: MediaEncryption;
  /** Packet time, milliseconds. */
  readonly ptime?: number;
  readonly maxptime?: number;
  /** Where to send media: the stream's own `c=` line or the session's. */
  readonly address?: string;
  /** The codecs' payload types; absent if no session description was read. */
  readonly formats?: readonly CodecFormat[];
  /** Formats that are no RTP payload: `t38`; absent with RTP. */
  readonly otherFormats?: readonly string[];
  /** SDES crypto suites in order (RFC 4568), as sent; absent without any. */
  readonly suites?: readonly string[];
  /** Hash function of the DTLS fingerprint (RFC 8122), lower case: `sha-256`. */
  readonly fingerprint?: string;
  /** Role in the DTLS handshake (RFC 4145, 5763): `actpass`, `active`, `passive`. */
  readonly setup?: string;
  /** Whether ICE is offered (RFC 8839); absent without it. */
  readonly ice?: true;
  /** Whether the stream shares its transport with another one (RFC 8843); absent if not. */
  readonly bundled?: true;
  /** Its port 0 does not switch it off (RFC 8843 6, `a=bundle-only`); absent if not. */
  readonly bundleOnly?: true;
  /** Absent for `sendrecv`. */
  readonly direction?: 'sendonly' | 'recvonly' | 'inactive';
}

/** The parts of a session description (RFC 8866) that can be the reason for a refusal. */
export interface MediaDescription {
  readonly streams: readonly MediaStream[];
}
