import type { Survey } from './survey';
import type { Wanted } from './wanted';

/** A PBX's configuration as files; paths as the machine names them, without the prefix of `--root`. */
export interface ConfigFiles {
  /** Without the blocks of an earlier run; undefined: not there, or not to be read. UTF-8. */
  read(path: string): string | undefined;
  /** What an earlier run has put into this file; undefined: nothing. */
  readOwn(path: string): string | undefined;
  /** Names in a folder, sorted; none where it is not there. */
  list(folder: string): readonly string[];
}

/** Reads one kind of PBX, and says what it would need. */
export interface PbxReader {
  readonly name: Survey['pbx'];
  /** Folders where its configuration may be, the likeliest first. */
  readonly folders: readonly string[];
  /**
   * Commands that make it read all of its files again, where the service has these settings.
   * @param of the value of a variable
   */
  reload(of: (variable: string) => string | undefined): Pick<PbxNeeds, 'reload' | 'settings'>;
  /**
   * Lines of a file of its dialplan that lead calls to crankback's, counted from 1; none in a file of another kind. Lines of
   * comments do not count.
   */
  linesToUs(path: string, text: string): readonly number[];
  /** Whether a folder is one. */
  isFolder(files: ConfigFiles, folder: string): boolean;
  /** Never throws because of what the files say. */
  read(files: ConfigFiles, folder: string): Promise<PbxRead>;
  /** Absent: this kind of PBX is not asked. */
  readonly running?: RunningReader;
}

/** Asks a PBX that runs for what its files do not say, or where they are not at hand. Changes nothing. */
export interface RunningReader {
  /** Of `--url`: `esl:`. */
  readonly protocol: string;
  /** Where its password is, for whoever asks by URL. */
  readonly passwordIn: string;
  /** As `read`, with what the PBX says where it answers at the address of its files. */
  readAndAsk(files: ConfigFiles, folder: string): Promise<PbxRead>;
  /**
   * Asks at this address; the files count as well where the PBX says that they are here.
   * @throws Error with a sentence where it does not answer
   */
  ask(files: ConfigFiles, at: PbxAddress): Promise<PbxRead>;
}

export interface PbxAddress {
  readonly host: string;
  /** undefined: the usual one */
  readonly port: number | undefined;
  /** undefined: as its files say, or the usual one */
  readonly password: string | undefined;
}

export interface PbxRead {
  readonly survey: Survey;
  /** Throws an Error with a sentence where this cannot be done. */
  readonly needs: (choices: InitChoices) => PbxNeeds;
}

export interface InitChoices {
  /** Also what deciding needs: the dialplan. Observing needs none. */
  readonly dialplan: boolean;
  /** Emergency numbers, digits alone. */
  readonly emergency: readonly string[];
  /** The trunks that the policy has, in the order of its widest route. */
  readonly trunks: readonly Survey['trunks'][number][];
  /** Makes a new secret, 32 characters of `A-Z a-z 0-9 _ -`. */
  readonly secret: () => string;
  /** Of the dialplan that is shipped for this PBX: names and texts. */
  readonly shipped: () => readonly (readonly [name: string, text: string])[];
}

export interface PbxNeeds {
  readonly wanted: readonly Wanted[];
  /** Settings of the service by variable. */
  readonly settings: readonly (readonly [variable: string, value: string])[];
  /** Commands that make the PBX read its files again. */
  readonly reload: readonly (readonly string[])[];
  readonly secrets: readonly string[];
  /** What is left to do or to know, a sentence each. */
  readonly notes: readonly string[];
}
