/** A policy file as it was read, UTF-8, in memory that threads share: handing over 32 MiB costs nothing. */
export type PolicyBytes = Uint8Array<SharedArrayBuffer>;

/** @param text as it was read from the file; other threads must not write where it is put */
export function sharedBytes(text: string): PolicyBytes {
  const bytes = new Uint8Array(new SharedArrayBuffer(Buffer.byteLength(text)));
  Buffer.from(bytes.buffer).write(text);
  return bytes;
}
