import type { PbxAddress } from '../../../src/init/pbx';
import { connectionErrorText } from '../esl/inbound-connection';
import { withQuestions, type AskApi } from '../esl/questions';

/** What a running FreeSWITCH says of itself. */
export interface RunningFreeswitch {
  /** `xml_locate root`: all of its XML, with every variable in its place. */
  readonly xml: string;
  /** Its `conf_dir`. */
  readonly folder: string;
  /** Its own domain; empty: it has none. */
  readonly domain: string;
  /** Gateways as they run, also those that no file has. */
  readonly gateways: readonly RunningGateway[];
}

export interface RunningGateway {
  readonly name: string;
  readonly profile: string;
  readonly isRegistered: boolean;
}

export const USUAL_PORT = 8021;
export const USUAL_PASSWORD = 'ClueCon';

const PATIENCE = { connectMs: 2_000, answerMs: 20_000 };

/**
 * Asks at the event socket. Changes nothing.
 * @throws Error with a sentence where it does not answer
 */
export async function askRunning({
  host,
  port = USUAL_PORT,
  password = USUAL_PASSWORD,
}: PbxAddress): Promise<RunningFreeswitch> {
  try {
    return await withQuestions({ host, port, password }, PATIENCE, whatItSays);
  } catch (error) {
    throw new Error(connectionErrorText(error));
  }
}

/** The questions. */
export async function whatItSays(api: AskApi): Promise<RunningFreeswitch> {
  const global = async (name: string): Promise<string> => {
    const value = (await api('global_getvar', name)).trim();
    return value.startsWith('-ERR') ? '' : value;
  };
  return {
    xml: await api('xml_locate', 'root'),
    folder: await global('conf_dir'),
    domain: await global('domain'),
    gateways: gatewaysIn(await api('sofia', 'xmlstatus')),
  };
}

/** Of `sofia xmlstatus`, where gateways stand behind the profile that they are of. */
export function gatewaysIn(text: string): readonly RunningGateway[] {
  let profile = '';
  const found: RunningGateway[] = [];
  const each = /<(profile|gateway)>\s*<name>([^<]*)<\/name>[\s\S]*?<state>([^<]*)<\/state>/g;
  for (const [, tag, name = '', state = ''] of text.matchAll(each)) {
    if (tag === 'profile') profile = name;
    else found.push({ name, profile, isRegistered: state !== 'NOREG' });
  }
  return found;
}
