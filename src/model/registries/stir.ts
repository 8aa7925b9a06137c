import table from './stir.json';

/** One code for what is wrong with a caller's identity. */
export interface StirCode {
  readonly code: number;
  readonly phrase: string;
  readonly reference: string;
}

export const STIR_CODES: readonly StirCode[] = table.codes;
