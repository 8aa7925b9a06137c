import { FileLook } from '../../src/policy-file/watch/file-look';
import { piecesOf, transferOf, Unpacking } from '../../src/policy-file/watch/parcel';
import { sharedBytes } from '../../src/policy-file/watch/policy-bytes';
import type { PolicySource } from '../../src/policy-file/watch/policy-source';
import type { Policy } from '../../src/policy/policy';

/** Looks at a policy file as the service's thread for it does, in the thread of the test. */
export class SourceInThread implements PolicySource {
  /** Hashes of all that was checked. */
  readonly checked: string[] = [];
  private readonly look_: FileLook;
  private text = sharedBytes('');

  constructor(file: string) {
    this.look_ = new FileLook(file, (hash, text) => {
      this.checked.push(hash);
      this.text = sharedBytes(text);
    });
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
    return Promise.resolve({ kind: 'loaded', policy, text: this.text });
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
