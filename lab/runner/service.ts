import { writeFile } from 'node:fs/promises';
import { loadPolicy } from '../../src/policy-file/policy-file';
import { renderProblem } from '../../src/policy-file/problems/problems';
import type { Containers } from './containers';
import { hashInForce, whyNotReady } from './hunt-records';
import { policyFile } from './layout';
import { linesSince, parseLogLines, type LogLine } from './log-lines';
import type { Pbx } from './pbx/pbx';
import { waitFor } from './waiting';

/** Longest time from a start to the connection with the PBX. Milliseconds. */
const READY_LIMIT = 20_000;
/** How often crankback is asked whether it is where it shall be. Milliseconds. */
const LOOK_EVERY = 25;

type Condition = 'running' | 'stopped' | 'frozen';

/** crankback as the lab runs it: one policy at a time, running, stopped or frozen. */
export class Service {
  /** `disturbed`: a scenario has broken it; only a clean start makes it fit for the next one. */
  private state: { policy: string | undefined; condition: Condition; disturbed: boolean };

  /** @param policy what crankback's container was started with */
  constructor(
    private readonly containers: Containers,
    private readonly pbxes: readonly Pbx[],
    policy: string,
  ) {
    this.state = { policy, condition: 'running', disturbed: false };
  }

  get isRunning(): boolean {
    return this.state.condition === 'running';
  }

  /** Brings crankback into this condition, with this policy. */
  async bringTo(wanted: { policy: string; condition: Condition }, signal: AbortSignal) {
    const { condition, policy, disturbed } = this.state;
    if (disturbed) await Promise.all(this.pbxes.map((pbx) => pbx.forgetFreeze()));
    if (condition === 'frozen') await this.containers.control('crankback', 'unpause');
    if (wanted.condition === 'stopped') {
      if (condition !== 'stopped') await this.containers.control('crankback', 'stop');
    } else {
      const isUp = condition !== 'stopped';
      if (!isUp || disturbed || policy !== wanted.policy) await installPolicy(wanted.policy);
      if (!isUp) await this.containers.control('crankback', 'start');
      else if (disturbed) await this.containers.control('crankback', 'restart');
      await this.untilReady(signal);
      if (policy !== wanted.policy) await this.untilInForce(signal);
      if (wanted.condition === 'frozen') await this.containers.control('crankback', 'pause');
    }
    this.state = { ...wanted, disturbed: wanted.condition === 'frozen' };
  }

  /** In the middle of a call. `start` and `restart` resolve when crankback is ready again. */
  async disturb(how: 'freeze' | 'thaw' | 'kill' | 'start' | 'restart', signal: AbortSignal) {
    const become = (condition: Condition): void => {
      this.state = { ...this.state, condition, disturbed: true };
    };
    const { containers } = this;
    if (how === 'freeze') {
      await containers.control('crankback', 'pause');
      become('frozen');
    } else if (how === 'thaw') {
      await containers.control('crankback', 'unpause');
      become('running');
    } else {
      if (how !== 'start') await containers.control('crankback', 'kill');
      become('stopped');
      if (how === 'kill') return;
      await containers.control('crankback', 'start');
      become('running');
      await this.untilReady(signal);
    }
  }

  /** In the middle of a call, as an operator saves a policy: crankback takes it by itself, or not. */
  async savePolicy(policy: string): Promise<void> {
    await installPolicy(policy);
    // Which one is in force is not known until it was asked.
    this.state = { ...this.state, policy: undefined };
  }

  /** Somebody else has broken it: what Asterisk was told by crankback, say. */
  markDisturbed(): void {
    this.state = { ...this.state, disturbed: true };
  }

  /** @throws with crankback's own log when it is not ready in time */
  async untilReady(signal: AbortSignal): Promise<void> {
    let why = '';
    let looks = 0;
    try {
      await waitFor(
        'crankback is ready',
        async () => {
          why = (await whyNotReady()) ?? '';
          looks += 1;
          // Docker is asked less often: while it answers, crankback starts more slowly.
          if (looks % 40 === 0 && !(await this.containers.isRunning('crankback')))
            throw new Error('crankback has ended');
          return why === '' || undefined;
        },
        { limitMs: READY_LIMIT, everyMs: LOOK_EVERY, signal },
      );
    } catch (error) {
      signal.throwIfAborted();
      const log = await this.containers.logsSince('crankback', Date.now() - 60_000);
      throw new Error(`crankback is not ready (${why}); its log:\n${log.slice(-4000)}`, {
        cause: error,
      });
    }
  }

  /**
   * crankback takes a new policy by itself; until then it would decide by the one before.
   * @throws when the policy is refused or not in force in time
   */
  private async untilInForce(signal: AbortSignal): Promise<void> {
    const loaded = loadPolicy(policyFile);
    if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join('\n'));
    const { hash } = loaded.policy;
    const inForce = async () => ((await hashInForce()) === hash ? true : undefined);
    const limits = { limitMs: READY_LIMIT, everyMs: LOOK_EVERY, signal };
    await waitFor(`policy ${hash} is in force`, inForce, limits);
  }

  /** The JSON lines that crankback has logged since then (Unix time in milliseconds). */
  async linesSince(since: number): Promise<LogLine[]> {
    const text = await this.containers.logsSince('crankback', since);
    return linesSince(parseLogLines(text), since);
  }
}

/** Puts the policy where crankback's container reads it when it starts. */
export async function installPolicy(policy: string): Promise<void> {
  await writeFile(policyFile, policy);
}
