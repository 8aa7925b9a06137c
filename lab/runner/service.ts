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
/** Interval of checks whether crankback is in the wanted state. Milliseconds. */
const LOOK_EVERY = 25;
/** A policy may have nothing that travels, so nobody waits longer. Milliseconds. */
const TRAVEL_LIMIT = 1_000;

type Condition = 'running' | 'stopped' | 'frozen';

/** crankback as the lab runs it: one policy at a time, running, stopped or frozen. */
export class Service {
  /** `disturbed`: a scenario has broken it, so the next one needs a clean start. */
  private state: { policy: string | undefined; condition: Condition; disturbed: boolean };

  /**
   * @param policy what crankback's container was started with
   * @param saved what is saved where a policy is wanted
   */
  constructor(
    private readonly containers: Containers,
    private readonly pbxes: readonly Pbx[],
    policy: string,
    private readonly saved: (policy: string) => string = (wanted) => wanted,
  ) {
    this.state = { policy, condition: 'running', disturbed: false };
  }

  get isRunning(): boolean {
    return this.state.condition === 'running';
  }

  /** Brings crankback into this condition with this policy. */
  async bringTo(wanted: { policy: string; condition: Condition }, signal: AbortSignal) {
    const { condition, policy, disturbed } = this.state;
    if (disturbed) await Promise.all(this.pbxes.map((pbx) => pbx.forgetFreeze()));
    if (condition === 'frozen') {
      await this.containers.control('crankback', 'unpause');
      this.state = { ...this.state, condition: 'running' };
    }
    if (wanted.condition === 'stopped') {
      // What a PBX does without crankback may be what this policy has told it.
      if (policy !== wanted.policy) await this.bringTo({ ...wanted, condition: 'running' }, signal);
      if (this.state.condition !== 'stopped') await this.containers.control('crankback', 'stop');
    } else {
      const isUp = condition !== 'stopped';
      if (!isUp || disturbed || policy !== wanted.policy)
        await installPolicy(this.saved(wanted.policy));
      if (!isUp) await this.containers.control('crankback', 'start');
      else if (disturbed) await this.containers.control('crankback', 'restart');
      await this.untilReady(signal);
      if (policy !== wanted.policy) await this.untilInForce(signal);
      if (policy !== wanted.policy || !isUp || disturbed) await this.untilTold(signal);
      if (wanted.condition === 'frozen') await this.containers.control('crankback', 'pause');
    }
    this.state = { ...wanted, disturbed: wanted.condition === 'frozen' };
  }

  /** Disturbs it during a call. `start` and `restart` resolve when crankback is ready again. */
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

  /** Saves a policy during a call, as an operator does; crankback loads it by itself, or refuses it. */
  async savePolicy(policy: string): Promise<void> {
    await installPolicy(this.saved(policy));
    // The policy in force is unknown until the next query.
    this.state = { ...this.state, policy: undefined };
  }

  /** Marks it as broken from elsewhere, for example by a change in Asterisk. */
  markDisturbed(): void {
    this.state = { ...this.state, disturbed: true };
  }

  /** @throws with crankback's own log if it is not ready in time */
  async untilReady(signal: AbortSignal): Promise<void> {
    let why = '';
    let looks = 0;
    try {
      await waitFor(
        'crankback is ready',
        async () => {
          why = (await whyNotReady()) ?? '';
          looks += 1;
          // Docker is asked less often, because each answer delays crankback's start.
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
   * Waits until crankback has loaded a new policy; until then it decides by the earlier one.
   * @throws if the policy is refused or not in force in time
   */
  private async untilInForce(signal: AbortSignal): Promise<void> {
    const loaded = loadPolicy(policyFile);
    if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join('\n'));
    const { hash } = loaded.policy;
    const inForce = async () => ((await hashInForce()) === hash ? true : undefined);
    const limits = { limitMs: READY_LIMIT, everyMs: LOOK_EVERY, signal };
    await waitFor(`policy ${hash} is in force`, inForce, limits);
  }

  /** Waits until what travels is in the PBXes; until then calls ask. */
  private async untilTold(signal: AbortSignal): Promise<void> {
    const loaded = loadPolicy(policyFile);
    if (!loaded.ok || loaded.policy.survive === undefined) return;
    const told = async () => {
      const each = await Promise.all(this.pbxes.map((pbx) => pbx.hasWhatTravels()));
      return each.every((one) => one) || undefined;
    };
    const limits = { limitMs: TRAVEL_LIMIT, everyMs: LOOK_EVERY, signal };
    await waitFor('what travels is in the PBX', told, limits).catch(() => signal.throwIfAborted());
  }

  /** crankback's JSON log lines since then (Unix time in milliseconds). */
  async linesSince(since: number): Promise<LogLine[]> {
    const text = await this.containers.logsSince('crankback', since);
    return linesSince(parseLogLines(text), since);
  }
}

/** Writes the policy to where crankback's container reads it. */
export async function installPolicy(policy: string): Promise<void> {
  await writeFile(policyFile, policy);
}
