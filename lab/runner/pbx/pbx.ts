import { labAddress } from '../../provision/place';
import type { Containers } from '../containers';
import { AsteriskPbx } from './asterisk';
import { FreeswitchPbx } from './freeswitch';
import type { PbxName } from './name';
import type { EndpointSettings } from '../scenario/proof';
import { waitFor } from '../waiting';

export type Greeting = 'busy' | 'unavailable';

/** A PBX as the lab prepares it, queries it and reads its files. */
export interface Pbx {
  readonly name: PbxName;
  /** Both files grow; they are read from an offset on. */
  readonly logFile: string;
  readonly cdrFile: string;
  /** Creates what it needs at its start: recordings, empty files. */
  prepare(): Promise<void>;
  hasBooted(): Promise<boolean>;
  /**
   * Clears the dialplan's memory of a frozen crankback; otherwise the next scenario's call would skip
   * crankback.
   */
  forgetFreeze(): Promise<void>;
  /** Whether it has what travels under its present plan generation. */
  hasWhatTravels(): Promise<boolean>;
  /** Starts or stops mirroring its SIP at run time. */
  mirror(on: boolean): Promise<void>;
  /** Adds these settings of endpoints to its configuration, instead of those of the last call; loads them. */
  configure(endpoints: readonly EndpointSettings[]): Promise<void>;
  /** Names of the present channels. */
  channels(): Promise<readonly string[]>;
  bridges(): Promise<readonly string[]>;
  /** Ends every call. */
  hangUpAll(): Promise<void>;
  /** Notices and above in a piece of its log. */
  noticesIn(log: string): readonly string[];
  /** The voicemail greetings in a piece of its log. */
  greetingsIn(log: string): readonly Greeting[];
  clearMessages(): Promise<void>;
  /** Voicemail messages on disk that contain sound. */
  countMessages(): Promise<number>;
}

export function pbxOf(name: PbxName, containers: Containers): Pbx {
  return name === 'asterisk' ? new AsteriskPbx(containers) : new FreeswitchPbx(containers);
}

/**
 * Waits until the last channel is gone; then no more INVITEs are sent. After `limitMs` it returns without
 * an error: the expectations report a channel that stays.
 */
export async function untilIdle(
  pbx: Pbx,
  { limitMs, signal }: { limitMs: number; signal: AbortSignal },
): Promise<void> {
  const idle = async () => ((await pbx.channels()).length === 0 ? true : undefined);
  await waitFor(`${pbx.name} is idle`, idle, { limitMs, everyMs: 20, signal }).catch(() =>
    signal.throwIfAborted(),
  );
}

/** Variables for docker-compose.yml that make crankback serve only these PBXes. */
export function composeEnvironment(pbxes: readonly PbxName[]): Readonly<Record<string, string>> {
  const none = {
    CRANKBACK_LAB_ARI_URL: '',
    CRANKBACK_LAB_ARI_USER: '',
    CRANKBACK_LAB_ARI_PASSWORD: '',
  };
  // Sofia's mirror has no password.
  const freeswitch = { CRANKBACK_LAB_ESL_HOST: labAddress(11), CRANKBACK_LAB_HEP_PASSWORD: '' };
  return {
    ...(!pbxes.includes('asterisk') && none),
    ...(pbxes.includes('freeswitch') && freeswitch),
  };
}
