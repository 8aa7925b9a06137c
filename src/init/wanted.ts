/** Lines that shall stand in a file of somebody else, between marks of ours. ASCII only. */
export interface WantedBlock {
  readonly kind: 'block';
  /** As the machine names it, without the prefix of `--root`. */
  readonly path: string;
  readonly lines: readonly string[];
  readonly comment: CommentStyle;
  /** The last line that matches stays behind the block; without it, or where none matches, the block is the end. */
  readonly before?: RegExp;
  /** Of a file that is not there yet. */
  readonly mode: number;
}

/** A file that shall be ours as a whole. */
export interface WantedFile {
  readonly kind: 'file';
  readonly path: string;
  readonly text: string;
  /** Of a file that is not there yet. */
  readonly mode: number;
  /** SHA-256 of texts that may be replaced, because whoever installed them meant them to be: samples. */
  readonly replaces?: readonly string[];
}

export type Wanted = WantedBlock | WantedFile;

/** How a file's language writes a line that means nothing. */
export interface CommentStyle {
  readonly open: string;
  readonly close: string;
}

export const CONF_COMMENT: CommentStyle = { open: ';', close: '' };
export const SHELL_COMMENT: CommentStyle = { open: '#', close: '' };
export const XML_COMMENT: CommentStyle = { open: '<!--', close: ' -->' };
