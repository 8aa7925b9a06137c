import type { ConfigFiles } from '../../../src/init/pbx';
import { asIncluded, OWN_DOCUMENT } from '../init/own-document';
import type { AskApi } from '../esl/questions';
import { bindsDialplan } from '../init/xml-curl';
import { readCodecs } from '../trunks/known-codecs';
import { NEEDED } from './checks/capacity';
import { contextsOf, gatewaysIn } from './dialplan';
import { filesSeen } from './files-seen';
import type { EslSeen, FreeswitchWanted, GatewaySeen, XmlSeen } from './seen';
import { allOf, paramsOf, readXml, type Element } from './xml';

const GLOBALS = [
  'conf_dir',
  'domain',
  'crankback_socket',
  'crankback_secret',
  'crankback_generation',
  'crankback_travel',
  'crankback_travel_until',
  'crankback_skip',
  'socket_resume',
];

/**
 * Asks on the event socket. Changes nothing.
 * @param files of this machine, where FreeSWITCH may have its configuration
 */
export async function askEsl(
  api: AskApi,
  wanted: FreeswitchWanted,
  files: ConfigFiles,
): Promise<EslSeen> {
  const ask = (command: string, args = '') => api(command, args).then((text) => text.trim());
  const version = await ask('version');
  const modules = new Map<string, boolean>();
  for (const name of [...NEEDED, 'mod_voicemail', 'mod_loopback', 'mod_expr'])
    modules.set(name, (await ask('module_exists', name)) === 'true');
  const globals = new Map<string, string>();
  for (const name of GLOBALS) {
    const value = await ask('global_getvar', name);
    globals.set(name, value.startsWith('-ERR') ? '' : value);
  }
  const root = await readXml(await ask('xml_locate', 'root'));
  const conf = globals.get('conf_dir') ?? '';
  const xml = root && (await withOwnDocument(xmlSeen(root), files, `${conf}/${OWN_DOCUMENT}`));
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
  const profiles = await ask('sofia', 'xmlstatus');
  const offers = new Map<string, readonly string[]>();
  for (const name of new Set([...gateways.values()].flatMap((one) => one?.profile ?? [])))
    if (/^[\w.-]{1,128}$/.test(name))
      offers.set(name, offeredIn(await ask('sofia', `xmlstatus profile ${name}`)));
  const codecs = readCodecs(await ask('show', 'codec as json'));
  const before = Date.now();
  const micros = Number(await ask('strmicroepoch'));
  const mailboxes = new Map<string, boolean>();
  for (const mailbox of wanted.mailboxes) {
    const [user = '', domain = ''] = mailbox.split('@');
    if (!/^[\w.-]+$/.test(user + domain)) continue;
    const isThere = (where: string) =>
      ask('user_exists', `id ${user} ${where}`).then((said) => said === 'true');
    const own = domain === 'default' ? (globals.get('domain') ?? '') : '';
    mailboxes.set(
      mailbox,
      (await isThere(domain)) || (/^[\w.-]+$/.test(own) && (await isThere(own))),
    );
  }
  const onDisk = conf === '' ? undefined : await filesSeen(files, conf);
  return {
    version,
    modules,
    globals,
    sessions: sessionsIn(await ask('status')),
    gateways,
    ...(profiles.startsWith('<?xml') && { profiles: runningIn(profiles) }),
    offers,
    ...(codecs && { codecs: [...new Set(codecs.map(({ name }) => name))] }),
    mailboxes,
    ...(micros > 0 && { clockMs: micros / 1_000 - (before + Date.now()) / 2 }),
    ...(xml && { xml }),
    ...(onDisk && { files: onDisk }),
  };
}

/** Where another program answers for the dialplan, calls enter ours by the path of a document, which FreeSWITCH does not list. */
async function withOwnDocument(xml: XmlSeen, files: ConfigFiles, path: string): Promise<XmlSeen> {
  const text = xml.handlers.length > 0 ? files.read(path) : undefined;
  const root = text === undefined ? undefined : await readXml(asIncluded(text, path));
  return root ? { ...xml, contexts: [...contextsOf(root), ...xml.contexts], byPath: path } : xml;
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

/** Of the output of `sofia xmlstatus gateway NAME`; undefined where there is none, which is told without XML. */
export async function gatewaySeen(text: string): Promise<GatewaySeen | undefined> {
  if (!(await readXml(text)) || textIn(text, 'name') === '') return undefined;
  return {
    profile: textIn(text, 'profile'),
    status: textIn(text, 'status'),
    state: textIn(text, 'state'),
    pingEvery: Number(textIn(text, 'pingfreq')) || 0,
  };
}

/** Of the output of `sofia xmlstatus profile NAME`: `OPUS,G722@20i`. */
export function offeredIn(text: string): readonly string[] {
  return textIn(text, 'outbound-codecs')
    .split(',')
    .flatMap((one) => /^[\w.-]+/.exec(one.trim())?.[0] ?? []);
}

/** Of the output of `sofia xmlstatus`: a profile has elements of its own, an alias and a gateway as well. */
export function runningIn(text: string): readonly string[] {
  const profiles = text.split('<profile>').slice(1);
  return profiles
    .filter((one) => textIn(one, 'state').startsWith('RUNNING'))
    .map((one) => textIn(one, 'name'));
}

/** Texts of elements, which readXml leaves out. */
function textIn(text: string, tag: string): string {
  return new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1] ?? '';
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
    allOf(curl, 'param').some(
      ({ attributes: { name, bindings = '' } }) =>
        name === 'gateway-url' && bindsDialplan(bindings),
    );
  const byLua = lua && /dialplan/.test(paramsOf(lua).get('xml-handler-bindings') ?? '');
  return {
    contexts: contextsOf(root),
    handlers: [...(byCurl ? ['mod_xml_curl'] : []), ...(byLua ? ['mod_lua'] : [])],
    ...(captureServer !== undefined && { captureServer }),
    captures: profiles.some((params) => /^(yes|true|on)$/i.test(params.get('sip-capture') ?? '')),
    shortTimer: profiles.some((params) => params.has('timer-T1X64')),
  };
}
