import type { HepFault } from './packet';

/** What became of a datagram. */
export type PacketResult =
  | 'joined'
  /** A retransmission, or SIP inside a dialog. */
  | 'known'
  /** SIP about something else than a setup by the PBX. */
  | 'ignored'
  /** Belongs to no request that is known to have left the PBX. */
  | 'stray'
  /** Its leg has more transactions or responses than any call needs. */
  | 'overflow'
  | 'wrong-password'
  | 'bad-sip'
  | HepFault;
