import type { FindingCode } from '../../../src/findings/registry';
import type { FreeswitchTrunk } from '../trunks/trunk-names';
import type { Context, Extension } from './dialplan';

/** What there should be: of the policy and the settings. */
export interface FreeswitchWanted {
  readonly decides: boolean;
  /** Calls shall begin without asking. */
  readonly travels: boolean;
  /** The generation of what the service has told this FreeSWITCH; absent: nothing, or it is not known. */
  readonly told?: string;
  readonly serviceRuns: boolean;
  readonly trunks: readonly FreeswitchTrunk[];
  readonly emergency: readonly string[];
  /** A number of each route. */
  readonly numbers: readonly string[];
  readonly voicemail: boolean;
  readonly mailboxes: readonly string[];
  /** Attempts of one call at the most, and so legs beside its own. */
  readonly attempts: number;
  readonly password: string;
  readonly listenPort: number;
  readonly secret?: string;
  readonly hepPort?: number;
}

export interface GatewaySeen {
  /** `UP`, `DOWN` */
  readonly status: string;
  /** Of which sofia profile it is. */
  readonly profile: string;
  /** `NOREG`, `REGED`, `FAIL_WAIT` … */
  readonly state: string;
  /** Seconds between two OPTIONS; 0: none are sent. */
  readonly pingEvery: number;
}

/** Its files, where they are on this machine. */
export interface FilesSeen {
  /** Its `conf_dir`. */
  readonly folder: string;
  /** Which file is no XML, and why: FreeSWITCH goes on with what it has read before, and does not start again. */
  readonly broken?: string;
  /** As they would be after `reloadxml`. */
  readonly contexts: readonly Context[];
  /** What of calls that begin without asking is in dialplan/crankback. */
  readonly travel: {
    /** Whether travel.xml is there. */
    readonly isThere: boolean;
    /** Whether emergency.xml is there, and has the line that includes it. */
    readonly emergency: 'absent' | 'without' | 'includes';
  };
}

/** What FreeSWITCH tells on its event socket. Everything that is absent could not be asked. */
export interface EslSeen {
  readonly version: string;
  /** Modules that were asked for: whether they are loaded. */
  readonly modules: ReadonlyMap<string, boolean>;
  readonly globals: ReadonlyMap<string, string>;
  readonly sessions: { readonly perSecond?: number; readonly most?: number; readonly now?: number };
  /** Gateways by name; undefined: there is none. */
  readonly gateways: ReadonlyMap<string, GatewaySeen | undefined>;
  /** Sofia profiles that run. */
  readonly profiles?: readonly string[];
  /** Codecs that the profiles of the trunks' gateways offer, in their order, as FreeSWITCH writes them. */
  readonly offers?: ReadonlyMap<string, readonly string[]>;
  /** Codecs that FreeSWITCH can translate, as in SDP. */
  readonly codecs?: readonly string[];
  readonly mailboxes: ReadonlyMap<string, boolean>;
  /** Its clock less this machine's. Milliseconds. */
  readonly clockMs?: number;
  /** Of its XML. */
  readonly xml?: XmlSeen;
  readonly files?: FilesSeen;
}

export interface XmlSeen {
  readonly contexts: readonly Context[];
  /** Who answers for the dialplan beside the files: `mod_xml_curl`, `mod_lua`. */
  readonly handlers: readonly string[];
  /** The document by whose path calls enter crankback's contexts, which are among `contexts` then. */
  readonly byPath?: string;
  /** `capture-server` of sofia.conf. */
  readonly captureServer?: string;
  /** Whether some profile has `sip-capture`. */
  readonly captures: boolean;
  /** Whether some profile has a `timer-T1X64`. */
  readonly shortTimer: boolean;
}

/** All that is known of one FreeSWITCH. */
export interface FreeswitchSeen {
  readonly wanted: FreeswitchWanted;
  readonly esl: EslSeen | { readonly finding: FindingCode; readonly why: string };
  /** The contexts as we ship them, and where. */
  readonly shipped?: {
    readonly path: string;
    readonly contexts: readonly Context[];
    /** Of calls that begin without asking. */
    readonly travel?: { readonly path: string; readonly extensions: readonly Extension[] };
  };
}
