/** What a PBX's own configuration says, whichever PBX it is. Texts are the user's own: they may contain anything. */
export interface Survey {
  readonly pbx: PbxName;
  /** Who writes the PBX's files, where that is not the user: `FreePBX`. */
  readonly managedBy?: string;
  /** Where the configuration is; of a PBX that is elsewhere its address. */
  readonly folder: string;
  /** Address at which the running PBX was asked; absent: it was not. */
  readonly asked?: string;
  readonly trunks: readonly FoundTrunk[];
  /** In the order of the files. */
  readonly chains: readonly DialChain[];
  /** `1001@default` */
  readonly mailboxes: readonly string[];
  /** Names of the phones that may register. */
  readonly phones: readonly string[];
  /** What was not understood or not read, a sentence each. */
  readonly notes: readonly string[];
}

export type PbxName = 'asterisk' | 'freeswitch';

/** Something that calls can leave by. */
export interface FoundTrunk {
  /** The PBX's own name for it. */
  readonly name: string;
  /** As the policy writes it: `PJSIP/{number}@carrier-a`. */
  readonly dial: string;
  /** `pjsip.conf:12` */
  readonly where: string;
  /** Far end, registration, codecs: for people. */
  readonly facts: readonly string[];
  /**
   * Why it is taken for a trunk. `dialled`: the dialplan sends numbers there; `registers`, `static`: nothing was found that
   * dials it; `phones`: phones of the PBX itself, by their number.
   */
  readonly because: 'dialled' | 'registers' | 'static' | 'phones';
}

/** Trunks that the dialplan tries one after another for some numbers. */
export interface DialChain {
  /** `extensions.conf:40` */
  readonly where: string;
  /** As the policy writes them; none where they cannot be written so. */
  readonly digits: readonly string[];
  readonly attempts: readonly ChainAttempt[];
}

export interface ChainAttempt {
  /** Name of a found trunk. */
  readonly trunk: string;
  /** What the trunk gets instead of the number as it was dialled; absent: it cannot be told. */
  readonly number?: NumberChange;
}

/** The number is dialled without the digits `strip` at its front, and with `prepend` before it. */
export interface NumberChange {
  readonly strip: string;
  readonly prepend: string;
}
