/** What a packet takes beside its bytes, so that tiny ones are bounded too. */
const OVERHEAD = 128;

/** Packets that wait for one collector, in order; what does not fit is not taken. */
export class WaitingPackets {
  private packets: Buffer[] = [];
  /** Those before it have been taken out. */
  private first = 0;
  private occupied = 0;

  /** @param most what they may occupy. Bytes */
  constructor(private readonly most: number) {}

  /** What they occupy. Bytes. */
  get bytes(): number {
    return this.occupied;
  }

  get isEmpty(): boolean {
    return this.first === this.packets.length;
  }

  /** @returns whether there was room */
  offer(packet: Buffer): boolean {
    const size = packet.length + OVERHEAD;
    if (this.occupied + size > this.most) return false;
    this.occupied += size;
    this.packets.push(packet);
    return true;
  }

  take(): Buffer | undefined {
    const packet = this.packets[this.first];
    if (packet === undefined) return undefined;
    this.occupied -= packet.length + OVERHEAD;
    this.first += 1;
    // Not at each one: the others would be moved each time.
    if (this.isEmpty || this.first >= 1_000) {
      this.packets = this.packets.slice(this.first);
      this.first = 0;
    }
    return packet;
  }
}
