import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Found } from '../../../src/doctor/found';
import { configFilesIn } from '../../../src/init/files/config-files';
import type { PbxDoctor, Wanted } from '../../../src/doctor/pbx-doctor';
import type { EslSettings } from '../../../src/settings/pbx-settings';
import {
  decides,
  leadsToVoicemail,
  mailboxesOf,
  numbersOf,
} from '../../../src/doctor/policy-facts';
import type { FindingCode } from '../../../src/findings/registry';
import { connectionErrorText } from '../esl/inbound-connection';
import { withQuestions, type AskApi } from '../esl/questions';
import { askEsl } from './ask-esl';
import { freeswitchFindings } from './checks';
import { contextsOf, extensionsOf } from './dialplan';
import type { FreeswitchSeen, FreeswitchWanted } from './seen';
import { readXml } from './xml';

const PATIENCE = { connectMs: 3_000, answerMs: 30_000 };

export interface FreeswitchDoctorOptions extends Wanted {
  readonly esl: EslSettings;
  /** Its name in findings. */
  readonly name: string;
}

/** Looks at the FreeSWITCH of the settings on its event socket. */
export class FreeswitchDoctor implements PbxDoctor {
  readonly pbx: string;
  private readonly wanted: FreeswitchWanted;

  constructor(private readonly options: FreeswitchDoctorOptions) {
    this.pbx = options.name;
    this.wanted = wantedOf(options);
  }

  async examine(): Promise<readonly Found[]> {
    const [esl, shipped] = await Promise.all([this.esl(), this.shipped()]);
    return freeswitchFindings({ wanted: this.wanted, esl, ...(shipped && { shipped }) });
  }

  async tell(command: string): Promise<void> {
    const [name = '', ...args] = command.split(' ');
    await this.asking(async (api) => {
      const said = await api(name, args.join(' '));
      // reloadxml says +OK, and what is wrong with the XML.
      if (said.startsWith('-ERR') || /^\+OK \[\[?error/i.test(said)) throw new Error(said.trim());
    });
  }

  private async esl(): Promise<FreeswitchSeen['esl']> {
    try {
      return await this.asking((api) => askEsl(api, this.wanted, configFilesIn('')));
    } catch (error) {
      const why = connectionErrorText(error);
      const finding = /\[(CB\d{4})\]$/.exec(why)?.[1] as FindingCode;
      return { finding, why: why.replace(/ \[CB\d{4}\]$/, '') };
    }
  }

  private asking<T>(questions: (api: AskApi) => Promise<T>): Promise<T> {
    return withQuestions(this.options.esl, PATIENCE, questions);
  }

  private async shipped(): Promise<FreeswitchSeen['shipped']> {
    const folder = this.options.places.shipped?.freeswitch;
    if (folder === undefined) return undefined;
    const path = join(folder, 'crankback.xml');
    const root = await readXml(readFileSync(path, 'utf8'));
    if (!root) return undefined;
    const travel = await shippedTravel(join(folder, 'crankback/travel.xml'));
    return { path, contexts: contextsOf(root), ...(travel && { travel }) };
  }
}

/** @throws Error of the file system where it did not come with this crankback */
export async function shippedTravel(
  path: string,
): Promise<NonNullable<FreeswitchSeen['shipped']>['travel']> {
  const root = await readXml(readFileSync(path, 'utf8'));
  return root && { path, extensions: extensionsOf(root) };
}

function wantedOf(options: FreeswitchDoctorOptions): FreeswitchWanted {
  const { settings, policy, serviceRuns, esl, name } = options;
  const told = options.told?.get(name);
  return {
    decides: decides(policy),
    travels: policy.survive !== undefined,
    ...(told !== undefined && { told }),
    serviceRuns,
    trunks: [...policy.trunks.values()],
    emergency: policy.emergency,
    numbers: numbersOf(policy),
    voicemail: leadsToVoicemail(policy),
    mailboxes: mailboxesOf(policy),
    attempts: policy.limits.attempts,
    password: esl.password,
    listenPort: esl.listen.port,
    ...(esl.secret !== undefined && { secret: esl.secret }),
    ...(settings.hep && { hepPort: settings.hep.port }),
  };
}
