import type { Policy } from '../policy/policy';
import { isSameOutcome } from '../replay/outcome-words';
import type { RecordedCall } from '../replay/recorded';
import { replayCall, type CallReplayed, type PolicyOfThen } from '../replay/replay-call';
import { Tally, type Replayed } from '../replay/tally';

/** Several drafts of one file, tried on the same calls: what each does that the file does not do already. */
export class Proofs {
  readonly tallies: readonly Tally[];

  constructor(
    private readonly inForce: Policy,
    private readonly drafts: readonly Policy[],
  ) {
    this.tallies = drafts.map(() => new Tally());
  }

  add(call: RecordedCall, then: PolicyOfThen): void {
    const already = replayCall(call, then, this.inForce);
    this.drafts.forEach((draft, index) => {
      const now = replayCall(call, then, draft);
      this.tallies[index]?.add(call, isAlreadySo(now, already) ? sameAs(now) : now);
    });
  }
}

/** A proof without a call that goes elsewhere, though calls could be told: the file has it already. */
export function isWithoutEffect({ differing, same }: Replayed): boolean {
  return differing === 0 && same > 0;
}

function isAlreadySo(now: CallReplayed, already: CallReplayed): boolean {
  return (
    now.kind === 'differs' &&
    already.kind === 'differs' &&
    now.decisions === already.decisions &&
    isSameOutcome(now.now.outcome, already.now.outcome)
  );
}

function sameAs({ decisions }: CallReplayed): CallReplayed {
  return { kind: 'same', decisions };
}
