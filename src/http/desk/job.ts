import type { CallFilter } from '../../journal/read/calls-filter';
import type { WantedCall } from '../../journal/read/call';
import type { ChangesAsked } from '../../journal/read/changes';
import type { FiguresFilter } from '../../journal/read/figures';
import type { ObservedAsked } from '../../journal/read/observed';
import type { ReportAsked } from '../../journal/read/report';
import type { RulesAsked } from '../../journal/read/rules';
import type { SeriesFilter } from '../../journal/read/series';
import type { JournalQuestions } from '../../journal/thread/protocol';
import type { Problem } from '../v1/schemas/problem';

/** A policy as text, or one that was in force, by its hash. */
export type PolicyAsked = { readonly text: string } | { readonly hash: string };

interface Period {
  readonly since: number;
  readonly until: number;
}

/** What is asked of the threads beside the one that decides. Times are Unix time in milliseconds. */
export type Job =
  /** `before` of the filter is the cursor of an answer. */
  | { readonly kind: 'calls'; readonly filter: CallFilter }
  | {
      readonly kind: 'call';
      readonly wanted: WantedCall;
      readonly explained: boolean;
      /** Pattern of links to Homer; absent: none are made. */
      readonly homerUrl?: string;
      /** Calls are traced. */
      readonly traced: boolean;
    }
  | {
      readonly kind: 'figures';
      readonly filter: FiguresFilter;
      /** Calls at once that the policy allows, by trunk. */
      readonly limits: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'series'; readonly filter: SeriesFilter }
  | { readonly kind: 'changes'; readonly asked: ChangesAsked }
  | { readonly kind: 'fleet' }
  | { readonly kind: 'trunk-failures'; readonly asked: ReportAsked }
  | { readonly kind: 'rules'; readonly asked: RulesAsked }
  | { readonly kind: 'observed'; readonly asked: ObservedAsked }
  | {
      readonly kind: 'observed-call';
      readonly wanted: WantedCall;
      /** Calls are traced. */
      readonly traced: boolean;
    }
  | { readonly kind: 'policies' }
  | { readonly kind: 'policy'; readonly hash: string }
  | { readonly kind: 'check'; readonly text: string }
  | {
      readonly kind: 'simulate';
      readonly policy: PolicyAsked;
      readonly call: {
        readonly to: string;
        readonly from?: string | undefined;
        readonly context?: string | undefined;
        readonly mailbox?: string | undefined;
        readonly says: readonly string[];
        readonly held: readonly string[];
        readonly startedAt: number;
      };
    }
  | {
      readonly kind: 'replay';
      readonly policy: PolicyAsked;
      readonly period: Period & { readonly limit: number };
    }
  | {
      readonly kind: 'suggestions';
      readonly hash: string;
      readonly period: Period & { readonly limit: number };
    };

/** An answer as it leaves the process: nothing is left to do for the thread that sends it. */
export interface Answer {
  /** JSON. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Entity tag. */
  readonly tag: string;
}

/** What is asked, or what is wrong. */
export type Done = Answer | { readonly problem: Problem };

/** Asks the journal. Rejects with JournalBusy. */
export type AskJournal = <Name extends keyof JournalQuestions>(
  name: Name,
  asked: JournalQuestions[Name]['asked'],
) => Promise<JournalQuestions[Name]['answer']>;

/** What a job needs of the world. */
export interface Desk {
  readonly ask: AskJournal;
  /** Whether what takes long should end with what it has. */
  readonly isEnough: () => boolean;
}
