import { posix } from 'node:path';
import type { ConfigFiles, PbxAddress, PbxNeeds } from '../../../src/init/pbx';
import { XML_COMMENT, type Wanted } from '../../../src/init/wanted';
import { attribute, below, paramOf, type Element } from './document';
import { configurationOf } from './gateways';
import { CONF_MODE, isOurs } from './ours';
import { USUAL_PASSWORD, USUAL_PORT } from './running';

/** Crankback's setting that has the password. */
export const PASSWORD_IN = 'CRANKBACK_ESL_PASSWORD';

export interface EventSocket {
  readonly host: string;
  readonly port: string;
  readonly password: string;
  readonly wanted: readonly Wanted[];
  readonly notes: readonly string[];
}

/** The event socket that is there, or a new one on loopback. */
export function eventSocket(
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
export function asAsked(socket: EventSocket, at: PbxAddress | undefined): EventSocket {
  if (!at) return socket;
  const { host, port = USUAL_PORT, password = USUAL_PASSWORD } = at;
  return { ...socket, host, port: String(port), password, notes: notesOfPassword(password) };
}

/** Where the event socket of the files is; undefined where they have none. */
export function addressIn(root: Element | undefined): PbxAddress | undefined {
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

/** Crankback's settings for it. */
export function settingsOf(host: string, port: string, password: string): PbxNeeds['settings'] {
  return [
    ['CRANKBACK_ESL_HOST', host],
    ...(port === String(USUAL_PORT) ? [] : [['CRANKBACK_ESL_PORT', port] as const]),
    [PASSWORD_IN, password],
  ];
}

export function notesOfPassword(password: string): readonly string[] {
  return password === USUAL_PASSWORD
    ? [
        'event_socket.conf.xml has the password that everybody knows, ClueCon: change it there and in crankback.env',
      ]
    : [];
}

/** fs_cli asks at the usual address, with the usual password, unless told otherwise. */
export function fsCli({
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
