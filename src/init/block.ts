import type { WantedBlock, CommentStyle } from './wanted';

/**
 * Blocks of ours in files of others. Texts are bytes, one character each (latin1), so that whatever else stands in the
 * file stays as it is.
 */
const BEGIN = '>>> crankback init: taken out by `crankback uninstall`';
const END = '<<< crankback init';

/** Where a block stands in a text: from `start` on, up to `end`, its last line break included. */
export interface BlockPlace {
  readonly start: number;
  readonly end: number;
}

/** The block with its marks, each line ended. */
export function blockText({ lines, comment }: Pick<WantedBlock, 'lines' | 'comment'>): string {
  return [mark(BEGIN, comment), ...lines, mark(END, comment)].map((line) => `${line}\n`).join('');
}

/** The first block; undefined where there is none, or one without its end. */
export function blockIn(text: string): BlockPlace | undefined {
  const begin = new RegExp(`^[^\\S\\n]*(?:;|#|<!--) ?${escaped(BEGIN)}.*\\n`, 'm').exec(text);
  if (!begin) return undefined;
  const rest = begin.index + begin[0].length;
  const end = new RegExp(`^[^\\S\\n]*(?:;|#|<!--) ?${escaped(END)}.*(?:\\n|$)`, 'm').exec(
    text.slice(rest),
  );
  if (!end) return undefined;
  return { start: begin.index, end: rest + end.index + end[0].length };
}

/** The text without its block; the same text where there is none. */
export function withoutBlock(text: string): string {
  const place = blockIn(text);
  return place ? text.slice(0, place.start) + text.slice(place.end) : text;
}

/**
 * The same, also without the line break that was added before the block.
 * @param lineEnd whether one was: the last line of the file had none
 */
export function withoutOurs(text: string, lineEnd: boolean): string {
  const place = blockIn(text);
  if (!place) return text;
  const isLast = lineEnd && place.end === text.length && text[place.start - 1] === '\n';
  return text.slice(0, place.start - (isLast ? 1 : 0)) + text.slice(place.end);
}

/** What stands in the block, without its marks; undefined where there is none. */
export function insideBlock(text: string): string | undefined {
  const place = blockIn(text);
  return place && text.slice(place.start, place.end).split('\n').slice(1, -2).join('\n');
}

/** The text with the block in it, in the place of one that is there already. */
export function withBlock(text: string, wanted: WantedBlock): string {
  const block = blockText(wanted);
  const there = blockIn(text);
  if (there) return text.slice(0, there.start) + block + text.slice(there.end);
  const at = wanted.before ? lastLine(text, wanted.before) : undefined;
  if (at !== undefined) return text.slice(0, at) + block + text.slice(at);
  return (needsLineEnd(text) ? `${text}\n` : text) + block;
}

/** Whether a block at the end of it needs a line break first, which belongs to the block. */
export function needsLineEnd(text: string): boolean {
  return text !== '' && !text.endsWith('\n');
}

function lastLine(text: string, pattern: RegExp): number | undefined {
  let at = 0;
  let found: number | undefined;
  for (const line of text.split('\n')) {
    if (pattern.test(line)) found = at;
    at += line.length + 1;
  }
  return found;
}

function mark(text: string, { open, close }: CommentStyle): string {
  return `${open} ${text}${close}`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
