import type { NumberChange, PbxName } from '../init/survey';

/** What another system's files say, as far as a policy has words for it. Texts are the user's own. */
export interface Draft {
  readonly pbx: PbxName;
  /** Each once. */
  readonly trunks: readonly DraftTrunk[];
  /** In the order in which they are tried. */
  readonly routes: readonly DraftRoute[];
  /** Numbers that the files call emergency numbers, as they are dialled. */
  readonly emergency: readonly string[];
  readonly timeZone?: string;
  readonly left: readonly LeftOut[];
}

export interface DraftTrunk {
  /** What routes name it by. */
  readonly key: string;
  /** The name that the other system has for it. */
  readonly name: string;
  /** As the policy writes it; absent: to be filled in by hand. */
  readonly dial?: string;
  /** `extensions.conf:12` */
  readonly where: string;
  /** For people. */
  readonly facts: readonly string[];
  /** Seconds. */
  readonly ringTimeout?: number;
  readonly concurrentCalls?: number;
}

export interface DraftRoute {
  readonly where: string;
  /** The name that the other system has for it. */
  readonly name?: string;
  /** Patterns as the policy writes them. */
  readonly digits: readonly string[];
  /** None: the route refuses. */
  readonly attempts: readonly DraftAttempt[];
  readonly from?: readonly string[];
  /** Absent: of any. */
  readonly contexts?: readonly string[];
  /** `Mo-Fr 08:00-18:00` */
  readonly time?: readonly string[];
  readonly mailbox?: string;
  /** What differs from today, a sentence each. */
  readonly notes: readonly string[];
}

export interface DraftAttempt {
  /** Key of a trunk. */
  readonly trunk: string;
  /** What the trunk gets. */
  readonly number: NumberChange;
}

/** Something that was not translated. */
export interface LeftOut {
  /** `extensions.conf:14` */
  readonly where: string;
  /** As it stands there. */
  readonly text: string;
  readonly why: string;
  /** It is enough to know where it stands first. */
  readonly isOnce?: true;
}

/** A file that is to be imported, as text. */
export interface ImportFile {
  /** As it is named in comments. */
  readonly name: string;
  readonly text: string;
}

/** Why nothing can be made of a file, with its name and, where there is one, its line. */
export class NotImportable extends Error {
  override readonly name = 'NotImportable';
}
