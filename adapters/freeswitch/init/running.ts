import type { PbxAddress } from '../../../src/init/pbx';
import { Link } from '../esl/connection';
import { connectionErrorText } from '../esl/inbound-connection';

/** An API command and its output. */
export type AskApi = (command: string, args: string) => Promise<string>;

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

const CONNECT_MS = 2_000;
const ANSWER_MS = 20_000;
/** All of FreeSWITCH's XML is one message. Bytes. */
const LIMITS = { message: 64 * 1024 * 1024 };
const DEAF = { message: () => undefined, dropped: () => undefined, closed: () => undefined };

/**
 * Asks at the event socket. Changes nothing.
 * @throws Error with a sentence where it does not answer
 */
export async function askRunning({
  host,
  port = USUAL_PORT,
  password = USUAL_PASSWORD,
}: PbxAddress): Promise<RunningFreeswitch> {
  const connecting = Link.connect({ host, port, password }, CONNECT_MS, LIMITS, DEAF);
  const link = await connecting.catch((error: unknown) => {
    throw new Error(connectionErrorText(error));
  });
  const timer = setTimeout(() => link.close(`no answer within ${ANSWER_MS} ms`), ANSWER_MS);
  try {
    return await whatItSays((command, args) => link.api(command, args));
  } finally {
    clearTimeout(timer);
    link.close('done');
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
