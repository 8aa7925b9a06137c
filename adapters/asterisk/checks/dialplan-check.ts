import { named, type Named } from '../../../src/findings/named';
import type { FindingCode } from '../../../src/findings/registry';
import { CONTRACT_VERSION } from '../handover/contract';
import { AriError } from '../ari/http';
import type { AriRest } from '../ari/rest';

/** Extensions that have to be there, and what is wrong where one is not. The first that is missing counts. */
const WANTED: readonly (readonly [place: string, finding: FindingCode, why: string])[] = [
  [
    'crankback-ask,s,1',
    'CB3101',
    'the dialplan of crankback is not loaded: extensions.conf needs the line #include crankback/extensions.conf, and then "dialplan reload"',
  ],
  [
    `crankback-contract,${CONTRACT_VERSION},1`,
    'CB3102',
    'the dialplan of crankback is of another version: install the one that came with this crankback, and then "dialplan reload"',
  ],
  [
    'crankback-after-503,1,attempt',
    'CB3103',
    'the dialplan of crankback is incomplete: crankback/planned.conf is not beside crankback/extensions.conf in the folder that Asterisk reads, or was not loaded',
  ],
];

/** What is wrong with the dialplan, in one sentence; undefined where nothing is. */
export interface DialplanSeen {
  readonly problem: Named | undefined;
}

/** Arguments by which a channel made to look is told from a call. */
export const LOOK = 'look';

/**
 * Asks Asterisk whether our dialplan is loaded. Asterisk evaluates a function on a channel only, so where no
 * call is there, one is made that dials nobody.
 */
export class DialplanCheck {
  private looks = 0;

  constructor(
    private readonly rest: Pick<AriRest, 'evaluate' | 'makeChannel' | 'setVariable' | 'hangup'>,
    private readonly application: string,
    private readonly session: () => string,
  ) {}

  /**
   * @param channelId a channel that is there
   * @returns undefined where the channel has ended meanwhile
   * @throws AriError
   */
  async on(channelId: string): Promise<DialplanSeen | undefined> {
    for (const [place, finding, why] of WANTED) {
      const there = await this.rest.evaluate(channelId, `DIALPLAN_EXISTS(${place})`);
      if (there === undefined) return undefined;
      if (there !== '1') return { problem: named(finding, why) };
    }
    return { problem: undefined };
  }

  /**
   * The same on a channel of its own.
   * @throws AriError
   */
  async onOwnChannel(): Promise<DialplanSeen | undefined> {
    this.looks += 1;
    const id = `crankback-look-${this.session()}-${this.looks}`;
    await this.rest.makeChannel(id, 'Local/look@crankback-contract/n', this.application, LOOK);
    try {
      // Nobody's call: no record of it.
      await this.rest.setVariable(id, 'CDR_PROP(disable)', '1').catch(() => undefined);
      return await this.on(id);
    } finally {
      await this.rest.hangup(id, NORMAL_CLEARING).catch((error: unknown) => {
        if (!(error instanceof AriError) || error.status !== 404) throw error;
      });
    }
  }
}

const NORMAL_CLEARING = 16;
