import type { Warning } from '../../model/failure';
import type { MediaDescription, MediaStream } from '../../model/media';
import type { Spoken } from '../spoken';

/** What the far side said in words, and our offer as far as it is known. */
export interface Said {
  readonly warnings: readonly Warning[];
  readonly spoken: Spoken;
  readonly description: MediaDescription | undefined;
  /** Our audio stream. */
  readonly offer: MediaStream | undefined;
}

/** Whether one of these Warnings is there. */
export function has({ warnings }: Said, ...codes: readonly number[]): boolean {
  return warnings.some(({ code }) => codes.includes(code));
}
