import type { CallEvent } from '../events/call-event';
import type { FailureClass } from '../model/classes';
import type { Failure } from '../model/failure';
import { phrasesOf } from '../policy/failure-of';
import type { Policy } from '../policy/policy';
import { withoutNumbers } from './mask';
import { phraseLine } from './phrase-line';
import { unclassifiedIn } from './unclassified-in';

/** A response or Reason value that nothing classifies, as often as a trunk said it. */
export interface SeenUnclassified {
  /** `403 Lines full for …`, or a Reason value; numbers in it are left out, so that they do not divide it. */
  readonly said: string;
  readonly kind: 'phrase' | 'reason';
  readonly count: number;
  /** Unix time in milliseconds. */
  readonly lastAt: number;
  /** What the attempt was the last time. */
  readonly class: FailureClass;
  /** The entry of the policy file's `phrases:` that would classify it, with that class; absent for a Reason. */
  readonly line?: string;
}

export interface UnclassifiedOfTrunk {
  /** The most frequent first. */
  readonly seen: readonly SeenUnclassified[];
  /** How many more were seen than are kept. */
  readonly leftOut: number;
}

/** Entries of one trunk, and of all together: a few megabytes at most, whatever carriers send. */
const MOST_OF_TRUNK = 32;
const MOST = 2_000;
/** Of a phrase or Reason. Characters. */
const LONGEST = 256;
/** Texts of observed attempts that may still be handed over, of all trunks. */
const MOST_OBSERVED = 256;

interface Kept extends Omit<SeenUnclassified, 'line'> {
  /** As it was sent the last time; absent for a Reason. */
  readonly response?: { readonly sip: number; readonly phrase: string };
}

interface KeptOfTrunk {
  readonly entries: Map<string, Kept>;
  leftOut: number;
}

/**
 * What carriers say that no list knows, for each trunk of the policy, made of call events. A phrase that the policy in
 * force has is not shown any more.
 */
export class UnclassifiedResponses {
  private readonly trunks = new Map<string, KeptOfTrunk>();
  private size = 0;
  /** What observed attempts said that a handover may tell once more. */
  private observed: string[] = [];

  constructor(private readonly policy: () => Pick<Policy, 'trunks' | 'phrases'>) {}

  readonly record = (event: CallEvent): void => {
    switch (event.kind) {
      case 'attempt-failed': {
        const { at, trunk, failure, observed } = event;
        for (const one of itemsOf(failure)) {
          if (observed && this.wasObserved(trunk, one.said)) continue;
          this.add(trunk, { ...one, count: 1, lastAt: at });
        }
        return;
      }
      case 'evidence-completed': {
        const { at, trunk, reported, failure } = event;
        const before = new Set(itemsOf(reported).map(({ said }) => said));
        for (const one of itemsOf(failure))
          if (!before.has(one.said)) this.add(trunk, { ...one, count: 1, lastAt: at });
        return;
      }
      case 'attempt-observed': {
        const { at, trunk, known, failure } = event;
        if (!known || !failure) return;
        for (const one of itemsOf(failure)) {
          this.add(trunk, { ...one, count: 1, lastAt: at });
          this.observed = [...this.observed, `${trunk} ${one.said}`].slice(-MOST_OBSERVED);
        }
        return;
      }
      case 'policy-changed':
        return this.prune();
      default:
    }
  };

  /** Undefined if there is nothing to tell of this trunk. */
  of(trunk: string): UnclassifiedOfTrunk | undefined {
    const kept = this.trunks.get(trunk);
    if (!kept) return undefined;
    const still = [...kept.entries.values()].filter((one) => !this.isClassified(trunk, one));
    if (still.length === 0 && kept.leftOut === 0) return undefined;
    const seen = still.toSorted((one, other) => other.count - one.count).map(shownOf);
    return { seen, leftOut: kept.leftOut };
  }

  private add(trunk: string, one: Kept): void {
    if (!this.policy().trunks.has(trunk)) return;
    const kept = this.trunks.get(trunk) ?? { entries: new Map<string, Kept>(), leftOut: 0 };
    this.trunks.set(trunk, kept);
    const { entries } = kept;
    const before = entries.get(one.said);
    if (!before && entries.size >= MOST_OF_TRUNK) this.dropRarest(kept);
    if (!before && this.size >= MOST) {
      kept.leftOut += 1;
      return;
    }
    if (!before) this.size += 1;
    entries.set(one.said, { ...one, count: (before?.count ?? 0) + 1 });
  }

  /** Of those that came as seldom, the one that has not come for longest. */
  private dropRarest(kept: KeptOfTrunk): void {
    const [rarest] = [...kept.entries.values()].toSorted(
      (one, other) => one.count - other.count || one.lastAt - other.lastAt,
    );
    if (!rarest) return;
    kept.entries.delete(rarest.said);
    kept.leftOut += rarest.count;
    this.size -= 1;
  }

  private wasObserved(trunk: string, said: string): boolean {
    const at = this.observed.indexOf(`${trunk} ${said}`);
    if (at >= 0) this.observed.splice(at, 1);
    return at >= 0;
  }

  private isClassified(trunk: string, { response }: Kept): boolean {
    if (!response) return false;
    return phrasesOf(this.policy(), trunk).find(response.sip, response.phrase) !== undefined;
  }

  /** What the policy in force has, or has no longer, makes room. */
  private prune(): void {
    const { trunks } = this.policy();
    for (const [trunk, { entries }] of this.trunks) {
      for (const [said, one] of entries) {
        if (trunks.has(trunk) && !this.isClassified(trunk, one)) continue;
        entries.delete(said);
        this.size -= 1;
      }
      if (!trunks.has(trunk)) this.trunks.delete(trunk);
    }
  }
}

type Item = Pick<Kept, 'said' | 'kind' | 'class' | 'response'>;

function itemsOf(failure: Failure): readonly Item[] {
  const { phrase: response, reasons } = unclassifiedIn(failure);
  const { class: name } = failure;
  const phrases: readonly Item[] = response
    ? [
        {
          said: cut(`${response.sip} ${response.phrase}`),
          kind: 'phrase',
          class: name,
          response: { sip: response.sip, phrase: response.phrase.slice(0, LONGEST) },
        },
      ]
    : [];
  const items = [
    ...phrases,
    ...reasons.map((said): Item => ({ said: cut(said), kind: 'reason', class: name })),
  ];
  // A copy: a short piece of a long message would keep all of that message.
  return JSON.parse(JSON.stringify(items)) as readonly Item[];
}

function cut(text: string): string {
  return withoutNumbers(text.slice(0, LONGEST), '…');
}

function shownOf({ response, ...one }: Kept): SeenUnclassified {
  const line = response && phraseLine(response.sip, response.phrase, one.class);
  return { ...one, ...(line !== undefined && { line }) };
}
