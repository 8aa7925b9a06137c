/** One section of a report: a heading, and a table or lines below it. Texts are untrusted and not escaped yet. */
export interface Section {
  readonly heading: string;
  /** 2 for a section, 3 for one below it. */
  readonly level: 2 | 3;
  readonly head?: readonly string[];
  readonly rows?: readonly (readonly string[])[];
  /** Shown as they are, line by line: a ladder. */
  readonly lines?: readonly string[];
  /** One sentence. */
  readonly text?: string;
}

/** A report as it is rendered. */
export interface Sheet {
  readonly title: string;
  readonly sections: readonly Section[];
}
