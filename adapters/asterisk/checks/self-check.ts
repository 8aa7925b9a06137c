import type { Named } from '../../../src/findings/named';
import type { Logger } from 'winston';
import { isReadOnly } from '../ari/read-only';
import type { AriRest } from '../ari/rest';
import type { Publication } from '../trunks/publication';
import type { DialplanCheck } from './dialplan-check';
import type { Usability } from './usability';

/** How often. Milliseconds. */
const EVERY_MS = 5_000;
/** A global variable that nobody reads: only who may write can answer calls. */
export const CHECKED = 'CRANKBACK_CHECKED';

export interface SelfCheckParts {
  readonly rest: Pick<AriRest, 'setGlobal'>;
  readonly log: Logger;
  /** That the user may only read. */
  readonly readOnlyText: () => Named;
  readonly publication: Pick<Publication, 'verify'>;
  readonly dialplan: Pick<DialplanCheck, 'on' | 'onOwnChannel'>;
  readonly usability: Pick<Usability, 'found'>;
  /** A channel that is there now, if any is known. */
  readonly anyChannel: () => string | undefined;
  readonly everyMs?: number;
}

/**
 * Looks while connected for what no event tells: an ARI user that may not write any more, global variables and
 * a dialplan that are gone. No call waits for it.
 */
export class SelfCheck {
  private timer: NodeJS.Timeout | undefined;
  private dialplanProblem: Named | undefined;

  constructor(private readonly parts: SelfCheckParts) {}

  /** On each connection, before calls count as decidable. */
  async first(): Promise<void> {
    await this.dialplan(true);
  }

  start(): void {
    this.stop();
    this.timer = setInterval(() => void this.look(), this.parts.everyMs ?? EVERY_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    await this.unlessAway(() => this.writing());
    await this.unlessAway(() => this.parts.publication.verify());
    // Without a call there is nobody to be harmed, and none is made up to look again and again.
    await this.dialplan(this.dialplanProblem !== undefined);
  }

  private async writing(): Promise<void> {
    const { rest, usability } = this.parts;
    try {
      await rest.setGlobal(CHECKED, '1');
      usability.found('read-only', undefined);
    } catch (error) {
      if (!isReadOnly(error)) throw error;
      usability.found('read-only', this.parts.readOnlyText());
    }
  }

  private async dialplan(withOwnChannel: boolean): Promise<void> {
    await this.unlessAway(async () => {
      const { dialplan, anyChannel, usability } = this.parts;
      const channel = anyChannel();
      const onCall = channel === undefined ? undefined : await dialplan.on(channel);
      const seen = onCall ?? (withOwnChannel ? await dialplan.onOwnChannel() : undefined);
      if (!seen) return;
      this.dialplanProblem = seen.problem;
      usability.found('dialplan', seen.problem);
    });
  }

  /** That Asterisk does not answer is seen by the connection itself. */
  private async unlessAway(look: () => Promise<void>): Promise<void> {
    try {
      await look();
    } catch (error) {
      this.parts.log.debug('self-check failed', { error });
    }
  }
}
