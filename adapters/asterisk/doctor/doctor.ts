import type { Found } from '../../../src/doctor/found';
import type { PbxDoctor, Wanted } from '../../../src/doctor/pbx-doctor';
import type { AriSettings } from '../../../src/settings/pbx-settings';
import {
  decides,
  leadsToVoicemail,
  mailboxesOf,
  numbersOf,
} from '../../../src/doctor/policy-facts';
import { connectionErrorText } from '../ari/error-text';
import { AriRest } from '../ari/rest';
import { askAri } from './ask-ari';
import { askCommand, asteriskCommand } from './ask-command';
import { asteriskFindings } from './checks';
import { dialledByUsers } from './checks/fallback';
import { readFiles } from './read-files';
import type { AsteriskSeen, AsteriskWanted, CommandSeen } from './seen';
import { dialplanOf } from './written-dialplan';

const ANSWER_MS = 3_000;

export interface AsteriskDoctorOptions extends Wanted {
  readonly ari: AriSettings;
  /** Its name in findings. */
  readonly name: string;
}

/** Looks at the Asterisk of the settings: by ARI, its own command and its files, as far as each can be had. */
export class AsteriskDoctor implements PbxDoctor {
  readonly pbx: string;
  private readonly wanted: AsteriskWanted;

  constructor(private readonly options: AsteriskDoctorOptions) {
    this.pbx = options.name;
    this.wanted = wantedOf(options);
  }

  async examine(): Promise<readonly Found[]> {
    const { places } = this.options;
    const notes: Found[] = [];
    const [files, command] = await Promise.all([
      places.asteriskFolder === undefined
        ? undefined
        : readFiles(places.asteriskFolder, places.shipped?.asterisk),
      this.command(notes),
    ]);
    if (places.asteriskFolder !== undefined && !files?.extensions)
      notes.push({
        finding: 'CB9009',
        what: `${places.asteriskFolder}/extensions.conf cannot be read here`,
      });
    const dialplan = command?.loaded ?? (files?.extensions && dialplanOf(files.extensions.lines));
    const seen: AsteriskSeen = {
      wanted: this.wanted,
      ari: await this.ari(dialplan ? dialledByUsers(dialplan) : []),
      ...(files && { files }),
      ...(command && { command }),
    };
    return [...asteriskFindings(seen), ...notes];
  }

  async tell(command: string): Promise<void> {
    await asteriskCommand(this.options.places.asteriskCommand ?? [], command);
  }

  private async command(notes: Found[]): Promise<CommandSeen | undefined> {
    const words = this.options.places.asteriskCommand;
    if (!words) return undefined;
    try {
      return await askCommand(words, this.wanted);
    } catch (error) {
      const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
      notes.push({
        finding: 'CB9009',
        what: `"${words.join(' ')} -rx" cannot be used here: ${why}`,
      });
      return undefined;
    }
  }

  private async ari(dialled: readonly string[]): Promise<AsteriskSeen['ari']> {
    const { ari } = this.options;
    const rest = new AriRest({ ...ari, timeoutMs: ANSWER_MS });
    try {
      return await askAri(rest, this.wanted, dialled);
    } catch (error) {
      const why = connectionErrorText(error, ari, this.options.policy);
      return { finding: /\[(CB3\d{3})\]$/.exec(why)?.[1] as 'CB3001', why };
    } finally {
      rest.close();
    }
  }
}

function wantedOf(options: AsteriskDoctorOptions): AsteriskWanted {
  const { settings, policy, serviceRuns, ari, name } = options;
  const told = options.told?.get(name);
  const trunks = [...policy.trunks.values()];
  return {
    policyHash: policy.hash,
    decides: decides(policy),
    travels: policy.survive !== undefined,
    ...(told !== undefined && { told }),
    serviceRuns,
    trunks,
    emergency: policy.emergency,
    numbers: numbersOf(policy),
    voicemail: leadsToVoicemail(policy),
    mailboxes: mailboxesOf(policy),
    url: ari.url,
    ...(settings.hep && { hep: settings.hep }),
  };
}
