/** A defence of docs/threat-model.md, and how it is taken away. */
export interface Defence {
  /** As the threat model names it, `http-body-limit`. */
  readonly id: string;
  readonly removals: readonly Removal[];
}

/** One change of one file. */
export interface Removal {
  /** From the project's folder, `src/http/server.ts`. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly text: string;
  /** What stands there instead. */
  readonly without: string;
}

export function defence(id: string, file: string, text: string, without: string): Defence {
  return { id, removals: [{ file, text, without }] };
}

/**
 * The file's text without the defence.
 * @throws Error if the text to replace is not there exactly once: the code has changed, and the list has not
 */
export function removed(source: string, { file, text, without }: Removal): string {
  const times = source.split(text).length - 1;
  if (times !== 1) {
    throw new Error(
      `${file}: ${JSON.stringify(text)} stands there ${times} times, expected once. Name the defence's present text in test/defences/list.`,
    );
  }
  return source.replace(text, () => without);
}
