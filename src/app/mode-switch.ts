import { atMost } from '../calls/at-most';
import type { Named } from '../findings/named';
import type { AnswerDetails, Handover, PbxListener, PbxPort, Travelling } from '../calls/ports';
import type { Decision } from '../policy/decision/decision';
import type { Policy } from '../policy/policy';
import { onlyObserves } from '../policy/mode';

/** How long a change waits for the PBX to forget what travels. Milliseconds. */
const WITHDRAWN_WITHIN = 2000;

/**
 * Makes the adapter of one PBX, with this policy's trunks.
 * @param observe it only reads the PBX
 */
export type MakePort = (policy: Policy, observe: boolean) => PbxPort;

/**
 * One PBX, only read or also written to, as the policy in force needs it. An adapter is made for one of both; where a new
 * policy needs the other one, it makes room for that. Calls that it was asked about go their static way, as at the end of
 * crankback. An adapter that writes serves every policy that decides some calls and observes others.
 */
export class ModeSwitch implements PbxPort {
  private port: PbxPort;
  private observes: boolean;
  private listener: PbxListener | undefined;
  private generation: string | undefined;
  private changing: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    policy: Policy,
    private readonly make: MakePort,
  ) {
    this.observes = onlyObserves(policy);
    this.port = make(policy, this.observes);
  }

  get dialect(): PbxPort['dialect'] {
    return this.port.dialect;
  }

  get reasonsKnown(): boolean {
    return this.port.reasonsKnown;
  }

  get locallyGenerated(): NonNullable<PbxPort['locallyGenerated']> {
    return this.port.locallyGenerated ?? [];
  }

  misconfiguration(): Promise<Named | undefined> {
    return this.port.misconfiguration();
  }

  start(listener: PbxListener): void {
    this.listener = listener;
    this.port.start(listener);
  }

  answer(handover: Handover, decision: Decision, about: AnswerDetails): Promise<void> {
    return this.port.answer(handover, decision, about);
  }

  decline(handover: Handover): Promise<void> {
    return this.port.decline(handover);
  }

  async generationRaised(generation: string): Promise<void> {
    this.generation = generation;
    await this.port.generationRaised?.(generation);
  }

  async travels(travelling: Travelling | undefined): Promise<void> {
    // The adapter of before may still be there, and what travels was withdrawn from it.
    if (this.observes) return;
    await this.port.travels?.(travelling);
  }

  tracked(): Readonly<Record<string, number>> {
    return this.port.tracked();
  }

  async policyChanged(policy: Policy): Promise<void> {
    if (onlyObserves(policy) === this.observes) {
      // The adapter that is still being made has an earlier policy.
      await this.changing;
      return this.port.policyChanged?.(policy);
    }
    this.observes = onlyObserves(policy);
    this.changing = this.changing.then(() => this.change(policy));
    await this.changing;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.changing;
    await this.port.stop();
  }

  private async change(policy: Policy): Promise<void> {
    const observe = onlyObserves(policy);
    if (observe) await this.withdraw();
    await this.port.stop();
    if (this.stopped) return;
    this.port = this.make(policy, observe);
    if (this.generation !== undefined)
      await this.port.generationRaised?.(this.generation).catch(() => undefined);
    if (this.listener) this.port.start(this.listener);
  }

  /**
   * Otherwise calls would go on by what the PBX was told last, for as long as `survive` says: an adapter that only reads
   * cannot take it back. A PBX that is away keeps it, and must not keep the mode from changing.
   */
  private async withdraw(): Promise<void> {
    const withdrawn = this.port.travels?.(undefined) ?? Promise.resolve();
    await atMost(WITHDRAWN_WITHIN, withdrawn).catch(() => undefined);
  }
}
