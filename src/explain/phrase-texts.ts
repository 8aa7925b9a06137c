import { CARRIERS, type CarrierEntry } from '../model/carriers';
import { FAULT_OF, statusRow } from '../model/classes';
import { CARRIER_PHRASES, type CarrierPhrase } from '../model/phrases';
import { isStandardPhrase } from '../model/standard-phrase';
import { closestPhrases } from './closest-phrases';
import { fill, type Entry, type Texts } from './texts';

/** A phrase of a list, or what a carrier means by a bare status. */
export type Listed = Pick<CarrierEntry, 'sip' | 'class'> &
  Pick<CarrierPhrase, 'meaning' | 'carrier'> & { readonly phrase?: string };

/** What a status means with its phrase; for an unknown phrase also the line that adds it to a policy file. */
export function meaningText(
  sip: number,
  phrase: string | undefined,
  listed: Listed | undefined,
  { meaning: text }: Entry,
  texts: Texts,
): string {
  const { status } = texts.labels;
  if (listed) {
    const carrier = CARRIERS.get(listed.carrier ?? '')?.name ?? '';
    const values = { meaning: meaningOf(listed, texts), carrier, sip, text };
    return fill(carrier === '' ? status.listed : status.listed_by, values);
  }
  if (phrase === undefined || isStandardPhrase(sip, phrase)) return text;
  const quoted = JSON.stringify(phrase);
  const class_ = closestPhrases(sip, phrase)[0]?.class ?? statusRow(sip)?.class ?? 'unknown';
  const add = fill(status.unlisted_add, { sip, quoted, class: class_ });
  // RFC 3261 21.6: a 6xx is about the callee everywhere, whatever its class.
  const needsRule = sip >= 600 && FAULT_OF[class_] === 'trunk';
  const rule = needsRule ? `\n${fill(status.unlisted_add_6xx, { class: class_ })}` : '';
  return `${fill(status.unlisted, { sip, phrase, text })}\n${add}${rule}`;
}

/** Carriers' lists are written in English; elsewhere the words of the class stand for an entry. */
function meaningOf(entry: Listed, { phrases, classes, language }: Texts): string {
  if (entry.carrier !== undefined && language !== 'en')
    return classes[entry.class].why.replace(/[.\u3002]$/, '');
  return phrases[`${entry.sip} ${entry.phrase ?? ''}`] ?? entry.meaning ?? '';
}

/** `403 No Money Left → no-credit: …` */
export function closestLine(entry: CarrierPhrase, texts: Texts): string {
  return `${entry.sip} ${entry.phrase} → ${entry.class}: ${meaningOf(entry, texts)}`;
}

/** All phrases that are known on a status, one a line: the carrier's own first. */
export function knownPhrases(sip: number, texts: Texts, carrier: string | undefined): string {
  const entries = CARRIERS.get(carrier ?? '')?.entries ?? [];
  const own = entries.map((entry) => ({ ...entry, ...(carrier !== undefined && { carrier }) }));
  const here = [...own, ...CARRIER_PHRASES].filter((entry) => entry.sip === sip);
  return here
    .flatMap((entry) => {
      const said = 'code' in entry ? [entry.phrase, entry.code] : [entry.phrase];
      const words = said.filter((word) => typeof word === 'string').join(' ');
      return words === '' ? [] : [`"${words}" → ${entry.class}: ${meaningOf(entry, texts)}`];
    })
    .join('\n');
}
