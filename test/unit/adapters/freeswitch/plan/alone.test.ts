import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allOf, readXml, type Element } from '../../../../../adapters/freeswitch/doctor/xml';
import { stepFor } from '../../../../../adapters/freeswitch/handover/dialplan-step';
import { travelText } from '../../../../../adapters/freeswitch/plan/travel-text';
import { sipCode } from '../../../../../src/model/registries/sip-codes';
import { decide } from '../../../../../src/policy/decide';
import type { Outcome } from '../../../../../src/policy/decision/decision';
import { failureOf } from '../../../../../src/policy/failure-of';
import type { Hunt } from '../../../../../src/policy/hunt';
import { travelOf } from '../../../../../src/policy/plan/travel';
import { UNATTENDED_STATUSES } from '../../../../../src/policy/plan/unattended';
import type { Policy } from '../../../../../src/policy/policy';
import { patternOf } from '../../../../../src/policy/routes/digits';
import { frozen, type TrunkSnapshot } from '../../../../../src/policy/trunk-snapshot';
import { hunts, patientPolicies, trunkStates } from '../../../../doubles/arbitraries';
import { lookUp } from '../../../../doubles/freeswitch-dialplan';
import { policyOf, START } from '../../../../doubles/policies';
import { firstFor } from '../../../../doubles/travelling';

const TIMES = Number(process.env.CRANKBACK_TEST_RUNS ?? 200);
const DIALPLAN = join(__dirname, '../../../../../adapters/freeswitch/dialplan');
const IDLE: TrunkSnapshot = { obstacles: {}, turn: 0 };
const STATIC = 'crankback-static XML crankback_steps';
const HUNT = { startedAt: START, attempts: [], mailboxMissing: false };
const ENDS = [
  { sip: 503, rang: false },
  { sip: 486, rang: true },
];
const TRUNKS = new Map(
  ['a', 'b', 'c', 'gone'].map((name) => [
    name,
    { name, dial: { freeswitch: `sofia/gateway/${name}/{number}` }, ringTimeout: 30_000 },
  ]),
);

let extensions: readonly Element[] = [];
beforeAll(async () => {
  const root = await readXml(readFileSync(join(DIALPLAN, 'crankback/travel.xml'), 'utf8'));
  extensions = root ? allOf(root, 'extension') : [];
});

/** One failed attempt as the dialplan knows it. */
interface Failed {
  readonly trunk: string;
  readonly sip?: number;
  readonly phrase?: string;
  readonly rang?: boolean;
  /** Early media without ringing. */
  readonly media?: boolean;
  readonly cause?: string;
}

interface Way {
  /** Where the call goes. */
  readonly to: string;
  readonly set: ReadonlyMap<string, string>;
}

/** Where a call of this policy goes after these attempts, if nobody can be asked. */
function wayOf(
  policy: Policy,
  {
    number,
    from,
    failed,
    age = 0,
    trunks = IDLE,
    fork = '',
  }: {
    readonly number: string;
    readonly from?: string | undefined;
    readonly failed: readonly Failed[];
    /** Of the hunt. Milliseconds. */
    readonly age?: number;
    readonly trunks?: TrunkSnapshot;
    /** A trunk whose attempts may have several legs. */
    readonly fork?: string;
  },
  change: (globals: Map<string, string>) => void = () => undefined,
): Way | undefined {
  const store = { ...frozen(trunks), rationed: () => false };
  const { entries } = travelOf({
    ...{ policy, store, reasonsKnown: false, now: START },
    locallyGenerated: [503],
  });
  const first = firstFor(entries, number, from);
  if (!first?.unattended) return undefined;
  const text = travelText(
    { entries: [{ pattern: patternOf('*'), first }], generation: 'k-1' },
    {
      trunks: TRUNKS,
      mayFork: (trunk) => trunk === fork,
      placeOf: () => '07',
      alonePlaceOf: () => '42',
    },
  );
  const [step = ''] = [...(text?.steps.keys() ?? [])];
  const [, alone = ''] = /crankback_alone%3D(\w+)/.exec(step) ?? [];
  const globals = new Map(
    [...(text?.alone ?? [])].map(([one, place]) => [`crankback_alone_${place}`, one]),
  );
  change(globals);
  const last = failed.at(-1);
  const state = failed.map(({ trunk, sip = '', rang }) => `/${trunk}:${sip}:${rang ? '1' : ''}`);
  const variables = new Map([
    ['crankback_entry', 'travel'],
    ['crankback_number', number],
    ['crankback_alone', alone],
    ['crankback_state', `1/${START}000//k-1${state.join('')}`],
    ['crankback_sip', String(last?.sip ?? '')],
    ['crankback_rang', last?.rang ? '1' : ''],
    ['crankback_progress', last?.rang || last?.media ? 'a' : 'b'],
    ['sip_invite_failure_phrase', last?.phrase ?? sipCode(last?.sip ?? 0)?.phrase ?? ''],
    ['originate_disposition', last?.cause ?? (last?.sip ? 'CALL_REJECTED' : 'PROGRESS_TIMEOUT')],
  ]);
  const now = Math.floor((START + age) / 1000);
  const found = lookUp(extensions, { destination: 'crankback-alone', variables, globals, now });
  expect(variables.get('crankback_asked')).toBe('none');
  const { application, data = '' } = found.at(-1) ?? {};
  expect(application).toBe('transfer');
  // A crankback that was frozen finds nobody there any more: what it would answer by now is about another attempt.
  const forgets = found.some(({ data: names }) => /^\^\^,(?:\w+,)*crankback_asked\b/.test(names));
  expect(forgets).toBe(data !== STATIC);
  return { to: data, set: variables };
}

/** Where an answer with this outcome leads. */
function expectedOf(outcome: Outcome, attempts: number, failureClass: string): Way {
  const about = { trunks: TRUNKS, attempts, state: '', unwatched: true } as const;
  const { name, variables } = stepFor(outcome, about);
  const rest = Object.entries(variables).filter(([one]) => one !== 'class');
  const context = name === 'dial' ? 'crankback' : 'crankback_steps';
  return {
    to: `crankback-${name} XML ${context}`,
    set: new Map([
      ...rest.map(([one, is]) => [`crankback_${one}`, is] as const),
      ['crankback_class', name === 'dial' ? '' : failureClass],
    ]),
  };
}

const policy = policyOf(`version: 1
emergency: []
trunks:
  a: { dial: { freeswitch: "sofia/gateway/a/{number}" } }
  b: { dial: { freeswitch: "sofia/gateway/b/{number}" } }
  c: { dial: { freeswitch: "sofia/gateway/c/{number}" } }
routes:
  - { digits: "9*", trunks: [a, b, c] }
  - { digits: "*", trunks: [a, b, c], mailbox: "{number}@default" }
rules:
  - { when: { sip: 488 }, do: { retry: next-trunk } }
`);

describe('a call of FreeSWITCH while nobody can be asked', () => {
  const to = (failed: readonly Failed[], number = '201') => wayOf(policy, { number, failed })?.to;

  it.each<[string, Failed[], string, string?]>([
    ['a 503', [{ trunk: 'a', sip: 503 }], 'b'],
    ['a 488', [{ trunk: 'a', sip: 488 }], 'b'],
    ['silence', [{ trunk: 'a' }], 'b'],
    ['silence up to ring_timeout', [{ trunk: 'a', cause: 'ALLOTTED_TIMEOUT' }], 'b'],
    ['silence that sofia ends', [{ trunk: 'a', sip: 408 }], 'b'],
    [
      'two failures',
      [
        { trunk: 'a', sip: 503 },
        { trunk: 'b', sip: 488 },
      ],
      'c',
    ],
  ])('after %s dials the next trunk', (_, failed, next) => {
    const way = wayOf(policy, { number: '201', failed });
    expect(way?.to).toBe('crankback-dial XML crankback');
    expect(way?.set.get('crankback_dial')).toBe(`sofia/gateway/${next}/201`);
    expect(way?.set.get('crankback_attempts')).toBe(String(failed.length + 1));
  });

  it('has the mailbox, busy or not answering, and relays where there is none', () => {
    const busy: Failed[] = [
      { trunk: 'a', sip: 503 },
      { trunk: 'b', sip: 486 },
    ];
    const silent: Failed[] = [{ trunk: 'a', rang: true, cause: 'ALLOTTED_TIMEOUT' }];
    for (const failed of [busy, silent]) {
      const way = wayOf(policy, { number: '201', failed });
      expect(way?.to).toBe('crankback-voicemail XML crankback_steps');
      expect(way?.set.get('crankback_box')).toBe('201');
      expect(to(failed, '901')).toBe('crankback-relay XML crankback_steps');
    }
  });

  it.each<[string, Failed[]]>([
    ["a phrase of the carrier's own", [{ trunk: 'a', sip: 503, phrase: 'Out of Money' }]],
    [
      'a phrase that only begins like the standard one',
      [{ trunk: 'a', sip: 503, phrase: 'Service Unavailable/x' }],
    ],
    ['early media', [{ trunk: 'a', sip: 503, media: true }]],
    ['a failure after ringing', [{ trunk: 'a', sip: 503, rang: true }]],
    ['what could not be dialled', [{ trunk: 'a', cause: 'DESTINATION_OUT_OF_ORDER' }]],
    ["the caller's end", [{ trunk: 'a', cause: 'ORIGINATOR_CANCEL' }]],
    ['other trunks than those that were foreseen', [{ trunk: 'c', sip: 503 }]],
    ['more attempts than were foreseen', [...'abca'].map((trunk) => ({ trunk, sip: 503 }))],
  ])('takes the static fallback after %s', (_, failed) => {
    expect(to(failed)).toBe(STATIC);
  });

  it('takes the static fallback late in a hunt, where several phones may have rung, and by a text of other calls', () => {
    const failed: Failed[] = [{ trunk: 'a', sip: 503 }];
    const later = (age: number) => wayOf(policy, { number: '201', failed, age })?.to;
    const { startWithin } = policy.limits;
    expect([later(startWithin - 2_000), later(startWithin + 1_000)]).toEqual([
      'crankback-dial XML crankback',
      STATIC,
    ]);
    expect(wayOf(policy, { number: '201', failed, fork: 'a' })?.to).toBe(STATIC);
    const other = wayOf(policy, { number: '201', failed }, (globals) => {
      const text = globals.get('crankback_alone_42') ?? '';
      expect(text).toMatch(/^[0-9a-f]{13}\//);
      globals.set('crankback_alone_42', `0${text.slice(1).replace(/^./, 'x')}`);
    });
    expect(other?.to).toBe(STATIC);
  });

  it('goes on as is decided, whatever the policy, the trunks and the failure', () => {
    const kinds = new Map<string, number>();
    let later = 0;
    const ends = fc.record({
      sip: fc.option(fc.constantFrom(...UNATTENDED_STATUSES), { nil: undefined }),
      rang: fc.boolean(),
    });
    fc.assert(
      fc.property(
        patientPolicies,
        hunts,
        trunkStates,
        fc.array(ends, { minLength: 1, maxLength: 2 }),
        fc.nat(4),
        (any, { number, from, context, draw }, trunks, found, every) => {
          const store = { ...frozen(trunks), rationed: () => false };
          const about = { policy: any, store, reasonsKnown: false, now: START };
          const { entries } = travelOf({ ...about, locallyGenerated: [503] });
          const steps = firstFor(entries, number, from)?.unattended?.steps ?? [];
          const foreseen = steps.map(({ trunks: path, said, rang }) => ({
            ...{ path, rang, sip: said?.sip },
          }));
          const others = steps.flatMap(({ trunks: path }) =>
            found.map((end) => ({ path, ...end })),
          );
          // Any of them may be one that the PBX does not go by.
          const looked = [...foreseen, ...others].filter((_, at) => at % 5 === every);
          for (const { path, sip, rang } of looked) {
            const failed = path.map((trunk, at) =>
              at < path.length - 1
                ? { trunk, rang: false, sip: at % 2 ? 503 : 480 }
                : { trunk, rang, ...(sip !== undefined && { sip }) },
            );
            const way = wayOf(any, { number, from, failed, trunks });
            if (!way || way.to === STATIC) continue;
            const hunt: Hunt = {
              ...{ number, startedAt: START, mailboxMissing: false, attempts: failed },
              ...(from !== undefined && { from }),
              ...(context !== undefined && { context }),
              ...(draw !== undefined && { draw }),
            };
            const phrase = sipCode(sip ?? 0)?.phrase;
            const said = {
              ...{ source: 'dialplan', rang, progress: rang },
              ...(sip === undefined
                ? { origin: 'no-response' as const }
                : { sip, origin: 'far' as const, ...(phrase !== undefined && { phrase }) }),
            };
            const failure = failureOf([said], any, path.at(-1) ?? '');
            const { outcome } = decide(any, hunt, failure, frozen(trunks), START);
            const expected = expectedOf(outcome, path.length, failure.class);
            expect(way.to).toBe(expected.to);
            for (const [name, is] of expected.set)
              expect([name, way.set.get(name)]).toEqual([name, is]);
            kinds.set(outcome.kind, (kinds.get(outcome.kind) ?? 0) + 1);
            if (path.length > 1) later += 1;
          }
        },
      ),
      {
        numRuns: TIMES * 6,
        // What chance seldom makes: calls that go on after several attempts.
        examples: [0, 1, 2, 3, 4].flatMap((every) =>
          ['201', '901'].map(
            (number): [typeof policy, Hunt, TrunkSnapshot, typeof ENDS, number] => [
              policy,
              { ...HUNT, number },
              IDLE,
              ENDS,
              every,
            ],
          ),
        ),
      },
    );
    expect([...kinds.keys()]).toEqual(expect.arrayContaining(['dial', 'relay', 'voicemail']));
    expect(later).toBeGreaterThan(TIMES / 25);
  });
});

describe('the dialplan of a call that has begun without asking', () => {
  const named = (file: string) => readFileSync(join(DIALPLAN, file), 'utf8');
  const linesOf = (file: string, extension: string): readonly string[] => {
    const [, body = ''] =
      new RegExp(`<extension name="${extension}"[^>]*>\\n([^]*?)\\n *</extension>`).exec(
        named(file).replace(/^ *<!--[^]*?-->\n/gm, ''),
      ) ?? [];
    const lines = body.split('\n').map((line) => line.trim());
    expect(lines.length).toBeGreaterThan(2);
    // Who may come here is said in another way.
    return lines.filter(
      (line) => !/field="(?:destination_number|\$\{crankback_entry\})"/.test(line),
    );
  };

  it.each(['planned', 'planned-end', 'dial', 'answered', 'after', 'ask', 'frozen'])(
    'does what crankback.xml does, step %s, but for where it goes on',
    (step) => {
      const goesOn = (line: string) =>
        line
          .replace(/crankback-(after|frozen) XML crankback_steps/, 'crankback-$1 XML crankback')
          .replace(
            /crankback-static XML crankback_steps/,
            step === 'dial' ? '$&' : 'crankback-alone XML crankback',
          );
      expect(linesOf('crankback/travel.xml', `crankback-travel-${step}`)).toEqual(
        linesOf('crankback.xml', step).map(goesOn),
      );
    },
  );

  it('knows the standard phrase of each status that is looked at', () => {
    const [, said = ''] =
      /sip_invite_failure_phrase\}" expression="\^\(\?:\[A-Z_\]\*\/\(\?:(\d[^)]*)\)/.exec(
        named('crankback/travel.xml'),
      ) ?? [];
    expect(said.split('|').sort()).toEqual(
      UNATTENDED_STATUSES.map((sip) => `${sip} ${sipCode(sip)?.phrase}`).sort(),
    );
  });

  it('takes nobody who comes from outside', () => {
    const steps = extensions.slice(2);
    expect(steps.length).toBeGreaterThan(8);
    for (const destination of [
      'crankback-after',
      'crankback-dial',
      'crankback-frozen',
      'crankback-alone',
    ])
      expect(
        lookUp(steps, { destination, variables: new Map(), globals: new Map(), now: 0 }),
      ).toEqual([]);
  });
});
