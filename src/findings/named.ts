import type { FindingCode } from './registry';

/** A sentence for an operator that ends with the code of its finding, in brackets. */
export type Named = `${string} [CB${number}]`;

/** `the dialplan of crankback is not loaded [CB3101]`: the code leads to its paragraph in docs/findings.md. */
export function named(code: FindingCode, sentence: string): Named {
  return `${sentence} [${code}]` as Named;
}

/** Several of them as one. */
export function joined(sentences: readonly Named[]): Named {
  return sentences.join('; ') as Named;
}
