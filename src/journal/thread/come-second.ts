import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** A third of what the decisions' thread gets of a processor that both want: enough to write a hundred calls a second. */
const NICE = 5;
/** There is no lower one. */
const LAST = 19;

/**
 * Lets every other thread of this process go first where processors are scarce. Linux has a priority for each thread;
 * elsewhere, nothing changes.
 */
export function comeSecond(): void {
  try {
    const [thread] = /\d+$/.exec(readlinkSync('/proc/thread-self')) ?? [];
    if (thread === undefined) return;
    setPriority(Number(thread), Math.min(getPriority(process.pid) + NICE, LAST));
  } catch {
    // No such file, or no such right: all threads share as before.
  }
}
