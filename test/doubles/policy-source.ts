import { FileLook } from '../../src/policy-file/watch/file-look';
import { piecesOf, transferOf, Unpacking } from '../../src/policy-file/watch/parcel';
import type { PolicySource } from '../../src/policy-file/watch/policy-source';
import type { Policy } from '../../src/policy/policy';

/** Looks at a policy file as the service's thread for it does, in the thread of the test. */
export class SourceInThread implements PolicySource {
  /** Hashes of all that was checked. */
  readonly checked: string[] = [];
  private readonly look_: FileLook;

  constructor(file: string) {
    this.look_ = new FileLook(file, (hash) => this.checked.push(hash));
  }

  look(look: Parameters<PolicySource['look']>[0]): ReturnType<PolicySource['look']> {
    const found = this.look_.look(look);
    if (found.kind !== 'compiled') return Promise.resolve(found);
    const unpacking = new Unpacking();
    let policy: Policy | undefined;
    for (const piece of piecesOf(found.data)) {
      policy = unpacking.add(structuredClone(piece, { transfer: transferOf(piece) }));
    }
    if (!policy) throw new Error('no last piece');
    return Promise.resolve({ kind: 'loaded', policy });
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
