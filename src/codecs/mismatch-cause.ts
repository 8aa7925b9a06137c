/** What one difference between our offer and the refusal is about. */
export type MismatchCause =
  /** Our media address cannot be reached from outside. */
  | 'private-address'
  /** IPv6 against IPv4. */
  | 'ip-version'
  /** Our media address is refused for another reason: 0.0.0.0, a group's. */
  | 'media-address'
  /** The far side speaks WebRTC and we do not, or the other way round. */
  | 'webrtc'
  /** SRTP against plain RTP, SDES against DTLS, or AVP against AVPF. */
  | 'profile'
  /** Both encrypt, with different suites, fingerprints or roles. */
  | 'keying'
  /** A kind of stream (video, T.38) that only one side has. */
  | 'media-type'
  /** No codec in common. */
  | 'no-common-codec'
  /** The far side refuses a codec that we offered by name. */
  | 'codec-refused'
  /** One codec with other format parameters: Annex B, octet-align, packetization-mode. */
  | 'format-parameters'
  /** Common codecs, but another packet time. */
  | 'ptime'
  /** Common codecs, but no common DTMF. */
  | 'telephone-event'
  /** The far side does not understand an attribute of our offer (Warnings 306, 307). */
  | 'attribute'
  /** Not enough bandwidth for our offer (Warnings 303, 370). */
  | 'bandwidth'
  /** One and the same profile, spelt in two ways. */
  | 'profile-spelling'
  /** Streams share a transport on one side only. */
  | 'bundle'
  /** ICE on one side only. */
  | 'ice'
  /** Common codecs, and no other difference: the offer is larger than the far side tolerates. */
  | 'offer-too-wide'
  /** The far side does not take the type of our body (415, 406 with Accept). */
  | 'body-type'
  /** The refusal has what we offered. */
  | 'nothing-differs'
  /** Neither a body nor a Warning says what the far side accepts. */
  | 'not-said';
