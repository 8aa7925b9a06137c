import { asteriskReader } from '../adapters/asterisk/init/reader';
import { askingAsterisk } from '../adapters/asterisk/init/running';
import { freeswitchReader } from '../adapters/freeswitch/init/reader';
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
