/** The most probable reason why the far side refused our offer. */
export type MismatchCause =
  /** Our media address cannot be reached from outside. */
  | 'private-address'
  /** SRTP against plain RTP, or AVP against AVPF. */
  | 'profile'
  /** A kind of stream (video, T.38) that the far side does not accept. */
  | 'media-type'
  /** No codec in common. */
  | 'no-common-codec'
  /** Common codecs, but another packet time. */
  | 'ptime'
  /** Common codecs, but no common DTMF. */
  | 'telephone-event'
  /** Common codecs, and no other difference: the offer is larger than the far side tolerates. */
  | 'offer-too-wide'
  /** Neither a body nor a Warning says what the far side accepts. */
  | 'not-said';
