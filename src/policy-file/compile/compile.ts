import { compileAlerts } from './alerts';
import { KNOWN_PHRASES } from '../../model/phrases';
import { leadsToPhones } from '../schema/dial-string';
import type { Condition, HeaderAsked } from '../../policy/rules/condition';
import type {
  Action,
  Limits,
  PolicyData,
  Route,
  RouteCondition,
  Numbering,
  Rule,
  Strategy,
  Trunk,
} from '../../policy/policy-data';
import type { HealthSettings } from '../../policy/health-settings';
import type { Path } from '../problems/problems';
import { tablePath } from '../tables/table-files';
import type { TableColumns, TableSpec } from '../tables/table-spec';
import type { ActionText, PolicyText, RuleText, TableText } from '../schema/policy-schema';
import type { YamlTree } from '../yaml/source';

/** Compiles a valid policy file for `decide`; hash and built-in rules are added elsewhere. */
export function compile(text: PolicyText, tree: YamlTree): Omit<PolicyData, 'hash' | 'defaults'> {
  const { timezone, numbering } = text;
  return {
    mode: text.mode,
    emergency: text.emergency,
    match: text.match,
    ...(timezone !== undefined && { timezone }),
    ...(numbering && { numbering: compileNumbering(numbering) }),
    ...(text.relay_503_as !== undefined && { relay503As: text.relay_503_as }),
    ...(text.travel === 'on' && { survive: text.survive }),
    trunks: new Map(
      Object.entries(text.trunks).map(([name, trunk]) => [name, compileTrunk(name, trunk, tree)]),
    ),
    routes: text.routes.map((route, index) => compileRoute(route, ['routes', index], tree)),
    limits: compileLimits(text.limits),
    rules: compileRules(text.rules, ['rules'], tree),
    phrases: KNOWN_PHRASES.with(text.phrases),
    ...(text.alerts && { alerts: compileAlerts(text.alerts) }),
  };
}

/** Of a file that `crossCheck` takes: a country, or the whole of a plan. */
function compileNumbering(text: NonNullable<PolicyText['numbering']>): Numbering {
  const { country, country_code, national_prefix, international_prefix } = text;
  if (country === undefined)
    return {
      countryCode: country_code ?? '',
      nationalPrefix: national_prefix ?? '',
      internationalPrefix: international_prefix ?? '',
    };
  return {
    country,
    ...(international_prefix !== undefined && { internationalPrefix: international_prefix }),
  };
}

function compileLimits(text: PolicyText['limits']): Limits {
  const budget = text.retry_budget;
  return {
    attempts: text.attempts,
    startWithin: text.start_within,
    progressGrace: text.progress_grace,
    ...(budget && {
      retryBudget: { ratio: budget.ratio, minPerSecond: budget.min_per_second },
    }),
  };
}

/** Rules in file order, each with its position. `path` leads to their list. */
export function compileRules(
  rules: readonly RuleText[],
  path: Path,
  tree: YamlTree,
): readonly Rule[] {
  return rules.map((rule, index) => ({
    at: tree.positionOf([...path, index]),
    when: compileCondition(rule.when),
    do: compileAction(rule.do),
    ...(rule.else && { else: compileAction(rule.else) }),
  }));
}

function compileTrunk(name: string, text: PolicyText['trunks'][string], tree: YamlTree): Trunk {
  const path = ['trunks', name];
  const { caller_id: callerId, limits } = text;
  return {
    name,
    at: tree.keyPositionOf(path),
    ...(text.mode && { mode: text.mode }),
    dial: text.dial,
    ...(text.pbx !== undefined && { pbxes: [text.pbx].flat() }),
    ...(text.carrier !== undefined && { carrier: text.carrier }),
    ...(leadsToPhones(text.dial) && { toPhones: true as const }),
    firstResponse: text.first_response,
    ...(text.progress_timeout < text.ring_timeout && { progressTimeout: text.progress_timeout }),
    ringTimeout: text.ring_timeout,
    ...(text.number && { number: text.number }),
    ...(callerId && {
      callerId: { allowed: [callerId.allowed].flat(), otherwise: callerId.else },
    }),
    limits: {
      ...(limits.concurrent_calls !== undefined && { concurrentCalls: limits.concurrent_calls }),
      ...(limits.calls_per_second !== undefined && { callsPerSecond: limits.calls_per_second }),
      ...(limits.per === 'instance' && { perInstance: true as const }),
    },
    health: compileHealth(text.health),
    rules: compileRules(text.rules, [...path, 'rules'], tree),
  };
}

function compileHealth({ trip, ...text }: PolicyText['trunks'][string]['health']): HealthSettings {
  const { asr, ner, pdd, short_calls: shortCalls } = text;
  const quality = {
    ...{ ...(asr && { asr }), ...(ner && { ner }) },
    ...{ ...(pdd && { pdd }), ...(shortCalls && { shortCalls }) },
  };
  return {
    trip: { consecutive: trip.consecutive, ratio: trip.or, distinctNumbers: trip.distinct_numbers },
    cooldown: text.cooldown,
    maxCooldown: text.max_cooldown,
    probeCalls: text.probe_calls,
    retryAfterMax: text.retry_after_max,
    ...(Object.keys(quality).length > 0 && { quality }),
    ...(text.options_ping && { ping: text.options_ping }),
  };
}

function compileRoute(text: PolicyText['routes'][number], path: Path, tree: YamlTree): Route {
  const when = routeCondition(text);
  return {
    at: tree.positionOf(path),
    digits: [text.digits].flat(),
    ...(when && { when }),
    ...(text.mode && { mode: text.mode }),
    trunks: text.trunks ?? [],
    ...(text.refuse && { refuse: text.refuse }),
    ...(text.number && { number: text.number }),
    strategy: strategyOf(text),
    ...(text.mailbox !== undefined && { mailbox: text.mailbox }),
    rules: compileRules(text.rules, [...path, 'rules'], tree),
  };
}

/** What the policy file says of its route tables, in the order of the file. */
export function compileTables(
  { routes_from: given }: PolicyText,
  tree: YamlTree,
): readonly TableSpec[] {
  if (given === undefined) return [];
  const isList = Array.isArray(given);
  return [given].flat().map((written, index) => {
    const path = ['routes_from', ...(isList ? [index] : [])];
    const text: TableText =
      typeof written === 'string' ? { file: written, prefix: 'prefix', rules: [] } : written;
    const when = routeCondition(text);
    const at = tree.positionOf(path);
    return {
      at,
      named: text.file,
      file: tablePath(at.file, text.file),
      columns: columnsOf(text),
      shared: {
        ...(when && { when }),
        ...(text.number && { number: text.number }),
        strategy: { kind: 'in-order' },
        ...(text.mailbox !== undefined && { mailbox: text.mailbox }),
        rules: compileRules(text.rules, [...path, 'rules'], tree),
      },
    };
  });
}

function columnsOf({ prefix, trunks = 'trunks', cost }: TableText): TableColumns {
  if (cost) return { prefix, trunks: { kind: 'cost', of: cost } };
  return { prefix, trunks: { kind: 'preference', columns: [trunks].flat() } };
}

function routeCondition({
  from,
  context,
  time,
}: Pick<PolicyText['routes'][number], 'from' | 'context' | 'time'>): RouteCondition | undefined {
  if (from === undefined && context === undefined && time === undefined) return undefined;
  return {
    ...(from !== undefined && { from: [from].flat() }),
    ...(context !== undefined && { context: [context].flat() }),
    ...(time !== undefined && { time: [time].flat() }),
  };
}

function strategyOf({ strategy, weights = {} }: PolicyText['routes'][number]): Strategy {
  return strategy === 'weighted' ? { kind: strategy, weights } : { kind: strategy };
}

const LISTS = [
  'class',
  'fault',
  'sip',
  'phrase',
  'q850',
  'location',
  'attempt',
  'trunk',
  'digits',
  'from',
  'context',
  'time',
] as const satisfies readonly (keyof Condition)[];

function compileCondition(text: RuleText['when']): Condition {
  if (!text) return {};
  const { early_media: earlyMedia, rang, progress, local, within, elapsed, header } = text;
  const lists = LISTS.flatMap((key) =>
    text[key] === undefined ? [] : [[key, [text[key]].flat()] as const],
  );
  const {
    attempts_left: attemptsLeft,
    caller_country: callerCountry,
    callee_country: calleeCountry,
  } = text;
  return {
    ...(Object.fromEntries(lists) as Pick<Condition, (typeof LISTS)[number]>),
    ...(rang !== undefined && { rang }),
    ...(progress !== undefined && { progress }),
    ...(earlyMedia !== undefined && { earlyMedia }),
    ...(local !== undefined && { local }),
    ...(within !== undefined && { within }),
    ...(elapsed && { elapsed }),
    ...(header && { header: compileHeader(header) }),
    ...(attemptsLeft !== undefined && { attemptsLeft: [attemptsLeft].flat() }),
    ...(callerCountry !== undefined && { callerCountry: [callerCountry].flat() }),
    ...(calleeCountry !== undefined && { calleeCountry: [calleeCountry].flat() }),
  };
}

function compileHeader({
  name,
  value,
}: NonNullable<NonNullable<RuleText['when']>['header']>): HeaderAsked {
  return { name, ...(value !== undefined && { value: [value].flat() }) };
}

function compileAction(text: ActionText): Action {
  return {
    treatment: treatmentOf(text),
    ...(text.log && { log: text.log }),
    ...(text.alert !== undefined && { alert: text.alert }),
    ...(text.trunk && { hold: text.trunk.hold }),
  };
}

function treatmentOf(text: ActionText): Action['treatment'] {
  const { retry, voicemail, announce, redirect, relay } = text;
  if (retry) return { kind: 'retry', ...targetOf(text, retry), ...retryOptions(text) };
  if (voicemail === true) return { kind: 'voicemail' };
  if (voicemail) return { kind: 'voicemail', location: voicemail };
  if (typeof announce === 'string') return { kind: 'announce', play: announce, answer: false };
  if (announce) return { kind: 'announce', play: announce.play, answer: announce.answer ?? false };
  if (redirect) {
    const { domains, trunks, hops } = redirect;
    return {
      kind: 'redirect',
      hops,
      ...(domains !== undefined && { domains: [domains].flat() }),
      ...(trunks !== undefined && { trunks: [trunks].flat() }),
    };
  }
  // Also if only `log` is given: a log entry changes nothing for the caller.
  if (relay === undefined || relay === true) return { kind: 'relay' };
  const { as, retry_after: retryAfter } = relay;
  return { kind: 'relay', as: { ...as, ...(retryAfter !== undefined && { retryAfter }) } };
}

function targetOf(
  { delay = 0, times = 1, another_identity, codecs, learn }: ActionText,
  retry: 'next-trunk' | 'same-trunk',
) {
  const reoffer = codecs && { codecs, ...(learn && { learn }) };
  if (retry === 'same-trunk') return { target: retry, delay, times, ...(reoffer && { reoffer }) };
  return { target: retry, ...(another_identity && { anotherIdentity: another_identity }) };
}

function retryOptions({ even_after_ringing }: ActionText) {
  return even_after_ringing ? { evenAfterRinging: even_after_ringing } : {};
}
