import { causeRow, statusRow, type FailureClass } from '../model/classes';
import type { Evidence, Failure } from '../model/failure';
import type { Fault } from '../model/classes';
import { KNOWN_PHRASES, type PhraseBook } from '../model/phrases';
import { causeOf } from '../model/registries/q850';
import { causeOfSip, sipOfCause } from '../model/registries/rfc3398';
import { RETRY_AFTER, sipCode } from '../model/registries/sip-codes';
import { isStandardPhrase } from '../model/standard-phrase';
import { normalize } from '../normalize/normalize';
import { closestPhrases } from './closest-phrases';
import { causeOnPbxes, causeRfc3398, ownCauseOnPbxes, sipOnPbxes, sipRfc3398 } from './mappings';
import {
  freeswitchCause,
  meaningOf as meaningOfCause,
  withoutResponse,
  type CauseMeaning,
} from './pbx/freeswitch';
import type { Query } from './query';
import { closestLine, knownPhrases, meaningText, type Listed } from './phrase-texts';
import { causeReferences, sipReferences } from './references';
import { fill, type Entry, type Labels, type Texts } from './texts';
import { treatmentText, type Treatments } from './treatment-text';

export type RowName = Exclude<keyof Labels['row'], 'verdict'>;

/** All facts about one code, in one language. */
export interface Sheet {
  /** `480 Temporarily Unavailable`, `q850:34 No circuit/channel available`. */
  readonly title: string;
  /** In the order of display; rows without a text are missing. */
  readonly rows: ReadonlyMap<RowName, string>;
  /** For machines: only names and numbers. */
  readonly facts: {
    readonly class: FailureClass | null;
    readonly fault: Fault | null;
    /** The status itself, or RFC 3398's for a cause; null if there is none. */
    readonly sip: number | null;
    /** The cause itself, or RFC 3398's for a status; null if there is none. */
    readonly q850: number | null;
    readonly phrase?: string;
    /** The listed phrase behind the class. */
    readonly listed?: string;
    /** Whose list gave the class: a carrier's name, or `shipped`. */
    readonly list?: string;
    /** For an unknown phrase: the closest known ones, `403 No Money Left on RFC Account`. */
    readonly closest?: readonly string[];
  };
}

export interface SheetParts {
  readonly texts: Texts;
  readonly treatments: Treatments;
  /** Name of the carrier that says it; absent: anyone. */
  readonly carrier?: string;
}

/** Never throws: every query of `parseQuery` has a sheet. */
export function sheetOf(query: Query, parts: SheetParts): Sheet {
  switch (query.kind) {
    case 'sip':
      return sipSheet(query.sip, query.phrase, parts);
    case 'q850':
      return causeSheet(query.cause, parts);
    case 'freeswitch':
      return ownCauseSheet(query.name, query.number, parts);
  }
}

function failureOf(evidence: Partial<Evidence>, phrases?: PhraseBook): Failure {
  const noProgress = { source: 'asked', rang: false, progress: false, origin: 'far' as const };
  return normalize([{ ...noProgress, ...evidence }], phrases);
}

function rowsOf(rows: readonly (readonly [RowName, string])[]): ReadonlyMap<RowName, string> {
  return new Map(rows.filter(([, text]) => text !== ''));
}

function faultText(failure: Failure, { labels, classes }: Texts): string {
  return `${labels.fault[failure.fault]}. ${classes[failure.class].why}`;
}

function sipSheet(
  sip: number,
  phrase: string | undefined,
  { texts, treatments, carrier }: SheetParts,
): Sheet {
  const { labels } = texts;
  const book = KNOWN_PHRASES.of(carrier);
  const registered = sipCode(sip);
  const text = textOfStatus(sip, texts);
  const title = `${sip} ${phrase ?? registered?.phrase ?? ''}`.trim();
  const references = sipReferences(sip);
  if (sip < 300) {
    return {
      title,
      rows: rowsOf([
        ['meaning', text.meaning],
        ['class', labels.class.none],
        ['seen', text.seen],
        ['do', text.do],
        ['default', labels.treatment.none],
        ['references', references],
      ]),
      facts: { class: null, fault: null, sip, q850: null },
    };
  }
  const listed = (phrase === undefined ? undefined : book.find(sip, phrase)) ?? book.meansBy(sip);
  const failure = failureOf({ sip, ...(phrase !== undefined && { phrase }) }, book);
  const list = failure.decidedBy?.list;
  const isUnknown =
    phrase !== undefined && !book.find(sip, phrase) && !isStandardPhrase(sip, phrase);
  const near = isUnknown ? closestPhrases(sip, phrase) : [];
  return {
    title,
    rows: rowsOf([
      ['meaning', meaningText(sip, phrase, listed, text, texts)],
      ['closest', near.map((entry) => closestLine(entry, texts)).join('\n')],
      ['fault', faultText(failure, texts)],
      ['class', classText(sip, failure, listed, labels)],
      ['seen', listed?.phrase === undefined ? text.seen : labels.status.listed_seen],
      ['do', listed ? texts.classes[failure.class].do : text.do],
      ['default', treatmentText(failure, treatments, labels)],
      ['phrases', phrase === undefined ? knownPhrases(sip, texts, carrier) : ''],
      ['retry_after', retryAfter(sip, labels)],
      ...sipOnPbxes(sip, labels),
      ['rfc3398', sipRfc3398(sip, labels)],
      ['references', references],
    ]),
    facts: {
      class: failure.class,
      fault: failure.fault,
      sip,
      q850: causeOfSip(sip).cause ?? null,
      ...(phrase !== undefined && { phrase }),
      ...(listed?.phrase !== undefined && { listed: listed.phrase }),
      ...(list !== undefined && { list }),
      ...(isUnknown && { closest: near.map((entry) => `${entry.sip} ${entry.phrase}`) }),
    },
  };
}

function textOfStatus(sip: number, { sip: texts, labels }: Texts): Entry {
  const own = texts[sip];
  if (own) return own;
  const as = Math.floor(sip / 100) * 100 === 100 ? 183 : Math.floor(sip / 100) * 100;
  const general = texts[as];
  const values = { as, phrase: sipCode(as)?.phrase ?? '', meaning: general?.meaning ?? '' };
  return {
    meaning: fill(labels.status.unregistered, values),
    seen: labels.status.unregistered_seen,
    do: general?.do ?? '',
  };
}

function classText(
  sip: number,
  failure: Failure,
  listed: Listed | undefined,
  { class: words }: Labels,
): string {
  const row = statusRow(sip);
  if (listed?.phrase !== undefined || !row) return failure.class;
  const parts: string[] = [failure.class];
  if (row.if_rang) parts[0] = fill(words.if_rang, { class: failure.class, rang: row.if_rang });
  if (row.if_ours) parts.push(fill(words.if_ours, { ours: row.if_ours }));
  return parts.join('; ');
}

function retryAfter(sip: number, { retry_after: words }: Labels): string {
  if (RETRY_AFTER.server.some((code) => code === sip)) return words.server;
  return RETRY_AFTER.callee.some((code) => code === sip) ? words.callee : '';
}

function causeSheet(cause: number, { texts, treatments }: SheetParts): Sheet {
  const { labels } = texts;
  const assigned = causeOf(cause);
  const text = texts.causes[cause] ?? { meaning: '', seen: '', do: '' };
  const row = causeRow(cause);
  const failure = failureOf({ q850: cause });
  const kind = assigned
    ? fill(labels.cause.assigned, { cause, class: assigned.class })
    : fill(labels.cause.foreign, { cause });
  const silent = failure.class === 'unknown' ? ` ${labels.cause.no_information}` : '';
  // `normalize` ignores a cause without information, so its class comes from its row.
  const name = row?.class ?? failure.class;
  return {
    title: `q850:${cause} ${assigned?.text ?? freeswitchCause(cause)?.name ?? ''}`.trim(),
    rows: rowsOf([
      ['meaning', `${text.meaning} (${kind}.)${silent}`],
      ['fault', faultText(failure, texts)],
      [
        'class',
        cause === 18 ? fill(labels.class.if_rang, { class: name, rang: 'no-answer' }) : name,
      ],
      ['seen', text.seen],
      ['do', text.do],
      ['default', treatmentText(failure, treatments, labels)],
      ...causeOnPbxes(cause, labels),
      ['rfc3398', causeRfc3398(cause, labels)],
      ['references', causeReferences(cause)],
    ]),
    facts: {
      class: failure.class,
      fault: failure.fault,
      sip: sipOfCause(cause)[0]?.sip ?? null,
      q850: cause,
    },
  };
}

function ownCauseSheet(name: string, number: number, { texts, treatments }: SheetParts): Sheet {
  const { labels } = texts;
  const meaning = meaningOfCause(name);
  const evidence = withoutResponse(name);
  const failure = meaning.kind === 'nothing' ? undefined : failureOf(evidence);
  const sip = evidence.sip ?? null;
  const isOwn = number > 127;
  return {
    title: `${name} (${number})`,
    rows: rowsOf([
      ['meaning', ownCauseText(meaning, number, texts)],
      ...(failure
        ? ([
            ['fault', faultText(failure, texts)],
            ['class', failure.class],
          ] as const)
        : []),
      ['seen', isOwn ? labels.cause.own_seen : fill(labels.cause.unanswered_seen, { number })],
      ['do', labels.cause.own_do],
      ['default', failure ? treatmentText(failure, treatments, labels) : ''],
      ...ownCauseOnPbxes(name, labels),
    ]),
    facts: { class: failure?.class ?? null, fault: failure?.fault ?? null, sip, q850: null },
  };
}

function ownCauseText(meaning: CauseMeaning, number: number, texts: Texts): string {
  const { cause: words } = texts.labels;
  switch (meaning.kind) {
    case 'status': {
      const { sip } = meaning;
      return fill(words.own_status, { sip, text: textOfStatus(sip, texts).meaning });
    }
    case 'cancelled':
      return fill(words.own_cancelled, { number });
    case 'timeout':
      return fill(words.own_timeout, { number });
    case 'local':
      return fill(words.own_local, { number });
    case 'absent':
      return fill(words.own_absent, { number });
    case 'redirected':
      return fill(words.own_redirected, { number });
    case 'cause':
    case 'nothing':
      return fill(words.own, { number });
  }
}
