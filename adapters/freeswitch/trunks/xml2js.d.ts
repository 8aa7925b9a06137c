/** The part of xml2js 0.6 that crankback uses; the package has no types of its own. */
declare module 'xml2js' {
  interface Options {
    readonly explicitRoot: boolean;
    readonly explicitArray?: boolean;
    /** Children also as `$$`, in their order, each with its `#name`. */
    readonly explicitChildren?: boolean;
    readonly preserveChildrenOrder?: boolean;
  }

  /** Rejects a text that is no XML. An element without children is its text. */
  function parseStringPromise(xml: string, options: Options): Promise<unknown>;

  /** The same for one text. */
  class Parser {
    constructor(options: Options);
    /** Of sax, which it reads with. `line` is 0-based. */
    readonly saxParser: {
      readonly line: number;
      onopentag: (tag: { readonly attributes: Record<string, string> }) => void;
      onclosetag: (name: string) => void;
    };
    parseStringPromise(xml: string): Promise<unknown>;
  }
}
