import { createHash } from 'node:crypto';
import { blockIn, blockText, withBlock } from './block';
import type { Wanted, WantedBlock, WantedFile } from './wanted';

/** Bytes of a file, one character each (latin1). */
export type Bytes = string;

/** What would become of one file. */
export interface FileChange {
  readonly wanted: Wanted;
  /**
   * `kept`: somebody else has changed it, or it is theirs: it stays as it is, and `after` is what we would have written.
   */
  readonly what: 'new' | 'changed' | 'same' | 'kept';
  readonly before?: Bytes;
  readonly after: Bytes;
}

/** What we know of a file from earlier runs. */
export interface KnownFile {
  /** SHA-256 of whole files as we wrote them. */
  readonly written: readonly string[];
  /** SHA-256 of blocks as we wrote them. */
  readonly blocks: readonly string[];
}

export function sha256(bytes: Bytes): string {
  return createHash('sha256').update(bytes, 'latin1').digest('hex');
}

/** What a wanted file or block means for what is there now; undefined: there is no such file. */
export function changeOf(
  wanted: Wanted,
  now: Bytes | undefined,
  known: KnownFile | undefined,
): FileChange {
  return wanted.kind === 'file' ? ofFile(wanted, now, known) : ofBlock(wanted, now, known);
}

function ofFile(wanted: WantedFile, now: Bytes | undefined, known?: KnownFile): FileChange {
  const after = Buffer.from(wanted.text, 'utf8').toString('latin1');
  if (now === undefined) return { wanted, what: 'new', after };
  if (now === after) return { wanted, what: 'same', before: now, after };
  const hash = sha256(now);
  const isOurs = known?.written.includes(hash) || wanted.replaces?.includes(hash);
  return { wanted, what: isOurs ? 'changed' : 'kept', before: now, after };
}

function ofBlock(wanted: WantedBlock, now: Bytes | undefined, known?: KnownFile): FileChange {
  const after = withBlock(now ?? '', wanted);
  if (now === undefined) return { wanted, what: 'new', after };
  if (now === after) return { wanted, what: 'same', before: now, after };
  const place = blockIn(now);
  const isOurs = !place || known?.blocks.includes(sha256(now.slice(place.start, place.end)));
  return { wanted, what: isOurs ? 'changed' : 'kept', before: now, after };
}

/** Of a block the hash by which it is known again. */
export function blockHash(wanted: Wanted): string | undefined {
  return wanted.kind === 'block' ? sha256(blockText(wanted)) : undefined;
}
