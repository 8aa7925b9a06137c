/**
 * The current plan generation. A PBX uses a plan only while the plan's own generation is current, so
 * raising it makes every plan in progress void. No generation repeats, even after a restart.
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

  /** Call when a trunk became available or was held, a budget ran out, or the policy changed. */
  raise(): void {
    this.raised += 1;
    this.told(this.current);
  }
}
