import { NEEDED } from './checks/capacity';
import { contextsOf, gatewaysIn } from './dialplan';
import type { EslSeen, FreeswitchWanted, GatewaySeen, XmlSeen } from './seen';
import { allOf, paramsOf, readXml, type Element } from './xml';

/** An API command and its output. */
export type AskApi = (command: string, args: string) => Promise<string>;

const GLOBALS = [
  'crankback_socket',
  'crankback_secret',
  'crankback_generation',
  'crankback_skip',
  'socket_resume',
];

/** Asks on the event socket. Changes nothing. */
export async function askEsl(api: AskApi, wanted: FreeswitchWanted): Promise<EslSeen> {
  const ask = (command: string, args = '') => api(command, args).then((text) => text.trim());
  const version = await ask('version');
  const modules = new Map<string, boolean>();
  for (const name of [...NEEDED, 'mod_voicemail', 'mod_loopback'])
    modules.set(name, (await ask('module_exists', name)) === 'true');
  const globals = new Map<string, string>();
  for (const name of GLOBALS) {
    const value = await ask('global_getvar', name);
    globals.set(name, value.startsWith('-ERR') ? '' : value);
  }
  const root = await readXml(await ask('xml_locate', 'root'));
  const xml = root && xmlSeen(root);
  const users = (xml?.contexts ?? [])
    .filter(({ name }) => name === 'crankback_fallback' || name === 'crankback')
    .flatMap(({ extensions }) => gatewaysIn(extensions));
  const names = wanted.trunks.flatMap(({ dial: { freeswitch = '' } }) => {
    const [, name] = /^sofia\/gateway\/([\w.:-]+)\//.exec(freeswitch) ?? [];
    return name ?? [];
  });
  const gateways = new Map<string, GatewaySeen | undefined>();
  for (const name of new Set([...names, ...users].filter((one) => /^[\w.:-]{1,128}$/.test(one))))
    gateways.set(name, await gatewaySeen(await ask('sofia', `xmlstatus gateway ${name}`)));
  const profiles = await readXml(await ask('sofia', 'xmlstatus'));
  const before = Date.now();
  const micros = Number(await ask('strmicroepoch'));
  const mailboxes = new Map<string, boolean>();
  for (const mailbox of wanted.mailboxes) {
    const [user = '', domain = ''] = mailbox.split('@');
    if (!/^[\w.-]+$/.test(user + domain)) continue;
    mailboxes.set(mailbox, (await ask('user_exists', `id ${user} ${domain}`)) === 'true');
  }
  return {
    version,
    modules,
    globals,
    sessions: sessionsIn(await ask('status')),
    gateways,
    ...(profiles && { profiles: runningIn(profiles) }),
    mailboxes,
    ...(micros > 0 && { clockMs: micros / 1_000 - (before + Date.now()) / 2 }),
    ...(xml && { xml }),
  };
}

/** Of the output of `status`. */
export function sessionsIn(text: string): EslSeen['sessions'] {
  const numberOf = (pattern: RegExp) => {
    const [, digits] = pattern.exec(text) ?? [];
    return digits === undefined ? undefined : Number(digits);
  };
  const perSecond = numberOf(/session\(s\) per Sec out of max (\d+)/i);
  const most = numberOf(/(\d+) session\(s\) max/i);
  const now = numberOf(/(\d+) session\(s\) - peak/i);
  return {
    ...(perSecond !== undefined && { perSecond }),
    ...(most !== undefined && { most }),
    ...(now !== undefined && { now }),
  };
}

async function gatewaySeen(text: string): Promise<GatewaySeen | undefined> {
  // A gateway's values are texts of elements, which readXml leaves out.
  const of = (tag: string) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1] ?? '';
  if (!(await readXml(text)) || of('name') === '') return undefined;
  return { status: of('status'), state: of('state'), pingEvery: Number(of('pingfreq')) || 0 };
}

function runningIn(status: Element): readonly string[] {
  return allOf(status, 'profile').flatMap(({ attributes }) => attributes['name'] ?? []);
}

/** Of the whole XML as FreeSWITCH has it. */
export function xmlSeen(root: Element): XmlSeen {
  const configuration = (name: string) =>
    allOf(root, 'configuration').find(({ attributes }) => attributes['name'] === name);
  const sofia = configuration('sofia.conf');
  const captureServer = sofia && paramsOf(sofia).get('capture-server');
  const profiles = sofia ? allOf(sofia, 'profile').map(paramsOf) : [];
  const curl = configuration('xml_curl.conf');
  const lua = configuration('lua.conf');
  const byCurl =
    curl &&
    allOf(curl, 'param').some(({ attributes }) => /dialplan/.test(attributes['bindings'] ?? ''));
  const byLua = lua && /dialplan/.test(paramsOf(lua).get('xml-handler-bindings') ?? '');
  return {
    contexts: contextsOf(root),
    handlers: [...(byCurl ? ['mod_xml_curl'] : []), ...(byLua ? ['mod_lua'] : [])],
    ...(captureServer !== undefined && { captureServer }),
    captures: profiles.some((params) => /^(yes|true|on)$/i.test(params.get('sip-capture') ?? '')),
    shortTimer: profiles.some((params) => params.has('timer-T1X64')),
  };
}
