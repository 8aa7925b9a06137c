import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isDialable } from '../policy/routes/digits';
import { policyFromText } from '../policy-file/policy-file';
import { problemLines } from '../policy-file/problems/problems';
import { changeOf, type FileChange } from '../init/changes';
import { diffOf } from '../init/diff';
import { apply, knownFiles } from '../init/files/apply';
import { configFilesIn } from '../init/files/config-files';
import { disk } from '../init/files/disk';
import { placesIn, type Places } from '../init/files/manifest';
import { shippedDialplan } from '../init/files/shipped';
import type { ConfigFiles, PbxNeeds, PbxRead, PbxReader } from '../init/pbx';
import {
  inOrderOfUse,
  likelyEmergency,
  likelyTrunks,
  policyText,
} from '../init/proposal/policy-text';
import { serviceFiles, SETTINGS_FILE } from '../init/service-files';
import type { FoundTrunk, Survey } from '../init/survey';
import { silentAsker, terminalAsker, type Asker } from './ask';
import { EXIT } from './exit';
import { changesText, surveyText } from './init-text';
import { print, printProblem } from './print';
import { runCommands, shellLine } from './run-commands';

export interface InitFlags {
  readonly pbx?: string;
  readonly config?: string;
  /** Of a running PBX: `esl://127.0.0.1:8021`. */
  readonly url?: string;
  readonly root?: string;
  readonly trunks?: string;
  readonly emergency?: string;
  readonly dialplan?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly reload?: boolean;
}

/** A sentence for whoever called; nothing was written. */
class Refusal extends Error {
  constructor(
    message: string,
    readonly code: number = EXIT.usage,
  ) {
    super(message);
  }
}

/**
 * `crankback init`: reads a PBX's configuration, proposes a policy that only observes and the lines that the PBX needs,
 * shows all of it, and writes what it is told to. Code 3 with `--dry-run` where something would be written.
 */
export async function init(flags: InitFlags, readers: readonly PbxReader[]): Promise<void> {
  const isAsking = !flags.yes && !flags.dryRun && !flags.json && process.stdin.isTTY;
  const asker = isAsking ? terminalAsker() : silentAsker(flags.yes === true);
  try {
    process.exitCode = await initialised(flags, readers, asker);
  } catch (error) {
    printProblem(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof Refusal ? error.code : EXIT.failed;
  } finally {
    asker.close();
  }
}

async function initialised(
  flags: InitFlags,
  readers: readonly PbxReader[],
  asker: Asker,
): Promise<number> {
  const root = (flags.root ?? '').replace(/\/+$/, '');
  if (flags.reload && root !== '')
    throw new Refusal('--reload: not with --root, which is no running PBX');
  const files = configFilesIn(root);
  const places = placesIn(root);
  const { reader, read } = await readPbx(flags, readers, files, asker);
  const tell = flags.json ? () => undefined : print;
  tell(surveyText(read.survey));
  const proposed = await proposal(read, flags, files, asker);
  const known = knownFiles(disk, places);
  const changes = proposed.wanted.map((wanted) =>
    changeOf(wanted, disk.read(root + wanted.path)?.bytes, known.get(wanted.path)),
  );
  const due = changes.filter(({ what }) => what === 'new' || what === 'changed');
  tell(changesText(changes, proposed.needs.secrets, proposed.notes));
  const isTold = due.length > 0 && !flags.dryRun && (await asker.confirm(question(due), true));
  if (isTold) apply(disk, places, reader.name, changes);
  const { reload, settings } = proposed.needs;
  const isReloaded =
    isTold && reload.length > 0 && (await reloaded(flags, { reload, settings }, root, asker, tell));
  if (flags.json) printJson(read.survey, proposed, changes, { isTold, isReloaded, reload });
  else print(nextText({ due, isTold, isReloaded, reload, places, flags }));
  return flags.dryRun && due.length > 0 ? EXIT.differs : EXIT.ok;
}

/** Files of a prefix are those of no running PBX. */
async function readPbx(
  flags: InitFlags,
  readers: readonly PbxReader[],
  files: ConfigFiles,
  asker: Asker,
): Promise<{ readonly reader: PbxReader; readonly read: PbxRead }> {
  if (flags.url !== undefined) return askedByUrl(flags, flags.url, readers, files);
  const { reader, folder } = await whichPbx(flags, readers, files, asker);
  const { running } = reader;
  const read =
    running && !flags.root ? running.readAndAsk(files, folder) : reader.read(files, folder);
  return { reader, read: await read };
}

async function askedByUrl(
  { root }: InitFlags,
  text: string,
  readers: readonly PbxReader[],
  files: ConfigFiles,
): Promise<{ readonly reader: PbxReader; readonly read: PbxRead }> {
  if (root) throw new Refusal('--url: not with --root, which is no running PBX');
  const kinds = readers.flatMap(({ running }) => (running ? `${running.protocol}//host:port` : []));
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const reader = readers.find(({ running }) => running?.protocol === url?.protocol);
  if (!url || !reader?.running || url.hostname === '')
    throw new Refusal(`--url: unexpected "${text}". Expected ${kinds.join(' or ')}`);
  const { running } = reader;
  if (url.username !== '' || url.password !== '')
    throw new Refusal(
      `--url: others on this machine can read a password there. Set ${running.passwordIn}, or ${running.passwordIn}_FILE`,
    );
  const port = url.port === '' ? undefined : Number(url.port);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const password = passwordOf(running.passwordIn);
  try {
    return { reader, read: await running.ask(files, { host, port, password }) };
  } catch (error) {
    throw new Refusal(`--url: ${text}: ${(error as Error).message}`, EXIT.failed);
  }
}

/** Of the environment, itself or in a file; without its last line break. */
function passwordOf(variable: string): string | undefined {
  const path = process.env[`${variable}_FILE`];
  return process.env[variable] ?? (path && readFileSync(path, 'utf8').replace(/\r?\n$/, ''));
}

async function whichPbx(
  { pbx, config }: InitFlags,
  readers: readonly PbxReader[],
  files: ConfigFiles,
  asker: Asker,
): Promise<{ readonly reader: PbxReader; readonly folder: string }> {
  const names = readers.map(({ name }) => name);
  if (pbx !== undefined && !names.some((name) => name === pbx))
    throw new Refusal(`--pbx: unexpected "${pbx}". Expected ${names.join(' or ')}`);
  const found = readers
    .filter(({ name }) => pbx === undefined || name === pbx)
    .flatMap((reader) => {
      const folder = (
        config === undefined ? reader.folders : [config.replace(/(.)\/+$/, '$1')]
      ).find((one) => reader.isFolder(files, one));
      return folder === undefined ? [] : [{ reader, folder }];
    });
  const [first, second] = found;
  if (!first) {
    const looked = config ?? readers.flatMap(({ folders }) => folders).join(', ');
    throw new Refusal(
      `no configuration of a PBX in ${looked}: name its folder by --config`,
      EXIT.failed,
    );
  }
  if (!second) return first;
  const asked = await asker.ask('Asterisk and FreeSWITCH are both here. Which one?', '');
  const chosen = found.find(({ reader }) => reader.name === asked.toLowerCase());
  if (!chosen) throw new Refusal('Asterisk and FreeSWITCH are both here: name one by --pbx');
  return chosen;
}

interface Proposal {
  readonly policy: string;
  readonly wanted: readonly Parameters<typeof changeOf>[0][];
  readonly needs: PbxNeeds;
  readonly notes: readonly string[];
}

async function proposal(
  { survey, needs: needsOf }: PbxRead,
  flags: InitFlags,
  files: ConfigFiles,
  asker: Asker,
): Promise<Proposal> {
  const likely = likelyTrunks(survey);
  const outward = likely.filter(({ because }) => because !== 'phones').map(({ name }) => name);
  const named = flags.trunks ?? (await asker.ask('Trunks that calls leave by', outward.join(', ')));
  const trunks = chosenTrunks(survey, likely, named);
  const usual = likelyEmergency(survey, trunks).join(', ');
  const emergency = numbersIn(flags.emergency ?? (await asker.ask('Emergency numbers', usual)));
  const dialplan = flags.dialplan ?? (flags.yes ? false : await wantsDialplan(flags, asker));
  const policy = policyText(survey, trunks, emergency);
  const checked = policyFromText(policy.text);
  if (!checked.ok)
    throw new Refusal(
      `the proposed policy is not legal:\n${problemLines(checked).join('\n')}`,
      EXIT.failed,
    );
  const needs = needsOf({
    dialplan,
    emergency: emergency.filter((number) => checked.policy.emergency.includes(number)),
    trunks: inOrderOfUse(survey, trunks),
    secret: () => randomBytes(24).toString('base64url'),
    shipped: () => shippedDialplan(survey.pbx),
  });
  const service = serviceFiles(policy.text, needs.settings, files.read(SETTINGS_FILE) ?? '');
  return {
    policy: policy.text,
    wanted: [...needs.wanted, ...service.wanted],
    needs,
    notes: [...policy.notes, ...needs.notes, ...service.notes],
  };
}

/** Only where somebody is asked: observing needs no dialplan. */
function wantsDialplan({ dryRun, json }: InitFlags, asker: Asker): Promise<boolean> {
  if (dryRun || json) return Promise.resolve(false);
  return asker.confirm("Also crankback's dialplan? Only deciding needs it", false);
}

function chosenTrunks(
  { trunks, pbx }: Survey,
  likely: readonly FoundTrunk[],
  named: string,
): readonly FoundTrunk[] {
  const names = listIn(named);
  const unknown = names.filter((name) => !trunks.some((trunk) => trunk.name === name));
  if (unknown.length > 0)
    throw new Refusal(
      `--trunks: ${unknown.join(', ')}: not found. Known: ${trunks.map(({ name }) => name).join(', ') || 'none'}`,
    );
  if (names.length === 0)
    throw new Refusal(
      `no trunk was found in the files of ${pbx}: write a policy by hand (policy.md)`,
      EXIT.failed,
    );
  const chosen = names.flatMap((name) => trunks.filter((trunk) => trunk.name === name));
  const phones = likely.filter((one) => one.because === 'phones' && !names.includes(one.name));
  return [...chosen, ...phones];
}

function numbersIn(text: string): readonly string[] {
  const numbers = listIn(text);
  const wrong = numbers.filter((number) => !/^[0-9]+$/.test(number) || !isDialable(number));
  if (wrong.length > 0)
    throw new Refusal(
      `--emergency: ${wrong.join(', ')}: not a number. Expected digits, such as 112,911`,
    );
  return numbers;
}

function listIn(text: string): readonly string[] {
  const parts = text.split(/[\s,]+/).filter((one) => one !== '');
  return [...new Set(parts)];
}

function question(due: readonly FileChange[]): string {
  return `Write ${due.length === 1 ? 'this file' : `these ${due.length} files`}?`;
}

async function reloaded(
  flags: InitFlags,
  { reload, settings }: Pick<PbxNeeds, 'reload' | 'settings'>,
  root: string,
  asker: Asker,
  tell: (text: string) => void,
): Promise<boolean> {
  const commands = reload.map(shellLine);
  const isTold =
    flags.reload ??
    (!flags.yes && root === '' && (await asker.confirm(`Run now: ${commands.join('; ')}?`, false)));
  return isTold && runCommands(reload, tell, settings);
}

function nextText({
  due,
  isTold,
  isReloaded,
  reload,
  places,
  flags,
}: {
  readonly due: readonly FileChange[];
  readonly isTold: boolean;
  readonly isReloaded: boolean;
  readonly reload: PbxNeeds['reload'];
  readonly places: Places;
  readonly flags: InitFlags;
}): string {
  if (due.length === 0) return 'Nothing to write.';
  if (!isTold) return flags.dryRun ? 'Nothing written.' : 'Nothing written: --yes writes.';
  return [
    `Written. What was there before is kept in ${places.folder}; \`crankback uninstall\` brings it back.`,
    'Next:',
    ...(isReloaded ? [] : reload.map((command) => `  ${shellLine(command)}`)),
    '  systemctl enable --now crankback     # or: set -a; . /etc/crankback/crankback.env; crankback run',
    '  crankback observed                   # what would have been decided',
  ].join('\n');
}

function printJson(
  survey: Survey,
  { policy, needs, notes }: Proposal,
  changes: readonly FileChange[],
  {
    isTold,
    isReloaded,
    reload,
  }: {
    readonly isTold: boolean;
    readonly isReloaded: boolean;
    readonly reload: PbxNeeds['reload'];
  },
): void {
  const files = changes.map((change) => ({
    path: change.wanted.path,
    what: change.what,
    diff: diffOf(change, needs.secrets),
  }));
  const shown = {
    ...survey,
    policy,
    proposalNotes: notes,
    files,
    written: isTold,
    reload,
    reloaded: isReloaded,
  };
  print(JSON.stringify(shown, undefined, 2));
}
