import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Found } from '../../../src/doctor/found';
import { configFilesIn } from '../../../src/init/files/config-files';
import type { PbxDoctor, Wanted } from '../../../src/doctor/pbx-doctor';
import {
  decides,
  leadsToVoicemail,
  mailboxesOf,
  numbersOf,
} from '../../../src/doctor/policy-facts';
import type { FindingCode } from '../../../src/findings/registry';
import { Link } from '../esl/connection';
import { connectionErrorText } from '../esl/inbound-connection';
import { askEsl } from './ask-esl';
import { freeswitchFindings } from './checks';
import { contextsOf } from './dialplan';
import type { FreeswitchSeen, FreeswitchWanted } from './seen';
import { readXml } from './xml';

const ANSWER_MS = 3_000;
/** All of FreeSWITCH's XML is one message. Bytes. */
const LIMITS = { message: 64 * 1024 * 1024 };
const DEAF = { message: () => undefined, dropped: () => undefined, closed: () => undefined };

export interface FreeswitchDoctorOptions extends Wanted {
  readonly esl: NonNullable<Wanted['settings']['esl']>;
}

/** Looks at the FreeSWITCH of the settings on its event socket. */
export class FreeswitchDoctor implements PbxDoctor {
  readonly pbx = 'freeswitch';
  private readonly wanted: FreeswitchWanted;

  constructor(private readonly options: FreeswitchDoctorOptions) {
    this.wanted = wantedOf(options);
  }

  async examine(): Promise<readonly Found[]> {
    const [esl, shipped] = await Promise.all([this.esl(), this.shipped()]);
    return freeswitchFindings({ wanted: this.wanted, esl, ...(shipped && { shipped }) });
  }

  async tell(command: string): Promise<void> {
    const [name = '', ...args] = command.split(' ');
    await this.connected(async (link) => {
      const said = await link.api(name, args.join(' '));
      // reloadxml says +OK, and what is wrong with the XML.
      if (said.startsWith('-ERR') || /^\+OK \[\[?error/i.test(said)) throw new Error(said.trim());
    });
  }

  private async esl(): Promise<FreeswitchSeen['esl']> {
    try {
      return await this.connected((link) =>
        askEsl((command, args) => link.api(command, args), this.wanted, configFilesIn('')),
      );
    } catch (error) {
      const why = connectionErrorText(error);
      const finding = /\[(CB\d{4})\]$/.exec(why)?.[1] as FindingCode;
      return { finding, why: why.replace(/ \[CB\d{4}\]$/, '') };
    }
  }

  private async connected<T>(ask: (link: Link) => Promise<T>): Promise<T> {
    const link = await Link.connect(this.options.esl, ANSWER_MS, LIMITS, DEAF);
    // A FreeSWITCH that stops answering in between ends this as well.
    const timer = setTimeout(
      () => link.close(`no answer within ${10 * ANSWER_MS} ms`),
      10 * ANSWER_MS,
    );
    try {
      return await ask(link);
    } finally {
      clearTimeout(timer);
      link.close('done');
    }
  }

  private async shipped(): Promise<FreeswitchSeen['shipped']> {
    const folder = this.options.places.shipped?.freeswitch;
    if (folder === undefined) return undefined;
    const path = join(folder, 'crankback.xml');
    const root = await readXml(readFileSync(path, 'utf8'));
    return root && { path, contexts: contextsOf(root) };
  }
}

function wantedOf({
  settings,
  policy,
  serviceRuns,
  esl,
}: FreeswitchDoctorOptions): FreeswitchWanted {
  return {
    decides: decides(policy),
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
