import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';

/**
 * Finds addresses of names, one name after the other: a lookup that hangs keeps one of the few threads that files are
 * written by as well.
 */
export class Lookups {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly find = (name: string) => lookup(name).then(({ address }) => address),
  ) {}

  /** Rejects where the name has no address now. An address is its own. */
  addressOf(host: string): Promise<string> {
    if (isIP(host) > 0) return Promise.resolve(host);
    const found = this.last.then(() => this.find(host));
    this.last = found.catch(() => undefined);
    return found;
  }
}
