import { isGeneric, statusRow } from '../../model/classes';
import type { PhraseBook } from '../../model/phrases';
import type { PlannedStatus } from '../../model/planned';
import { sipCode } from '../../model/registries/sip-codes';
import { normalize } from '../../normalize/normalize';
import type { Fact, PartialFailure } from '../facts';

/** A possible failure of an attempt not yet made. */
export interface ForeseenFailure {
  /** With its standard phrase. */
  readonly sip: PlannedStatus;
  /** After progress: the callee may have rung, or early media may have played. */
  readonly afterProgress: boolean;
  /** Whether the callee is assumed to have rung, after progress. */
  readonly rang: boolean;
}

/** What else is known in advance. */
export interface Foresight {
  /** Whether a handover would know the failure's Reason headers. */
  readonly reasonsKnown: boolean;
  readonly budgetSpent: boolean;
}

/** Unknown before an attempt, and unknown to the dialplan after it has failed. */
const NEVER_KNOWN = [
  'time',
  'q850',
  'location',
  'header',
  'media',
  'within',
  'elapsed',
] as const satisfies readonly Fact[];
/** What the dialplan cannot tell apart after progress. */
const OF_PROGRESS = ['rang', 'progress', 'early_media'] as const satisfies readonly Fact[];
const CLASS = ['class', 'fault'] as const satisfies readonly Fact[];

/** Cached for all calls: it depends on no call, and each plan needs about twenty. */
const MADE = new WeakMap<PhraseBook, Map<string, PartialFailure>>();

/** The failure as far as it can be known before the attempt. */
export function foreseen(
  phrases: PhraseBook,
  { reasonsKnown, budgetSpent }: Foresight,
  { sip, afterProgress, rang }: ForeseenFailure,
): PartialFailure {
  const made = MADE.get(phrases) ?? new Map<string, PartialFailure>();
  MADE.set(phrases, made);
  const key = [sip, afterProgress, rang, reasonsKnown, budgetSpent].join();
  const known = made.get(key);
  if (known) return known;
  const said = { source: 'plan', sip, phrase: standardPhrase(sip), origin: 'far' } as const;
  const unknown = new Set<Fact>([
    ...NEVER_KNOWN,
    ...(afterProgress ? OF_PROGRESS : []),
    ...((afterProgress && statusRow(sip)?.if_rang) || (reasonsKnown && isGeneric(sip))
      ? CLASS
      : []),
    ...(budgetSpent ? (['budget'] as const) : []),
  ]);
  const failure = { ...normalize([{ ...said, rang, progress: rang }], phrases), unknown };
  made.set(key, failure);
  return failure;
}

/** A slot applies only to a failure with this phrase. */
export function standardPhrase(sip: PlannedStatus): string {
  return sipCode(sip)?.phrase ?? '';
}
