import { huntName } from '../model/hunt-name';
import type { CallEvent, Decided } from '../events/call-event';
import { outcomeText, positionText } from '../policy/decision/text';
import { responseText } from './log-fields';
import type { Shown } from './shown';

/** A decision for those who look at one leg of its call. */
export interface DecisionLine {
  /** SIP Call-ID of the leg. */
  readonly callId: string;
  /** Unix time in milliseconds. */
  readonly at: number;
  readonly line: string;
}

/** Calls whose Call-IDs are kept: those of some minutes. */
const MOST_CALLS = 5_000;
/** Characters. */
const LONGEST_LINE = 2_000;
/** What a PBX or a phone makes; collectors write it into their databases. */
const CALL_ID = /^[!-~]{1,256}$/;

interface Kept {
  readonly callId?: string;
  /** Of the latest attempt on a trunk. */
  readonly legs: Map<string, string>;
  /** Decisions on attempts whose Call-ID is not known yet, by trunk. */
  readonly owed: Map<string, Omit<DecisionLine, 'callId'>>;
}

/** Tells each decision by the Call-ID of the caller's leg, and of the attempt that it followed. */
export class DecisionLines {
  private readonly calls = new Map<string, Kept>();

  /** @param shown masks and escapes the line; the Call-ID stays whole, or nothing would be found by it */
  constructor(
    private readonly shown: Shown,
    private readonly tell: (line: DecisionLine) => void,
  ) {}

  readonly record = (event: CallEvent): void => {
    switch (event.kind) {
      case 'hunt-begun': {
        const { callerCallId } = event;
        this.keep(huntName(event.pbx, event.hunt), {
          ...(callerCallId !== undefined && CALL_ID.test(callerCallId) && { callId: callerCallId }),
          ...{ legs: new Map(), owed: new Map() },
        });
        return;
      }
      case 'attempt-timed': {
        const { hunt, pbx, trunk, times } = event;
        const { callId } = times;
        const call = hunt === undefined ? undefined : this.calls.get(huntName(pbx, hunt));
        if (!call || callId === undefined || !CALL_ID.test(callId)) return;
        call.legs.set(trunk, callId);
        const owed = call.owed.get(trunk);
        call.owed.delete(trunk);
        if (owed) this.tell({ ...owed, callId });
        return;
      }
      case 'decided':
        return this.decided(event);
      default:
    }
  };

  private decided(event: Decided): void {
    const call = this.calls.get(huntName(event.pbx, event.hunt));
    if (!call) return;
    const { at, trunk, decision } = event;
    const told = { at, line: this.lineOf(event) };
    if (call.callId !== undefined) this.tell({ ...told, callId: call.callId });
    const callId = trunk === undefined ? undefined : call.legs.get(trunk);
    if (callId !== undefined) this.tell({ ...told, callId });
    else if (trunk !== undefined) call.owed.set(trunk, told);
    // Its next attempt is another leg.
    if ('trunk' in decision.outcome) call.legs.delete(decision.outcome.trunk);
  }

  /** `crankback 1795239432.7@… (asterisk): dial carrier-b after carrier-a: 503 Busy (trunk-congested), by policy.yaml:14: …` */
  private lineOf({ pbx, hunt, trunk, failure, decision, passedOver, planned }: Decided): string {
    const { rule, why } = decision;
    const told = this.shown({
      ...{ pbx, hunt, outcome: outcomeText(decision), why },
      ...(trunk !== undefined && { trunk }),
      ...(failure && { said: `${responseText(failure)} (${failure.class})` }),
      ...(rule && { rule: positionText(rule) }),
      passedOver: passedOver.map((one) => `${one.trunk} (${one.why})`),
    });
    const line = [
      `crankback ${told.hunt} (${told.pbx}): ${told.outcome}`,
      told.trunk === undefined ? '' : ` after ${told.trunk}: ${told.said ?? 'nothing'}`,
      told.rule === undefined ? '' : `, by ${told.rule}`,
      `: ${told.why}`,
      told.passedOver.length === 0 ? '' : `; passed over: ${told.passedOver.join(', ')}`,
      planned ? '; by a plan' : '',
    ].join('');
    return line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;
  }

  private keep(name: string, call: Kept): void {
    this.calls.set(name, call);
    if (this.calls.size <= MOST_CALLS) return;
    const [oldest = ''] = this.calls.keys();
    this.calls.delete(oldest);
  }
}
