import { run, tryRun } from '../provision/run-command';

/** TCP port of ARI in the lab. */
const ARI = '8088';
const LIMIT = 10_000;

/** Rules in the network namespace that crankback has in the lab. They vanish with the lab. */
export class Firewall {
  /** @param pid a process in that namespace, as this machine counts it */
  constructor(private readonly pid: number) {}

  /** Every packet of ARI is answered by a reset, in both directions. */
  async cutAri(): Promise<void> {
    for (const rule of ariRules) await this.add(rule, ['REJECT', '--reject-with', 'tcp-reset']);
  }

  /** Every packet of ARI is lost, in both directions. */
  async blackholeAri(): Promise<void> {
    for (const rule of ariRules) await this.add(rule, ['DROP']);
  }

  async clear(): Promise<void> {
    for (const chain of ['INPUT', 'OUTPUT']) await tryRun(this.argv(['-F', chain]), options);
  }

  private async add(rule: readonly string[], target: readonly string[]): Promise<void> {
    const argv = this.argv(['-A', ...rule, '--jump', ...target]);
    await run(argv, 'install iptables, and run this as root', options);
  }

  private argv(rule: readonly string[]): string[] {
    return ['nsenter', '--target', String(this.pid), '--net', 'iptables', '--wait', ...rule];
  }
}

const options = { timeLimitMs: LIMIT };
const ariRules = [
  ['OUTPUT', '--protocol', 'tcp', '--dport', ARI],
  ['INPUT', '--protocol', 'tcp', '--sport', ARI],
];
