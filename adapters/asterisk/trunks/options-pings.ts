import {
  FollowedPings,
  mirroredStatus,
  type FollowedPingsParts,
} from '../../shared/followed-pings';
import type { AriRest } from '../ari/rest';
import { deviceOf, type AsteriskTrunk } from './trunk-names';

export interface OptionsPingsParts extends FollowedPingsParts {
  readonly rest: Pick<AriRest, 'endpointState' | 'pjsipObject'>;
}

/** How Asterisk qualifies one endpoint. */
interface Qualified {
  readonly endpoint: string;
  /** Milliseconds between two OPTIONS. */
  readonly everyMs: number;
  /** Destinations of the OPTIONS: the contacts in the configuration. */
  readonly contacts: readonly string[];
  /** Whether Asterisk counts only a 2xx. */
  readonly only2xx: boolean;
}

/**
 * Reports the results of Asterisk's OPTIONS to a trunk. Asterisk has events only for changes, so it is
 * asked as often as it sends OPTIONS. It counts any response as an answer; the status comes from mirrored
 * SIP, or `qualify_2xx_only` guarantees a good one.
 */
export class OptionsPings {
  private followed: FollowedPings | undefined;

  constructor(private readonly parts: OptionsPingsParts) {}

  /** Follows these trunks' endpoints instead of the earlier ones, if the policy asks for it. */
  async follow(trunks: Iterable<AsteriskTrunk>): Promise<void> {
    this.stop();
    const followed = new FollowedPings(this.parts.log);
    this.followed = followed;
    const wanted = [...trunks].filter(({ health }) => health?.ping !== undefined);
    await Promise.all(wanted.map((trunk) => this.followOne(trunk, followed)));
  }

  stop(): void {
    this.followed?.stop();
  }

  private async followOne(
    { name, dial: { asterisk = '' } }: AsteriskTrunk,
    followed: FollowedPings,
  ) {
    const [technology, endpoint = ''] = deviceOf(asterisk).split('/');
    if (technology !== 'PJSIP')
      return followed.complain(name, 'CB1312', 'only PJSIP endpoints are qualified');
    try {
      const found = await this.read(endpoint);
      if (followed.isOver) return;
      if (typeof found === 'string') return followed.complain(name, 'CB3403', found);
      if (!found.only2xx && !this.parts.mirror) {
        const line = `qualify_2xx_only=yes in pjsip.conf [${endpoint}]`;
        followed.complain(
          name,
          'CB3404',
          `answers cannot be told apart without mirrored SIP or ${line}`,
        );
      }
      followed.every(found.everyMs, () => void this.ask(name, found, followed));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      followed.complain(name, 'CB3407', `cannot be read from Asterisk: ${why}`);
    }
  }

  /** Reads pjsip.conf; returns a sentence if its settings are not enough. */
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

  private async ask(trunk: string, qualified: Qualified, followed: FollowedPings): Promise<void> {
    const { rest, pinged } = this.parts;
    // Nothing is known while Asterisk is away; it is asked again later.
    const state = await rest.endpointState('PJSIP', qualified.endpoint).catch(() => undefined);
    if (followed.isOver) return;
    if (state === 'offline') pinged({ trunk, answered: false });
    if (state !== 'online') return;
    const sip = this.statusOf(qualified);
    pinged({ trunk, answered: true, ...(sip !== undefined && { sip }) });
  }

  /** Of several contacts, the best one, which Asterisk dials too. */
  private statusOf({ contacts, everyMs, only2xx }: Qualified): number | undefined {
    const { mirror } = this.parts;
    const seen = contacts.flatMap((uri) => mirroredStatus(mirror, uri, everyMs) ?? []);
    return seen.length > 0 ? Math.min(...seen) : only2xx ? 200 : undefined;
  }
}
