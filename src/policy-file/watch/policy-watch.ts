// Own watcher: libraries watch trees of files by name. Here a link far above one path may change what it
// leads to, and only a change of content counts.
import type { Policy } from '../../policy/policy';
import type { ProblemsOfFile } from '../problems/problems';
import type { PolicyBytes } from './policy-bytes';
import type { Looked, PolicySource } from './policy-source';

/** How often the file is looked at. Milliseconds. */
const LOOK_EVERY_MS = 200;

export interface PolicyEvents {
  /** A changed file is valid. The policy is in force once this has settled, even by rejection. */
  loaded(policy: Policy, text: PolicyBytes): Promise<void>;
  /** A changed file is invalid; the last good policy stays in force. Once per distinct content. */
  refused(found: ProblemsOfFile): void;
  /** The file matches the policy in force again. */
  restored(): void;
}

/** Keeps the policy in force up to date with its file. */
export class PolicyWatch {
  private timer: NodeJS.Timeout | undefined;
  /** Hash of what the file said last; undefined where that is not known. */
  private known: string | undefined;
  /** The file's present problems, as text; empty if there are none. */
  private wrong = '';
  private isLooking = false;
  private isAsked = false;
  private stopped = false;

  constructor(
    private readonly source: PolicySource,
    private policy: Policy,
    private readonly events: PolicyEvents,
    private readonly everyMs = LOOK_EVERY_MS,
  ) {
    this.known = policy.hash;
  }

  current(): Policy {
    return this.policy;
  }

  start(): void {
    this.lookIn(this.everyMs);
  }

  /** Reads the file now; also without any change seen, as for SIGHUP. */
  reload(): void {
    this.isAsked = true;
    if (!this.isLooking) this.lookIn(0);
  }

  /** Settles when nothing is under way any more; with a file system that hangs that may be never. */
  stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    return this.source.stop();
  }

  private lookIn(ms: number): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.look(), ms);
    this.timer.unref();
  }

  /** One look after the other: a change during a slow publication must not overtake it. */
  private async look(): Promise<void> {
    this.isLooking = true;
    const { isAsked, known } = this;
    this.isAsked = false;
    const looked = await this.source.look({
      inForce: this.policy.hash,
      ...(!isAsked && known !== undefined && { known }),
      atOnce: isAsked,
    });
    if (!this.stopped) await this.take(looked);
    this.isLooking = false;
    this.lookIn(this.isAsked ? 0 : this.everyMs);
  }

  private async take(looked: Looked): Promise<void> {
    switch (looked.kind) {
      case 'same':
        return;
      case 'refused': {
        const { problems, count } = looked;
        this.known = looked.hash;
        const wrong = JSON.stringify([count, problems]);
        if (wrong === this.wrong) return;
        this.wrong = wrong;
        this.events.refused({ problems, count });
        return;
      }
      case 'restored':
        this.known = this.policy.hash;
        if (this.wrong === '') return;
        this.wrong = '';
        this.events.restored();
        return;
      case 'loaded':
        this.known = looked.policy.hash;
        this.wrong = '';
        await this.events.loaded(looked.policy, looked.text).catch(() => undefined);
        this.policy = looked.policy;
    }
  }
}
