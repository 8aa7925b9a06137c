import type { ConfigFiles, InitChoices, PbxNeeds } from '../../../src/init/pbx';
import type { Survey } from '../../../src/init/survey';
import { XML_COMMENT, type Wanted } from '../../../src/init/wanted';
import type { Asked } from './asked';
import type { ReadDialplan } from './dialplan';
import type { FreeswitchDocument } from './document';
import { asAsked, eventSocket, fsCli, notesOfPassword, settingsOf } from './event-socket';
import { CONF_MODE, isOurs } from './ours';
import { OWN_DOCUMENT, ownDocument } from './own-document';
import { USUAL_PASSWORD, USUAL_PORT } from './running';
import { emergencyXml, fallbackXml, TRAVEL_INCLUDED } from './ways-out';
import { bindsDialplan, curlBindings } from './xml-curl';

/** Where crankback listens for handovers, unless told otherwise. */
const SOCKET = '127.0.0.1:8092';

/** What crankback needs in the files of this FreeSWITCH, and of its own settings. */
export function needsOf(
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

/** Of a FreeSWITCH whose files are on another machine: nothing can be written there. */
export function needsElsewhere(running: Asked | undefined, { dialplan }: InitChoices): PbxNeeds {
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
