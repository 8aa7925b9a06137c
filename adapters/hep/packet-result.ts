import type { HepFault } from './packet';

/** Result of a datagram. */
export type PacketResult =
  | 'joined'
  /** A retransmission, or a request inside a dialog. */
  | 'known'
  /** SIP that is no setup by the PBX. */
  | 'ignored'
  /** Fits no request that is known to have left the PBX. */
  | 'stray'
  /** Its leg has more transactions than any call needs. */
  | 'overflow'
  | 'wrong-password'
  | 'bad-sip'
  | HepFault;
