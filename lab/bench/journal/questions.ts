import type { JournalQuestions } from '../../../src/journal/thread/protocol';
import {
  callerOf,
  callIdOf,
  CALLS_OF_HOUR,
  HOUR_MS,
  huntId,
  MAIN_CALLER,
  numberOf,
  RARE_CLASS,
  ROUTE_DIGITS,
  TRUNKS,
} from './sample';

/** A question of an operator, each time about something else. */
export interface BenchQuestion {
  readonly name: string;
  /** @param nth time that it is asked */
  readonly ask: (nth: number) => Asked;
}

export type Asked = {
  [Name in keyof JournalQuestions]: {
    readonly question: Name;
    readonly asked: JournalQuestions[Name]['asked'];
  };
}[keyof JournalQuestions];

export interface BenchPeriod {
  /** Unix time in milliseconds. */
  readonly start: number;
  readonly end: number;
}

/** Every filter of `crankback calls`, alone and together, and every other reading. */
export function questionsOf({ start, end }: BenchPeriod): readonly BenchQuestion[] {
  const hours = Math.round((end - start) / HOUR_MS);
  const trunk = (nth: number): string => TRUNKS[nth % TRUNKS.length] ?? '';
  /** Somewhere in the record. */
  const place = (nth: number) => {
    const hour = (nth * 37) % hours;
    return { begin: start + hour * HOUR_MS, index: (nth * 7_001) % CALLS_OF_HOUR };
  };
  const since = (span: number): number => end - span * HOUR_MS;
  type CallsAsked = Partial<JournalQuestions['calls']['asked']>;
  const calls = (name: string, filter: (nth: number) => CallsAsked): BenchQuestion => ({
    name: `calls ${name}`,
    ask: (nth) => ({ question: 'calls', asked: { limit: 50, ...filter(nth) } }),
  });
  const why = (name: string, id: (nth: number) => string): BenchQuestion => ({
    name: `why ${name}`,
    ask: (nth) => ({ question: 'call', asked: { id: id(nth), number: id(nth) } }),
  });
  const figures = (name: string, span: number, more: object = {}): BenchQuestion => ({
    name: `figures ${name}`,
    ask: () => ({
      question: 'figures',
      asked: { since: since(span), until: end, now: end, by: 'trunk', ...more },
    }),
  });
  const report = (span: number): BenchQuestion => ({
    name: `report TRUNK --since ${span}h`,
    ask: (nth) => ({
      question: 'report',
      asked: { trunk: trunk(nth), since: since(span), until: end },
    }),
  });
  const wanted = (nth: number): string => {
    const { begin, index } = place(nth);
    return huntId(begin, index);
  };
  /** Answered, so that it has a leg. */
  const calledBack = (nth: number): string => {
    const { begin, index } = place(nth);
    return callIdOf(begin, index - (index % 4) + 1, nth % 2 === 0 ? 'a' : 'b0');
  };
  return [
    calls('(the latest)', () => ({})),
    calls('--since 1h', () => ({ since: since(1) })),
    calls('--since 7d --limit 1000', () => ({ since: since(168), limit: 1000 })),
    calls('--trunk', (nth) => ({ trunk: trunk(nth) })),
    calls('--trunk, of none', () => ({ trunk: 'carrier-x' })),
    calls('--to NUMBER', (nth) => ({ to: numberOf(nth * 31) })),
    calls('--to PREFIX*, of many', (nth) => ({ to: `+4${nth % 8}*` })),
    calls('--to PREFIX*, of some', (nth) => ({ to: `+4${nth % 8}${170 + nth}*` })),
    calls('--to PREFIX*, of few', (nth) => ({ to: `${numberOf(nth * 97).slice(0, 9)}*` })),
    calls('--to PREFIX*, of none', () => ({ to: '+55*' })),
    calls('--from CALLER', (nth) => ({ from: callerOf(nth * 13) })),
    calls('--from MAIN CALLER', () => ({ from: MAIN_CALLER })),
    calls('--from PREFIX*', (nth) => ({ from: `+49301${nth % 10}*` })),
    calls('--class, frequent', () => ({ class: 'trunk-congested' })),
    calls('--class, rare', () => ({ class: RARE_CLASS })),
    calls('--sip, frequent', () => ({ sip: 503 })),
    calls('--sip, rare', () => ({ sip: 402 })),
    calls('--sip, of none', () => ({ sip: 488 })),
    calls('--pbx', (nth) => ({ pbx: nth % 2 === 0 ? 'freeswitch' : 'asterisk' })),
    calls('--pbx, of none', () => ({ pbx: 'pbx-2' })),
    calls('--saved', () => ({ result: 'saved' })),
    calls('--failed', () => ({ result: 'failed' })),
    calls('--fallback', () => ({ result: 'fallback' })),
    calls('--answered', () => ({ result: 'answered' })),
    calls('--saved --since 1h', () => ({ result: 'saved', since: since(1) })),
    calls('--trunk --class, rare', (nth) => ({ trunk: trunk(nth), class: RARE_CLASS })),
    calls('--trunk --sip, of none', (nth) => ({ trunk: trunk(nth), sip: 488 })),
    calls('--trunk --sip, frequent', (nth) => ({ trunk: trunk(nth), sip: 503 })),
    calls('--trunk --fallback', (nth) => ({ trunk: trunk(nth), result: 'fallback' })),
    calls('--trunk --failed --since 24h', (nth) => ({
      ...{ trunk: trunk(nth), result: 'failed', since: since(24) },
    })),
    calls('--trunk --from CALLER', (nth) => ({ trunk: trunk(nth), from: callerOf(nth * 13) })),
    calls('--from MAIN CALLER --fallback', () => ({ from: MAIN_CALLER, result: 'fallback' })),
    calls('--to PREFIX*, of many, --fallback', () => ({ to: '+4*', result: 'fallback' })),
    calls('--sip 503 --pbx, of none', () => ({ sip: 503, pbx: 'pbx-2' })),
    calls('--follow (a look)', () => ({ changed: end - 1_000, limit: 1000 })),
    why('HUNT', wanted),
    why('CALL-ID', calledBack),
    why('NUMBER', (nth) => numberOf(nth * 31)),
    why('what there is not', (nth) => `nothing-${nth}`),
    ...([1 / 60, 1, 24, 168] as const).map((span) =>
      figures(`--since ${span < 1 ? '1m' : `${span}h`}`, span),
    ),
    figures('--since 24h --by route', 24, { by: 'route' }),
    figures('--since 168h --by pbx', 168, { by: 'pbx' }),
    figures('--since 168h --trunk', 168, { trunk: 'carrier-7' }),
    figures('--since 168h --by route --route', 168, { by: 'route', route: ROUTE_DIGITS[3] }),
    report(1),
    report(24),
    report(168),
    {
      name: 'replay, a page of 100',
      ask: (nth) => {
        const { begin, index } = place(nth);
        const until = begin + index;
        return { question: 'decisions', asked: { since: start, until, limit: 100 } };
      },
    },
    {
      name: 'replay, outcomes of a trunk in 7d',
      ask: (nth) => ({
        question: 'outcomes',
        asked: { since: since(168), until: end, trunk: trunk(nth) },
      }),
    },
    ...[24, 168].map((span): BenchQuestion => ({
      name: `suggest, what it reads --since ${span}h`,
      ask: () => ({ question: 'habits', asked: { since: since(span), until: end } }),
    })),
    { name: 'replay, a policy', ask: () => ({ question: 'policy', asked: 'abc' }) },
  ];
}
