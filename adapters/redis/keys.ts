/** Names in Redis; all begin with the prefix, and the names of one trunk share a hash tag. */
export class Keys {
  constructor(private readonly prefix: string) {}

  state(trunk: string): string {
    return `${this.prefix}{${trunk}}:state`;
  }

  tally(trunk: string): string {
    return `${this.prefix}{${trunk}}:tally`;
  }

  lease(trunk: string): string {
    return `${this.prefix}{${trunk}}:lease`;
  }

  /** Shares of a limit of a trunk: `calls` or `starts`. */
  shares(trunk: string, kind: string): string {
    return `${this.prefix}{${trunk}}:${kind}`;
  }

  /** Instances that share limits, each with the end of its time. */
  get members(): string {
    return `${this.prefix}members`;
  }

  /** The place of each of them in the order of their names. */
  get places(): string {
    return `${this.prefix}places`;
  }

  /** What was changed last of the shares. */
  get changes(): string {
    return `${this.prefix}changes`;
  }

  /** Version of the latest write to any trunk's state; if it is unchanged, nothing was missed. */
  get latest(): string {
    return `${this.prefix}latest`;
  }

  /** Key written now and then, to find out whether Redis takes writes. */
  get trial(): string {
    return `${this.prefix}trial`;
  }

  /** Channel on which states are published. */
  get channel(): string {
    return `${this.prefix}states`;
  }

  /** Stream of what all instances record. */
  get journal(): string {
    return `${this.prefix}journal`;
  }
}
