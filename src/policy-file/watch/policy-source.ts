import type { Policy } from '../../policy/policy';
import type { ProblemsOfFile } from '../problems/problems';
import type { PolicyBytes } from './policy-bytes';

/** What is to be found out about the policy file. */
export interface Look {
  /** Hash of the policy in force; absent at the start. */
  readonly inForce?: string;
  /** Hash of what the file said last, in order or not; absent where it could not be read, or shall be read anew. */
  readonly known?: string;
  /** Read even a file that has just changed and may be in the middle of it. */
  readonly atOnce: boolean;
}

export type Looked =
  /** Nothing new, or nothing that has come to rest. */
  | { readonly kind: 'same' }
  /** The file says what is in force, after it said something else. */
  | { readonly kind: 'restored' }
  | RefusedFile
  | { readonly kind: 'loaded'; readonly policy: Policy; readonly text: PolicyBytes };

export interface RefusedFile extends ProblemsOfFile {
  readonly kind: 'refused';
  /** Of what the file says; absent where it could not be read. */
  readonly hash?: string;
}

/** Where policies come from, without the thread that decides ever waiting for a file. */
export interface PolicySource {
  /** Never rejects. One look at a time. */
  look(look: Look): Promise<Looked>;
  /** Settles when nothing is under way any more; with a file system that hangs that may be never. */
  stop(): Promise<void>;
}
