import { z } from 'zod';
import { isMap, list, map } from '../../../src/policy-file/schema/parts';
import { listed, quote } from '../../../src/policy-file/problems/problems';
import { NOTHING_LISTENING, TRUNKS, type Trunk } from '../layout';
import { PBXES, type PbxName } from '../pbx/name';

/** Names that a scenario may refer to: files in its folder or in the lab's own. */
export interface Vocabulary {
  /** `503` for sipp/uas-503.xml. */
  readonly behaviours: readonly string[];
  /** `call` for sipp/uac-call.xml. */
  readonly callers: readonly string[];
  /** `lab` for policies/lab.yaml. */
  readonly policies: readonly string[];
}

const text = z.string({ error: 'Expected a sentence' }).min(1, { error: 'Expected a sentence' });
const status = wholeNumber('Expected a final SIP status from 200 to 699', 200, 699);
const count = wholeNumber('Expected a number from 0 to 20', 0, 20);
const invites = z.union([count, z.literal('any')], {
  error: 'Expected a number from 0 to 20, or any',
});
const milliseconds = wholeNumber('Expected milliseconds, a whole number up to 60000', 0, 60_000);
const flag = z.boolean({ error: 'Expected true or false' });
const trunkName = z.enum(TRUNKS, { error: `Expected one of ${listed(TRUNKS)}` });
const greeting = z.enum(['busy', 'unavailable'], { error: 'Expected busy or unavailable' });

const decision = map({
  dial: trunkName.exactOptional(),
  voicemail: greeting.exactOptional(),
  relay: status.exactOptional(),
  announce: status.exactOptional(),
  redirect: trunkName.exactOptional(),
  rule: z.string({ error: 'Expected a part of the rule’s line, or built-in' }).exactOptional(),
}).superRefine((written, context) => {
  const { dial, voicemail, relay, announce, redirect } = written;
  const outcomes = [dial, voicemail, relay, announce, redirect];
  if (outcomes.filter((outcome) => outcome !== undefined).length === 1) return;
  const expected = 'Expected exactly one of dial, voicemail, relay, announce, redirect';
  context.addIssue({ code: 'custom', message: 'no single outcome', params: { expected } });
});

const scalar = z.union([z.string(), z.number(), z.boolean()], { error: 'Expected one value' });
const logLine = map({
  fields: z.record(z.string(), scalar, { error: 'Expected a map of fields' }).prefault({}),
  contains: z.string({ error: 'Expected a text' }).exactOptional(),
  times: count.prefault(1),
});

const window = map({ at_least: milliseconds.exactOptional(), at_most: milliseconds });
const textLine = map({
  contains: z.string({ error: 'Expected a text' }),
  times: count.prefault(1),
});

const sipText = map({
  at: z.enum([...TRUNKS, 'caller'], { error: `Expected caller or one of ${listed(TRUNKS)}` }),
  contains: z.string({ error: 'Expected a text' }),
  times: count.prefault(1),
});

const callerGets = z.union([status.transform((one) => [one]), list(status, 'Expected statuses')], {
  error: 'Expected a final SIP status from 200 to 699, or a list of those that may come',
});
const perTrunkInvites = map(perTrunk(invites));
const logLines = list(logLine, 'Expected a list of log lines');
const sipTexts = list(sipText, 'Expected a list of texts in SIP messages');
const pbxLines = list(textLine, 'Expected a list of lines of the PBX’s log');

const optionalExpectations = {
  decisions: list(decision, 'Expected a list of decisions').exactOptional(),
  handover_ms: map({
    at_least: milliseconds.exactOptional(),
    at_most: milliseconds.prefault(500),
  }).exactOptional(),
  voicemail: z
    .union([z.literal('any'), map({ greeting, message: flag.prefault(false) })])
    .exactOptional(),
  calls_ms: list(window, 'Expected a list, one entry for each call').exactOptional(),
  ended_by_bye: list(trunkName, 'Expected a list of trunks').exactOptional(),
  cdr: list(textLine, 'Expected a list of call detail records').exactOptional(),
};

/** Expectations that differ for one PBX. */
const differences = map({
  caller: callerGets.exactOptional(),
  invites: perTrunkInvites.exactOptional(),
  log: logLines.exactOptional(),
  sip: sipTexts.exactOptional(),
  pbx_log: pbxLines.exactOptional(),
  ...optionalExpectations,
}).exactOptional();

const expectation = map({
  caller: callerGets,
  invites: perTrunkInvites.prefault({}),
  log: logLines.prefault([]),
  sip: sipTexts.prefault([]),
  pbx_log: pbxLines.prefault([]),
  ...optionalExpectations,
  asterisk: differences,
  freeswitch: differences,
});

/** A remedy of a 488: refused with these settings of carrier-a and of the caller, answered once crankback's advice is applied. */
const proof = map({
  with: list(z.string({ error: 'Expected a setting of pjsip.conf' }), 'Expected settings').prefault(
    [],
  ),
  caller_with: list(
    z.string({ error: 'Expected a setting of pjsip.conf' }),
    'Expected settings',
  ).prefault([]),
  takes: z.string({ error: 'Expected what occurs in an offer that the carrier takes' }),
  session: list(z.string({ error: 'Expected a line of SDP' }), 'Expected lines of SDP'),
});

const moment = oneOfWords([
  'begin',
  ...TRUNKS.flatMap((trunk) => [`${trunk} invited`, `${trunk} failed`] as const),
  'caller rings',
  'caller answered',
]);

/** Possible disturbances of crankback and the PBX during a call. */
function disturbance(known: Vocabulary) {
  const action = z.union(
    [
      z.enum(['freeze', 'thaw', 'kill', 'start', 'restart']),
      map({ asterisk: z.string({ error: 'Expected a command of Asterisk’s CLI' }) }),
      map({ policy: oneOf('policy', known.policies) }),
    ],
    {
      error:
        'Expected freeze, thaw, kill, start, restart, { asterisk: "CLI command" } or { policy: name }',
    },
  );
  return map({ at: moment, wait_ms: milliseconds.prefault(0), do: action });
}

/** The language of the scenario files, docs/lab.md; `known` has the possible names. */
export function scenarioSchema(known: Vocabulary) {
  const behaviour = oneOf('behaviour', [NOTHING_LISTENING, ...known.behaviours]);
  return map({
    about: text,
    pbx: oneOfWords(PBXES).exactOptional(),
    number: z
      .union([z.string(), z.number()], { error: 'Expected a number to dial' })
      .transform(String),
    caller: oneOf('caller', known.callers).prefault('call'),
    policy: oneOf('policy', known.policies).prefault('lab'),
    invert: map({
      line: z.string({ error: 'Expected one line of the policy' }),
      to: z.string({ error: 'Expected what stands there instead' }),
    }).exactOptional(),
    carriers: map(perTrunk(behaviour)),
    crankback: z
      .enum(['running', 'stopped', 'frozen'], { error: 'Expected running, stopped or frozen' })
      .prefault('running'),
    fresh: flag.prefault(false),
    talk_ms: milliseconds.prefault(200),
    mirrored: flag.prefault(true),
    travels: flag.prefault(true),
    calls: wholeNumber('Expected a number of calls from 1 to 20', 1, 20).prefault(1),
    proves: proof.exactOptional(),
    long: flag.prefault(false),
    during_call: list(disturbance(known), 'Expected a list of disturbances').prefault([]),
    expect: expectation,
  }).superRefine((written: unknown, context) => {
    if (!isMap(written) || !isMap(written['carriers']) || !isMap(written['expect'])) return;
    const { carriers, crankback } = written;
    const { invites, decisions } = written['expect'];
    const refuse = (path: string[], message: string) =>
      context.addIssue({ code: 'custom', path: ['expect', ...path], message });
    for (const trunk of isMap(invites) ? Object.keys(invites) : []) {
      if (carriers[trunk] !== NOTHING_LISTENING) continue;
      refuse(['invites', trunk], `nobody can count INVITEs where nothing listens`);
    }
    if ((crankback === 'stopped' || crankback === 'frozen') && decisions !== undefined)
      refuse(['decisions'], `a ${crankback} crankback decides nothing`);
  });
}

export type Proof = z.output<typeof proof>;
export type Moment = z.output<typeof moment>;
export type Disturbance = z.output<ReturnType<typeof disturbance>>;
export type Scenario = z.output<ReturnType<typeof scenarioSchema>>;
export type Expectation = Omit<Scenario['expect'], PbxName>;
export type ExpectedDecision = z.output<typeof decision>;
export type ExpectedLogLine = z.output<typeof logLine>;

/** The expectations of a scenario with this PBX. */
export function expectedOn(pbx: PbxName, { expect }: Scenario): Expectation {
  const { asterisk, freeswitch, ...common } = expect;
  return { ...common, ...(pbx === 'asterisk' ? asterisk : freeswitch) };
}

function wholeNumber(error: string, least: number, most: number) {
  return z.int({ error }).min(least, { error }).max(most, { error });
}

function perTrunk<Value extends z.ZodType>(value: Value) {
  const shape = Object.fromEntries(TRUNKS.map((trunk) => [trunk, value.exactOptional()]));
  return shape as Record<Trunk, z.ZodExactOptional<Value>>;
}

function oneOfWords<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `Expected one of ${listed(words)}` });
}

/** A name from a list; `503` may be written without quotes. */
function oneOf(kind: string, names: readonly string[]) {
  const expected = `Known: ${listed(names)}`;
  return z.union([z.string(), z.number()], { error: expected }).transform((written, context) => {
    const name = String(written);
    if (!names.includes(name)) {
      const message = `unknown ${kind} ${quote(name)}`;
      context.addIssue({ code: 'custom', message, params: { expected } });
    }
    return name;
  });
}
