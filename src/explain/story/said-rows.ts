import { warningText } from '../../codecs/mismatch';
import type { Contact, Failure, Statement } from '../../model/failure';
import { CARRIERS } from '../../model/carriers';
import { bodyRefusal } from '../../normalize/body-type';
import { reasonFields } from '../../records/log-fields';
import { fill, type Labels } from '../texts';
import { shownValue } from './shown';

/** Values of one header that are shown. */
const MOST_SHOWN = 8;

/** Everything that the far side said beside its status, one value a line. */
export function saidLines(failure: Failure, { story: words }: Labels): readonly string[] {
  const { evidence, retryAfterMs, redress } = failure;
  const [source] = evidence;
  const contacts = source?.contacts ?? [];
  const body = evidence.map(bodyRefusal).find((one) => one !== undefined);
  const taken = body?.taken;
  return [
    ...(reasonFields(failure).reasons ?? []).map((text) => fill(words.reason, { text })),
    ...(source?.warnings ?? [])
      .slice(0, MOST_SHOWN)
      .map((warning) => fill(words.warning, { text: warningText(warning) })),
    ...(retryAfterMs === undefined
      ? []
      : [fill(words.retry_after, { seconds: retryAfterMs / 1000 })]),
    ...contacts.slice(0, MOST_SHOWN).map((one) => fill(words.contact, { text: contactText(one) })),
    ...(body?.sent ? [fill(words.sent_body, { types: body.sent.types.join(', ') })] : []),
    ...(taken?.types ? [fill(words.taken_body, { types: taken.types.join(', ') || '–' })] : []),
    ...(taken?.encodings
      ? [fill(words.taken_encoding, { types: taken.encodings.join(', ') || '–' })]
      : []),
    ...[redress?.redressUrl, redress?.redressPhone].flatMap((text) =>
      text === undefined ? [] : [fill(words.redress, { text })],
    ),
  ].map(shownValue);
}

/** `+12025550125@gw.example.com`; a `tel:` has no host. */
export function contactText({ user, host }: Contact): string {
  return host === '' ? user : `${user}@${host}`;
}

/** What gave the class. */
export function decidedText(said: Statement, { story: words }: Labels): string {
  switch (said.by) {
    case 'phrase':
      return phraseText(said, words);
    case 'reason':
      return fill(words.by_reason, { reason: statedReason(said) });
    case 'origin':
      return words.by_origin;
    default:
      return said.list === undefined
        ? words.by_status
        : fill(words.by_list, { carrier: nameOf(said.list) });
  }
}

/** Whose phrase it is: the policy file's, one carrier's, or many carriers'. */
function phraseText({ phrase = '', list = 'shipped' }: Statement, words: Labels['story']): string {
  if (list === 'policy') return fill(words.by_own_phrase, { phrase });
  const template = list === 'shipped' ? words.by_phrase : words.by_list_phrase;
  return fill(template, { phrase, carrier: nameOf(list) });
}

function nameOf(carrier: string): string {
  return CARRIERS.get(carrier)?.name ?? carrier;
}

/** `Q.850 cause 17`, `SIP 486`, `STIR 433`, `v=analytics1`. */
function statedReason({ q850, sip, stir, analytics }: Statement): string {
  if (analytics) return 'v=analytics1';
  if (q850 !== undefined) return `Q.850;cause=${q850}`;
  if (sip !== undefined) return `SIP;cause=${sip}`;
  return stir === undefined ? 'STIR' : `STIR;cause=${stir}`;
}

/** What disagrees with it, one statement a line: `Q.850;cause=34 → trunk-congested`. */
export function contradictionLines({ contradictions }: Failure): readonly string[] {
  return contradictions
    .slice(0, MOST_SHOWN)
    .map((said) =>
      said.by === 'reason'
        ? `${statedReason(said)} → ${said.class}`
        : `${said.sip ?? said.by} → ${said.class}`,
    );
}
