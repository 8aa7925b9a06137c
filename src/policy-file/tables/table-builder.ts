import type { TableRows } from '../../policy/policy-data';

/** Takes the rows of a table one after the other, and keeps them in flat arrays alone. */
export class TableBuilder {
  private prefixes = new Uint8Array(4096);
  private used = 0;
  private ends = new Uint32Array(512);
  private lines = new Uint32Array(512);
  private ways = new Uint32Array(512);
  private count = 0;
  private readonly wayPlaces: number[] = [];
  private readonly wayEnds: number[] = [];
  private readonly known = new Map<string, number>();
  private readonly places: ReadonlyMap<string, number>;

  /** @param trunks of the policy */
  constructor(private readonly trunks: readonly string[]) {
    this.places = new Map(trunks.map((name, place) => [name, place]));
  }

  get size(): number {
    return this.count;
  }

  /** @param trunks names of the policy's, in the order of preference */
  add(line: number, prefix: string, trunks: readonly string[]): void {
    if (this.used + prefix.length > this.prefixes.length)
      this.prefixes = grown(this.prefixes, new Uint8Array(2 * this.prefixes.length));
    if (this.count === this.ends.length) {
      this.ends = grown(this.ends, new Uint32Array(2 * this.count));
      this.lines = grown(this.lines, new Uint32Array(2 * this.count));
      this.ways = grown(this.ways, new Uint32Array(2 * this.count));
    }
    for (let at = 0; at < prefix.length; at++) this.prefixes[this.used++] = prefix.charCodeAt(at);
    this.ends[this.count] = this.used;
    this.lines[this.count] = line;
    this.ways[this.count] = this.way(trunks);
    this.count += 1;
  }

  rows(): TableRows {
    const { count, used } = this;
    return {
      prefixes: this.prefixes.slice(0, used),
      ends: this.ends.slice(0, count),
      lines: this.lines.slice(0, count),
      ways: this.ways.slice(0, count),
      wayTrunks: Uint16Array.from(this.wayPlaces),
      wayEnds: Uint32Array.from(this.wayEnds),
      trunks: this.trunks,
    };
  }

  private way(trunks: readonly string[]): number {
    const key = trunks.join(' ');
    const known = this.known.get(key);
    if (known !== undefined) return known;
    for (const name of trunks) this.wayPlaces.push(this.places.get(name) ?? 0);
    this.wayEnds.push(this.wayPlaces.length);
    this.known.set(key, this.wayEnds.length - 1);
    return this.wayEnds.length - 1;
  }
}

function grown<Numbers extends Uint32Array | Uint8Array>(from: Numbers, to: Numbers): Numbers {
  to.set(from);
  return to;
}
