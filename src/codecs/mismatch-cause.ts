/** Why the far side most probably refused our offer; the first of these that applies. */
export type MismatchCause =
  /** Our media address cannot be reached from outside. */
  | 'private-address'
  /** SRTP against plain RTP, or AVP against AVPF. */
  | 'profile'
  /** A kind of stream (video, T.38) that the far side does not take. */
  | 'media-type'
  /** No codec in common. */
  | 'no-common-codec'
  /** Codecs in common, but another packet time. */
  | 'ptime'
  /** Codecs in common, DTMF not. */
  | 'telephone-event'
  /** Codecs in common, and nothing else differs: more in the offer than the far side bears. */
  | 'offer-too-wide'
  /** The far side said neither by a body nor by a Warning what it takes. */
  | 'not-said';
