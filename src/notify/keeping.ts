import { named, type Named } from '../findings/named';
import { FILES } from '../state-file/files';
import type { AlertsParts, AlertTimes } from './alerts-parts';
import { cut } from './delivery';
import { readKept, writeKept, type KeptAlerts } from './kept';

const LAST_WRITE_MS = 1_000;

export interface KeepingParts extends Pick<AlertsParts, 'file' | 'files' | 'log'> {
  readonly times: Pick<AlertTimes, 'write' | 'writeAgain'>;
  /** What is so when it is written. */
  readonly kept: () => KeptAlerts;
}

/** Keeps what was told over a restart, in a file; without one nothing does. */
export class Keeping {
  private writeTimer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private isChanged = false;
  /** Why the file cannot be used. */
  private trouble: string | undefined;
  private isUnreadable = false;
  private stopped = false;

  constructor(private readonly parts: KeepingParts) {}

  /** @returns undefined where there is nothing, or nothing that can be read */
  async restore(): Promise<KeptAlerts | undefined> {
    const { file, files = FILES, log } = this.parts;
    if (file === undefined) return undefined;
    let text: string | undefined;
    try {
      text = await files.read(file);
    } catch (error) {
      // What could not be read must not be written over.
      this.isUnreadable = true;
      this.failed(error);
      return undefined;
    }
    if (text === undefined) return undefined;
    try {
      return readKept(text);
    } catch (error) {
      const aside = await files.setAside(file).catch(() => undefined);
      const why = error instanceof Error ? cut(error.message) : '';
      log.warn('what was told is forgotten: its file is not in order', {
        finding: 'CB6202',
        ...{ file, aside, why },
      });
      return undefined;
    }
  }

  /** Returns at once; writes later. */
  changed(): void {
    this.isChanged = true;
    this.writeIn(this.parts.times.write);
  }

  warnings(): readonly Named[] {
    return this.trouble === undefined
      ? []
      : [named('CB6202', `alerts: what was told does not survive a restart: ${this.trouble}`)];
  }

  /** Nothing is written any more but by `last`. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.writeTimer);
  }

  /** Writes what is not written yet; within a second. */
  async last(): Promise<void> {
    const last = (this.writing ?? Promise.resolve()).then(() => this.write());
    let limit: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (limit = setTimeout(resolve, LAST_WRITE_MS)));
    await Promise.race([last, late]);
    clearTimeout(limit);
  }

  private writeIn(ms: number): void {
    if (this.writeTimer || this.writing || this.stopped || this.isUnreadable) return;
    this.writeTimer = setTimeout(() => {
      this.writeTimer = undefined;
      this.writing = this.write().finally(() => {
        this.writing = undefined;
        const { write, writeAgain } = this.parts.times;
        if (this.isChanged) this.writeIn(this.trouble === undefined ? write : writeAgain);
      });
    }, ms).unref();
  }

  private async write(): Promise<void> {
    const { file, files = FILES, log, kept } = this.parts;
    if (file === undefined || !this.isChanged || this.isUnreadable) return;
    this.isChanged = false;
    try {
      await files.replace(file, writeKept(kept()));
      if (this.trouble !== undefined) log.info('what was told survives a restart again', { file });
      this.trouble = undefined;
    } catch (error) {
      this.isChanged = true;
      this.failed(error);
    }
  }

  /** One line until it works again. */
  private failed(error: unknown): void {
    const { file, log } = this.parts;
    const isNew = this.trouble === undefined;
    this.trouble = error instanceof Error ? error.message : String(error);
    if (isNew)
      log.warn('what was told does not survive a restart', {
        finding: 'CB6202',
        ...{ file, why: this.trouble },
      });
  }
}
