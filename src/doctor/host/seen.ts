import type { Settings } from '../../settings/settings';

/** A file as the machine shows it. */
export interface FileSeen {
  readonly path: string;
  /** Permission bits, `0o640`. */
  readonly mode: number;
}

/** A place where something is kept. */
export interface KeptSeen {
  readonly path: string;
  readonly file?: FileSeen;
  /** Whether this user may write files in its folder; undefined: there is no such folder. */
  readonly folderWritable?: boolean;
  readonly folder: string;
}

/** A port that crankback would listen on. */
export interface PortSeen {
  readonly setting: string;
  readonly host: string;
  readonly port: number;
  /** The system's word for why not; undefined: it is free. */
  readonly taken?: string;
}

/** What a program was made of, as its build tells. */
export interface BuildSeen {
  readonly version: string;
  readonly commit: string;
  /** Version of the dialplans' contract, by PBX. */
  readonly contracts: Readonly<Record<string, string>>;
}

/** What the service says that it has told a PBX with `travel: on`. */
export interface TravelsSeen {
  readonly routes: {
    readonly begin: number;
    readonly ask: Readonly<Record<string, number>>;
    readonly more: boolean;
  };
  readonly generation: string;
  /** Unix time in milliseconds. */
  readonly until: number;
}

/** What answers where the service listens. */
export type ServiceSeen =
  | { readonly kind: 'absent'; readonly why: string }
  | { readonly kind: 'refused'; readonly status: number }
  | { readonly kind: 'strange' }
  | {
      readonly kind: 'there';
      readonly ready: boolean;
      /** Absent where the token is not known. */
      readonly reasons?: readonly string[];
      readonly warnings?: readonly string[];
      readonly policyHash?: string;
      /** Absent where the token is not known, or the service is older than this answer. */
      readonly running?: BuildSeen;
      /** By the PBX's name; absent as `running`. */
      readonly travels?: Readonly<Record<string, TravelsSeen>>;
    };

/** What the machine shows. Everything that is absent could not be looked at. */
export interface HostSeen {
  readonly settings: Settings;
  /** This program; absent: it was not built. */
  readonly program?: BuildSeen;
  /** `20.19.2` */
  readonly node: string;
  readonly isRoot: boolean;
  readonly clockSynchronised?: boolean;
  readonly policyFile?: FileSeen;
  readonly policyHash?: string;
  readonly secrets: readonly FileSeen[];
  readonly journal?: KeptSeen & {
    /** Of the disk, bytes. */
    readonly freeBytes?: number;
    /** What the file is; `ours` also where there is none yet. */
    readonly content: 'ours' | 'newer' | 'other';
  };
  readonly stateFile?: KeptSeen & {
    /** Why its content is none. */
    readonly problem?: string;
  };
  readonly ports: readonly PortSeen[];
  readonly service: ServiceSeen;
}
