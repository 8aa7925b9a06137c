import type { MessagePort } from 'node:worker_threads';
import type { Gap } from '../closing';
import type { JournalEntry } from '../entry';
import type { FleetRead, FleetTaken } from '../fleet/inbox';
import type { PackedItem } from '../fleet/item';
import type { Retention } from '../retention';
import type { CallFilter, CallPage } from '../read/calls';
import type { PolicyText, WantedCall, WholeCall } from '../read/call';
import type { Habits, HabitsAsked } from '../read/habits';
import type { ObservedAsked, ObservedCalls, ObservedWhole } from '../read/observed';
import type { PolicyVersion } from '../read/policies';
import type { ReportAsked, TrunkReport } from '../read/report';
import type { CountedPeriod, FiguresFilter } from '../read/figures';
import type { DecisionFilter, DecisionPage, TrunkOutcomes } from '../read/decisions';
import type { ChangePage, ChangesAsked } from '../read/changes';
import type { Members } from '../read/members';
import type { RulesAsked, RulesUsed } from '../read/rules';
import type { CountedSteps, SeriesFilter } from '../read/series';

/** What the thread is given at its begin. */
export interface JournalThreadData {
  /** Path, or `:memory:`. */
  readonly file: string;
  readonly retention: Retention;
  /** Absent: this instance is seen by itself. */
  readonly fleet?: FleetName;
}

export interface FleetName {
  /** Of this instance. */
  readonly name: string;
  /** What others tell is masked as well. */
  readonly maskNumbers: boolean;
}

/** What can be asked of the journal, with what is answered. */
export interface JournalQuestions {
  readonly calls: { readonly asked: CallFilter; readonly answer: CallPage };
  readonly call: { readonly asked: WantedCall; readonly answer: WholeCall | undefined };
  /** Calls with their decisions, a page of them. */
  readonly decisions: { readonly asked: DecisionFilter; readonly answer: DecisionPage };
  /** What a trunk did in a period. */
  readonly outcomes: {
    readonly asked: { readonly since: number; readonly until: number; readonly trunk: string };
    readonly answer: TrunkOutcomes;
  };
  /** What one sends to a trunk's carrier. */
  readonly report: { readonly asked: ReportAsked; readonly answer: TrunkReport };
  /** Counts of a period. */
  readonly figures: { readonly asked: FiguresFilter; readonly answer: CountedPeriod };
  /** The same, step by step, by trunk. */
  readonly series: { readonly asked: SeriesFilter; readonly answer: CountedSteps };
  /** What changed beside calls. */
  readonly changes: { readonly asked: ChangesAsked; readonly answer: ChangePage };
  /** How often each rule of a policy decided. */
  readonly rules: { readonly asked: RulesAsked; readonly answer: RulesUsed };
  /** Instances and their PBXes. */
  readonly members: { readonly asked: undefined; readonly answer: Members };
  /** What a rule could be made of. */
  readonly habits: { readonly asked: HabitsAsked; readonly answer: Habits };
  /** Calls of the user's own dialplan beside the policy. */
  readonly observed: { readonly asked: ObservedAsked; readonly answer: ObservedCalls };
  /** One of these, by its id, its caller's Call-ID, or its number. */
  readonly 'observed-call': {
    readonly asked: WantedCall;
    readonly answer: ObservedWhole | undefined;
  };
  /** What other instances told: it is written. Without an item: how far it has come. */
  readonly fleet: { readonly asked: FleetRead; readonly answer: FleetTaken | undefined };
  /** Policies that were in force, the latest first. */
  readonly policies: { readonly asked: undefined; readonly answer: readonly PolicyVersion[] };
  /** By its hash. */
  readonly policy: { readonly asked: string; readonly answer: PolicyText | undefined };
}

export type Question = {
  [Name in keyof JournalQuestions]: {
    readonly name: Name;
    readonly asked: JournalQuestions[Name]['asked'];
  };
}[keyof JournalQuestions];

export interface Asking {
  readonly kind: 'ask';
  readonly id: number;
  readonly question: Question;
}

export type Answering =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'no-answer'; readonly id: number; readonly why: string };

export type ToJournal =
  /** `until`: with these, all that was told until then has been sent. Unix time in milliseconds. */
  | { readonly kind: 'write'; readonly entries: readonly JournalEntry[]; readonly until?: number }
  /** Nothing waits to be written. Unix time in milliseconds. */
  | { readonly kind: 'idle'; readonly at: number }
  | Asking
  /** Another thread asks here, one question at a time; it gets `Answering`. */
  | { readonly kind: 'connect'; readonly port: MessagePort }
  | { readonly kind: 'close' };

export type FromJournal =
  /**
   * It writes from now on; `why` it does not write to the file it was given, `setAside` a damaged one, and the `gap` of
   * one that was not closed.
   */
  | {
      readonly kind: 'open';
      readonly file: string;
      readonly why?: string;
      readonly setAside?: string;
      readonly gap?: Gap;
    }
  | { readonly kind: 'written' }
  /** For the other instances: what has been written here. */
  | { readonly kind: 'publish'; readonly items: readonly PackedItem[] }
  | { readonly kind: 'not-written'; readonly why: string }
  /** What is too old could not be deleted. */
  | { readonly kind: 'not-cleaned'; readonly why: string }
  /** Minutes could not be counted. */
  | { readonly kind: 'not-counted'; readonly why: string }
  | Answering
  | { readonly kind: 'closed' };
