import type { Evidence, Warning } from '../model/failure';
import type { Codec } from '../model/media';
import { clausesOf, type Polarity } from './polarity';
import { codecKey, codecsNamedIn, distinct } from './registry';

/** Things beside codecs that Warnings and phrases speak of. */
export type Topic =
  | 'encryption'
  | 'webrtc'
  | 'feedback'
  | 'private-address'
  | 'ip-version'
  | 'video'
  | 'fax'
  | 'ptime'
  | 'telephone-event'
  | 'bandwidth'
  | 'multicast';

/** Patterns of single words, so that none can take long on an untrusted text. */
const TOPICS: readonly (readonly [Topic, RegExp])[] = [
  ['encryption', /^(?:en|de)?crypt|^srtp|^s?des$|^sdes|^crypto|^savpf?$|^secure|^security|^cipher/],
  ['webrtc', /^webrtc$|^dtls|^fingerprint|^ice$/],
  ['feedback', /^s?avpf$/],
  ['private-address', /^private$|^nat$|^rfc1918$|^1918$|^unroutable$|^natted$/],
  ['ip-version', /^ip(?:v|p)?[46]$|^inet6$/],
  ['video', /^video/],
  ['fax', /^fax|^t38$|^udptl$|^image$/],
  ['ptime', /^ptime$|^maxptime$|^packeti[sz]ation$|^framing$/],
  ['telephone-event', /^telephoneevents?$|^dtmf$|^rfc2833$|^rfc4733$|^2833$|^4733$/],
  ['bandwidth', /^bandwidth$|^bitrate$/],
  ['multicast', /^multicast$/],
];

/** What the far side says in words: its Warnings and its reason phrase. */
export interface Spoken {
  /** In the order of the text. */
  readonly wanted: readonly Codec[];
  readonly refused: readonly Codec[];
  readonly topics: ReadonlyMap<Topic, Polarity>;
  /** `phrase` if no Warning names a wanted codec. */
  readonly from: 'warning' | 'phrase';
}

/** Warnings that may name codecs that the far side wants; every Warning may name one that it refuses. */
const OF_CODECS: ReadonlySet<number> = new Set([304, 305, 399]);

/** Reads all texts; a codec that one of them refuses is never wanted. */
export function spokenIn(warnings: readonly Warning[], phrase: string): Spoken {
  const texts = [...warnings.map(({ code, text }) => ({ code, text })), { code: 0, text: phrase }];
  const wanted: (Codec & { readonly spokenBy: number })[] = [];
  const refused: Codec[] = [];
  const topics = new Map<Topic, Polarity>();
  for (const { code, text } of texts) {
    for (const { words, polarity } of clausesOf(text, (word) => codecsNamedIn(word).length > 0)) {
      const codecs = codecsNamedIn(words.join(' '));
      if (polarity === 'refused') refused.push(...codecs);
      else if (polarity === 'wanted' && (code === 0 || OF_CODECS.has(code)))
        wanted.push(...codecs.map((codec) => ({ ...codec, spokenBy: code })));
    }
    for (const { words, polarity } of clausesOf(text, (word) => topicsOf(word).length > 0)) {
      for (const topic of words.flatMap(topicsOf)) {
        if (topics.get(topic) !== 'refused') topics.set(topic, polarity);
      }
    }
  }
  const no = new Set(refused.map(codecKey));
  const yes = wanted.filter((codec) => !no.has(codecKey(codec)));
  return {
    wanted: distinct(yes.map(({ spokenBy: _, ...codec }) => codec)),
    refused: distinct(refused),
    topics,
    from: yes.every(({ spokenBy }) => spokenBy === 0) ? 'phrase' : 'warning',
  };
}

function topicsOf(word: string): Topic[] {
  const plain = word.toLowerCase().replace(/[^a-z0-9]/g, '');
  return TOPICS.flatMap(([topic, pattern]) => (pattern.test(plain) ? [topic] : []));
}

/** The Warnings of the first source that can see headers. */
export function warningsIn(evidence: readonly Evidence[]): readonly Warning[] {
  return evidence.find(({ warnings }) => warnings !== undefined)?.warnings ?? [];
}

/** The reason phrase of the first source that has one. */
export function phraseIn(evidence: readonly Evidence[]): string {
  return evidence.find(({ phrase }) => phrase !== undefined)?.phrase ?? '';
}
