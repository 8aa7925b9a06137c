import type { Evidence, Failure } from '../model/failure';
import { KNOWN_PHRASES, type PhraseBook } from '../model/phrases';
import { normalize } from '../normalize/normalize';
import type { Policy } from './policy';

/**
 * The failure of one attempt on a trunk of the policy. A phone that is not registered, or does not respond, is its
 * user's absence: on a trunk to phones nothing has failed that the next call could meet.
 */
export function failureOf(
  evidence: readonly Evidence[],
  policy: Pick<Policy, 'trunks' | 'phrases' | 'index'>,
  trunk: string,
): Failure {
  const asked = evidence.map((source) => onlyHeaders(policy.index.headers, source));
  const failure = normalize(asked, phrasesOf(policy, trunk));
  if (policy.trunks.get(trunk)?.toPhones !== true || !isAbsence(failure)) return failure;
  const absent = { class: 'unavailable', fault: 'callee' } as const;
  const { decidedBy } = failure;
  return { ...failure, ...absent, ...(decidedBy && { decidedBy: { ...decidedBy, ...absent } }) };
}

/** The phrases that hold on a trunk: those of its carrier, too. */
export function phrasesOf(
  { trunks, phrases = KNOWN_PHRASES }: Pick<Policy, 'trunks' | 'phrases'>,
  trunk: string,
): PhraseBook {
  return phrases.of(trunks.get(trunk)?.carrier);
}

/** The evidence with the headers that rules ask for: whatever else a carrier sends is not kept. */
function onlyHeaders(names: ReadonlySet<string>, evidence: Evidence): Evidence {
  const { headers } = evidence;
  if (!headers || (names.size > 0 && headers.every(({ name }) => names.has(name)))) return evidence;
  // Some fields are read on demand, which a spread would do at once.
  const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(evidence)) as {
    headers?: Evidence['headers'];
  } & Evidence;
  if (names.size === 0) delete copy.headers;
  else copy.headers = headers.filter(({ name }) => names.has(name));
  return copy;
}

/** Nothing could be sent, or nothing came back; a status, a 503 of a phone too, says more. */
function isAbsence({ class: name, sip }: Failure): boolean {
  return sip === undefined && (name === 'local-unreachable' || name === 'trunk-timeout');
}
