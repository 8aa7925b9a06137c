import type { FailureColumns, JournalEntry } from '../../../src/journal/entry';

/** Calls of one hour; the bench multiplies them. */
export const CALLS_OF_HOUR = 15_000;
export const HOUR_MS = 3_600_000;
const ROUTES = 8;
const CALLERS = 5_000;
/** Of every five calls one shows it, as where a company shows one number. */
export const MAIN_CALLER = '+4930900000';
export const ROUTE_DIGITS = Array.from({ length: ROUTES }, (_, route) => `+4${route}*`);
/** A route's own two trunks, and one that it shares. */
const trunksOf = (route: number): readonly string[] => [
  `carrier-${2 * route}`,
  `carrier-${2 * route + 1}`,
  `carrier-${16 + (route % 4)}`,
];
export const TRUNKS = Array.from({ length: 20 }, (_, index) => `carrier-${index}`);
/** One an hour. */
export const RARE_CLASS = 'no-credit';

const KINDS = [
  { class: 'trunk-congested', fault: 'trunk', sip: 503, phrase: 'Service Unavailable' },
  { class: 'busy', fault: 'callee', sip: 486, phrase: 'Busy Here' },
  { class: 'trunk-congested', fault: 'trunk', sip: 503, phrase: 'No Circuit Available' },
  { class: 'unavailable', fault: 'callee', sip: 480, phrase: 'Temporarily Unavailable' },
  { class: 'blocked', fault: 'caller', sip: 603, phrase: 'Network Blocked' },
] as const;

/** Of the length that a real decision has, first and after a failure. Characters. */
const FIRST_DECISION = JSON.stringify({ decision: 'd'.repeat(200), inputs: 'i'.repeat(240) });
const NEXT_DECISION = JSON.stringify({ decision: 'd'.repeat(220), inputs: 'i'.repeat(740) });
const EVIDENCE = 'e'.repeat(260);

/**
 * What the service tells of the call of this index: three of four are answered at once, one of twenty fails twice, some
 * end in a mailbox, as a relay or on the static fallback. Beside two of three calls,
 * the user's own dialplan makes an attempt.
 * @param start of the hour; Unix time in milliseconds
 */
export function callEntries(start: number, index: number): readonly JournalEntry[] {
  const at = start + Math.floor((index * HOUR_MS) / CALLS_OF_HOUR);
  const of = { pbx: index % 7 === 0 ? 'freeswitch' : 'asterisk', hunt: huntId(start, index) };
  const route = index % ROUTES;
  const trunks = trunksOf(route);
  const failures = index % 200 === 0 ? 3 : index % 20 === 0 ? 2 : index % 4 === 0 ? 1 : 0;
  const isVoicemail = index % 52 === 0;
  const isAnswered = failures < 3 && !isVoicemail;
  const caller = index % 5 === 2 ? MAIN_CALLER : callerOf(index);
  const entries: JournalEntry[] = [
    {
      ...{ kind: 'hunt', at, ...of, leg: 'PJSIP/caller-00000001', number: numberOf(index) },
      ...{ callerCallId: callIdOf(start, index, 'a'), policy: 'abc', route: `+4${route}*` },
    },
  ];
  let now = at + 5;
  for (const [nth, trunk] of trunks.slice(0, failures + (isAnswered ? 1 : 0)).entries()) {
    entries.push(decision(of, now, nth, { outcome: 'dial', trunk, caller }));
    const leg = { id: `${at}.${nth}${index}`, callId: callIdOf(start, index, `b${nth}`) };
    const times = { ...leg, invitedAt: now + 2, firstResponseAt: now + 20, ...ENDS };
    if (nth < failures) {
      const ended = { ...times, endedAt: now + 400 };
      entries.push({ kind: 'timed', at: now + 400, ...of, trunk, times: ended });
      const failure = failureOf(index, nth);
      entries.push({
        ...{ kind: 'attempt-end', at: now + 400, ...of, trunk, completes: false, failure },
      });
      now += 405;
      continue;
    }
    const talking = { ...times, rangAt: now + 1_200, answeredAt: now + 4_000 };
    entries.push(
      { kind: 'answered', at: now + 4_000, ...of, trunk },
      {
        ...{ kind: 'timed', at: now + 90_000, ...of, trunk },
        times: { ...talking, endedAt: now + 90_000, codecs: ['PCMA', 'telephone-event'] },
      },
    );
  }
  if (isVoicemail) entries.push(decision(of, now, failures, { outcome: 'voicemail' }));
  else if (!isAnswered) entries.push(decision(of, now, failures, { outcome: 'relay', sip: 503 }));
  if (index % 2_000 === 7)
    entries.push({ kind: 'not-carried-out', at: now, ...of, why: 'no answer in time' });
  entries.push({ kind: 'hunt-end', at: now + (isAnswered ? 90_000 : 5_000), ...of });
  if (index % 3 > 0) entries.push(observed(at, index, trunks[0] ?? ''));
  if (index % 1_000 === 0) entries.push(...held(at, trunks[0] ?? ''));
  return entries;
}

/** For a minute. */
function held(at: number, trunk: string): readonly JournalEntry[] {
  const until = at + 60_000;
  const change = (from: string, to: string, when: number): JournalEntry => ({
    ...{ kind: 'trunk', at: when, trunk, side: 'calls', from, to },
    detail: JSON.stringify({ from, to: { phase: to, hold: { until, reason: 'faults' } } }),
  });
  return [change('closed', 'held', at), change('held', 'closed', until)];
}

/** In the hour. */
export function attemptsOfHour(): number {
  const all = Array.from({ length: CALLS_OF_HOUR }, (_, index) => callEntries(0, index)).flat();
  const begins = (entry: JournalEntry): boolean =>
    entry.kind === 'observed' || (entry.kind === 'decision' && entry.outcome === 'dial');
  return all.filter(begins).length;
}

const ENDS = { local: '192.0.2.1:5060', far: '192.0.2.200:5060' };

export const huntId = (start: number, index: number): string =>
  `${Math.floor(start / 1000)}.${index}@${start}`;
/** As long as Asterisk's. */
export const callIdOf = (start: number, index: number, leg: string): string =>
  `${start}-${String(index).padStart(8, '0')}-4a4a-90b7-f25577b${leg}`;
export const numberOf = (index: number): string =>
  `+4${index % ROUTES}${170_000_000 + ((index * 7919) % 99_999_989)}`;
export const callerOf = (index: number): string => `+4930${10_000 + (index % CALLERS)}`;

function decision(
  of: { readonly pbx: string; readonly hunt: string },
  at: number,
  nth: number,
  more: {
    readonly outcome: string;
    readonly trunk?: string;
    readonly sip?: number;
    caller?: string;
  },
): JournalEntry {
  const detail = nth === 0 ? FIRST_DECISION : NEXT_DECISION;
  const rule = { ruleFile: '/etc/crankback/policy.yaml', ruleLine: 40 + nth };
  return {
    kind: 'decision',
    ...of,
    at,
    on: nth === 0 ? 'route' : 'failed',
    ...rule,
    detail,
    ...more,
  };
}

function failureOf(index: number, nth: number): FailureColumns {
  const isRare = index === 4_000 && nth === 0;
  const kind = KINDS[(Math.floor(index / 4) + nth) % KINDS.length] ?? KINDS[0];
  const columns = isRare ? { ...kind, class: RARE_CLASS, sip: 402 } : kind;
  const detail = JSON.stringify({ ...columns, rang: false, origin: 'far', evidence: EVIDENCE });
  return { ...columns, rang: false, detail };
}

function observed(at: number, index: number, trunk: string): JournalEntry {
  const legId = `observed-${at}.${index}`;
  const leg = 'PJSIP/carrier-00000002';
  const told = { legId, leg, number: numberOf(index + 1), trunk, known: true, ms: 4_000 };
  const failure = index % 9 === 1 ? { failure: failureOf(index, 1) } : {};
  return { kind: 'observed', at: at + 4_000, pbx: 'asterisk', ...told, ...failure };
}
