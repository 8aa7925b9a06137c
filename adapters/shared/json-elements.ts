// Own code: JSON libraries that stream build each value token by token, which takes ten times as long as JSON.parse.
import { setImmediate as nextTurn } from 'node:timers/promises';

/** A channel of Asterisk or FreeSWITCH takes about 1,000. Characters. */
const LONGEST_ELEMENT = 64 * 1024;
/** Characters read in one turn of the event loop. */
const PIECE = 8 * 1024;

/**
 * Reads the elements of the first array in a JSON text, for texts that are too long for one JSON.parse: each piece
 * is read in a turn of the event loop of its own, in time linear in its length.
 * @param pieces the text, cut anywhere, see `piecesOf`
 * @param element takes each element
 * @returns whether there is an array
 * @throws SyntaxError if the array is not complete, an element is no JSON or longer than 64 KiB
 */
export async function readElements(
  pieces: Iterable<string>,
  element: (value: unknown) => void,
): Promise<boolean> {
  const splitter = new Splitter(element);
  for (const piece of pieces) {
    splitter.feed(piece);
    await nextTurn();
  }
  return splitter.end();
}

/** A text in pieces for `readElements`. */
export function* piecesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += PIECE) {
    yield text.slice(at, at + PIECE);
  }
}

class Splitter {
  private depth = 0;
  private inString = false;
  private escaped = false;
  /** Depth of the elements; 0 before the array, undefined behind it. */
  private listDepth: number | undefined = 0;
  private begun = '';
  private elements = 0;

  constructor(private readonly element: (value: unknown) => void) {}

  feed(piece: string): void {
    let from = 0;
    for (let at = 0; at < piece.length && this.listDepth !== undefined; at++) {
      const character = piece[at];
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (character === '\\') this.escaped = true;
        else if (character === '"') this.inString = false;
      } else if (character === '"') this.inString = true;
      else if (character === '[' || character === '{') {
        this.depth += 1;
        if (this.listDepth === 0 && character === '[') {
          this.listDepth = this.depth;
          from = at + 1;
        }
      } else if (this.depth === this.listDepth && (character === ',' || character === ']')) {
        this.complete(piece.slice(from, at), character);
        from = at + 1;
      } else if (character === ']' || character === '}') this.depth -= 1;
    }
    if (this.listDepth) this.append(piece.slice(from));
  }

  end(): boolean {
    if (this.listDepth) throw new SyntaxError('the list is not complete');
    return this.listDepth === undefined;
  }

  private complete(rest: string, by: ',' | ']'): void {
    this.append(rest);
    const text = this.begun.trim();
    this.begun = '';
    if (text !== '' || by === ',' || this.elements > 0) {
      this.elements += 1;
      this.element(JSON.parse(text));
    }
    if (by === ']') this.listDepth = undefined;
  }

  private append(text: string): void {
    this.begun += text;
    if (this.begun.length > LONGEST_ELEMENT)
      throw new SyntaxError(`an element of more than ${LONGEST_ELEMENT} characters`);
  }
}
