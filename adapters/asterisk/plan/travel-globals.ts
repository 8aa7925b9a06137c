import type { Travelling } from '../../../src/calls/ports';
import type { AriRest } from '../ari/rest';
import { travelText } from './travel-text';

const FIRST = 'CRANKBACK_FIRST';

/** What travels, as global variables of Asterisk. Where something fails, calls ask. */
export class TravelGlobals {
  /** The plans that Asterisk has. */
  private readonly plans = new Set<string>();
  private wanted: Travelling | undefined;
  private isThere = false;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly rest: Pick<AriRest, 'setGlobal' | 'deleteGlobal'>) {}

  /** Settles when Asterisk has it, or has what came later. */
  publish(travelling: Travelling | undefined): Promise<void> {
    this.wanted = travelling;
    return this.inTurn(() => (this.wanted === travelling ? this.tell(travelling) : undefined));
  }

  /** Every call asks until the next one is published. */
  withdraw(): Promise<void> {
    return this.publish(undefined);
  }

  /** Asterisk may have been restarted, and then has nothing. */
  forget(): void {
    this.plans.clear();
    // What it had before us may still be there.
    this.isThere = true;
  }

  private inTurn(task: () => Promise<void> | undefined): Promise<void> {
    const done = this.running.then(task);
    this.running = done.catch(() => undefined);
    return done;
  }

  private async tell(travelling: Travelling | undefined): Promise<void> {
    const { first, plans } = travelling
      ? travelText(travelling)
      : { first: '', plans: new Map<string, string>() };
    for (const [name, text] of plans) {
      if (this.plans.has(name)) continue;
      await this.rest.setGlobal(variableOf(name), text);
      this.plans.add(name);
    }
    // Only when its plans are there.
    if (first !== '') {
      this.isThere = true;
      await this.rest.setGlobal(FIRST, first);
    } else if (this.isThere) {
      await this.rest.deleteGlobal(FIRST);
      this.isThere = false;
    }
    for (const name of this.plans) {
      if (plans.has(name)) continue;
      await this.rest.deleteGlobal(variableOf(name));
      this.plans.delete(name);
    }
  }
}

function variableOf(name: string): string {
  return `CRANKBACK_PLAN_${name}`;
}
