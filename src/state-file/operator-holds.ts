import { named, type Named } from '../findings/named';
import type { Logger } from 'winston';
import type { StateFileMetrics } from '../records/state-file-metrics';
import type { HealthStore } from '../trunks/health/health-store';
import { FILES, type Files } from './files';
import { readHolds, writeHolds } from './format';

/** A disk that has not answered by then is gone on without. Milliseconds. */
const READ_MS = 2_000;
const WRITE_MS = 5_000;
const LAST_WRITE_MS = 1_000;
/** From one look at the holds to the next; a write follows only where they have changed. Milliseconds. */
const APART_MS = 200;
const RETRY_MS = 10_000;

export interface OperatorHoldsParts {
  /** Path of the state file. */
  readonly file: string;
  readonly health: Pick<HealthStore, 'operatorHolds' | 'restore'>;
  readonly log: Logger;
  readonly metrics: StateFileMetrics;
  /** The health store's clock; Unix time in milliseconds. */
  readonly now: () => number;
  readonly files?: Files;
}

/**
 * Keeps what operators have held over a restart, in a file of its own. No call waits for it, and whatever its disk
 * does, nothing else is harmed: log, metric and readiness say so.
 */
export class OperatorHolds {
  private readonly files: Files;
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private isWanted = false;
  private written: string | undefined;
  /** Why the file cannot be used, for the operator. */
  private problem: string | undefined;
  /** What could not be read must not be written over. */
  private isUnreadable = false;
  private stopped = false;

  constructor(private readonly parts: OperatorHoldsParts) {
    this.files = parts.files ?? FILES;
  }

  /** Brings back what is in the file, and begins to keep it. Resolves within seconds, whatever the disk does. */
  async restore(): Promise<void> {
    const { file, log } = this.parts;
    this.parts.metrics.writable.set(0);
    let text: string | undefined;
    try {
      text = await within(READ_MS, this.files.read(file));
    } catch (error) {
      this.isUnreadable = true;
      this.failed(error);
      return;
    }
    if (text !== undefined) {
      const { holds, wrong } = readHolds(text, this.clocks());
      if (wrong.length > 0) await this.setAside(wrong);
      const isKnown = holds.map((hold) => this.parts.health.restore(hold));
      const names = (known: boolean) =>
        holds.filter((_, index) => isKnown[index] === known).map(({ trunk }) => trunk);
      const [restored, unknown] = [names(true), names(false)];
      if (restored.length > 0) log.info('held as before the restart', { file, trunks: restored });
      if (unknown.length > 0) {
        log.info('holds forgotten: the policy has no such trunks', { file, trunks: unknown });
      }
    }
    this.changed();
  }

  /** Holds may have changed. Returns at once; writes later, and only where they have. */
  changed(): void {
    this.isWanted = true;
    this.schedule(0);
  }

  /** What an operator should mend, one sentence each. */
  warnings(): readonly Named[] {
    return this.problem === undefined
      ? []
      : [
          named(
            'CB6102',
            `holds by operators do not survive a restart: ${this.parts.file}: ${this.problem}`,
          ),
        ];
  }

  /** Writes what is not written yet; resolves within a second, whatever the disk does. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.stopped = true;
    const last = (this.writing ?? Promise.resolve()).then(() => this.write());
    await within(LAST_WRITE_MS, last).catch((error: unknown) => this.failed(error));
  }

  private schedule(ms: number): void {
    if (this.timer || this.writing || this.stopped || this.isUnreadable) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.writing = this.write().finally(() => {
        this.writing = undefined;
        if (this.isWanted) this.schedule(this.problem === undefined ? APART_MS : RETRY_MS);
      });
    }, ms).unref();
  }

  private async write(): Promise<void> {
    if (!this.isWanted || this.isUnreadable) return;
    this.isWanted = false;
    const { file, health } = this.parts;
    const holds = health.operatorHolds();
    // Without the times, which the two clocks move a little.
    const content = JSON.stringify(
      holds.map(({ trunk, state: { generation, trips, hold } }) => [
        trunk,
        hold.id,
        generation,
        trips,
      ]),
    );
    if (content === this.written) return;
    const late = setTimeout(() => this.failed(tookTooLong(WRITE_MS)), WRITE_MS).unref();
    try {
      await this.files.replace(file, writeHolds(holds, this.clocks()));
      this.written = content;
      this.worked();
    } catch (error) {
      this.isWanted = true;
      this.failed(error);
    } finally {
      clearTimeout(late);
    }
  }

  private async setAside(wrong: readonly string[]): Promise<void> {
    const { file, log } = this.parts;
    try {
      const aside = await within(READ_MS, this.files.setAside(file));
      log.error('state file not in order: a new one is begun', {
        finding: 'CB6101',
        ...{ file, aside, why: wrong },
      });
    } catch (error) {
      log.error('state file not in order, and not to be renamed', {
        finding: 'CB6101',
        ...{ file, error, why: wrong },
      });
    }
  }

  private worked(): void {
    const { file, log, metrics } = this.parts;
    metrics.writable.set(1);
    if (this.problem !== undefined)
      log.info('holds by operators survive a restart again', { file });
    this.problem = undefined;
  }

  /** One line until it works again. */
  private failed(error: unknown): void {
    const { file, log, metrics } = this.parts;
    metrics.writable.set(0);
    metrics.failures.inc();
    const isNew = this.problem === undefined;
    this.problem = error instanceof Error ? error.message : String(error);
    if (!isNew) return;
    log.warn('holds by operators do not survive a restart: the state file cannot be used', {
      finding: 'CB6102',
      file,
      why: this.problem,
      expected: 'CRANKBACK_STATE_FILE in a folder that crankback may write, or off',
    });
  }

  private clocks() {
    return { now: this.parts.now(), machine: Date.now() };
  }
}

function tookTooLong(ms: number): Error {
  return new Error(`the disk has not answered for ${ms / 1000} s`);
}

/** Rejects where something has not settled in time. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tookTooLong(ms)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
