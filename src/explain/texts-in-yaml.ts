/** The texts as translators write them. Apart from loadTexts: what is shipped has them as JSON, and loads neither yaml nor zod for it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { FAILURE_CLASSES } from '../model/classes';

const entry = z.strictObject({ meaning: z.string(), seen: z.string(), do: z.string() });
/** Meaning of a status or cause, when it occurs in the field, and what to do about it. */
export type Entry = z.output<typeof entry>;

const classEntry = z.strictObject({ why: z.string(), do: z.string() });
/** Why a failure of a class is that party's fault, and what to do about it. */
export type ClassEntry = z.output<typeof classEntry>;

const pair = z.strictObject({ of: z.tuple([z.int(), z.int()]), verdict: z.string() });
/** Two codes that are often taken for each other, and when to use which. */
export type Pair = z.output<typeof pair>;

const word = z.string();
const words = <Key extends string>(...keys: readonly Key[]) =>
  z.strictObject(Object.fromEntries(keys.map((key) => [key, word])) as Record<Key, typeof word>);

const story = z.strictObject({
  row: words(
    'call',
    'earlier',
    'answers',
    'because',
    'also',
    'said',
    'offer',
    'accepts',
    'common',
    'differs',
    'policy',
  ),
  ...words(
    'line',
    'message',
    'answered',
    'in_dialog',
    'no_invite',
    'no_offer',
    'no_final',
    'silence',
    'cancelled',
    'with_sdp',
    'by_itself',
    'by_status',
    'by_list',
    'by_phrase',
    'by_list_phrase',
    'by_own_phrase',
    'by_reason',
    'by_origin',
    'by_body',
    'reason',
    'warning',
    'retry_after',
    'contact',
    'sent_body',
    'taken_body',
    'taken_encoding',
    'redress',
    'policy_about',
    'policy_assumed',
    'policy_needs',
    'more',
  ).shape,
});

const trace = z.strictObject({
  error: words(
    'codes',
    'pbx',
    'at',
    'unreadable',
    'too_large',
    'empty',
    'utf16',
    'binary',
    'no_sip',
    'no_call',
    'no_response',
    'unknown_call',
    'no_tshark',
    'tshark',
    'trunk',
    'no_trunk',
  ),
  remark: words(
    'body-short',
    'body-long',
    'no-call-id',
    'no-cseq',
    'head-cut',
    'not-utf8',
    'unreadable',
    'no-sdp-in-export',
    'tshark-ended',
    'no-response',
  ),
});

const labels = z.strictObject({
  story,
  trace,
  row: words(
    'meaning',
    'fault',
    'class',
    'seen',
    'do',
    'default',
    'phrases',
    'closest',
    'retry_after',
    'asterisk',
    'freeswitch',
    'rfc3398',
    'references',
    'verdict',
  ),
  fault: words('caller', 'callee', 'number', 'trunk', 'media', 'request', 'unknown'),
  class: words('if_rang', 'if_ours', 'none'),
  status: words(
    'unregistered',
    'unregistered_seen',
    'listed',
    'listed_by',
    'unlisted',
    'unlisted_add',
    'unlisted_add_6xx',
    'listed_seen',
  ),
  treatment: words(
    'retry',
    'voicemail',
    'relay',
    'none',
    'cancelled',
    'log',
    'replaced',
    'rang',
    'refined',
  ),
  greeting: words('busy', 'unavailable'),
  retry_after: words('server', 'callee'),
  asterisk: words('sip', 'redirect', 'back', 'cause', 'unset', 'unmapped'),
  freeswitch: words('sip', 'redirect', 'back', 'cause', 'unset', 'above', 'override', 'foreign'),
  lost: words('shared', 'nothing'),
  rfc3398: words('sip', 'none', 'warning', 'cause', 'no_response'),
  cause: words(
    'assigned',
    'foreign',
    'own',
    'own_status',
    'own_cancelled',
    'own_timeout',
    'own_local',
    'own_absent',
    'own_redirected',
    'own_seen',
    'unanswered_seen',
    'own_do',
    'no_information',
  ),
  error: words(
    'empty',
    'status',
    'bare_cause',
    'cause',
    'unassigned',
    'unknown',
    'suggestion',
    'three',
  ),
});
/** Labels around the texts, with `{…}` to fill in. */
export type Labels = z.output<typeof labels>;

const byNumber = z.record(z.string().regex(/^\d+$/), entry);

/** @throws naming a text of the folder that is missing or unknown */
export function textsInYaml(folder: string, { phrases }: { readonly phrases: boolean }) {
  const file = <T>(name: string, schema: z.ZodType<T>): T =>
    schema.parse(parse(readFileSync(join(folder, `${name}.yaml`), 'utf8')));
  return {
    sip: file('sip', byNumber),
    causes: file('causes', byNumber),
    classes: file('classes', z.record(z.enum(FAILURE_CLASSES), classEntry)),
    pairs: file('pairs', z.array(pair)),
    phrases: phrases ? file('phrases', z.record(word, word)) : {},
    labels: file('labels', labels),
  };
}
