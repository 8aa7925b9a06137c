/**
 * The generation that plans are made under. A PBX uses a plan only while the generation is still the
 * plan's own, so raising it makes every plan that is under way void. Never the same twice, also after a restart.
 */
export class PlanGeneration {
  private raised = 0;

  /**
   * @param startedAt of this process; Unix time in milliseconds
   * @param told called with each new generation
   */
  constructor(
    private readonly startedAt: number,
    private readonly told: (generation: string) => void,
  ) {}

  get current(): string {
    return `${this.startedAt.toString(36)}-${this.raised.toString(36)}`;
  }

  /** A trunk became available or was held, a budget ran out, the policy changed. */
  raise(): void {
    this.raised += 1;
    this.told(this.current);
  }
}
