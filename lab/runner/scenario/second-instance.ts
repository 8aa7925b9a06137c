import { labAddress } from '../../provision/place';
import { untilBooted } from '../pbx/asterisk-cli';
import { PAIR_SERVICES, type Containers } from '../containers';
import { whyNotReady } from '../hunt-records';
import { askCrankback, type Crankback } from '../layout';
import { linesSince, parseLogLines, untilLogged, type LogLine } from '../log-lines';
import { installPolicy, type Service } from '../service';
import { waitFor } from '../waiting';

export const BOTH: readonly Crankback[] = ['crankback', 'crankback-2'];

/** Address of the lab's Redis, as in docker-compose.yml. */
const REDIS_URL = `redis://${labAddress(50)}`;
const READY_LIMIT = 30_000;
const LOOK_EVERY = 50;

interface PairParts {
  readonly containers: Containers;
  readonly service: Service;
  readonly signal: AbortSignal;
}

/** Two instances, each with its own Asterisk, that share trunk health through the lab's Redis. */
export class Pair {
  private constructor(private readonly parts: PairParts) {}

  /** Starts the second instance and restarts the first; Redis is empty. */
  static async up(parts: PairParts, policy: string): Promise<Pair> {
    const { containers, service, signal } = parts;
    service.markDisturbed();
    await installPolicy(policy);
    await containers.up(['redis', 'asterisk-2'], signal);
    await untilBooted(containers, 'asterisk-2', signal);
    await containers.up(BOTH, signal, { CRANKBACK_LAB_REDIS_URL: REDIS_URL });
    const pair = new Pair(parts);
    for (const which of BOTH) await pair.untilReady(which);
    return pair;
  }

  /** Leaves only the first instance, which no longer shares. */
  async down(): Promise<void> {
    const { containers, service, signal } = this.parts;
    await containers.remove(PAIR_SERVICES);
    await containers.up(['crankback'], signal);
    service.markDisturbed();
  }

  /** @throws with its log if it is not ready, or does not share, in time */
  private async untilReady(which: Crankback): Promise<void> {
    const { signal } = this.parts;
    const ready = async () =>
      (await whyNotReady(which)) === undefined && (await this.isShared(which)) ? true : undefined;
    const limits = { limitMs: READY_LIMIT, everyMs: LOOK_EVERY, signal };
    try {
      await waitFor(`${which} is ready and shares`, ready, limits);
    } catch (error) {
      signal.throwIfAborted();
      const log = await this.parts.containers.logsSince(which, Date.now() - 2 * READY_LIMIT);
      throw new Error(`${which} is not ready; its log:\n${log.slice(-4000)}`, { cause: error });
    }
  }

  /** Its log since then (Unix time in milliseconds), once it is complete; see `untilLogged`. */
  async logSince(
    which: Crankback,
    time: number,
    isThere: (log: readonly LogLine[]) => boolean,
  ): Promise<LogLine[]> {
    const { containers, signal } = this.parts;
    const read = async () =>
      linesSince(parseLogLines(await containers.logsSince(which, time)), time);
    return untilLogged(isThere, read, signal);
  }

  /** The metrics of one instance, by name and labels as written. */
  async metrics(which: Crankback): Promise<ReadonlyMap<string, number>> {
    const text = await (await askCrankback('/metrics', which)).text();
    return new Map(
      [...text.matchAll(/^([^#\s]\S*) (\S+)$/gm)].map(([, name = '', value]) => [
        name,
        Number(value),
      ]),
    );
  }

  async isShared(which: Crankback): Promise<boolean> {
    return (await this.metrics(which)).get('crankback_redis_writable') === 1;
  }
}
