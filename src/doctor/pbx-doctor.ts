import type { Settings } from '../settings/settings';
import type { WholePolicy } from '../policy/policy';
import type { Found } from './found';

/** Looks at one PBX. */
export interface PbxDoctor {
  /** Its name, see `PbxSettings`. */
  readonly pbx: string;
  /** What is wrong with it. Never rejects: what cannot be looked at is a finding. */
  examine(): Promise<readonly Found[]>;
  /**
   * Gives the PBX a command of a repair.
   * @throws Error with the PBX's own words
   */
  tell(command: string): Promise<void>;
}

/** Where the PBX's own files and commands are. */
export interface PbxPlaces {
  /** The words of Asterisk's command, `asterisk` or `docker exec pbx asterisk`; absent: it is on another machine. */
  readonly asteriskCommand?: readonly string[];
  /** Folder of Asterisk's configuration; absent: it is on another machine. */
  readonly asteriskFolder?: string;
  /** Folders of the dialplans that came with crankback; absent: they are not with this installation. */
  readonly shipped?: { readonly asterisk: string; readonly freeswitch: string };
}

/** What is examined. */
export interface Wanted {
  readonly settings: Settings;
  readonly policy: WholePolicy;
  readonly places: PbxPlaces;
  /** Whether a service answers, whose connections and variables should be there. */
  readonly serviceRuns: boolean;
  /** The generations of what the service has told PBXes with `travel: on`, by their names, where calls begin by it; absent: not known. */
  readonly told?: ReadonlyMap<string, string>;
}

/** Makes the doctors of the PBXes in the settings. */
export type PbxDoctors = (wanted: Wanted) => Promise<readonly PbxDoctor[]>;

/** Shared stores and the like: what else is examined by whoever knows it. */
export type OtherDoctors = (settings: Settings) => Promise<readonly Found[]>;
