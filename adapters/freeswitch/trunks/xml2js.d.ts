/** The part of xml2js 0.6 that crankback uses; the package has no types of its own. */
declare module 'xml2js' {
  /** Rejects a text that is no XML. An element without children is its text. */
  function parseStringPromise(
    xml: string,
    options: {
      readonly explicitRoot: boolean;
      readonly explicitArray?: boolean;
      /** Children also as `$$`, in their order, each with its `#name`. */
      readonly explicitChildren?: boolean;
      readonly preserveChildrenOrder?: boolean;
    },
  ): Promise<unknown>;
}
