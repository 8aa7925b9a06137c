// Own watcher: libraries watch trees of files by name. Here a link far above one path may change what it
// leads to, and only a change of content counts.
import { watch, type FSWatcher } from 'node:fs';
import type { Policy } from '../../policy/policy';
import { loadPolicy } from '../policy-file';
import type { Problem } from '../problems/problems';
import { foldersOf } from './watched-folders';

/** Editors and deployments touch a file several times; only the last time counts. */
const SETTLE_MS = 100;
/** A folder that never settles must not postpone the reading for ever. Multiples of the above. */
const LONGEST_UNREST = 10;

export interface PolicyEvents {
  /** A changed file is valid. The policy is in force once this has settled, even by rejection. */
  loaded(policy: Policy): Promise<void>;
  /** A changed file is invalid; the last good policy stays in force. Once per distinct content. */
  refused(problems: readonly Problem[]): void;
  /** The file matches the policy in force again. */
  restored(): void;
}

/** Keeps the policy in force up to date with its file. */
export class PolicyWatch {
  private watchers: FSWatcher[] = [];
  private timer: NodeJS.Timeout | undefined;
  /** Changes since the reading was first postponed. */
  private unrest = 0;
  /** The file's present problems, as text; empty if there are none. */
  private wrong = '';
  private working: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly file: string,
    private policy: Policy,
    private readonly events: PolicyEvents,
    private readonly settleMs = SETTLE_MS,
  ) {}

  current(): Policy {
    return this.policy;
  }

  start(): void {
    this.follow();
    // The file may have changed since it was read.
    this.reload();
  }

  /** Reads the file soon, even if no change was seen, as for SIGHUP. */
  reload(): void {
    if (this.stopped) return;
    this.unrest = this.timer ? this.unrest + 1 : 0;
    if (this.unrest > LONGEST_UNREST) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      // Strictly one after the other: a later change must not overtake a slow publication.
      this.working = this.working.then(() => this.read());
    }, this.settleMs);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    for (const watcher of this.watchers) watcher.close();
    this.watchers = [];
  }

  private async read(): Promise<void> {
    if (this.stopped) return;
    this.follow();
    const loaded = loadPolicy(this.file);
    if (!loaded.ok) {
      const wrong = JSON.stringify(loaded.problems);
      if (wrong === this.wrong) return;
      this.wrong = wrong;
      this.events.refused(loaded.problems);
      return;
    }
    const repaired = this.wrong !== '';
    this.wrong = '';
    if (loaded.policy.hash === this.policy.hash) {
      if (repaired) this.events.restored();
      return;
    }
    await this.events.loaded(loaded.policy).catch(() => undefined);
    this.policy = loaded.policy;
  }

  /** Watches the folders that matter now; retries a folder that cannot be watched. */
  private follow(): void {
    // A replaced folder has the same name but another inode, so comparing names is not enough.
    for (const watcher of this.watchers) watcher.close();
    this.watchers = foldersOf(this.file).flatMap((folder) => {
      try {
        const watcher = watch(folder, { persistent: false }, () => this.reload());
        watcher.on('error', () => this.reload());
        return [watcher];
      } catch {
        return [];
      }
    });
  }
}
