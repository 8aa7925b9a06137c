import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { merged, NONE, type Counts } from '../../src/figures/counts';
import { digitPattern, ORDER } from '../../lab/faults/call-mix';
import type { Lab } from '../../lab/runner/lab';
import { askCrankback, traceFolder } from '../../lab/runner/layout';
import type { PbxName } from '../../lab/runner/pbx/name';
import { placeBurst, startCarriers } from '../../lab/runner/scenario/many-calls';
import { switchCarrier, type Behaviour } from '../../lab/runner/scenario/switch-carrier';
import { countedOnWire, wireCalls, type WireCall } from '../../lab/runner/sip/call-counts';
import { clearTraces, readTrace } from '../../lab/runner/sip/sipp';
import { parseTrace } from '../../lab/runner/sip/trace';
import { pause, waitFor } from '../../lab/runner/waiting';

const CALLS = 1000;
const RATE = 20;
const LIMIT_SECONDS = 120;
/** Of ten calls one, whose caller hangs up while it rings. */
const GIVING_UP = 10;
const ROUTES = ['3*', '6*'] as const;

const POLICY = `version: 1
timezone: Etc/UTC
emergency: []
trunks:
${ORDER.map(
  (name) => `  ${name}:
    dial: { asterisk: "PJSIP/{number}@${name}", freeswitch: "sofia/gateway/${name}/{number}" }
    health: { trip: { consecutive: 1000, or: 100% of 9999 in 1s } }
    first_response: 1000ms
    ring_timeout: 8000ms`,
).join('\n')}
routes:
  - { digits: "3*", trunks: [${ORDER.join(', ')}] }
  - { digits: "6*", trunks: [${ORDER.join(', ')}], mailbox: "1001@default" }
rules:
  - { when: { sip: 503 }, do: { retry: next-trunk } }
  - { when: { class: trunk-timeout }, do: { retry: next-trunk } }
  - { when: { class: busy }, do: { voicemail: true } }
`;

const DIGITS = new Map<number, Behaviour>([
  [0, 503],
  [1, 'ring-answer'],
  [2, 486],
  [3, 'ring'],
  [4, 404],
  [5, 'silent'],
  [7, 'slow-answer'],
  [8, 603],
  [9, 'ring-503'],
]);
/** What a call meets at carrier-a, -b and -c; with a mailbox where it begins with 6. */
const MIX = [
  '3111',
  '3011',
  '6211',
  '3001',
  '3711',
  '3411',
  '3511',
  '3211',
  '3811',
  '3911',
  '3000',
];

type Groups = ReadonlyMap<string, Counts>;

/** The figures of a thousand calls are those of their SIP, to the last call. */
export function figuresOfCalls(lab: () => Lab, pbx: PbxName): void {
  describe(`figures of ${CALLS} mixed calls`, () => {
    const wire = new Map<string, readonly WireCall[]>();
    const callers: { readonly answered: Set<string>; readonly dialled: Set<string> } = {
      answered: new Set(),
      dialled: new Set(),
    };
    const gaveUp = new Set<string>();
    let told: Groups = new Map();
    let byRoute: Groups = new Map();

    beforeAll(
      async () => {
        await lab().run(POLICY);
        await clearTraces();
        const since = Date.now();
        const { containers, signal } = lab().parts;
        const context = { containers, signal, limitSeconds: LIMIT_SECONDS, traced: true };
        const play = ORDER.map((it) => [it, switchCarrier(digitPattern(it), DIGITS)] as const);
        const carriers = await startCarriers(Object.fromEntries(play), context);
        const numbers = Array.from({ length: CALLS }, (_, index) => numberOf(index));
        const giving = numbers.filter((number) => number.startsWith('33'));
        const others = numbers.filter((number) => !number.startsWith('33'));
        try {
          await Promise.all([
            placeBurst({ caller: 'call', numbers: others, rate: RATE, port: 5060, pbx }, context),
            placeBurst({ caller: 'cancel', numbers: giving, rate: 3, port: 5062, pbx }, context),
          ]);
          for (const [caller, port] of [
            ['call', 5060],
            ['cancel', 5062],
          ] as const) {
            const file = join(traceFolder, `bulk-${caller}-${port}.msg`);
            const trace = parseTrace(await readFile(file, 'utf8'));
            for (const { user, answeredAt, cancelled } of wireCalls(trace)) {
              callers.dialled.add(user);
              if (answeredAt !== undefined) callers.answered.add(user);
              else if (cancelled) gaveUp.add(user);
            }
          }
          // A late BYE, and mirrored SIP that waits.
          await pause(3000, signal);
          for (const carrier of ORDER) wire.set(carrier, wireCalls(await readTrace(carrier)));
        } finally {
          await Promise.all(carriers.map((carrier) => carrier.end()));
        }
        const sum = (groups: Groups, name: 'answered' | 'failed' | 'talks') =>
          [...groups.values()].reduce((all, counts) => all + counts[name], 0);
        const ended = (groups: Groups) => sum(groups, 'answered') + sum(groups, 'failed');
        const attempts = [...wire.values()].flat().length;
        told = await waitFor(
          `figures of ${attempts} attempts`,
          async () => {
            const found = await figures(since, 'trunk');
            const whole = ended(found) >= attempts && sum(found, 'talks') >= sum(found, 'answered');
            return whole ? found : undefined;
          },
          { limitMs: 15_000, everyMs: 500, signal },
        ).catch(() => figures(since, 'trunk'));
        byRoute = await figures(since, 'route');
      },
      (LIMIT_SECONDS + 60) * 1000,
    );

    test.each(ORDER)('%s: attempts, answers, failures, statuses and lengths', (carrier) => {
      const { heard, talkMs, ...onWire } = countedOnWire(wire.get(carrier) ?? [], gaveUp);
      const counts = told.get(carrier);
      // The caller's own end is no status of the carrier's.
      expect({ ...counts, statuses: withoutLeft(counts) }).toMatchObject(onWire);
      const delays = Object.values(counts?.pdd ?? {}).reduce((all, count) => all + count, 0);
      expect(delays).toBe(heard);
      // SIPp writes its stamps when it gets to it.
      expect(Math.abs((counts?.talkMs ?? 0) - talkMs) / Math.max(onWire.talks, 1)).toBeLessThan(
        250,
      );
    });

    test('calls, saved ones, those of the mailbox, retries and callers who gave up', () => {
      const attempts = [...wire.values()].flat();
      const answeredBy = new Set(
        attempts.flatMap(({ user, answeredAt }) => (answeredAt === undefined ? [] : [user])),
      );
      const failed = new Set(
        attempts.flatMap(({ user, answeredAt }) => (answeredAt === undefined ? [user] : [])),
      );
      const saved = [...answeredBy].filter((user) => failed.has(user)).length;
      const mailbox = [...callers.answered].filter((user) => !answeredBy.has(user)).length;
      const tried = new Set(attempts.map(({ user }) => user)).size;
      const all = (name: 'calls' | 'saved' | 'voicemailSaves' | 'retries' | 'fallbacks') =>
        [...told.values()].reduce((sum, counts) => sum + counts[name], 0);
      expect(callers.dialled.size).toBe(CALLS);
      expect({
        ...{ calls: all('calls'), saved: all('saved'), voicemailSaves: all('voicemailSaves') },
        ...{ retries: all('retries'), fallbacks: all('fallbacks') },
      }).toEqual({
        ...{ calls: CALLS, saved, voicemailSaves: mailbox, fallbacks: 0 },
        retries: attempts.length - tried,
      });
      // The mix has some of each.
      for (const count of [saved, mailbox, gaveUp.size]) expect(count).toBeGreaterThan(50);
    });

    test.each(ROUTES)('route %s', (route) => {
      const first = route.charAt(0);
      const calls = [...callers.dialled].filter((number) => number.startsWith(first)).length;
      const attempts = [...wire.values()]
        .flat()
        .filter(({ user }) => user.startsWith(first)).length;
      expect(byRoute.get(route)).toMatchObject({ calls, attempts });
    });
  });
}

/** `<3, or 6 with a mailbox><digit of a, b, c><six digits>`. */
function numberOf(index: number): string {
  const kind = index % GIVING_UP === 0 ? '3311' : (MIX[index % MIX.length] ?? '3111');
  return `${kind}${String(index).padStart(6, '0')}`;
}

/** Of this test's calls: others have other routes. */
async function figures(since: number, by: 'trunk' | 'route'): Promise<Groups> {
  const found = new Map<string, Counts>();
  for (const route of ROUTES) {
    const query = new URLSearchParams({ since: String(since), by, route });
    const response = await askCrankback(`/figures?${query.toString()}`);
    const { groups } = (await response.json()) as { groups: { name: string; counts: Counts }[] };
    for (const { name, counts } of groups) found.set(name, merged(found.get(name) ?? NONE, counts));
  }
  return found;
}

/** Statuses but for attempts that the caller ended: 487, or none where nobody told it. */
function withoutLeft(counts: Counts = NONE): Readonly<Record<string, number>> {
  const { 487: ended = 0, none = 0, ...rest } = counts.statuses;
  const left = none - (counts.leftRinging + counts.leftBeforeRinging - ended);
  return left > 0 ? { ...rest, none: left } : rest;
}
