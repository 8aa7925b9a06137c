import fc from 'fast-check';
import { DEFAULT_HEALTH, type QualitySettings } from '../../src/policy/health-settings';
import { FAILURE_CLASSES, FAULT_OF } from '../../src/model/classes';
import type { Evidence, Failure } from '../../src/model/failure';
import type { Codec, MediaDescription } from '../../src/model/media';
import { normalize } from '../../src/normalize/normalize';
import type { AlertSettings } from '../../src/policy/alert-settings';
import type { Condition, ElapsedBound, HeaderAsked } from '../../src/policy/rules/condition';
import type { Hunt } from '../../src/policy/hunt';
import type { WholePolicy } from '../../src/policy/policy';
import type {
  Numbering,
  Action,
  CallerIdRule,
  NumberFormat,
  Reoffer,
  Route,
  Rule,
  Strategy,
  Treatment,
  Trunk,
  TrunkLimits,
} from '../../src/policy/policy-data';
import { indexed } from '../../src/policy/assembly';
import type { TrunkSnapshot } from '../../src/policy/trunk-snapshot';
import { START } from './policies';

/** Trunks of generated policies; the last one is only in routes, as after a change of the file. */
export const TRUNKS = ['a', 'b', 'c', 'gone'];
/** The last one is an emergency number in every generated policy. */
export const NUMBERS = [
  '1001',
  '200',
  '*9',
  '0301234567',
  '112',
  '+49301234567',
  '00431234567',
  '0',
];
const POLICY_TRUNKS = TRUNKS.slice(0, 3);

/** At most a few of these keys, so that conditions match sometimes. */
function some<T extends object>(model: { [Key in keyof T]: fc.Arbitrary<T[Key]> }, most: number) {
  const keys = Object.keys(model) as (keyof T)[];
  return fc
    .tuple(fc.record(model), fc.subarray(keys, { maxLength: most }))
    .map(([all, chosen]) => Object.fromEntries(chosen.map((key) => [key, all[key]])) as Partial<T>);
}

const anySip = fc.constantFrom(302, 403, 404, 415, 480, 486, 488, 500, 503, 600, 603, 606);
const anyPhrase = fc.constantFrom('Service Unavailable', 'No lines, full', 'Busy Here', '');

export const condition = some<Condition>(
  {
    class: fc.subarray([...FAILURE_CLASSES], { minLength: 1, maxLength: 12 }),
    fault: fc.subarray([...new Set(Object.values(FAULT_OF))], { minLength: 1 }),
    sip: fc.constantFrom(
      [{ from: 503, to: 503 }],
      [{ from: 400, to: 599 }],
      [{ from: 600, to: 699 }],
    ),
    phrase: fc.constantFrom(['*full*'], ['busy*', '*able'], ['*']),
    q850: fc.subarray([17, 34, 41], { minLength: 1 }),
    location: fc.subarray(['U', 'LN'], { minLength: 1 }),
    rang: fc.boolean(),
    progress: fc.boolean(),
    earlyMedia: fc.boolean(),
    attempt: fc.subarray([1, 2, 3], { minLength: 1 }),
    attemptsLeft: fc.subarray([0, 1, 2], { minLength: 1 }),
    header: fc.constantFrom<HeaderAsked>(
      { name: 'x-code' },
      { name: 'x-code', value: ['d1*', 'full'] },
      { name: 'warning', value: ['*'] },
    ),
    trunk: fc.subarray(POLICY_TRUNKS, { minLength: 1 }),
    digits: fc.constantFrom(['1*'], ['*']),
    from: fc.constantFrom(['+49*'], ['*']),
    context: fc.constant(['from-phones']),
    local: fc.boolean(),
    within: fc.constantFrom(200, 1000),
    elapsed: fc.record<ElapsedBound>({
      than: fc.constantFrom('more', 'less'),
      ms: fc.constantFrom(500, 1500),
    }),
    callerCountry: fc.constant(['DE']),
    calleeCountry: fc.subarray(['DE', 'US'], { minLength: 1 }),
    time: fc.constantFrom([{ days: [1], from: 0, to: 720 }], [{ days: [0, 1], from: 720, to: 60 }]),
  },
  2,
) as fc.Arbitrary<Condition>;

const CODECS: readonly Codec[] = [
  { name: 'PCMU', clockRate: 8000 },
  { name: 'PCMA', clockRate: 8000 },
  { name: 'G729', clockRate: 8000 },
];
const someCodecs = fc.shuffledSubarray([...CODECS]);

const reoffer = fc.record<Reoffer>(
  {
    codecs: fc.oneof(
      fc.constant('accepted-by-peer' as const),
      fc.shuffledSubarray([...CODECS], { minLength: 1 }),
    ),
    learn: fc.constant(true as const),
  },
  { requiredKeys: ['codecs'] },
);

const retryOptions = some({ evenAfterRinging: fc.constant(true as const) }, 1);
export const treatment: fc.Arbitrary<Treatment> = fc.oneof(
  fc
    .tuple(retryOptions, some({ anotherIdentity: fc.constant(true as const) }, 1))
    .map(([options, own]): Treatment => ({
      kind: 'retry',
      target: 'next-trunk',
      ...options,
      ...own,
    })),
  fc
    .tuple(
      retryOptions,
      fc.constantFrom(0, 500),
      fc.integer({ min: 1, max: 3 }),
      some({ reoffer }, 1),
    )
    .map(([options, delay, times, own]): Treatment => ({
      kind: 'retry',
      target: 'same-trunk',
      delay,
      times,
      ...options,
      ...own,
    })),
  fc.constantFrom<Treatment>(
    { kind: 'voicemail' },
    { kind: 'voicemail', location: { context: 'vm', extension: '{number}' } },
    { kind: 'voicemail', location: { context: 'vm', extension: '*97{number}' } },
    { kind: 'announce', play: 'sorry', answer: false },
    { kind: 'redirect', domains: ['*.example.com'], hops: 1 },
    { kind: 'redirect', trunks: ['b', 'c'], hops: 2 },
    { kind: 'relay' },
    { kind: 'relay', as: { sip: 480, phrase: 'Later' } },
  ),
);

const action: fc.Arbitrary<Action> = fc
  .tuple(
    treatment,
    some(
      { log: fc.constant('warn' as const), alert: fc.constant('x'), hold: fc.constant(1000) },
      2,
    ),
  )
  .map(([what, beside]) => ({ treatment: what, ...beside }));

const at = { file: 'p', line: 1, column: 1 };
const rule: fc.Arbitrary<Rule> = fc.record(
  {
    at: fc.integer({ min: 1, max: 999 }).map((line) => ({ ...at, line })),
    when: condition,
    do: action,
    else: action,
  },
  { requiredKeys: ['at', 'when', 'do'] },
);
const rules = fc.array(rule, { maxLength: 4 });

const QUALITY: QualitySettings = {
  asr: { share: 0.35, minimum: 50, window: 600_000 },
  ner: { share: 0.8, minimum: 20, window: 600_000 },
  pdd: { above: 8_000, minimum: 20, window: 300_000 },
  shortCalls: { share: 0.4, under: 10_000, minimum: 50, window: 3_600_000 },
};

const trunk = fc
  .record({
    number: fc.option(
      fc.constantFrom<NumberFormat>(
        { format: 'plus' },
        { format: 'national' },
        { strip: '1' },
        { prepend: '9' },
        { format: 'e164', strip: '49', prepend: '0' },
      ),
      { nil: undefined },
    ),
    callerId: fc.option(
      fc.constantFrom<CallerIdRule>(
        { allowed: ['+49*'], otherwise: '+4930' },
        { allowed: ['*'], otherwise: '1' },
        { allowed: ['+493X', '1XXX'], otherwise: '1001' },
      ),
      { nil: undefined },
    ),
    limits: fc.constantFrom<TrunkLimits>({}, { concurrentCalls: 1 }, { callsPerSecond: 2 }),
    health: fc.constantFrom(DEFAULT_HEALTH, { ...DEFAULT_HEALTH, quality: QUALITY }),
    rules,
  })
  .map(({ number, callerId, ...rest }) => ({
    ...rest,
    ...(number && { number }),
    ...(callerId && { callerId }),
  }));

const route = fc
  .record({
    digits: fc.constantFrom(['1XXX'], ['112'], ['0*'], ['*'], ['_[02].', '1X*']),
    when: fc.option(
      fc.record(
        {
          from: fc.constant(['+49*']),
          context: fc.constant(['from-phones']),
          time: fc.constant([{ days: [0, 1, 2, 3, 4], from: 480, to: 1080 }]),
        },
        { requiredKeys: [] },
      ),
      { nil: undefined },
    ),
    refuse: fc.option(fc.constantFrom({ sip: 403 }, { sip: 480, phrase: 'Not now' }), {
      nil: undefined,
      freq: 4,
    }),
    number: fc.option(
      fc.constantFrom<NumberFormat>(
        { strip: '1' },
        { prepend: '9' },
        { format: 'national' },
        { strip: '0', format: 'plus', prepend: '9' },
      ),
      { nil: undefined },
    ),
    trunks: fc.shuffledSubarray(TRUNKS, { minLength: 1 }),
    kind: fc.constantFrom<Strategy['kind']>('in-order', 'round-robin', 'weighted', 'best'),
    mailbox: fc.option(fc.constant('{number}@default'), { nil: undefined }),
    rules,
  })
  .map(({ kind, mailbox, when, refuse, number, ...rest }) => {
    if (refuse) {
      const strategy = { kind: 'in-order' as const };
      const { digits } = rest;
      return { at, digits, ...(when && { when }), refuse, trunks: [], strategy, rules: [] };
    }
    const weights = Object.fromEntries(rest.trunks.map((name, index) => [name, index * 10]));
    const strategy: Strategy = kind === 'weighted' ? { kind, weights } : { kind };
    return {
      at,
      strategy,
      ...rest,
      ...(when && { when }),
      ...(number && { number }),
      ...(mailbox !== undefined && { mailbox }),
    };
  });

/** What is told of changes no decision. */
const QUIET: AlertSettings = { when: { lasting: {}, counted: {} }, receivers: [] };
const TALKING: AlertSettings = {
  links: 'https://pbx.example.com',
  when: {
    lasting: { 'trunk-held': { for: 0 } },
    counted: { rule: { count: 1, window: 60_000 } },
    ner: { below: 0.8, attempts: 20, window: 60_000 },
  },
  receivers: [
    { name: 'page', way: { kind: 'command', argv: ['/usr/local/bin/page'] }, timeout: 1_000 },
  ],
};

/** Policies with the whole language, always with one route that takes any number. */
export const policies: fc.Arbitrary<WholePolicy> = fc
  .record({
    trunks: fc.tuple(trunk, trunk, trunk),
    routes: fc.array(route, { maxLength: 3 }),
    match: fc.constantFrom('first' as const, 'longest' as const),
    last: route
      .filter(({ trunks }) => trunks.length > 0)
      .map(({ when: _, ...rest }: Route) => ({ ...rest, digits: ['*'] })),
    limits: fc
      .record({
        attempts: fc.integer({ min: 1, max: 4 }),
        startWithin: fc.integer({ min: 0, max: 2000 }),
        progressGrace: fc.constantFrom(0, 4000),
        budget: fc.boolean(),
      })
      .map(({ budget, ...limits }) => ({
        ...limits,
        ...(budget && { retryBudget: { ratio: 0.2, minPerSecond: 10 } }),
      })),
    relay503: fc.boolean(),
    alerts: fc.option(fc.constantFrom<AlertSettings>(QUIET, TALKING), { nil: undefined }),
    numbering: fc.constantFrom<Numbering>(
      { countryCode: '49', nationalPrefix: '0', internationalPrefix: '00' },
      { country: 'US' },
    ),
    rules,
    defaults: rules,
  })
  .map(({ trunks, routes, last, relay503, alerts, ...rest }) =>
    indexed({
      ...(alerts && { alerts }),
      hash: '0'.repeat(12),
      mode: 'decide' as const,
      emergency: ['112'],
      timezone: 'Europe/Berlin',
      ...(relay503 && { relay503As: 500 }),
      ...(relay503 && { survive: 60_000 }),
      trunks: new Map(
        trunks.map((own, index) => {
          const name = TRUNKS[index] ?? '';
          const times = { firstResponse: 1, ringTimeout: 1 };
          return [name, { name, at, dial: { asterisk: 'PJSIP/{number}' }, ...times, ...own }];
        }),
      ),
      routes: [...routes, last],
      ...rest,
    }),
  );

const past = fc.record(
  {
    trunk: fc.constantFrom(...TRUNKS),
    sip: anySip,
    rang: fc.boolean(),
    reoffered: fc.constant(true as const),
  },
  { requiredKeys: ['trunk', 'rang'] },
);

/** Without most of what keeps a route from travelling, so that some do. */
export const plainPolicies = fc
  .tuple(policies, fc.array(fc.nat(3), { minLength: 8, maxLength: 8 }))
  .map(([policy, odd]) => {
    const isOdd = (at: number) => odd[at % odd.length] === 0;
    const trunks = [...policy.trunks].map(([name, trunk], at): [string, Trunk] => {
      const { callerId, ...rest } = trunk;
      const own = { ...rest, ...(callerId && { callerId }) };
      const shown = (odd[(at + 2) % odd.length] ?? 0) < 2 ? own : rest;
      return [name, isOdd(at) ? { ...trunk, ...own } : { ...shown, limits: {} }];
    });
    const routes = policy.routes.map((one, at): Route => {
      const { at: where, digits, trunks: names, mailbox, number, rules } = one;
      const isPlain = !isOdd(at + 3) && names.length > 0;
      const plain = {
        at: where,
        digits,
        trunks: names,
        rules,
        strategy: { kind: 'in-order' } as const,
        ...(number && isOdd(at + 5) && { number }),
      };
      return isPlain ? { ...plain, ...(mailbox !== undefined && { mailbox }) } : one;
    });
    return indexed({ ...policy, trunks: new Map(trunks), routes });
  });

/** The same, many of them with routes of several attempts. */
export const patientPolicies = fc.tuple(plainPolicies, fc.nat(2)).map(([policy, one]) => {
  if (one === 0) return policy;
  const { progressGrace } = policy.limits;
  const next: Rule = { at, when: {}, do: { treatment: { kind: 'retry', target: 'next-trunk' } } };
  const box: Rule = { at, when: { class: ['busy'] }, do: { treatment: { kind: 'voicemail' } } };
  return indexed({
    ...policy,
    limits: { progressGrace, attempts: 4, startWithin: 2000 },
    routes: policy.routes.map((each) => ({
      ...each,
      trunks: POLICY_TRUNKS,
      mailbox: '{number}@default',
    })),
    // What no random rule is in the way of, too.
    rules: one === 1 ? [...policy.rules, box, next] : [box, next],
  });
});

export const hunts: fc.Arbitrary<Hunt> = fc.record(
  {
    number: fc.constantFrom(...NUMBERS),
    startedAt: fc.constant(START),
    attempts: fc.array(past, { minLength: 1, maxLength: 4 }),
    from: fc.constantFrom('+4930', '1001', '1', 'anonymous', '+4930.x'),
    context: fc.constantFrom('from-phones', 'from-queue'),
    mailbox: fc.oneof(fc.constant('77@sales'), fc.string()),
    diverting: fc.constantFrom('1002', '200'),
    mailboxMissing: fc.boolean(),
    callerGone: fc.boolean(),
    contacts: fc.array(
      fc.record({
        user: fc.constantFrom('300', '112', '1&2', ''),
        host: fc.constantFrom('pbx.example.com', 'evil.example.org', ''),
      }),
      { maxLength: 2 },
    ),
    target: fc.constant('300'),
    hops: fc.nat(2),
    codecs: someCodecs,
    draw: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  },
  { requiredKeys: ['number', 'startedAt', 'attempts', 'mailboxMissing'] },
);

const description: fc.Arbitrary<MediaDescription> = someCodecs.map((codecs) => ({
  streams: [
    { type: 'audio', port: 4, profile: 'RTP/AVP', codecs, telephoneEvent: [], encryption: 'none' },
  ],
}));
const media = { offer: description, offered: someCodecs, refusal: description };

const headers = fc.subarray([
  { name: 'x-code', value: 'D12 full' },
  { name: 'x-code', value: 'E7' },
  { name: 'warning', value: '399 x "y"' },
]);

const evidence: fc.Arbitrary<Evidence> = fc.record(
  {
    source: fc.constant('test'),
    sip: anySip,
    phrase: anyPhrase,
    q850: fc.constantFrom(1, 17, 34, 41),
    rang: fc.boolean(),
    progress: fc.boolean(),
    earlyMediaMs: fc.constantFrom(0, 1, 4000, 4001),
    failedAfterMs: fc.constantFrom(0, 200, 201, 30_000),
    reasons: fc.constantFrom([{ protocol: 'Q.850', location: 'U' }], []),
    origin: fc.constantFrom('far', 'local', 'no-response', 'ours'),
    headers,
    ...media,
  },
  { requiredKeys: ['source', 'rang', 'progress', 'origin'] },
);
/** The PBX's report of a leg with a final status; the PBX does not see its headers. */
export const told: fc.Arbitrary<Evidence> = fc.record(
  {
    source: fc.constant('dialplan'),
    sip: anySip,
    phrase: anyPhrase,
    rang: fc.boolean(),
    progress: fc.boolean(),
    earlyMediaMs: fc.constantFrom(1, 4000, 4001),
    failedAfterMs: fc.constantFrom(0, 200, 201),
    origin: fc.constant('far' as const),
  },
  { requiredKeys: ['source', 'sip', 'rang', 'progress', 'origin'] },
);

/** The mirrored SIP of that leg: its status is the same, or was not seen. */
export const mirrored: fc.Arbitrary<Evidence> = fc
  .record(
    {
      sip: anySip,
      failedAfterMs: fc.constantFrom(0, 200, 201),
      reasons: fc.array(
        fc.record(
          {
            protocol: fc.constantFrom('Q.850', 'SIP'),
            cause: fc.integer({ min: 1, max: 127 }),
            location: fc.constantFrom('U', 'LN'),
          },
          { requiredKeys: ['protocol'] },
        ),
        { maxLength: 2 },
      ),
      sentBody: fc.constantFrom(
        { types: ['application/sdp'] },
        { types: ['multipart/mixed', 'application/sdp'] },
      ),
      takenBodies: fc.constantFrom({ types: ['application/sdp'] }, { types: [] }),
      headers,
      ...media,
    },
    { requiredKeys: [] },
  )
  .map((more) => ({ source: 'hep', rang: false, progress: false, origin: 'far', ...more }));

export const failures: fc.Arbitrary<Failure> = fc.array(evidence, { maxLength: 2 }).map(normalize);

export const moments = fc.integer({ min: START - 1000, max: START + 3000 });

const obstacle = fc.constantFrom(
  { kind: 'held' as const, why: 'held' },
  { kind: 'full' as const, why: 'full' },
);
export const trunkStates: fc.Arbitrary<TrunkSnapshot> = fc.record(
  {
    obstacles: fc.dictionary(fc.constantFrom(...TRUNKS), obstacle, { maxKeys: 2 }),
    retriesLeft: fc.integer({ min: -1, max: 2 }),
    turn: fc.nat(5),
    offers: fc.dictionary(fc.constantFrom(...TRUNKS), someCodecs, { maxKeys: 2 }),
    ranking: fc.record({ order: fc.shuffledSubarray(TRUNKS), why: fc.constant('as measured') }),
  },
  { requiredKeys: ['obstacles', 'turn'] },
);
