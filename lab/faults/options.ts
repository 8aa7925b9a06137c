import { InvalidArgumentError } from 'commander';

const FASTEST = 50;

/** Reads a rate of calls from the command line. */
export function callsPerSecond(text: string): number {
  const found = Number(text);
  if (!Number.isInteger(found) || found < 1 || found > FASTEST) {
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${FASTEST}`);
  }
  return found;
}
