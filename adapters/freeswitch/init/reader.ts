import { isIP } from 'node:net';
import { posix } from 'node:path';
import type {
  ConfigFiles,
  InitChoices,
  PbxAddress,
  PbxNeeds,
  PbxRead,
  PbxReader,
} from '../../../src/init/pbx';
import { isLoopback } from '../../../src/settings/loopback';
import type { FoundTrunk, Survey } from '../../../src/init/survey';
import { XML_COMMENT, type Wanted } from '../../../src/init/wanted';
import { dialplanOf, type ReadDialplan } from './dialplan';
import {
  attribute,
  below,
  documentOf,
  paramOf,
  readDocument,
  type Element,
  type FreeswitchDocument,
} from './document';
import { configurationOf, gatewaysOf, onlyRunning, trunkOfGateway } from './gateways';
import { askRunning, USUAL_PASSWORD, USUAL_PORT, type RunningFreeswitch } from './running';
import { OWN_DOCUMENT, ownDocument } from './own-document';
import { emergencyXml, fallbackXml, TRAVEL_INCLUDED } from './ways-out';
import { bindsDialplan } from './xml-curl';

const PHONES = 'phones';
const CONF_MODE = 0o640;
const PASSWORD_IN = 'CRANKBACK_ESL_PASSWORD';
/** Where crankback listens for handovers, unless told otherwise. */
const SOCKET = '127.0.0.1:8092';

/** FreeSWITCH by its freeswitch.xml and what that includes. */
export const freeswitchReader: PbxReader = {
  name: 'freeswitch',
  folders: [
    '/etc/freeswitch',
    '/usr/local/freeswitch/conf',
    '/usr/local/freeswitch/etc/freeswitch',
    '/usr/local/etc/freeswitch',
    '/opt/freeswitch/etc/freeswitch',
    '/opt/freeswitch/conf',
  ],
  reload: (of) => {
    const password = of(PASSWORD_IN) ?? USUAL_PASSWORD;
    const host = of('CRANKBACK_ESL_HOST') ?? '127.0.0.1';
    const port = of('CRANKBACK_ESL_PORT') ?? String(USUAL_PORT);
    return {
      reload: [[...fsCli({ host, port, password }), 'reloadxml']],
      settings: [[PASSWORD_IN, password]],
    };
  },
  isFolder: (files, folder) => files.read(`${folder}/freeswitch.xml`) !== undefined,
  read: async (files, folder) => readFreeswitch(files, folder, await readDocument(files, folder)),
  running: {
    protocol: 'esl:',
    passwordIn: PASSWORD_IN,
    readAndAsk: async (files, folder) => {
      const document = await readDocument(files, folder);
      const at = addressIn(document.root);
      const said = at && (await askRunning(at).catch(() => undefined));
      // Another one may have its port.
      if (!at || said?.folder !== folder) return readFreeswitch(files, folder, document);
      return readFreeswitch(files, folder, document, await asked(said, at));
    },
    ask: async (files, at) => readAsked(files, await askRunning(at), at),
  },
};

/** What a running FreeSWITCH says, and where it was asked. */
interface Asked {
  readonly said: RunningFreeswitch;
  readonly at: PbxAddress;
  readonly root: Element | undefined;
}

async function asked(said: RunningFreeswitch, at: PbxAddress): Promise<Asked> {
  const { root } = await documentOf(said.xml);
  return { said, at, root };
}

/** With its files where they are on this machine. */
export async function readAsked(
  files: ConfigFiles,
  said: RunningFreeswitch,
  at: PbxAddress,
): Promise<PbxRead> {
  const isHere = isLoopback(at.host) && files.read(`${said.folder}/freeswitch.xml`) !== undefined;
  const document: FreeswitchDocument = isHere
    ? await readDocument(files, said.folder)
    : { root: undefined, variables: new Map(), notes: [] };
  return readFreeswitch(files, isHere ? said.folder : undefined, document, await asked(said, at));
}

/** Where the event socket of the files is; undefined where they have none. */
function addressIn(root: Element | undefined): PbxAddress | undefined {
  const socket = configurationOf(root, 'event_socket.conf');
  const password = paramOf(socket, 'password');
  if (password === undefined) return undefined;
  const port = Number(paramOf(socket, 'listen-port') ?? USUAL_PORT);
  if (!Number.isInteger(port)) return undefined;
  return { host: hostOf(paramOf(socket, 'listen-ip')), port, password };
}

/** Where to connect for something that listens there. */
function hostOf(listen = '127.0.0.1'): string {
  const isEverywhere = /^(?:0\.0\.0\.0|::|)$/.test(listen) || listen.includes('$');
  return isEverywhere ? '127.0.0.1' : listen;
}

/** @param folder undefined: its files are not on this machine */
function readFreeswitch(
  files: ConfigFiles,
  folder: string | undefined,
  document: FreeswitchDocument,
  running?: Asked,
): PbxRead {
  const { variables, notes } = document;
  // A running one has every variable in its place.
  const root = running?.root ?? document.root;
  const users = below(sectionOf(root, 'directory'), 'user').filter(
    (user) => attribute(user, 'type') !== 'pointer',
  );
  const dialplan = dialplanOf(root, new Map([...variables, ...variablesOf(root)]));
  const isFusion = isFusionPbx(files, root);
  const own = running?.said.domain ?? variables.get('domain') ?? '';
  const address = running && `${running.at.host}:${running.at.port ?? USUAL_PORT}`;
  const survey: Survey = {
    pbx: 'freeswitch',
    ...(isFusion && { managedBy: 'FusionPBX' }),
    folder: folder ?? address ?? '',
    ...(address !== undefined && { asked: address }),
    trunks: trunksOf(root, dialplan, running),
    chains: dialplan.chains.map(({ where, digits, destinations }) => ({
      where,
      digits,
      attempts: destinations.map(({ gateway, number }) => ({
        trunk: gateway ?? PHONES,
        ...(number && { number }),
      })),
    })),
    mailboxes: mailboxesOf(root, own),
    phones: [...new Set(users.map((user) => attribute(user, 'id')))],
    notes: [
      ...notes,
      ...dialplan.notes,
      ...(isDomainUnknown(root, own)
        ? [
            "the domain is known to a running FreeSWITCH alone (fs_cli -x 'eval $${domain}'): give routes to phones a `mailbox` with it",
          ]
        : []),
      ...(isFusion
        ? ['FusionPBX: its files are read; its database, where dialplan and gateways are, is not']
        : []),
      ...(curlBindings(root).length > 0
        ? [
            'xml_curl.conf: what a web server answers is not read; it comes before the files, which the routes and the static fallback are proposed from',
          ]
        : []),
    ],
  };
  return {
    survey,
    needs: (choices) =>
      folder === undefined
        ? needsElsewhere(running, choices)
        : needsOf(
            files,
            { ...survey, folder },
            { root: document.root, running },
            dialplan,
            choices,
          ),
  };
}

/** Of a FreeSWITCH whose files are on another machine: nothing can be written there. */
function needsElsewhere(running: Asked | undefined, { dialplan }: InitChoices): PbxNeeds {
  if (dialplan)
    throw new Error(
      'the files of this FreeSWITCH are not on this machine: run `crankback init --dialplan` there, or copy the dialplan by hand (freeswitch.md)',
    );
  const { host = '127.0.0.1', port, password = USUAL_PASSWORD } = running?.at ?? {};
  return {
    wanted: [],
    settings: settingsOf(host, String(port ?? USUAL_PORT), password),
    reload: [],
    secrets: password === USUAL_PASSWORD ? [] : [password],
    notes: notesOfPassword(password),
  };
}

function settingsOf(host: string, port: string, password: string): PbxNeeds['settings'] {
  return [
    ['CRANKBACK_ESL_HOST', host],
    ...(port === String(USUAL_PORT) ? [] : [['CRANKBACK_ESL_PORT', port] as const]),
    [PASSWORD_IN, password],
  ];
}

function notesOfPassword(password: string): readonly string[] {
  return password === USUAL_PASSWORD
    ? [
        'event_socket.conf.xml has the password that everybody knows, ClueCon: change it there and in crankback.env',
      ]
    : [];
}

function sectionOf(root: Element | undefined, name: string): Element | undefined {
  return below(root, 'section').find((section) => attribute(section, 'name') === name);
}

/** Variables that every call of a user has: `default_gateway` of the vanilla configuration. */
function variablesOf(root: Element | undefined): readonly (readonly [string, string])[] {
  const [domain] = below(sectionOf(root, 'directory'), 'domain');
  const own = domain?.$$?.find((child) => child['#name'] === 'variables');
  return below(own, 'variable').map(
    (one) => [attribute(one, 'name'), attribute(one, 'value')] as const,
  );
}

/** Gateways that the dialplan dials, then phones, then gateways that nothing was found for. */
function trunksOf(
  root: Element | undefined,
  { chains }: ReadDialplan,
  running: Asked | undefined,
): readonly FoundTrunk[] {
  const inXml = gatewaysOf(root);
  const all = [...inXml, ...onlyRunning(inXml, running?.said.gateways ?? [])];
  const gateways = all.flatMap((gateway) => trunkOfGateway(gateway) ?? []);
  const dialled = new Set(chains.flatMap((one) => one.destinations.map(({ gateway }) => gateway)));
  const [phones] = chains.filter((one) =>
    one.destinations.some(({ gateway }) => gateway === undefined),
  );
  return [
    ...gateways
      .filter(({ name }) => dialled.has(name))
      .map((trunk) => ({ ...trunk, because: 'dialled' as const })),
    ...(phones
      ? [
          {
            name: PHONES,
            dial: 'user/{number}',
            where: phones.where,
            facts: [],
            because: 'phones' as const,
          },
        ]
      : []),
    ...gateways.filter(({ name }) => !dialled.has(name)),
  ];
}

/**
 * FreeSWITCH's own domain is `default` where it is the machine's address, as in the vanilla configuration: an address
 * changes. Mailboxes of another domain that only a running FreeSWITCH knows cannot be named.
 */
function mailboxesOf(root: Element | undefined, own: string): readonly string[] {
  const found = below(sectionOf(root, 'directory'), 'domain').flatMap((domain) => {
    const name = domainName(attribute(domain, 'name'), own);
    if (!/^[A-Za-z0-9._-]+$/.test(name)) return [];
    return below(domain, 'user')
      .filter((user) => paramOf(user, 'vm-password') !== undefined)
      .map((user) => `${attribute(user, 'id')}@${name}`);
  });
  return [...new Set(found)];
}

function domainName(name: string, own: string): string {
  const isAddress = name.includes('$') || isIP(name) !== 0;
  return isAddress && name === own ? 'default' : name;
}

function isDomainUnknown(root: Element | undefined, own: string): boolean {
  return below(sectionOf(root, 'directory'), 'domain').some((domain) =>
    domainName(attribute(domain, 'name'), own).includes('$'),
  );
}

/** FusionPBX answers for every context by a script, so that a file of ours would never be looked up. */
function isFusionPbx(files: ConfigFiles, root: Element | undefined): boolean {
  const lua = configurationOf(root, 'lua.conf');
  const script = paramOf(lua, 'xml-handler-script') ?? '';
  const isHandler =
    /xml_handler/.test(script) && /dialplan/.test(paramOf(lua, 'xml-handler-bindings') ?? '');
  return isHandler || files.read('/etc/fusionpbx/config.conf') !== undefined;
}

/** `bindings` of the web servers that answer for parts of the configuration. */
function curlBindings(root: Element | undefined): readonly string[] {
  return below(configurationOf(root, 'xml_curl.conf'), 'param')
    .filter((param) => attribute(param, 'name') === 'gateway-url')
    .map((param) => attribute(param, 'bindings'));
}

/** Where something answers for every context: a document that calls enter by its path. */
function pathDocument(
  folder: string,
  chains: ReadDialplan['chains'],
  choices: InitChoices,
): Wanted {
  const path = `${folder}/${OWN_DOCUMENT}`;
  const shipped = new Map(choices.shipped());
  return {
    kind: 'file',
    path,
    text: ownDocument(shipped.get('crankback.xml') ?? '', {
      path,
      emergency: emergencyXml(choices),
      travel: shipped.get('crankback/travel.xml') ?? '',
      fallback: fallbackXml(chains, choices),
    }),
    mode: CONF_MODE,
  };
}

function needsOf(
  files: ConfigFiles,
  { folder, managedBy }: Survey,
  { root, running }: Pick<FreeswitchDocument, 'root'> & { readonly running: Asked | undefined },
  { contexts, chains }: ReadDialplan,
  choices: InitChoices,
): PbxNeeds {
  const socket = asAsked(eventSocket(files, folder, root, choices.secret), running?.at);
  const isSocketSet = /crankback_socket=/.test(files.read(`${folder}/vars.xml`) ?? '');
  const address: readonly Wanted[] = isSocketSet
    ? []
    : [
        {
          kind: 'block',
          path: `${folder}/vars.xml`,
          lines: [`<X-PRE-PROCESS cmd="set" data="crankback_socket=${SOCKET}"/>`],
          comment: XML_COMMENT,
          before: /^\s*<\/include>/,
          mode: CONF_MODE,
        },
      ];
  const isAnswered = managedBy !== undefined || curlBindings(root).some(bindsDialplan);
  const dialplan: readonly Wanted[] = !choices.dialplan
    ? []
    : isAnswered
      ? [pathDocument(folder, chains, choices)]
      : [
          ...choices.shipped().map(
            ([name, text]) =>
              ({
                kind: 'file',
                path: `${folder}/dialplan/${name}`,
                text,
                mode: CONF_MODE,
              }) as const,
          ),
          ...emergencyFile(files, folder, choices),
          ...(contexts.has('crankback_fallback') &&
          !isOurs(files, `${folder}/dialplan/crankback_fallback.xml`)
            ? []
            : [
                {
                  kind: 'file' as const,
                  path: `${folder}/dialplan/crankback_fallback.xml`,
                  text: fallbackXml(chains, choices),
                  mode: CONF_MODE,
                },
              ]),
        ];
  return {
    wanted: [...socket.wanted, ...dialplan, ...(choices.dialplan ? address : [])],
    settings: settingsOf(socket.host, socket.port, socket.password),
    reload: [
      ...(dialplan.length > 0 || socket.wanted.length > 0 ? [[...fsCli(socket), 'reloadxml']] : []),
      ...(socket.wanted.length > 0 ? [[...fsCli(socket), 'load mod_event_socket']] : []),
    ],
    secrets: socket.password === USUAL_PASSWORD ? [] : [socket.password],
    notes: [
      ...socket.notes,
      ...(choices.dialplan
        ? [
            isAnswered
              ? `${managedBy ?? 'xml_curl'} answers for every context of the dialplan, so calls enter crankback's file by its path: transfer them to \`$1 XML:${folder}/${OWN_DOCUMENT} crankback\` (guides/fusionpbx.md), and set \`mode: decide\``
              : 'no call goes to crankback yet: to let it decide, transfer calls there (freeswitch.md), and set `mode: decide`',
          ]
        : []),
    ],
  };
}

/** Their own emergency numbers stay; of ours is then the line alone that calls need which begin without asking. */
function emergencyFile(
  files: ConfigFiles,
  folder: string,
  choices: InitChoices,
): readonly Wanted[] {
  const path = `${folder}/dialplan/crankback/emergency.xml`;
  const there = files.read(path);
  if (there === undefined || isOurs(files, path))
    return [{ kind: 'file', path, text: emergencyXml(choices), mode: CONF_MODE }];
  if (/\btravel\.xml"/.test(there)) return [];
  return [
    {
      kind: 'block',
      path,
      lines: [`  ${TRAVEL_INCLUDED}`],
      comment: XML_COMMENT,
      before: /^\s*<\/include>/,
      mode: CONF_MODE,
    },
  ];
}

/** fs_cli asks at the usual address, with the usual password, unless told otherwise. */
function fsCli({
  host,
  port,
  password,
}: Pick<EventSocket, 'host' | 'port' | 'password'>): readonly string[] {
  return [
    'fs_cli',
    ...(host === '127.0.0.1' || host === 'localhost' ? [] : ['-H', host]),
    ...(port === String(USUAL_PORT) ? [] : ['-P', port]),
    ...(password === USUAL_PASSWORD ? [] : ['-p', `$${PASSWORD_IN}`]),
    '-x',
  ];
}

/** Whether a whole file there is one that `init` writes. */
function isOurs(files: ConfigFiles, path: string): boolean {
  return /proposed by `crankback init`/.test(files.read(path) ?? '');
}

interface EventSocket {
  readonly host: string;
  readonly port: string;
  readonly password: string;
  readonly wanted: readonly Wanted[];
  readonly notes: readonly string[];
}

/** The event socket that is there, or a new one on loopback. */
function eventSocket(
  files: ConfigFiles,
  folder: string,
  root: Element | undefined,
  secret: () => string,
): EventSocket {
  const path = posix.join(folder, 'autoload_configs/event_socket.conf.xml');
  const there = configurationOf(root, 'event_socket.conf');
  const password = paramOf(there, 'password');
  const isNew = password === undefined || isOurs(files, path);
  const chosen = password ?? secret();
  return {
    host: hostOf(paramOf(there, 'listen-ip')),
    port: paramOf(there, 'listen-port') ?? String(USUAL_PORT),
    password: chosen,
    wanted: [
      ...(isNew ? [{ kind: 'file' as const, path, text: socketXml(chosen), mode: CONF_MODE }] : []),
      ...moduleLine(folder, root),
    ],
    notes: notesOfPassword(chosen),
  };
}

/** A socket that has answered is where it was asked, whatever its file says. */
function asAsked(socket: EventSocket, at: PbxAddress | undefined): EventSocket {
  if (!at) return socket;
  const { host, port = USUAL_PORT, password = USUAL_PASSWORD } = at;
  return { ...socket, host, port: String(port), password, notes: notesOfPassword(password) };
}

function socketXml(password: string): string {
  return `<!-- proposed by \`crankback init\`: taken out by \`crankback uninstall\` -->
<configuration name="event_socket.conf" description="Socket Client">
  <settings>
    <param name="nat-map" value="false"/>
    <param name="listen-ip" value="127.0.0.1"/>
    <param name="listen-port" value="8021"/>
    <param name="password" value="${password}"/>
  </settings>
</configuration>
`;
}

function moduleLine(folder: string, root: Element | undefined): readonly Wanted[] {
  const modules = configurationOf(root, 'modules.conf');
  const isLoaded = below(modules, 'load').some(
    (load) => attribute(load, 'module') === 'mod_event_socket',
  );
  if (!modules || isLoaded) return [];
  return [
    {
      kind: 'block',
      path: posix.join(folder, 'autoload_configs/modules.conf.xml'),
      lines: ['    <load module="mod_event_socket"/>'],
      comment: XML_COMMENT,
      before: /^\s*<\/modules>/,
      mode: CONF_MODE,
    },
  ];
}
