import type { Named } from '../../../src/findings/named';
import type { FindingCode } from '../../../src/findings/registry';
import type { AsteriskTrunk } from '../trunks/trunk-names';
import type { Dialplan } from './dialplan';
import type { ReadConfiguration } from './written-dialplan';

/** What there should be: of the policy and the settings. */
export interface AsteriskWanted {
  readonly policyHash: string;
  readonly decides: boolean;
  /** Calls shall begin without asking. */
  readonly travels: boolean;
  /** The generation of what the service has told this Asterisk; absent: nothing, or it is not known. */
  readonly told?: string;
  readonly serviceRuns: boolean;
  readonly trunks: readonly AsteriskTrunk[];
  readonly emergency: readonly string[];
  /** A number of each route. */
  readonly numbers: readonly string[];
  readonly voicemail: boolean;
  readonly mailboxes: readonly string[];
  readonly url: string;
  readonly hep?: { readonly host: string; readonly port: number; readonly password?: string };
}

export interface EndpointSeen {
  /** `online`, `offline`, `unknown` */
  readonly state: string;
  readonly allow: string;
  /** The longest of its AORs' `qualify_frequency`, seconds; 0: no OPTIONS. */
  readonly qualifyFrequency: number;
  readonly only2xx: boolean;
}

/** What ARI tells. Everything that is absent could not be asked. */
export interface AriSeen {
  readonly version: string;
  /** Running modules, `app_voicemail.so`. */
  readonly modules: ReadonlySet<string>;
  /** Whether somebody has the Stasis application. */
  readonly application: boolean;
  readonly mayWrite?: boolean;
  readonly globals: ReadonlyMap<string, string>;
  /** PJSIP endpoints by name; undefined: there is none. */
  readonly endpoints: ReadonlyMap<string, EndpointSeen | undefined>;
  /** Whether extensions are there, `context,extension,priority`; by a channel that dials nobody. */
  readonly exists: ReadonlyMap<string, boolean>;
  /** Whether mailboxes are there. */
  readonly mailboxes: ReadonlyMap<string, boolean>;
}

/** Files in the folder of Asterisk's configuration that this user may read. */
export interface FilesSeen {
  readonly folder: string;
  readonly extensions?: ReadConfiguration;
  readonly http?: ReadConfiguration;
  readonly hep?: ReadConfiguration;
  /** Whether there is a hep.conf at all. */
  readonly hasHep: boolean;
  readonly stasis?: ReadConfiguration;
  /** Our own files there: name, mode, whether the text is the shipped one; undefined: it is not known. */
  readonly ours: readonly OwnFile[];
  /** Whether the name in `capture_address` resolves; undefined: it is an address, or there is none. */
  readonly captureResolves?: boolean;
}

export interface OwnFile {
  readonly name: string;
  readonly path: string;
  /** Permission bits; absent: there is no such file. */
  readonly mode?: number;
  readonly isShipped?: boolean;
  /** Where the shipped file is. */
  readonly shipped?: string;
}

/** What Asterisk's own command tells. */
export interface CommandSeen {
  readonly loaded: Dialplan;
  /** The output of `dialplan show NUMBER@CONTEXT`: whether it has steps, by `CONTEXT,NUMBER`. */
  readonly takes: ReadonlyMap<string, boolean>;
  /** Whether there is an application `VoiceMail`, where the policy leads there; its module may run without it. */
  readonly hasVoiceMail?: boolean;
}

/** All that is known of one Asterisk. */
export interface AsteriskSeen {
  readonly wanted: AsteriskWanted;
  readonly ari: AriSeen | { readonly finding: FindingCode; readonly why: Named };
  readonly files?: FilesSeen;
  readonly command?: CommandSeen;
}

/** What ARI tells; undefined where it did not answer. */
export function ariOf({ ari }: AsteriskSeen): AriSeen | undefined {
  return 'version' in ari ? ari : undefined;
}
