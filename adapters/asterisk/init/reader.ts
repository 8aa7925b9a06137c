import type { ConfigFiles, InitChoices, PbxNeeds, PbxRead, PbxReader } from '../../../src/init/pbx';
import type { DialChain, FoundTrunk, Survey } from '../../../src/init/survey';
import { CONF_COMMENT, type Wanted } from '../../../src/init/wanted';
import { ariAccess, ariModules, CONF_MODE } from './ari-user';
import { readConf } from './conf-file';
import { readDialplan, type ReadDialplan } from './dialplan';
import type { Destination } from './dial-string';
import { readEndpoints, trunkOf, type Endpoint } from './endpoints';
import { ownFilesOf } from './freepbx';
import { waysOut } from './ways-out';

const PHONES = 'phones';
const ARI_RELOAD = [
  ['asterisk', '-rx', 'module reload http'],
  ['asterisk', '-rx', 'module reload res_ari.so'],
];
const DIALPLAN_RELOAD = ['asterisk', '-rx', 'dialplan reload'];
/** `Goto(crankback,${EXTEN},1)`, `GotoIf(…?crankback,…)`, and the same with `Gosub`; the last of a comment's signs is `;`. */
const LEADS_TO_US =
  /^[^;]*\bGo(?:to|sub)(?:If(?:Time)?)?\((?:[^;]*[?:])?\s*crankback(?:-failed)?,/i;
const INCLUDE = 'crankback/extensions.conf';

/** Asterisk by its files in /etc/asterisk. */
export const asteriskReader: PbxReader = {
  name: 'asterisk',
  folders: ['/etc/asterisk', '/usr/local/etc/asterisk'],
  reload: () => ({ reload: [...ARI_RELOAD, DIALPLAN_RELOAD], settings: [] }),
  linesToUs: (path, text) =>
    path.endsWith('.conf')
      ? text.split('\n').flatMap((line, index) => (LEADS_TO_US.test(line) ? [index + 1] : []))
      : [],
  isFolder: (files, folder) =>
    ['asterisk.conf', 'extensions.conf', 'pjsip.conf', 'modules.conf'].some(
      (name) => files.read(`${folder}/${name}`) !== undefined,
    ),
  read: (files, folder) => Promise.resolve(readAsterisk(files, folder)),
};

function readAsterisk(files: ConfigFiles, folder: string): PbxRead {
  const { endpoints, notes } = readEndpoints(files, folder);
  const dialplan = readDialplan(files, folder);
  const own = ownFilesOf(files, folder);
  const survey: Survey = {
    pbx: 'asterisk',
    ...(own.managedBy && { managedBy: own.managedBy }),
    folder,
    trunks: trunksOf(endpoints, dialplan),
    chains: dialplan.chains.map(chainOf),
    mailboxes: mailboxesOf(files, folder),
    phones: endpoints.filter(({ role }) => role === 'phone').map(({ name }) => name),
    notes: [...new Set([...notes, ...dialplan.notes, ...notTried(files, folder, own.managedBy)])],
  };
  return { survey, needs: (choices) => needsOf(files, survey, dialplan, choices) };
}

function notTried(files: ConfigFiles, folder: string, managedBy?: string): readonly string[] {
  const others = ['extensions.ael', 'extensions.lua'].filter(
    (name) => files.read(`${folder}/${name}`) !== undefined && isUsed(files, folder, name),
  );
  const realtime = readConf(files, folder, 'extconfig.conf').sections.some(({ lines }) =>
    lines.some(({ name }) => name === 'extensions'),
  );
  return [
    ...others.map((name) => `${name} is not read`),
    ...(realtime ? ['extconfig.conf: a dialplan in a database is not read'] : []),
    ...(managedBy
      ? [`${managedBy}: its files are read; its database and its web pages are not`]
      : []),
  ];
}

/** Debian installs a sample of each; where its module is not loaded, nothing is missed. */
function isUsed(files: ConfigFiles, folder: string, name: string): boolean {
  const module = name.endsWith('.ael') ? 'pbx_ael.so' : 'pbx_lua.so';
  const { sections } = readConf(files, folder, 'modules.conf');
  return !sections.some(({ lines }) =>
    lines.some((line) => line.name === 'noload' && line.value === module),
  );
}

/** What the dialplan dials, each once, then endpoints that nothing was found for. */
function trunksOf(endpoints: readonly Endpoint[], { chains }: ReadDialplan): readonly FoundTrunk[] {
  const known = new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
  const trunks = new Map<string, FoundTrunk>();
  for (const { destinations, where } of chains) {
    for (const destination of destinations) {
      const name = nameOf(destination);
      if (trunks.has(name)) continue;
      const endpoint = known.get(name);
      trunks.set(name, {
        name,
        dial: destination.dial,
        where: endpoint?.where ?? where,
        facts: endpoint?.facts ?? [],
        because: destination.name === undefined ? 'phones' : 'dialled',
      });
    }
  }
  const others = endpoints
    .filter(({ name }) => !trunks.has(name))
    .flatMap((one) => trunkOf(one) ?? []);
  return [...trunks.values(), ...others];
}

function chainOf({ where, digits, destinations }: ReadDialplan['chains'][number]): DialChain {
  const attempts = destinations.map((destination) => ({
    trunk: nameOf(destination),
    ...(destination.number && { number: destination.number }),
  }));
  return { where, digits, attempts };
}

function nameOf({ name, dial }: Destination): string {
  return (
    name ?? (dial.startsWith('PJSIP/') ? PHONES : `${PHONES}-${dial.split('/')[0]?.toLowerCase()}`)
  );
}

/** `1001 => 4242,Name` in each context of voicemail.conf. */
function mailboxesOf(files: ConfigFiles, folder: string): readonly string[] {
  return readConf(files, folder, 'voicemail.conf')
    .sections.filter(({ name }) => !/^(?:general|zonemessages)$/.test(name))
    .flatMap(({ name: context, lines }) =>
      lines
        .filter(({ name }) => /^[0-9A-Za-z._-]+$/.test(name))
        .map(({ name }) => `${name}@${context}`),
    );
}

function needsOf(
  files: ConfigFiles,
  { folder }: Survey,
  { contexts, chains }: ReadDialplan,
  choices: InitChoices,
): PbxNeeds {
  const own = ownFilesOf(files, folder);
  const ari = ariAccess(files, folder, own, choices.secret);
  const modules = ariModules(files, folder);
  const dialplan: readonly Wanted[] = choices.dialplan
    ? [
        ...choices.shipped().map(
          ([name, text]) =>
            ({
              kind: 'file',
              path: `${folder}/crankback/${name}`,
              text,
              mode: CONF_MODE,
            }) as const,
        ),
        {
          kind: 'file',
          path: `${folder}/crankback/ways-out.conf`,
          text: waysOut(chains, choices, (context) => contexts.has(context)),
          mode: CONF_MODE,
        },
        {
          kind: 'block',
          path: `${folder}/${own.extensions}`,
          // Their own include of it would make every context twice.
          lines: [
            ...(contexts.has('crankback') ? [] : [`#include ${INCLUDE}`]),
            '#include crankback/ways-out.conf',
          ],
          comment: CONF_COMMENT,
          mode: CONF_MODE,
        },
      ]
    : [];
  return {
    wanted: [...ari.wanted, ...modules, ...dialplan],
    settings: [
      ['CRANKBACK_ARI_URL', ari.url],
      ['CRANKBACK_ARI_USER', ari.user],
      ['CRANKBACK_ARI_PASSWORD', ari.password],
    ],
    reload: [
      ...(ari.wanted.length > 0 ? ARI_RELOAD : []),
      ...(choices.dialplan ? [DIALPLAN_RELOAD] : []),
    ],
    secrets: [ari.password],
    notes: [
      ...ari.notes,
      ...(modules.length > 0
        ? [
            'modules.conf does not load everything: restart Asterisk for what is added, and see that app_stasis is loaded too before crankback decides',
          ]
        : []),
      ...(choices.dialplan
        ? [
            'no call goes to crankback yet: to let it decide, lead calls there with Goto(crankback,${EXTEN},1), and set `mode: decide`',
          ]
        : []),
    ],
  };
}
