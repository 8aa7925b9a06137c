import * as z from 'zod';
import { alertName, codecName, domain, extension, recording, relayedStatus } from './action-fields';
import { duration, integer } from './fields';
import { ALWAYS, isMap, list, map, oneOrMore, optional } from './parts';
import type { IssueParams } from './parts';
import { contextName } from './condition-fields';

const TREATMENTS = ['retry', 'voicemail', 'announce', 'redirect', 'relay'];
const ONE_TREATMENT =
  'Expected one of retry: next-trunk, retry: same-trunk, voicemail: true, announce, redirect, relay: true';
const ONLY_TRUE = 'Expected true, or leave the key out';
const onlyTrue = z.literal(true, { error: ONLY_TRUE });
const trunkName = z.string({ error: 'Expected the name of a trunk' });

/** Keys that qualify a retry, and the target that they need. */
const RETRY_OPTIONS: Readonly<Record<string, 'next-trunk' | 'same-trunk' | undefined>> = {
  delay: 'same-trunk',
  times: 'same-trunk',
  another_identity: 'next-trunk',
  even_after_ringing: undefined,
  codecs: 'same-trunk',
  learn: 'same-trunk',
};

const location = map(
  { context: contextName, extension },
  '{ context: company-voicemail, extension: "{number}" }',
);
const CODECS = 'Expected accepted-by-peer, or a list of codecs in order, such as [alaw, ulaw]';

const actionKeys = {
  retry: z
    .enum(['next-trunk', 'same-trunk'], { error: 'Expected next-trunk or same-trunk' })
    .apply(optional),
  delay: duration('0s', '30s').apply(optional),
  times: integer(1, 19).apply(optional),
  even_after_ringing: onlyTrue.apply(optional),
  another_identity: onlyTrue.apply(optional),
  codecs: z
    .union([
      z.literal('accepted-by-peer', { error: CODECS }),
      list(codecName, CODECS).min(1, { error: CODECS }),
    ])
    .apply(optional),
  learn: onlyTrue.apply(optional),
  voicemail: z
    .union([
      z.literal(true, { error: `${ONLY_TRUE}, or give a context and an extension` }),
      location,
    ])
    .apply(optional),
  announce: z
    .union([
      recording,
      map({ play: recording, answer: onlyTrue.apply(optional) }, '{ play: ss-noservice }'),
    ])
    .apply(optional),
  redirect: map(
    {
      domains: oneOrMore(domain).apply(optional),
      trunks: oneOrMore(trunkName).apply(optional),
      hops: integer(1, 5).prefault(1),
    },
    '{ domains: "*.example.com", hops: 1 }',
  )
    .superRefine((written: unknown, context) => {
      if (!isMap(written) || context.issues.length > 0) return;
      if (Object.hasOwn(written, 'domains') || Object.hasOwn(written, 'trunks')) return;
      const expected = 'Expected domains, trunks or both: anything else would be toll fraud';
      const params: IssueParams = { finding: 'CB1210', expected };
      context.addIssue({ code: 'custom', message: 'redirect to anywhere', params });
    }, ALWAYS)
    .apply(optional),
  relay: z
    .union([
      z.literal(true, { error: 'Expected true, or { as: 480 } for another status' }),
      map(
        { as: relayedStatus, retry_after: duration('1s', '24h').apply(optional) },
        '{ as: 503, retry_after: 30s }',
      ),
    ])
    .apply(optional),
  log: z.enum(['info', 'warn', 'error'], { error: 'Expected info, warn or error' }).apply(optional),
  alert: alertName.apply(optional),
  trunk: map({ hold: duration('1s', '24h') }, '{ hold: 15m }').apply(optional),
};

/** A rule's `do` or `else`: one treatment, and log, alert and hold. */
export const action = map(actionKeys, '{ retry: next-trunk }')
  .superRefine((written: unknown, context) => {
    if (!isMap(written)) return;
    const report = (message: string, expected: string, path: string[] = []) =>
      context.addIssue({
        code: 'custom',
        path,
        message,
        params: { expected, atKey: path.length > 0 },
      });
    const given = TREATMENTS.filter((key) => Object.hasOwn(written, key));
    if (given.length > 1) report(`more than one treatment: ${given.join(', ')}`, ONE_TREATMENT);
    for (const [key, target] of Object.entries(RETRY_OPTIONS)) {
      if (!Object.hasOwn(written, key)) continue;
      const { retry } = written;
      if (retry !== undefined && (target === undefined || retry === target)) continue;
      const wrong = typeof retry === 'string' ? `beside retry: ${retry}` : 'without a retry';
      const expected = `Expected beside retry: ${target ?? 'next-trunk or same-trunk'}`;
      report(`"${key}" ${wrong}`, expected, [key]);
    }
    if (Object.hasOwn(written, 'learn') && !Object.hasOwn(written, 'codecs'))
      report('"learn" without codecs', 'Expected beside codecs', ['learn']);
    if (Object.hasOwn(written, 'times') && Object.hasOwn(written, 'codecs'))
      report('"times" beside codecs', 'Expected none: a trunk gets one re-offer', ['times']);
    // A misspelt key has its own message, which is enough.
    const beside = ['log', 'alert', 'trunk'].some((key) => Object.hasOwn(written, key));
    if (given.length === 0 && !beside && context.issues.length === 0) {
      report('neither a treatment nor log, alert or trunk', ONE_TREATMENT);
    }
  }, ALWAYS)
  .meta({ id: 'action' });
