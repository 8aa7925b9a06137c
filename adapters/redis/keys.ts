/** Their slots in a Redis Cluster are in the middle of its eighths, so that up to eight masters have about as many each. */
const TAGS = ['570', '750', '130', '310', '606', '426', '246', '520'];

/**
 * Names in Redis; all begin with the prefix. What one script needs shares a hash tag. On one Redis the names are those
 * that every version has used; a Cluster was not supported before it had names of its own.
 */
export class Keys {
  /** @param isCluster trunks are divided among a fixed number of shards, each of which is on one node */
  constructor(
    private readonly prefix: string,
    private readonly isCluster = false,
  ) {}

  /** Where a trunk's keys are; 0 on one Redis. */
  shard(trunk: string): number {
    return this.isCluster ? hash(trunk) % TAGS.length : 0;
  }

  /** All that there may be. */
  get shards(): readonly number[] {
    return this.isCluster ? [...TAGS.keys()] : [0];
  }

  state(trunk: string): string {
    return this.ofTrunk(trunk, 'state');
  }

  tally(trunk: string): string {
    return this.ofTrunk(trunk, 'tally');
  }

  lease(trunk: string): string {
    return this.ofTrunk(trunk, 'lease');
  }

  /** Shares of a limit of a trunk: `calls` or `starts`. */
  shares(trunk: string, kind: string): string {
    if (this.isCluster) return this.ofLimits(`${trunk}:${kind}`);
    return this.ofTrunk(trunk, kind);
  }

  /** What all have of such a limit together. */
  sum(trunk: string, kind: string): string {
    return `${this.shares(trunk, kind)}:sum`;
  }

  /** Instances that share limits, each with the end of its time. */
  get members(): string {
    return this.ofLimits('members');
  }

  /** The place of each of them in the order of their names. */
  get places(): string {
    return this.ofLimits('places');
  }

  /** What was changed last of the shares. */
  get changes(): string {
    return this.ofLimits('changes');
  }

  /** Version of the latest write to the state of any trunk of a shard; if it is unchanged, nothing was missed. */
  latest(shard: number): string {
    return this.ofShard(shard, 'latest');
  }

  /** Key written now and then, to find out whether the node of a shard takes writes. */
  trial(shard: number): string {
    return this.ofShard(shard, 'trial');
  }

  /** Channel on which states are published. */
  get channel(): string {
    return `${this.prefix}states`;
  }

  /** Stream of what all instances record. */
  get journal(): string {
    return `${this.prefix}journal`;
  }

  private ofTrunk(trunk: string, what: string): string {
    if (this.isCluster) return this.ofShard(this.shard(trunk), `${trunk}:${what}`);
    return `${this.prefix}{${trunk}}:${what}`;
  }

  private ofShard(shard: number, what: string): string {
    return this.isCluster ? `${this.prefix}{${TAGS[shard]}}:${what}` : `${this.prefix}${what}`;
  }

  /** A script of shares needs the instances too: in a Cluster all limits are on one node. */
  private ofLimits(what: string): string {
    return this.isCluster ? `${this.prefix}{limits}:${what}` : `${this.prefix}${what}`;
  }
}

/** FNV-1a, 32 bits, of UTF-16: the same on every machine, and quick for thousands of trunks. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return value;
}
