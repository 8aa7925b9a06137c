import { printableLines } from '../model/printable';

/**
 * What commands say on standard output: the one way there. Nothing steers the terminal, whoever wrote it. In
 * JSON the escapes are JSON's own. Never throws, also where nobody reads or the disk is full.
 */
export function print(text: string): void {
  console.log(printableLines(text));
}

/** The same on standard error. */
export function printError(text: string): void {
  console.error(printableLines(text));
}
