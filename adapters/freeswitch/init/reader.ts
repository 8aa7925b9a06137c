import type { ConfigFiles, PbxAddress, PbxRead, PbxReader } from '../../../src/init/pbx';
import type { Survey } from '../../../src/init/survey';
import { isLoopback } from '../../../src/settings/loopback';
import { asked, type Asked } from './asked';
import { dialplanOf } from './dialplan';
import { isDomainUnknown, mailboxesOf, usersOf, variablesOf } from './directory';
import {
  attribute,
  paramOf,
  readDocument,
  type Element,
  type FreeswitchDocument,
} from './document';
import { addressIn, fsCli, PASSWORD_IN } from './event-socket';
import { configurationOf } from './gateways';
import { needsElsewhere, needsOf } from './needs';
import { askRunning, USUAL_PASSWORD, USUAL_PORT, type RunningFreeswitch } from './running';
import { PHONES, trunksOf } from './trunks';
import { curlBindings } from './xml-curl';

const COMMENT = /<!--[\s\S]*?-->/g;
/** `transfer` and `execute_extension`: `$1 XML crankback`. */
const LEADS_TO_US = /\sXML\s+crankback(?:_failed)?["'\s]/;

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
  linesToUs: (path, text) => {
    if (!path.endsWith('.xml')) return [];
    const uncommented = text.replace(COMMENT, (comment) => comment.replace(/[^\n]/g, ''));
    return uncommented
      .split('\n')
      .flatMap((line, index) => (LEADS_TO_US.test(line) ? [index + 1] : []));
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
    phones: [...new Set(usersOf(root).map((user) => attribute(user, 'id')))],
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

/** FusionPBX answers for every context by a script, so that a file of ours would never be looked up. */
function isFusionPbx(files: ConfigFiles, root: Element | undefined): boolean {
  const lua = configurationOf(root, 'lua.conf');
  const script = paramOf(lua, 'xml-handler-script') ?? '';
  const isHandler =
    /xml_handler/.test(script) && /dialplan/.test(paramOf(lua, 'xml-handler-bindings') ?? '');
  return isHandler || files.read('/etc/fusionpbx/config.conf') !== undefined;
}
