import { asteriskReader } from '../adapters/asterisk/init/reader';
import { freeswitchReader } from '../adapters/freeswitch/init/reader';
import type { PbxReader } from './init/pbx';

/** Every PBX whose configuration `crankback init` reads. */
export const PBX_READERS: readonly PbxReader[] = [asteriskReader, freeswitchReader];
