import { NOT_YET, type ConnectionState } from '../../../src/calls/ports';
import { joined, type Named } from '../../../src/findings/named';

/** What can be wrong although there is a connection. */
export type Impediment = 'version' | 'read-only' | 'dialplan' | 'globals';

/** Whether calls can be decided: there is a connection, and nothing is in the way. */
export class Usability {
  private readonly impediments = new Map<Impediment, Named>();
  private connection: ConnectionState = { connected: false, why: NOT_YET };

  constructor(private readonly tell: (state: ConnectionState) => void) {}

  /** A connection was made or lost. What was in the way before is looked at anew by whoever found it. */
  connected(state: ConnectionState): void {
    this.connection = state;
    if (!state.connected) this.impediments.clear();
    this.report();
  }

  /** @param why one sentence; undefined where it is not in the way, or not any more */
  found(what: Impediment, why: Named | undefined): void {
    if (this.impediments.get(what) === why) return;
    if (why === undefined) this.impediments.delete(what);
    else this.impediments.set(what, why);
    if (this.connection.connected) this.report();
  }

  private report(): void {
    const reasons = [...this.impediments.values()];
    const inTheWay = this.connection.connected && reasons.length > 0;
    this.tell(inTheWay ? { connected: false, why: joined(reasons) } : this.connection);
  }
}
