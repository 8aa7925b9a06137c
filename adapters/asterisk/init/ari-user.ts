import type { ConfigFiles } from '../../../src/init/pbx';
import { CONF_COMMENT, type WantedBlock } from '../../../src/init/wanted';
import { isTrue, readConf, valueIn, type ConfFile, type ConfSection } from './conf-file';
import type { OwnFiles } from './freepbx';

/** How the service reaches Asterisk, and the lines that let it. */
export interface AriAccess {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly wanted: readonly WantedBlock[];
  readonly notes: readonly string[];
}

const USER = 'crankback';
/** As Asterisk has it without `bindport`. */
const PORT = '8088';
/** What a new file of Asterisk's may be read by: its owner and group, as it has a password. */
export const CONF_MODE = 0o640;

/**
 * An ARI user: the one of an earlier run, one of the user's own that is called `crankback`, or a new one. It may write:
 * crankback asks for less events then than a user who may only read can.
 */
export function ariAccess(
  files: ConfigFiles,
  folder: string,
  own: OwnFiles,
  secret: () => string,
): AriAccess {
  const http = httpServer(files, folder, own);
  const ari = readConf(files, folder, 'ari.conf');
  const theirs = ari.sections.find(({ name }) => name === USER);
  const path = `${folder}/${own.ari}`;
  const isPlain = valueIn(theirs, 'password_format') !== 'crypt';
  const theirPassword = isPlain ? valueIn(theirs, 'password') : undefined;
  const isUsed = theirPassword !== undefined && !isTrue(valueIn(theirs, 'read_only'));
  const user = isUsed || !theirs ? USER : `${USER}-2`;
  const password = isUsed ? theirPassword : (earlierPassword(files.readOwn(path)) ?? secret());
  const lines = [
    ...(ari.sections.some(({ name }) => name === 'general')
      ? enabledAgain(ari)
      : ['[general]', 'enabled = yes']),
    ...(isUsed ? [] : [`[${user}]`, 'type = user', 'read_only = no', `password = ${password}`]),
  ];
  const isNew = ari.sections.length === 0;
  return {
    url: http.url,
    user,
    password,
    wanted: [...http.wanted, ...block(path, lines)],
    notes: [
      ...http.notes,
      ...(isNew
        ? ['Asterisk had no ari.conf: if its ARI modules did not load for that, restart Asterisk']
        : []),
    ],
  };
}

/** `[general](+)` goes on with a section that is there; without that it must not be written. */
function enabledAgain({ sections }: ConfFile): readonly string[] {
  const general = sections.find(({ name }) => name === 'general');
  const enabled = valueIn(general, 'enabled');
  return enabled === undefined || isTrue(enabled) ? [] : ['[general](+)', 'enabled = yes'];
}

function httpServer(
  files: ConfigFiles,
  folder: string,
  own: OwnFiles,
): Pick<AriAccess, 'url' | 'wanted' | 'notes'> {
  const { sections } = readConf(files, folder, 'http.conf');
  const general = sections.find(({ name }) => name === 'general');
  const isEnabled = isTrue(valueIn(general, 'enabled'));
  const address = valueIn(general, 'bindaddr');
  const port = valueIn(general, 'bindport') ?? PORT;
  const prefix = valueIn(general, 'prefix');
  const notes = prefix
    ? [`http.conf: crankback does not support \`prefix = ${prefix}\`: take the line out`]
    : [];
  if (isEnabled && address) {
    return { url: `http://${hostOf(address)}:${port}`, wanted: [], notes };
  }
  const lines = [general ? '[general](+)' : '[general]', 'enabled = yes', 'bindaddr = 127.0.0.1'];
  return {
    url: `http://127.0.0.1:${port}`,
    wanted: block(`${folder}/${own.http}`, lines),
    notes,
  };
}

/** Every address of the machine includes its own. */
function hostOf(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  if (address === '::' || address === '[::]') return '[::1]';
  return address.includes(':') && !address.startsWith('[') ? `[${address}]` : address;
}

function earlierPassword(own: string | undefined): string | undefined {
  return /^password = ([A-Za-z0-9_-]+)$/m.exec(own ?? '')?.[1];
}

function block(path: string, lines: readonly string[]): readonly WantedBlock[] {
  return lines.length === 0
    ? []
    : [{ kind: 'block', path, lines, comment: CONF_COMMENT, mode: CONF_MODE }];
}

/** What ARI consists of, where modules are not loaded by themselves. */
const MODULES = [
  'res_http_websocket',
  'res_stasis',
  'res_stasis_answer',
  'res_stasis_playback',
  'res_stasis_recording',
  'res_stasis_snoop',
  'res_stasis_device_state',
  'res_ari',
  'res_ari_model',
  'res_ari_asterisk',
  'res_ari_applications',
  'res_ari_channels',
  'res_ari_endpoints',
  'res_ari_events',
];

/** Lines of modules.conf, where it does not load everything. */
export function ariModules(files: ConfigFiles, folder: string): readonly WantedBlock[] {
  const { sections } = readConf(files, folder, 'modules.conf');
  const modules = sections.find(({ name }) => name === 'modules');
  if (!modules || isTrue(valueIn(modules, 'autoload') ?? 'no')) return [];
  const missing = MODULES.filter((name) => !isLoaded(modules, name));
  if (missing.length === 0) return [];
  const lines = ['[modules](+)', ...missing.map((name) => `load = ${name}.so`)];
  return block(`${folder}/modules.conf`, lines);
}

function isLoaded({ lines }: ConfSection, module: string): boolean {
  return lines.some(
    ({ name, value }) =>
      /^(?:load|require|preload|preload-require)$/.test(name) &&
      value.replace(/\.so$/, '') === module,
  );
}
