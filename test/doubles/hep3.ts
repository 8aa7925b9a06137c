/**
 * Reads packets that follow each other as HEP3 is published (HEP/EEP network protocol specification, revision 36, 2018):
 * "HEP3", length, then chunks of vendor, type, length and content. By itself, not by crankback's own code.
 * @returns for each packet the contents of its chunks, by type
 * @throws Error where a length is wrong
 */
export function hep3(bytes: Buffer): readonly ReadonlyMap<number, Buffer>[] {
  const packets: ReadonlyMap<number, Buffer>[] = [];
  let rest = bytes;
  while (rest.length >= 6) {
    if (rest.subarray(0, 4).toString('latin1') !== 'HEP3') throw new Error('no HEP3');
    const total = rest.readUInt16BE(4);
    // The rest of it is on its way.
    if (rest.length < total) break;
    let chunks = rest.subarray(6, total);
    const found = new Map<number, Buffer>();
    while (chunks.length > 0) {
      const length = chunks.readUInt16BE(4);
      if (length < 6 || length > chunks.length) throw new Error('wrong length of a chunk');
      if (chunks.readUInt16BE(0) !== 0) throw new Error('chunk of another vendor');
      found.set(chunks.readUInt16BE(2), chunks.subarray(6, length));
      chunks = chunks.subarray(length);
    }
    packets.push(found);
    rest = rest.subarray(total);
  }
  return packets;
}
