import type { Logger } from 'winston';
import type { SipMirror, TrunkPing } from '../../../src/calls/ports';
import type { AriRest } from '../ari/rest';
import { deviceOf, type AsteriskTrunk } from './trunk-names';

export interface QualifyParts {
  readonly rest: Pick<AriRest, 'endpointState' | 'pjsipObject'>;
  readonly mirror?: Pick<SipMirror, 'pingStatus'>;
  readonly log: Logger;
  readonly pinged: (ping: TrunkPing) => void;
}

/** How Asterisk qualifies one endpoint. */
interface Qualified {
  readonly endpoint: string;
  /** Milliseconds between two OPTIONS. */
  readonly everyMs: number;
  /** Where they go: the contacts that its configuration names. */
  readonly contacts: readonly string[];
  /** Asterisk counts a 2xx only. */
  readonly only2xx: boolean;
}

/**
 * Tells what Asterisk's OPTIONS to a trunk have come to. Asterisk has an event for changes only, so it
 * is asked as often as it sends them. It takes any response for an answer; which one it was is in its
 * mirrored SIP, or `qualify_2xx_only` says that it must have been a good one.
 */
export class Qualify {
  private readonly timers = new Set<NodeJS.Timeout>();
  private generation = 0;

  constructor(private readonly parts: QualifyParts) {}

  /** Follows these trunks' endpoints instead of those before, where the policy asks for it. */
  async follow(trunks: Iterable<AsteriskTrunk>): Promise<void> {
    this.stop();
    const generation = this.generation;
    const wanted = [...trunks].filter(({ health }) => health?.ping !== undefined);
    await Promise.all(wanted.map((trunk) => this.followOne(trunk, generation)));
  }

  stop(): void {
    this.generation += 1;
    for (const timer of this.timers) clearInterval(timer);
    this.timers.clear();
  }

  private async followOne({ name, asterisk = '' }: AsteriskTrunk, generation: number) {
    const [technology, endpoint = ''] = deviceOf(asterisk).split('/');
    if (technology !== 'PJSIP') return this.complain(name, 'only PJSIP endpoints are qualified');
    try {
      const found = await this.read(endpoint);
      if (generation !== this.generation) return;
      if (typeof found === 'string') return this.complain(name, found);
      if (!found.only2xx && !this.parts.mirror) {
        const line = `qualify_2xx_only=yes in pjsip.conf [${endpoint}]`;
        this.complain(name, `answers cannot be told apart without mirrored SIP or ${line}`);
      }
      const ask = () => void this.ask(name, found);
      this.timers.add(setInterval(ask, found.everyMs).unref());
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.complain(name, `cannot be read from Asterisk: ${why}`);
    }
  }

  /** What pjsip.conf says; a sentence where that is not enough. */
  private async read(endpoint: string): Promise<Qualified | string> {
    const { rest } = this.parts;
    const names = (await rest.pjsipObject('endpoint', endpoint))?.get('aors') ?? '';
    const aors = await Promise.all(
      names.split(',').map((aor) => rest.pjsipObject('aor', aor.trim())),
    );
    const found = aors.filter(
      (aor) => aor !== undefined && Number(aor.get('qualify_frequency')) > 0,
    );
    if (found.length === 0) {
      return `Asterisk sends no OPTIONS: qualify_frequency is 0 in pjsip.conf for [${endpoint}]`;
    }
    const seconds = found.map((aor) => Number(aor?.get('qualify_frequency')));
    return {
      endpoint,
      everyMs: Math.min(...seconds) * 1000,
      contacts: found.flatMap((aor) => aor?.get('contact')?.split(',') ?? []),
      only2xx: found.every((aor) => aor?.get('qualify_2xx_only') === 'true'),
    };
  }

  private async ask(trunk: string, qualified: Qualified): Promise<void> {
    const { rest, pinged } = this.parts;
    const generation = this.generation;
    // Nothing is known while Asterisk is away; it will be asked again.
    const state = await rest.endpointState('PJSIP', qualified.endpoint).catch(() => undefined);
    if (generation !== this.generation) return;
    if (state === 'offline') pinged({ trunk, answered: false });
    if (state !== 'online') return;
    const sip = this.statusOf(qualified);
    pinged({ trunk, answered: true, ...(sip !== undefined && { sip }) });
  }

  /** Of several contacts, the best one: Asterisk dials that one too. */
  private statusOf({ contacts, everyMs, only2xx }: Qualified): number | undefined {
    const { mirror } = this.parts;
    // Its answer may have come right after it was asked for last.
    const seen = contacts.flatMap((uri) => mirror?.pingStatus(uri, 2 * everyMs) ?? []);
    return seen.length > 0 ? Math.min(...seen) : only2xx ? 200 : undefined;
  }

  private complain(trunk: string, why: string): void {
    this.parts.log.warn('options_ping', { trunk, why });
  }
}
