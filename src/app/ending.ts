import { EXIT } from '../cli/exit';
import { printError } from '../cli/print';

/** After our end, a library's open work delays the exit no longer than this. */
const LINGER_MS = 500;

/** Ends the process with code 2 once nothing is open any more, and says why on standard error. */
export function refuse(problems: readonly string[]): void {
  for (const problem of problems) printError(problem);
  process.exitCode = EXIT.usage;
}

/** Ends the process; a library that still waits for something does not put that off. */
export async function leave(policyEnds: Promise<void>): Promise<void> {
  // A thread that the kernel holds ends with the file system, and every other way out waits for it.
  const kill = setTimeout(() => process.kill(process.pid, 'SIGKILL'), LINGER_MS);
  await policyEnds;
  clearTimeout(kill);
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

export function why(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
