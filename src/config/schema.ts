import { z } from 'zod';
import { wordsOf } from '../model/words';
import { DIAL_STRING_EXPECTED, dialStringComplaint } from './dial-string';
import { digits, duration, emergencyNumber, failureClass, mailbox, sipStatus } from './fields';
import { ALWAYS, isMap, isRepeated, list, map, oneOrMore, unknown } from './parts';
import type { IssueParams } from './parts';
import { describe, listed, quote } from './problems';
import { closest } from './suggest';

const TREATMENTS = ['retry', 'voicemail', 'relay'];
const ONE_TREATMENT = 'Expected one of retry: next-trunk, voicemail: true, relay: true';
const ONLY_TRUE = 'Expected true, or leave the key out';

const actionKeys = {
  retry: z.literal('next-trunk', { error: 'Expected next-trunk' }).exactOptional(),
  voicemail: z.literal(true, { error: ONLY_TRUE }).exactOptional(),
  relay: z.literal(true, { error: ONLY_TRUE }).exactOptional(),
  log: z.enum(['info', 'warn', 'error'], { error: 'Expected info, warn or error' }).exactOptional(),
};
const action = map(actionKeys, '{ retry: next-trunk }').superRefine((written: unknown, context) => {
  if (!isMap(written)) return;
  const given = TREATMENTS.filter((key) => Object.hasOwn(written, key));
  const report = (message: string) =>
    context.addIssue({ code: 'custom', message, params: { expected: ONE_TREATMENT } });
  if (given.length > 1) report(`more than one treatment: ${given.join(', ')}`);
  // With a misspelt key in the map its own message says enough.
  const nothing = given.length === 0 && !Object.hasOwn(written, 'log');
  if (nothing && context.issues.length === 0) report('neither a treatment nor log');
}, ALWAYS);

const condition = map(
  {
    class: oneOrMore(failureClass).exactOptional(),
    sip: oneOrMore(sipStatus).exactOptional(),
  },
  '{ sip: 503 }',
).superRefine((written: unknown, context) => {
  if (!isMap(written) || Object.keys(written).length > 0 || context.issues.length > 0) return;
  const expected = 'Expected class or sip; leave when out for a rule that always matches';
  context.addIssue({ code: 'custom', message: 'empty condition', params: { expected } });
}, ALWAYS);

const rule = map({ when: condition.exactOptional(), do: action, else: action.exactOptional() });
const rules = list(rule, 'Expected a list of rules');

const FINAL_STATUS = 'Expected a final SIP status from 300 to 699';
const PHRASE = 'Expected up to 80 characters with at least one letter or digit';

const TRUNK_NAME = /^[a-z0-9][a-z0-9-]{0,30}$/;

const trunk = map({
  asterisk: z.string({ error: DIAL_STRING_EXPECTED }).superRefine((text, context) => {
    const complaint = dialStringComplaint(text);
    if (!complaint) return;
    const { message, ...more } = complaint;
    const params: IssueParams = { expected: DIAL_STRING_EXPECTED, ...more };
    context.addIssue({ code: 'custom', message, params });
  }),
  // Read by nothing yet; legal so that one file can already serve both kinds of PBX.
  freeswitch: z.string({ error: 'Expected a FreeSWITCH dial string' }).exactOptional(),
  first_response: duration('100ms', '32s').prefault('4s'),
  ring_timeout: duration('1s', '10m').prefault('30s'),
  rules: rules.prefault([]),
});

const route = map({
  digits,
  trunks: list(
    z.string({ error: 'Expected the name of a trunk' }),
    'Expected a list of trunk names',
  ).min(1, { error: 'Expected at least one trunk' }),
  mailbox: mailbox.exactOptional(),
  rules: rules.prefault([]),
});

const limits = map({
  attempts: z
    .int({ error: 'Expected an integer from 1 to 20' })
    .min(1, { error: 'Expected an integer from 1 to 20' })
    .max(20, { error: 'Expected an integer from 1 to 20' })
    .prefault(3),
  start_within: duration('1s', '5m').prefault('20s'),
  progress_grace: duration('0s', '1m').prefault('4s'),
});

const carrierPhrase = map(
  {
    sip: z
      .int({ error: FINAL_STATUS })
      .min(300, { error: FINAL_STATUS })
      .max(699, { error: FINAL_STATUS }),
    phrase: z
      .string({ error: PHRASE })
      .max(80, { error: PHRASE })
      .refine((text) => wordsOf(text) !== ' ', { error: PHRASE }),
    class: failureClass,
  },
  '{ sip: 403, phrase: "No money left", class: no-credit }',
);

/** The policy file as written, after its units are read and its defaults filled in. */
export const policySchema = map({
  version: z.literal(1, { error: 'Expected 1, the only version of this language' }),
  emergency: list(emergencyNumber, 'Expected a list of emergency numbers; [] where there are none'),
  trunks: z.record(z.string(), trunk, { error: 'Expected a map of trunks by name' }),
  routes: list(route, 'Expected a list of routes').min(1, { error: 'Expected at least one route' }),
  limits: limits.prefault({}),
  rules: rules.prefault([]),
  phrases: list(carrierPhrase, 'Expected a list of carrier phrases').prefault([]),
}).superRefine((written: unknown, context) => {
  if (!isMap(written) || !isMap(written['trunks'])) return;
  const known = Object.keys(written['trunks']);
  const report = (path: (string | number)[], message: string, params: IssueParams) =>
    context.addIssue({ code: 'custom', path, message, params: { ...params } });

  if (known.length === 0)
    report(['trunks'], 'no trunk', { expected: 'Expected at least one trunk' });
  for (const name of known.filter((name) => !TRUNK_NAME.test(name))) {
    const expected = 'Expected up to 31 of a-z 0-9 and -, beginning with a letter or a digit';
    report(['trunks', name], `not a trunk name: ${quote(name)}`, { expected, atKey: true });
  }

  const routes: readonly unknown[] = Array.isArray(written['routes']) ? written['routes'] : [];
  for (const [index, route] of routes.entries()) {
    const names: unknown = isMap(route) ? route['trunks'] : undefined;
    if (!Array.isArray(names)) continue;
    for (const [place, name] of names.entries()) {
      if (typeof name !== 'string') continue;
      const path = ['routes', index, 'trunks', place];
      if (!known.includes(name)) {
        const suggestion = closest(name, known);
        const expected = `Known trunks: ${listed(known)}`;
        report(path, unknown('trunk', name), { expected, ...(suggestion && { suggestion }) });
      } else if (isRepeated(names, place)) {
        report(path, `trunk ${describe(name)} twice in one route`, {
          expected: 'A hunt tries each trunk once',
        });
      }
    }
  }
}, ALWAYS);

/** What a valid policy file says, durations in milliseconds. */
export type PolicyText = z.output<typeof policySchema>;
export type RuleText = z.output<typeof rule>;
export type ActionText = z.output<typeof action>;

/** The rules that are shipped with crankback. */
export const defaultsSchema = map({ rules });
