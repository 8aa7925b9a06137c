/** The thread that reads, checks and compiles the policy file. Entry point of `PolicyWorker`. */
import { parentPort } from 'node:worker_threads';
import { FileLook } from './file-look';
import { piecesOf, transferOf, type Piece } from './parcel';
import { sharedBytes, type PolicyBytes } from './policy-bytes';
import type { Look, Looked } from './policy-source';

/** `next`: the next piece of the policy that is being handed over. */
export type Request =
  { readonly kind: 'look'; readonly file: string; readonly look: Look } | { readonly kind: 'next' };

export type Answer =
  | Exclude<Looked, { readonly kind: 'loaded' }>
  /** Of what is new in the file, before it is checked. Another answer follows. */
  | { readonly kind: 'changed'; readonly hash: string; readonly text: PolicyBytes }
  | Piece;

const port = parentPort;
/** Of the one file that the thread is asked for. */
let looks: FileLook | undefined;
let pieces: Iterator<Piece, void> | undefined;

port?.on('message', (request: Request) => {
  if (request.kind === 'look') {
    looks ??= new FileLook(request.file, (hash, text) =>
      answer({ kind: 'changed', hash, text: sharedBytes(text) }),
    );
    const found = looks.look(request.look);
    if (found.kind !== 'compiled') return answer(found);
    pieces = piecesOf(found.data);
  }
  const piece = pieces?.next();
  if (piece?.done !== false) return;
  answer(piece.value, transferOf(piece.value));
});

function answer(message: Answer, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}
