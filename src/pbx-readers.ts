import { asteriskReader } from '../adapters/asterisk/init/reader';
import { askingAsterisk } from '../adapters/asterisk/init/running';
import { draftOfDialplan } from '../adapters/asterisk/import/draft';
import { draftOfTables } from '../adapters/asterisk/import/freepbx/tables';
import { draftOfXml } from '../adapters/freeswitch/import/draft';
import { freeswitchReader } from '../adapters/freeswitch/init/reader';
import type { Importer } from './cli/import';
import type { Draft } from './import/draft';
import { filesOfDisk, importFile } from './import/import-files';
import type { PbxReader } from './init/pbx';

/** Every PBX whose configuration `crankback init` reads. */
export const PBX_READERS: readonly PbxReader[] = [asteriskReader, freeswitchReader];

/**
 * The same.
 * @param asteriskCommand words of the command by which a running Asterisk is asked as well; absent: its files alone count
 */
export function pbxReaders(asteriskCommand?: string): readonly PbxReader[] {
  const words = asteriskCommand?.split(/\s+/).filter((word) => word !== '') ?? [];
  if (words.length === 0) return PBX_READERS;
  return PBX_READERS.map((one) => (one === asteriskReader ? askingAsterisk(words) : one));
}

/** Every system whose routes `crankback import` translates, by its name there. */
export const IMPORTERS: Readonly<Record<string, Importer>> = {
  asterisk: ofDialplan,
  freepbx: ofFreepbx,
  fusionpbx: (paths) => draftOfXml(paths.map((path) => importFile(path))),
};

function ofDialplan(paths: readonly string[]): Draft {
  // Of what is named, nothing may be missing; what it includes may.
  paths.forEach((path) => importFile(path));
  return draftOfDialplan(filesOfDisk, paths);
}

/** Its tables, or the dialplan that it generates of them. */
function ofFreepbx(paths: readonly string[]): Draft {
  const isConf = paths.every((path) => path.endsWith('.conf'));
  return isConf ? ofDialplan(paths) : draftOfTables(paths.map((path) => importFile(path)));
}
