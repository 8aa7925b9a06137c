import * as z from 'zod';
import { CARRIER_NAMES } from '../../model/carriers';
import { isPbxName, PBX_NAME_EXPECTED } from '../../model/pbx-name';
import { wordsOf } from '../../model/words';
import { relayedStatus } from './action-fields';
import { action } from './action-schema';
import { alerts } from './alert-schema';
import { contextName, timeWindow } from './condition-fields';
import { condition } from './condition-schema';
import { crossCheck } from '../compile/cross-check';
import {
  DIAL_STRING_KINDS,
  dialStringComplaint,
  dialStringExpected,
  type DialStringKind,
} from './dial-string';
import { describe, listed } from '../problems/problems';
import {
  digits,
  duration,
  emergencyNumber,
  failureClass,
  integer,
  mailbox,
  scalar,
} from './fields';
import { country, countryCode, dialable, dialPrefix, percentage } from './number-fields';
import { ALWAYS, isMap, list, map, oneOrMore, optional } from './parts';
import type { IssueParams } from './parts';
import { columnName, tableFile } from './table-fields';
import { timeZone } from './time-zone';
import { leastShare, mostDelay, mostShortCalls } from './quality-fields';
import { tripRatio } from './trip-ratio';

const mode = z.enum(['decide', 'observe'], { error: 'Expected decide or observe' });

const rule = map({
  when: condition.apply(optional),
  do: action,
  else: action.apply(optional),
}).meta({ id: 'rule' });
const rules = list(rule, 'Expected a list of rules');

const FINAL_STATUS = 'Expected a final SIP status from 300 to 699';
const CARRIER = `Expected a carrier whose list is shipped: ${listed(CARRIER_NAMES)}`;
const PHRASE = 'Expected up to 80 characters with at least one letter or digit';

const numberFormat = map(
  {
    format: z
      .enum(['e164', 'plus', 'national'], { error: 'Expected e164, plus or national' })
      .apply(optional),
    strip: dialable.apply(optional),
    prepend: dialable.apply(optional),
  },
  '{ format: e164 }',
);

const trunkLimits = map(
  {
    concurrent_calls: integer(1, 100_000).apply(optional),
    calls_per_second: integer(1, 1_000).apply(optional),
    per: z.enum(['fleet', 'instance']).prefault('fleet'),
  },
  '{ concurrent_calls: 30, calls_per_second: 5 }',
);

const health = map({
  trip: map({
    consecutive: integer(1, 1_000).prefault(5),
    or: tripRatio.prefault('50% of 20 in 30s'),
    distinct_numbers: integer(1, 100).prefault(3),
  }).prefault({}),
  cooldown: duration('1s', '1h').prefault('30s'),
  max_cooldown: duration('1s', '24h').prefault('10m'),
  probe_calls: integer(1, 100).prefault(1),
  retry_after_max: duration('1s', '1h').prefault('60s'),
  asr: leastShare.apply(optional),
  ner: leastShare.apply(optional),
  pdd: mostDelay.apply(optional),
  short_calls: mostShortCalls.apply(optional),
  options_ping: map(
    { down: integer(1, 100).prefault(3), up: integer(1, 100).prefault(2) },
    '{ down: 3, up: 2 }',
  ).apply(optional),
});

function dialString(kind: DialStringKind) {
  const expected = dialStringExpected(kind);
  return z
    .string({ error: expected })
    .meta({ description: expected })
    .superRefine((text, context) => {
      const complaint = dialStringComplaint(text, kind);
      if (!complaint) return;
      const { message, ...more } = complaint;
      const params: IssueParams = { expected, ...more };
      context.addIssue({ code: 'custom', message, params });
    });
}

/** Dial strings by the PBX's name; at least one, see `dialStrings` in cross-check.ts. */
const dial = map(
  Object.fromEntries(
    Object.entries(DIAL_STRING_KINDS).map(([pbx, kind]) => [pbx, dialString(kind).apply(optional)]),
  ),
  `{ ${Object.entries(DIAL_STRING_KINDS)
    .map(([pbx, { example }]) => `${pbx}: "${example}"`)
    .join(', ')} }`,
);

const pbxName = scalar<string>(PBX_NAME_EXPECTED, (written) => {
  const value = String(written);
  if (isPbxName(value)) return { value };
  return { complaint: { message: `not a name for a PBX: ${describe(written)}` } };
});

const trunk = map({
  dial,
  pbx: oneOrMore(pbxName).apply(optional),
  mode: mode.apply(optional),
  carrier: z.enum(CARRIER_NAMES, { error: CARRIER }).apply(optional),
  number: numberFormat.apply(optional),
  caller_id: map(
    { allowed: oneOrMore(digits), else: dialable },
    '{ allowed: ["+4930*"], else: "+49305550100" }',
  ).apply(optional),
  first_response: duration('100ms', '32s').prefault('4s'),
  progress_timeout: duration('1s', '10m').prefault('15s'),
  ring_timeout: duration('1s', '10m').prefault('30s'),
  limits: trunkLimits.prefault({}),
  health: health.prefault({}),
  rules: rules.prefault([]),
});

const trunkName = z.string({ error: 'Expected the name of a trunk' });
const route = map({
  digits: oneOrMore(digits),
  from: oneOrMore(digits).apply(optional),
  context: oneOrMore(contextName).apply(optional),
  time: oneOrMore(timeWindow).apply(optional),
  trunks: list(trunkName, 'Expected a list of trunk names')
    .min(1, { error: 'Expected at least one trunk' })
    .apply(optional),
  refuse: relayedStatus.apply(optional),
  number: numberFormat.apply(optional),
  strategy: z
    .enum(['in-order', 'weighted', 'round-robin', 'best'], {
      error: 'Expected in-order, weighted, round-robin or best',
    })
    .prefault('in-order'),
  weights: z
    .record(z.string(), integer(0, 1_000), {
      error: 'Expected a share for each trunk, such as { carrier-a: 70, carrier-b: 30 }',
    })
    .apply(optional),
  mailbox: mailbox.apply(optional),
  mode: mode.apply(optional),
  rules: rules.prefault([]),
});

const TABLE = '{ file: rates.csv, prefix: Prefix, trunks: [First, Second] }';
const table = () =>
  map(
    {
      file: tableFile,
      prefix: columnName.prefault('prefix'),
      trunks: oneOrMore(columnName).apply(optional),
      cost: z
        .record(z.string(), columnName, {
          error:
            'Expected a column for each trunk, such as { carrier-a: Rate A, carrier-b: Rate B }',
        })
        .apply(optional),
      from: oneOrMore(digits).apply(optional),
      context: oneOrMore(contextName).apply(optional),
      time: oneOrMore(timeWindow).apply(optional),
      number: numberFormat.apply(optional),
      mailbox: mailbox.apply(optional),
      rules: rules.prefault([]),
    },
    TABLE,
  );
const tables = () =>
  oneOrMore(
    z.union([tableFile, table()], { error: `Expected the name of a CSV file, or ${TABLE}` }),
  );

const limits = map({
  attempts: integer(1, 20).prefault(3),
  start_within: duration('1s', '5m').prefault('20s'),
  progress_grace: duration('0s', '1m').prefault('4s'),
  retry_budget: map(
    { ratio: percentage, min_per_second: integer(0, 10_000) },
    '{ ratio: 20%, min_per_second: 10 }',
  ).apply(optional),
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

const numbering = map(
  {
    country: country.apply(optional),
    country_code: countryCode.apply(optional),
    national_prefix: dialPrefix('0', 0).apply(optional),
    international_prefix: dialPrefix('00', 1).apply(optional),
  },
  '{ country: DE }',
);

/** The getters are sections that take their time to be made, and that few files have. */
const SECTIONS = {
  version: z.literal(1, { error: 'Expected 1, the only version of this language' }),
  mode: mode.prefault('decide'),
  emergency: list(emergencyNumber, 'Expected a list of emergency numbers; [] where there are none'),
  match: z.enum(['first', 'longest'], { error: 'Expected first or longest' }).prefault('first'),
  timezone: timeZone.apply(optional),
  numbering: numbering.apply(optional),
  relay_503_as: z
    .literal(500, { error: 'Expected 500, or leave the key out: callers then get the 503' })
    .apply(optional),
  travel: z.enum(['on', 'off'], { error: 'Expected on or off' }).prefault('off'),
  survive: duration('1m', '720h').prefault('24h'),
  trunks: z.record(z.string(), trunk, { error: 'Expected a map of trunks by name' }),
  routes: list(route, 'Expected a list of routes').prefault([]),
  get routes_from() {
    return tables().apply(optional);
  },
  limits: limits.prefault({}),
  rules: rules.prefault([]),
  phrases: list(carrierPhrase, 'Expected a list of carrier phrases').prefault([]),
  get alerts() {
    return alerts().apply(optional);
  },
};

/** The policy file as written, with units read and defaults filled in. */
export const policySchema = checkedTogether(map(SECTIONS));

const SELDOM = ['routes_from', 'alerts'] as const;
const small = checkedTogether(map(leaving(SELDOM), undefined, Object.keys(SECTIONS)));

/**
 * The schema that accepts of a file with these contents what `policySchema` accepts, says the same of the rest, and is
 * made in less time.
 */
export function policySchemaFor(contents: unknown): z.ZodType<PolicyText> {
  const isSmall = isMap(contents) && SELDOM.every((key) => !Object.hasOwn(contents, key));
  return isSmall ? small : policySchema;
}

/** The other sections; getters are not run. */
function leaving(names: readonly string[]) {
  const kept = Object.entries(Object.getOwnPropertyDescriptors(SECTIONS)).filter(
    ([name]) => !names.includes(name),
  );
  return Object.defineProperties({}, Object.fromEntries(kept)) as Omit<
    typeof SECTIONS,
    (typeof SELDOM)[number]
  >;
}

function checkedTogether<Schema extends z.ZodType>(schema: Schema) {
  return schema.superRefine(checkTogether, ALWAYS);
}

function checkTogether(written: unknown, context: z.RefinementCtx) {
  for (const { path, message, ...params } of crossCheck(written)) {
    context.addIssue({ code: 'custom', path: [...path], message, params });
  }
}

/** The contents of a valid policy file, durations in milliseconds. */
export type PolicyText = z.output<typeof policySchema>;
export type TableText = z.output<ReturnType<typeof table>>;
export type RuleText = z.output<typeof rule>;
export type ActionText = z.output<typeof action>;

/** The rules shipped with crankback. */
export const defaultsSchema = map({ rules });
