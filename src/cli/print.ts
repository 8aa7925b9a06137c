import { named } from '../findings/named';
import type { FindingCode } from '../findings/registry';
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

const HAS_FINDING = /\[CB\d{4}\]/;

/** The sentence with the code of its finding; one that has a code keeps it. */
export function withFinding(code: FindingCode, sentence: string): string {
  return HAS_FINDING.test(sentence) ? sentence : named(code, sentence);
}

/** Why a command could not do what it was asked. Without a finding of its own it was asked wrongly. */
export function printProblem(text: string): void {
  printError(withFinding('CB8006', text));
}
