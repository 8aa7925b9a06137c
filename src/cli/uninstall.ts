import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { configFilesIn } from '../init/files/config-files';
import { disk } from '../init/files/disk';
import { placesIn, readManifest } from '../init/files/manifest';
import { undo, undoing, type Undone } from '../init/files/undo';
import type { PbxNeeds, PbxReader } from '../init/pbx';
import { isOfService, SETTINGS_FILE } from '../init/service-files';
import { stillLeading } from '../init/still-leading';
import { silentAsker, terminalAsker, type Asker } from './ask';
import { EXIT } from './exit';
import { undoneText } from './init-text';
import { print, printProblem } from './print';
import { runCommands, shellLine } from './run-commands';

/** Of a file that is another one afterwards. */
const CHANGING: ReadonlySet<Undone['what']> = new Set(['restored', 'removed', 'block-removed']);

export interface UninstallFlags {
  readonly root?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly reload?: boolean;
}

/**
 * `crankback uninstall`: undoes what `crankback init` has written, byte for byte. Code 1 where a file is left because
 * somebody has changed it since, and where calls still lead to crankback's dialplan: then nothing is undone.
 */
export async function uninstall(
  flags: UninstallFlags,
  readers: readonly PbxReader[],
): Promise<void> {
  const isAsking = !flags.yes && !flags.dryRun && !flags.json && process.stdin.isTTY;
  const asker = isAsking ? terminalAsker() : silentAsker(flags.yes === true);
  try {
    process.exitCode = await uninstalled(flags, readers, asker);
  } catch (error) {
    printProblem(error instanceof Error ? error.message : String(error));
    process.exitCode = EXIT.failed;
  } finally {
    asker.close();
  }
}

async function uninstalled(
  { root: given = '', dryRun, json, reload: isToldToReload }: UninstallFlags,
  readers: readonly PbxReader[],
  asker: Asker,
): Promise<number> {
  const root = given.replace(/\/+$/, '');
  if (isToldToReload && root !== '')
    throw new Error('--reload: not with --root, which is no running PBX');
  const places = placesIn(root);
  const planned = undoing(disk, places);
  const pbxes: readonly string[] = readManifest(disk, places)?.pbxes ?? [];
  // Before they are undone, too.
  const settings = settingsIn(root + SETTINGS_FILE);
  if (!json) print(planned ? undoneText(planned) : 'Nothing was written by `crankback init`.');
  const leading = stillLeading(configFilesIn(root), readers, planned ?? []);
  if (leading.length > 0) {
    print(
      json
        ? JSON.stringify({ files: planned, undone: false, leading }, undefined, 2)
        : leadingText(leading),
    );
    return EXIT.failed;
  }
  const isTold = !dryRun && (planned ? await asker.confirm('Undo this?', true) : true);
  const undone = isTold ? undo(disk, places) : undefined;
  const isOfPbx = planned?.some(({ path, what }) => CHANGING.has(what) && !isOfService(path));
  const reloads = isOfPbx
    ? readers.filter(({ name }) => pbxes.includes(name)).map((one) => one.reload(settings))
    : [];
  const reload = reloads.flatMap((one) => one.reload);
  const isReloaded =
    undone !== undefined &&
    isToldToReload === true &&
    runCommands(
      reload,
      json ? () => undefined : print,
      reloads.flatMap((one) => one.settings),
    );
  if (json)
    print(
      JSON.stringify(
        { files: planned ?? [], undone: undone !== undefined, reload, reloaded: isReloaded },
        undefined,
        2,
      ),
    );
  else if (planned) print(nextText(undone !== undefined, isReloaded ? [] : reload, dryRun));
  return planned?.some(({ what }) => what === 'left') ? EXIT.failed : EXIT.ok;
}

/** The service's settings: of this shell, or of its file; `NAME_FILE` names a file with the value. */
function settingsIn(file: string): (variable: string) => string | undefined {
  const ofFile = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const all = { ...ofFile, ...process.env };
  return (variable) => {
    const path = all[`${variable}_FILE`];
    const isThere = path !== undefined && existsSync(path);
    return all[variable] ?? (isThere ? readFileSync(path, 'utf8').trimEnd() : undefined);
  };
}

function leadingText(lines: readonly string[]): string {
  return [
    'Nothing undone: calls still lead to crankback, and would fail without its dialplan. Put your own way out in place of',
    ...lines.map((line) => `  ${line}`),
    'first, let the PBX read its dialplan again, and call this once more.',
  ].join('\n');
}

function nextText(
  isUndone: boolean,
  reload: PbxNeeds['reload'],
  dryRun: boolean | undefined,
): string {
  if (!isUndone) return dryRun ? 'Nothing undone.' : 'Nothing undone: --yes undoes.';
  const commands = reload.map(shellLine);
  return [
    'Undone.',
    ...(commands.length > 0 ? ['Next:', ...commands.map((one) => `  ${one}`)] : []),
  ].join('\n');
}
