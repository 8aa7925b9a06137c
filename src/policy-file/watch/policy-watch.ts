// Own watcher: libraries for this watch trees of files by their names; here one path may change its
// meaning by a link far above it, and the content alone decides whether anything happened.
import { watch, type FSWatcher } from 'node:fs';
import type { Policy } from '../../policy/policy';
import { loadPolicy } from '../policy-file';
import type { Problem } from '../problems/problems';
import { foldersOf } from './watched-folders';

/** Editors and deployments touch a file several times; the last of them counts. */
const SETTLE_MS = 100;
/** A folder that never comes to rest must not put the reading off for ever. Times the above. */
const LONGEST_UNREST = 10;

export interface PolicyEvents {
  /** A changed file is in order. The policy is in force when this has settled, whatever way. */
  loaded(policy: Policy): Promise<void>;
  /** A changed file is not; the last good policy stays in force. Once per distinct content. */
  refused(problems: readonly Problem[]): void;
  /** The file is again what is in force, after it was not. */
  restored(): void;
}

/** The policy in force, kept up with its file. */
export class PolicyWatch {
  private watchers: FSWatcher[] = [];
  private timer: NodeJS.Timeout | undefined;
  /** Changes since the reading was first put off. */
  private unrest = 0;
  /** What is wrong with the file as it is now, as text; empty when nothing is. */
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

  /** Reads the file soon; also without any change seen, as for SIGHUP. */
  reload(): void {
    if (this.stopped) return;
    this.unrest = this.timer ? this.unrest + 1 : 0;
    if (this.unrest > LONGEST_UNREST) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      // One after the other: a change during a slow publication must not overtake it.
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

  /** Watches the folders that count now; a folder that cannot be watched is tried again each time. */
  private follow(): void {
    // A folder that was replaced has the same name and another inode, so names alone do not tell.
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
