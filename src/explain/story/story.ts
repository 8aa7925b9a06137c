import { codecText } from '../../codecs/registry';
import type { Failure } from '../../model/failure';
import { KNOWN_PHRASES } from '../../model/phrases';
import { normalize } from '../../normalize/normalize';
import { failureOf } from '../../policy/failure-of';
import { inviteText, isOfBody } from '../../records/log-fields';
import { decisionLines } from '../../simulate/ladder';
import { attemptSip, type AttemptSip } from '../../sip/attempt';
import type { SheetParts } from '../sheet';
import { fill, type Labels } from '../texts';
import { treatmentText } from '../treatment-text';
import { codecLine, differenceLines, mediaStories, type Dialects } from './media-story';
import { policyStep, type AskedPolicy, type PolicyStep } from './policy-step';
import { contradictionLines, decidedText, saidLines } from './said-rows';
import { shownValue } from './shown';
import { meaningText, sheetFor } from './status-sheet';
import { callFacts, failureFacts, policyFacts } from './story-facts';
import type { TracedCall } from './traced-calls';

/** What became of one call. */
export interface Story {
  readonly title: string;
  /** Labels and texts in the order of display. */
  readonly rows: readonly (readonly [label: string, text: string])[];
  /** For machines. */
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface StoryParts extends SheetParts {
  readonly dialects: Dialects;
  readonly unit: 'line' | 'message';
  /** Absent: only what is built in. */
  readonly asked?: AskedPolicy;
  /** The trunk's name in remedies. */
  readonly trunk: string;
}

/** The PBXes that rows of a status speak of. */
const PBX_ROWS = ['asterisk', 'freeswitch'] as const;

/** Tells one call as a live crankback would judge it: by the same evidence, class, comparison and decision. */
export function storyOf(call: TracedCall, parts: StoryParts): Story {
  const sip = attemptSip(call.transactions);
  if (sip === undefined || sip.kind === 'answered') return answeredStory(call, parts);
  const { asked } = parts;
  const failure = asked
    ? failureOf([sip.evidence], asked.question.policy, asked.trunk.trunk)
    : normalize([sip.evidence], KNOWN_PHRASES.of(parts.carrier));
  return failedStory(call, sip, failure, parts);
}

type Failed = Exclude<AttemptSip, { kind: 'answered' }>;

function answeredStory(call: TracedCall, parts: StoryParts): Story {
  const { labels } = parts.texts;
  const { story: words } = labels;
  const status = call.answers.find((one) => one.status >= 200 && one.status < 300);
  const title = statusText(status?.status ?? 200, status?.phrase ?? '');
  return {
    title,
    rows: [
      [words.row.call, callText(call, parts)],
      [words.row.answers, answersText(call, labels)],
      [labels.row.class, fill(words.answered, { status: title })],
    ],
    facts: { ...callFacts(call), answered: true },
  };
}

function failedStory(call: TracedCall, sip: Failed, failure: Failure, parts: StoryParts): Story {
  const { texts, dialects, asked } = parts;
  const { labels, classes } = texts;
  const { story: words, row } = labels;
  const sheet = sheetFor(failure, parts);
  const trunk = asked?.trunk.trunk ?? parts.trunk;
  const media = mediaStories(failure, { trunk, number: call.number ?? '' }, dialects);
  const [told] = media.values();
  const offered = told?.offered ?? offerOf(failure);
  const step = asked && policyStep(asked.question, asked.trunk, failure, call.endedAt);
  const { decidedBy, subAttempts = [] } = { ...failure, ...sip.evidence };
  const plain = decidedBy?.by === 'status' && !isOfBody(failure);
  const rows: readonly (readonly [string, string])[] = [
    [words.row.call, callText(call, parts)],
    [words.row.earlier, subAttempts.map(inviteText).map(shownValue).join('; ')],
    [words.row.answers, answersText(call, labels)],
    ['', noteOf(sip, call, labels)],
    [row.meaning, meaningText(failure, sheet, labels)],
    [row.fault, `${labels.fault[failure.fault]}. ${classes[failure.class].why}`],
    [row.class, failure.class],
    [words.row.because, decidedBy === undefined ? '' : becauseText(failure, labels)],
    [words.row.also, contradictionLines(failure).join('\n')],
    [words.row.said, saidLines(failure, labels).join('\n')],
    [words.row.offer, offered === undefined && told ? words.no_offer : codecLine(offered)],
    [words.row.accepts, codecLine(told?.accepts)],
    [words.row.common, told?.common ? codecLine(told.common) || '–' : ''],
    [words.row.differs, differenceLines(media).join('\n')],
    [row.do, (plain ? sheet?.rows.get('do') : undefined) ?? classes[failure.class].do],
    [row.default, treatmentText(failure, parts.treatments, labels)],
    [words.row.policy, step && asked ? policyText(step, asked, labels) : ''],
    ...PBX_ROWS.filter((pbx) => dialects.has(pbx)).map(
      (pbx) => [row[pbx], sheet?.rows.get(pbx) ?? ''] as const,
    ),
    [row.references, sheet?.rows.get('references') ?? ''],
  ];
  return {
    title: titleOf(failure, sip, labels),
    rows: rows.filter(([, text]) => text !== ''),
    facts: {
      ...callFacts(call),
      ...failureFacts(failure),
      ...(offered && { offered }),
      ...(media.size > 0 && { media: Object.fromEntries(media) }),
      ...(asked && step && { policy: policyFacts(step, asked) }),
    },
  };
}

/** What the text does not tell, and what is taken for it. */
function noteOf(
  { kind, evidence }: Failed,
  { transactions }: TracedCall,
  { story }: Labels,
): string {
  if (evidence.origin === 'ours' || transactions.some((one) => one.cancelled && !one.final))
    return story.cancelled;
  return kind === 'unfinished' ? story.silence : '';
}

function titleOf({ sip, phrase }: Failure, { kind, evidence }: Failed, { story }: Labels): string {
  if (sip !== undefined) return statusText(sip, phrase ?? '');
  const line = evidence.statusLine?.replace(/^SIP\/2\.0\s+/i, '');
  return kind === 'unfinished' || line === undefined ? story.no_final : shownValue(line);
}

function statusText(status: number, phrase: string): string {
  return `${status} ${shownValue(phrase)}`.trim();
}

function becauseText(failure: Failure, labels: Labels): string {
  if (isOfBody(failure)) return labels.story.by_body;
  return failure.decidedBy ? decidedText(failure.decidedBy, labels) : '';
}

function callText(call: TracedCall, { texts, unit }: StoryParts): string {
  const { story: words } = texts.labels;
  const where = fill(words[unit], { number: call.line });
  return [
    `${where}, Call-ID ${shownValue(call.callId)}`,
    call.target === undefined ? words.no_invite : `INVITE ${shownValue(call.target)}`,
    call.inDialog ? words.in_dialog : '',
  ]
    .filter(Boolean)
    .join('\n');
}

function answersText({ answers }: TracedCall, { story: words }: Labels): string {
  return answers
    .map(({ status, phrase, sdp }) => {
      const answer = statusText(status, phrase);
      return sdp ? fill(words.with_sdp, { answer }) : answer;
    })
    .join('; ');
}

/** Codecs of our audio, where no comparison names them. */
function offerOf({ evidence }: Failure): readonly string[] | undefined {
  const audio = evidence[0]?.offer?.streams.filter(({ type }) => type === 'audio') ?? [];
  const codecs = [...new Set(audio.flatMap((stream) => stream.codecs.map(codecText)))];
  return codecs.length === 0 ? undefined : codecs;
}

function policyText(
  step: PolicyStep,
  { trunk, question, file, lineAt }: AskedPolicy,
  { story: words }: Labels,
): string {
  const head = fill(words.policy_about, {
    trunk: trunk.trunk,
    number: trunk.number,
    file,
    hash: question.policy.hash,
  });
  const lines =
    step.kind === 'needs'
      ? [fill(words.policy_needs, { facts: step.facts.join(', ') })]
      : decisionLines(step, { lineAt, explained: true });
  return [head, trunk.assumed ? words.policy_assumed : '', ...lines]
    .filter(Boolean)
    .map(shownValue)
    .join('\n');
}
