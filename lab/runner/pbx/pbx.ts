import type { Containers } from '../containers';
import { AsteriskPbx } from './asterisk';
import { FreeswitchPbx } from './freeswitch';
import type { PbxName } from './name';
import { waitFor } from '../waiting';

export type Greeting = 'busy' | 'unavailable';

/** A PBX as the lab prepares it, asks it and reads its files. */
export interface Pbx {
  readonly name: PbxName;
  /** Both grow; bytes from an offset on are read. */
  readonly logFile: string;
  readonly cdrFile: string;
  /** Makes what it finds when it starts: recordings, empty files. */
  prepare(): Promise<void>;
  hasBooted(): Promise<boolean>;
  /** The dialplan's own memory of a frozen crankback would spare the next scenario's call the way here. */
  forgetFreeze(): Promise<void>;
  /** Begins or ends mirroring its SIP, while it runs. */
  mirror(on: boolean): Promise<void>;
  /** Names of the channels that there are now. */
  channels(): Promise<readonly string[]>;
  bridges(): Promise<readonly string[]>;
  /** Notices and above in a piece of its log. */
  noticesIn(log: string): readonly string[];
  /** The greetings of voicemail that a piece of its log tells of. */
  greetingsIn(log: string): readonly Greeting[];
  clearMessages(): Promise<void>;
  /** Voicemail messages on disk that hold sound. */
  countMessages(): Promise<number>;
}

export function pbxOf(name: PbxName, containers: Containers): Pbx {
  return name === 'asterisk' ? new AsteriskPbx(containers) : new FreeswitchPbx(containers);
}

/**
 * Waits for the last channel to go: without one no INVITE is sent any more. Gives up after `limitMs` in
 * silence: a channel that stays is for the expectations to tell.
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

/** Variables for docker-compose.yml that make crankback serve these PBXes and no other. */
export function composeEnvironment(pbxes: readonly PbxName[]): Readonly<Record<string, string>> {
  const none = {
    CRANKBACK_LAB_ARI_URL: '',
    CRANKBACK_LAB_ARI_USER: '',
    CRANKBACK_LAB_ARI_PASSWORD: '',
  };
  // Sofia's mirror knows no password.
  const freeswitch = { CRANKBACK_LAB_ESL_HOST: '172.30.77.11', CRANKBACK_LAB_HEP_PASSWORD: '' };
  return {
    ...(!pbxes.includes('asterisk') && none),
    ...(pbxes.includes('freeswitch') && freeswitch),
  };
}
