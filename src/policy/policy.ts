import type { FailureClass } from '../model/classes';
import type { PhraseBook } from '../model/phrases';

/** Where something stands in a policy file, so that every decision can name it. */
export interface Position {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column: number;
}

/** One policy file, checked and compiled: all that `decide` needs to know. */
export interface Policy {
  /** First 12 hex digits of the SHA-256 of the files behind it. */
  readonly hash: string;
  readonly emergency: readonly string[];
  readonly trunks: ReadonlyMap<string, Trunk>;
  /** In file order: the first whose digits match a number is its route. */
  readonly routes: readonly Route[];
  readonly limits: Limits;
  /** General rules in file order. */
  readonly rules: readonly Rule[];
  /** The shipped carrier phrases and the file's own, for `normalize`; absent: the shipped ones alone. */
  readonly phrases?: PhraseBook;
  /** What happens when no rule of the file matches; same language, shipped with crankback. */
  readonly defaults: readonly Rule[];
}

export interface Trunk {
  readonly name: string;
  readonly at: Position;
  /** Asterisk dial string with `{number}` in it, e.g. `PJSIP/{number}@carrier-a`. */
  readonly asterisk: string;
  /** Give the leg up when not even a 100 came within this time. Milliseconds. */
  readonly firstResponse: number;
  /** Give the leg up when it was not answered within this time. Milliseconds. */
  readonly ringTimeout: number;
  /** This trunk's exceptions, tried before all other rules. */
  readonly rules: readonly Rule[];
}

export interface Route {
  readonly at: Position;
  /** As written: literal digits, `X` any digit, `Z` 1–9, `N` 2–9, a final `*` anything. */
  readonly digits: string;
  /** Trunk names in the order of preference; never empty. */
  readonly trunks: readonly string[];
  /** Mailbox template `{number}@context`; absent where the route has no mailboxes. */
  readonly mailbox?: string;
  readonly rules: readonly Rule[];
}

export interface Limits {
  /** Attempts per hunt, the first one included. */
  readonly attempts: number;
  /** No attempt starts later than this after the hunt did. Milliseconds. */
  readonly startWithin: number;
  /** No retry after early media has played for longer than this. Milliseconds. */
  readonly progressGrace: number;
}

export interface Rule {
  readonly at: Position;
  readonly when: Condition;
  readonly do: Action;
  /** What happens where `do` is refused (no trunk left, no mailbox); default: relay. */
  readonly else?: Action;
}

/** All fields optional; all that are given must match. Within one field any value may match. */
export interface Condition {
  readonly class?: readonly FailureClass[];
  readonly sip?: readonly StatusRange[];
}

/** Inclusive range: `503` is 503–503, `5xx` is 500–599. */
export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

export type LogLevel = 'info' | 'warn' | 'error';

export interface Action {
  readonly treatment: Treatment;
  readonly log?: LogLevel;
}

export type Treatment =
  /** Try the route's next trunk that this hunt has not tried. */
  | { readonly kind: 'retry'; readonly target: 'next-trunk' }
  /** The callee's mailbox, where there is one. */
  | { readonly kind: 'voicemail' }
  /** The true failure to the caller, at once. */
  | { readonly kind: 'relay' };
