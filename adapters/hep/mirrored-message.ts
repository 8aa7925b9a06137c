import type { HepPacket } from './packet';
import type { SipMessage } from '../../src/sip/sip-message';

/** A SIP message with where and when it went over the wire. */
export interface MirroredMessage {
  readonly packet: HepPacket;
  readonly message: SipMessage;
}
