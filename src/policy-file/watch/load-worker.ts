/** The thread that reads, checks and compiles the policy file. Entry point of `PolicyWorker`. */
import { parentPort, workerData } from 'node:worker_threads';
import { FileLook } from './file-look';
import { piecesOf, transferOf, type Piece } from './parcel';
import type { Look, Looked } from './policy-source';

export interface LoadWorkerData {
  readonly file: string;
}

/** `next`: the next piece of the policy that is being handed over. */
export type Request = { readonly kind: 'look'; readonly look: Look } | { readonly kind: 'next' };

export type Answer =
  | Exclude<Looked, { readonly kind: 'loaded' }>
  /** Of what is new in the file, before it is checked. Another answer follows. */
  | { readonly kind: 'changed'; readonly hash: string }
  | Piece;

const port = parentPort;
// `workerData` is what `PolicyWorker` gave.
const { file } = workerData as LoadWorkerData;
const look = new FileLook(file, (hash) => answer({ kind: 'changed', hash }));
let pieces: Iterator<Piece, void> | undefined;

port?.on('message', (request: Request) => {
  if (request.kind === 'look') {
    const found = look.look(request.look);
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
