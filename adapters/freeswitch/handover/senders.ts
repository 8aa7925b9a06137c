import { variable, type ChannelData } from '../esl/channel-data';
import type { InboundConnection } from '../esl/inbound-connection';
import { isProven, SECRET_VARIABLE } from './proof';

export interface SendersParts {
  readonly secret: string;
  readonly observer: Pick<InboundConnection, 'ask' | 'setGlobal' | 'isConnected'>;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** FreeSWITCH did not take the secret. */
  readonly failed: (error: unknown) => void;
}

/** Limit for queries to FreeSWITCH at once, because any local user can open connections. */
const MOST_QUESTIONS = 8;
/** Handovers make us write at most this often. Milliseconds. */
const PUBLISH_EVERY_MS = 1_000;

const UUID = /^[A-Za-z0-9-]{1,64}$/;

/** Distinguishes handovers of our FreeSWITCH from those of others who can reach the port. */
export class Senders {
  private questions = 0;
  private publishedAt = -Infinity;

  constructor(private readonly parts: SendersParts) {}

  /**
   * A handover proves its origin by the secret. A FreeSWITCH without the secret, or with another
   * instance's, is asked whether that call waits for this answer, and gets the secret again.
   */
  isOurs(data: ChannelData): boolean | Promise<boolean> {
    return isProven(data, this.parts.secret) || this.confirm(data);
  }

  /** Writes the secret to FreeSWITCH. */
  publish(): void {
    const { observer, secret, now, failed } = this.parts;
    this.publishedAt = now();
    observer.setGlobal(SECRET_VARIABLE, secret).catch(failed);
  }

  private async confirm(data: ChannelData): Promise<boolean> {
    const { observer, now } = this.parts;
    const uuid = data['Unique-ID'] ?? '';
    const asked = variable(data, 'crankback_asked') ?? '';
    if (!UUID.test(uuid) || !UUID.test(asked)) return false;
    if (!observer.isConnected || this.questions >= MOST_QUESTIONS) return false;
    this.questions += 1;
    try {
      if ((await observer.ask('uuid_getvar', `${uuid} crankback_asked`))?.trim() !== asked)
        return false;
    } finally {
      this.questions -= 1;
    }
    if (Math.abs(now() - this.publishedAt) >= PUBLISH_EVERY_MS) this.publish();
    return true;
  }
}
