import type { SipMessage } from '../../src/sip/sip-message';
import { earlier, inviteOf, Transaction } from '../../src/sip/transaction';
import type { HepPacket } from './packet';
import { endpointText } from './packet';
import { sentRequest, type SentRequest } from './sent-request';

/** An INVITE that left the PBX, and its responses; all times are the PBX's. */
export class SentTransaction extends Transaction {
  readonly sent: SentRequest;

  constructor(packet: HepPacket, invite: SipMessage) {
    super({ ...inviteOf(invite), farEnd: endpointText(packet.destination), at: packet.at });
    this.sent = sentRequest(packet, invite);
  }

  /** Takes a retransmission of the INVITE. */
  sentAgain(packet: HepPacket): 'known' {
    this.sentAt = earlier(this.sentAt, packet.at);
    return 'known';
  }
}
