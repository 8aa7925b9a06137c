import type { Named } from '../findings/named';
import type { AnswerDetails, Handover, PbxListener, PbxPort } from '../calls/ports';
import type { Decision } from '../policy/decision/decision';
import type { Policy } from '../policy/policy';
import type { PolicyMode } from '../policy/policy-data';

/** Makes the adapter of one PBX for a mode, with this policy's trunks. */
export type MakePort = (policy: Policy) => PbxPort;

/**
 * One PBX in the mode of the policy in force. An adapter is made for one mode; where a new policy has the other one, it
 * makes room for an adapter of that mode. Calls that it was asked about go their static way, as at the end of crankback.
 */
export class ModeSwitch implements PbxPort {
  private port: PbxPort;
  private mode: PolicyMode;
  private listener: PbxListener | undefined;
  private generation: string | undefined;
  private changing: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    policy: Policy,
    private readonly make: MakePort,
  ) {
    this.mode = policy.mode;
    this.port = make(policy);
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

  async generationRaised(generation: string): Promise<void> {
    this.generation = generation;
    await this.port.generationRaised?.(generation);
  }

  tracked(): Readonly<Record<string, number>> {
    return this.port.tracked();
  }

  async policyChanged(policy: Policy): Promise<void> {
    if (policy.mode === this.mode) {
      // The adapter that is still being made has an earlier policy.
      await this.changing;
      return this.port.policyChanged?.(policy);
    }
    this.mode = policy.mode;
    this.changing = this.changing.then(() => this.change(policy));
    await this.changing;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.changing;
    await this.port.stop();
  }

  private async change(policy: Policy): Promise<void> {
    await this.port.stop();
    if (this.stopped) return;
    this.port = this.make(policy);
    if (this.generation !== undefined)
      await this.port.generationRaised?.(this.generation).catch(() => undefined);
    if (this.listener) this.port.start(this.listener);
  }
}
