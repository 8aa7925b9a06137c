import type { Logger } from 'winston';
import type { AriRest } from '../ari/rest';
import type { PublishedGlobals } from './published-globals';

/** The variable that tells whether Asterisk still has all the others, and whose they are. */
const SESSION = 'CRANKBACK_SESSION';
/** Set by the dialplan when a call has waited in vain: for ten seconds no call asks. */
const FROZEN_AT = 'CRANKBACK_FROZEN_AT';

export interface PublicationParts {
  readonly rest: Pick<AriRest, 'global' | 'setGlobal' | 'deleteGlobal'>;
  readonly log: Logger;
  /** A name that no connection has had before, `a-z0-9`. */
  readonly newSession: () => string;
  /** What is published: the policy and the generation of plans. */
  readonly globals: Pick<PublishedGlobals, 'publish' | 'forget' | 'removeLater'>;
  readonly generation: () => string;
  /** Asterisk has lost all global variables. */
  readonly lost: () => void;
  /** It has them again, or (with a reason) they could not be published. */
  readonly published: (why?: string) => void;
}

/**
 * What Asterisk knows of us, as its global variables. They are gone after a restart of Asterisk, and after
 * `dialplan reload` where extensions.conf says `clearglobalvars = yes`: the session among them shows it.
 */
export class Publication {
  private present = '';
  private running: Promise<void> | undefined;
  private waking: Promise<unknown> | undefined;

  constructor(private readonly parts: PublicationParts) {}

  /** Names the connection in use; empty before the first one. */
  get session(): string {
    return this.present;
  }

  /** On each connection. Calls that waited for an earlier one keep nobody from asking this one. */
  async begin(): Promise<void> {
    const before = this.present;
    this.present = this.parts.newSession();
    await this.publish(before);
    await this.parts.rest.deleteGlobal(FROZEN_AT);
    this.parts.published();
  }

  /**
   * Calls may ask again: whoever was frozen and stayed connected is back. Where it fails, the mark ends by itself.
   */
  async awake(): Promise<void> {
    this.waking ??= this.parts.rest
      .deleteGlobal(FROZEN_AT)
      .catch(() => undefined)
      .finally(() => (this.waking = undefined));
    await this.waking;
  }

  /**
   * What a call that asks has to wait for, or undefined. Rejects where nothing could be published.
   * @param seen the session as the call saw it when it asked; undefined where its dialplan does not tell
   */
  awaited(seen: string | undefined): Promise<void> | undefined {
    if (this.running) return this.running;
    if (seen === undefined || seen === this.present) return undefined;
    return this.verify();
  }

  /** Asks Asterisk whether it still has everything, and publishes it again where it has not. */
  async verify(): Promise<void> {
    const session = this.present;
    if (this.running || session === '') return this.running;
    if ((await this.parts.rest.global(SESSION)) === session) return;
    // Meanwhile another call may have seen it, or the connection may be another one.
    return this.running ?? (this.present === session ? this.again() : undefined);
  }

  private async again(): Promise<void> {
    const { log, lost, published } = this.parts;
    log.warn('global variables lost', {
      finding: 'CB3201',
      why: 'Asterisk has lost what crankback told it, as by "dialplan reload" with clearglobalvars=yes; all is published again',
    });
    lost();
    try {
      await this.publish('');
      published();
    } catch (error) {
      published(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  /** @param before the session under which Asterisk has what we know it to have; empty: none */
  private publish(before: string): Promise<void> {
    const { rest, globals, generation } = this.parts;
    const publishing = (async () => {
      // Where it is another one, Asterisk was restarted, or somebody else was connected.
      if (before === '' || (await rest.global(SESSION)) !== before) globals.forget();
      await rest.setGlobal('CRANKBACK_GENERATION', generation());
      await globals.publish();
      // Last: where it is right, all the others are there.
      await rest.setGlobal(SESSION, this.present);
      globals.removeLater();
    })();
    const running = publishing.finally(() => {
      if (this.running === running) this.running = undefined;
    });
    running.catch(() => undefined);
    this.running = running;
    return running;
  }
}
