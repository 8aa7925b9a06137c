import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { CallList } from '../../src/cli/calls-text';
import { ORDER } from '../../lab/faults/call-mix';
import type { Lab } from '../../lab/runner/lab';
import { askCrankback, policyFile, POLICY_IN_CONTAINER } from '../../lab/runner/layout';
import type { PbxName } from '../../lab/runner/pbx/name';
import { placeBurst, startCarriers, type BulkCall } from '../../lab/runner/scenario/many-calls';
import { switchCarrier, type Behaviour } from '../../lab/runner/scenario/switch-carrier';
import { wireCalls, type WireCall } from '../../lab/runner/sip/call-counts';
import { clearTraces, readTrace } from '../../lab/runner/sip/sipp';
import { waitFor } from '../../lab/runner/waiting';

const LIMIT_SECONDS = 40;
/** A route of these calls alone: figures are of whole minutes. */
const ROUTE = '47*';

const TRUNKS = `version: 1
timezone: Etc/UTC
emergency: []
trunks:
${ORDER.map(
  (name) => `  ${name}:
    dial: { asterisk: "PJSIP/{number}@${name}", freeswitch: "sofia/gateway/${name}/{number}" }
    health: { trip: { consecutive: 1000, or: 100% of 9999 in 1s } }`,
).join('\n')}
routes:
  - { digits: "${ROUTE}", trunks: [${ORDER.join(', ')}] }
  - { digits: "*", trunks: [carrier-b] }
`;
const CONGESTED = '  - { when: { sip: 503 }, do: { retry: next-trunk } }';
const FAILED = '  - { when: { class: trunk-failed }, do: { retry: next-trunk } }';
const POLICY = `${TRUNKS}rules:
${CONGESTED}
${FAILED}
`;
/** In force after the restart: its lines are others, and so is what it does. */
const LATER = `# Nobody goes to another trunk any more.
# (Since the works.)
${TRUNKS}rules:
  - { when: { sip: 503 }, do: { relay: true } }
`;
/** What the operator thinks of: a 500 is to go back to the caller. */
const DRAFT = `${TRUNKS}rules:
  - { when: { sip: 500 }, do: { relay: true } }
${CONGESTED}
${FAILED}
`;

const BEHAVIOURS = new Map<number, Behaviour>([
  [0, 503],
  [1, 'ring-answer'],
  [2, 486],
  [6, 500],
]);
/** What each call meets at carrier-a, -b and -c. */
const BEFORE = ['111', '211', '111'];
const SINCE_THEN = [
  ...['011', '611', '001', '011', '211', '611'],
  ...['000', '011', '601', '000', '211', '011'],
];

/** Of `crankback trunks NAME --json`. */
const Trunk = z.object({
  recorded: z.object({
    attempts: z.number(),
    answered: z.number(),
    failingSince: z.number(),
    failures: z.array(
      z.looseObject({ sip: z.number(), phrase: z.string(), class: z.string(), count: z.number() }),
    ),
  }),
});
const Figures = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      counts: z.looseObject({
        ...{ attempts: z.number(), answered: z.number(), saved: z.number() },
        statuses: z.record(z.string(), z.number()),
      }),
    }),
  ),
});
const Replay = z.object({
  ...{ calls: z.number(), same: z.number(), differing: z.number(), unknown: z.array(z.unknown()) },
  differences: z.array(
    z.looseObject({
      ...{ failed: z.string(), calls: z.number(), answered: z.number() },
      before: z.looseObject({ rule: z.looseObject({ file: z.string(), line: z.number() }) }),
      now: z.looseObject({ outcome: z.string() }),
    }),
  ),
});

/** Everything that the operator is told, by the commands, without the time of asking. */
interface Answers {
  readonly trunk: z.output<typeof Trunk>['recorded'];
  readonly trunkText: string;
  readonly figures: z.output<typeof Figures>['groups'];
  readonly saved: z.output<typeof CallList>['calls'];
  readonly failed: z.output<typeof CallList>['calls'];
  /** Of one call, by its number, hunt and Call-ID. */
  readonly why: readonly string[];
  readonly again: string;
  readonly whyFailed: string;
  readonly replay: z.output<typeof Replay>;
}

/** What an operator asks at three in the morning is answered by commands alone, and by a restarted service the same. */
export function operatorsQuestions(lab: () => Lab, pbx: PbxName): void {
  describe("the operator's five questions", () => {
    const wire = new Map<string, readonly WireCall[]>();
    let callers: readonly BulkCall[] = [];
    let since = '';
    /** A call that carrier-a refused with 503, and carrier-b took. */
    const asked = { number: '', hunt: '', callId: '' };
    let before: Answers;
    let after: Answers;

    beforeAll(
      async () => {
        await lab().run(POLICY);
        await writeFile(join(dirname(policyFile), 'draft.yaml'), DRAFT);
        await clearTraces();
        since = new Date().toISOString();
        callers = await place();
        await untilRecorded(callers.length);
        const refused = wireOf('carrier-a').filter(({ final }) => final === 503);
        const taken = wireOf('carrier-b').filter(({ answeredAt }) => answeredAt !== undefined);
        const saved = taken.find(({ user }) => refused.some((one) => one.user === user));
        asked.number = saved?.user ?? '';
        const invite = (await readTrace('carrier-b')).find(({ user }) => user === asked.number);
        asked.callId = invite?.callId ?? '';
        const { calls } = CallList.parse(
          JSON.parse(await command('calls', '--to', asked.number, '--since', since, '--json')),
        );
        asked.hunt = calls[0]?.hunt ?? '';
        before = await answers();
        lab().parts.service.markDisturbed();
        await lab().run(LATER);
        after = await answers();
      },
      (LIMIT_SECONDS + 60) * 1000,
    );

    test('since when does carrier A fail?', () => {
      const { failingSince, attempts, answered } = before.trunk;
      const failures = wireOf('carrier-a').filter(({ final = 0 }) => final >= 500);
      const first = Math.min(...failures.map(({ invitedAt }) => invitedAt));
      // SIPp stamps a message when it gets to it.
      expect(Math.abs(failingSince - first)).toBeLessThan(1000);
      const others = wireOf('carrier-a').filter(({ answeredAt }) => answeredAt !== undefined);
      expect(others.length).toBeGreaterThan(0);
      expect({ attempts, answered }).toEqual({
        attempts: wireOf('carrier-a').length,
        answered: others.length,
      });
      const at = new Date(failingSince).toISOString().replace(/\.\d+/, '');
      expect(before.trunkText).toContain(`It has failed since ${at}: no attempt was answered`);
    });

    test('with which codes?', () => {
      const told = before.trunk.failures.map(({ sip, phrase, class: name, count }) => [
        ...[sip, phrase, name, count],
      ]);
      const onWire = (status: number) =>
        wireOf('carrier-a').filter(({ final }) => final === status).length;
      expect(told.sort()).toEqual([
        [486, 'Phrase of 486', 'busy', onWire(486)],
        [500, 'Phrase of 500', 'trunk-failed', onWire(500)],
        [503, 'Phrase of 503', 'trunk-congested', onWire(503)],
      ]);
      for (const name of ORDER) {
        const counts = before.figures.find((group) => group.name === name)?.counts;
        const calls = wireOf(name);
        expect([name, counts?.attempts, counts?.answered]).toEqual([
          ...[name, calls.length],
          calls.filter(({ answeredAt }) => answeredAt !== undefined).length,
        ]);
        expect(counts?.statuses).toEqual(tally(calls.flatMap(({ final }) => final ?? [])));
      }
    });

    test('how many callers were saved?', () => {
      const refused = new Set(
        ORDER.flatMap(wireOf).flatMap(({ user, final }) => (final === undefined ? [] : [user])),
      );
      const saved = ORDER.flatMap(wireOf).flatMap(({ user, answeredAt }) =>
        answeredAt !== undefined && refused.has(user) ? [user] : [],
      );
      expect(saved.length).toBeGreaterThan(5);
      expect(before.saved.map(({ number }) => number).sort()).toEqual(saved.sort());
      const counted = before.figures.reduce((sum, { counts }) => sum + counts.saved, 0);
      expect(counted).toBe(saved.length);
    });

    test('why did this call go to carrier B?', () => {
      const [byNumber = '', byHunt, byCallId] = before.why;
      expect(byNumber).toContain(`hunt ${asked.hunt}`);
      expect(byNumber).toContain(`Call-ID ${asked.callId}`);
      expect(byNumber).toMatch(/<- carrier-a: 503 Phrase of 503\n +trunk-congested, fault: trunk/);
      expect(stepsOf(byNumber)).toEqual([
        `-> dial carrier-a: ${asked.number}`,
        `${placeOf('  - { digits: "47*", trunks: [carrier-a, carrier-b, carrier-c] }')}  (route "47*", in-order)`,
        `-> dial carrier-b: ${asked.number}`,
        `${placeOf(CONGESTED)}  (general rule)`,
      ]);
      expect([byHunt, byCallId]).toEqual([byNumber, byNumber]);
      // Played again from what was recorded, it goes the same way by the same lines.
      expect(stepsOf(before.again)).toEqual(stepsOf(byNumber));
    });

    test('which calls failed, why, and what would a draft have done?', () => {
      const failed = callers.filter(({ finals }) => !finals.includes(200));
      expect(failed.length).toBeGreaterThan(3);
      expect(before.failed.map(({ number, sip }) => [number, sip]).sort()).toEqual(
        failed.map(({ number, finals }) => [number, finals[0]]).sort(),
      );
      expect(before.whyFailed).toMatch(/<- carrier-c: 503[^]*-> the caller gets 503[^]*refused: /);
      const onWire = wireOf('carrier-a').filter(({ final }) => final === 500);
      const { replay } = before;
      expect(replay).toMatchObject({
        ...{ calls: callers.length, differing: onWire.length, unknown: [] },
        same: callers.length - onWire.length,
      });
      expect(replay.differences).toMatchObject([
        {
          ...{ failed: 'carrier-a', calls: onWire.length, answered: onWire.length },
          before: { rule: { file: POLICY_IN_CONTAINER, line: lineOf(FAILED) } },
          now: { outcome: 'relay 500' },
        },
      ]);
    });

    test('a restarted service, under another policy, answers the same', () => {
      expect(after).toEqual(before);
    });

    async function place(): Promise<readonly BulkCall[]> {
      const { containers, signal } = lab().parts;
      const context = { containers, signal, limitSeconds: LIMIT_SECONDS, traced: true };
      const play = ORDER.map((it) => [it, switchCarrier(digitOf(it), BEHAVIOURS)] as const);
      const carriers = await startCarriers(Object.fromEntries(play), context);
      const made: BulkCall[] = [];
      try {
        for (const mix of [BEFORE, SINCE_THEN]) {
          const numbers = mix.map((digits, index) => numberOf(digits, made.length + index));
          made.push(
            ...(await placeBurst({ caller: 'call', numbers, rate: 10, port: 5060, pbx }, context)),
          );
        }
        for (const carrier of ORDER)
          wire.set(carrier, wireCalls(await readTrace(carrier)).filter(isOurs));
      } finally {
        await Promise.all(carriers.map((carrier) => carrier.end()));
      }
      return made;
    }

    /** The journal writes after the calls. */
    async function untilRecorded(count: number): Promise<void> {
      const query = new URLSearchParams({ to: ROUTE, since: String(Date.parse(since)) });
      const areThere = async () => {
        const answer = await askCrankback(`/calls?${query.toString()}`);
        const { calls } = CallList.parse(await answer.json());
        return calls.filter(({ endedAt }) => endedAt !== undefined).length === count || undefined;
      };
      const { signal } = lab().parts;
      await waitFor(`${count} calls are recorded`, areThere, { limitMs: 15_000, signal });
    }

    function wireOf(trunk: string): readonly WireCall[] {
      return wire.get(trunk) ?? [];
    }

    /** `docker exec … crankback …`. */
    async function command(...argv: readonly string[]): Promise<string> {
      const { containers, signal } = lab().parts;
      const program = ['node', '/opt/crankback/main.js', ...argv];
      const limits = { limitMs: 20_000, signal };
      const { exitCode, stdout, stderr } = await containers.exec('crankback', program, limits);
      // 3: some calls would have gone elsewhere.
      const expected = argv[0] === 'replay' ? 3 : 0;
      if (exitCode !== expected) throw new Error(`${argv.join(' ')}: ${exitCode}: ${stderr}`);
      return stdout;
    }

    async function answers(): Promise<Answers> {
      const json = async (...argv: readonly string[]): Promise<unknown> =>
        JSON.parse(await command(...argv, '--since', since, '--json'));
      const calls = async (...filter: readonly string[]) =>
        CallList.parse(await json('calls', '--to', ROUTE, ...filter)).calls;
      const text = await command('trunks', 'carrier-a', '--since', since);
      const failed = await calls('--failed');
      const refusedByAll = failed.find(({ attempts }) => attempts === 3)?.hunt ?? '';
      const why: string[] = [];
      for (const call of [asked.number, asked.hunt, asked.callId])
        why.push(await command('why', call));
      return {
        trunk: Trunk.parse(await json('trunks', 'carrier-a')).recorded,
        // Above it is the breaker's state, which begins anew; below it what this process has not classified.
        trunkText: /^Since [^]*?(?=\n\n(?:Responses|Every response))/m.exec(text)?.[0] ?? '',
        figures: Figures.parse(await json('figures', '--route', ROUTE)).groups,
        saved: await calls('--saved'),
        failed,
        why,
        again: await command('simulate', '--hunt', asked.hunt),
        whyFailed: await command('why', refusedByAll, '--explain'),
        replay: Replay.parse(await json('replay', '--policy', DRAFT_IN_CONTAINER)),
      };
    }
  });
}

const DRAFT_IN_CONTAINER = join(dirname(POLICY_IN_CONTAINER), 'draft.yaml');

/** Of the policy that was in force during the calls. */
function lineOf(line: string): number {
  return POLICY.split('\n').indexOf(line) + 1;
}

function placeOf(line: string): string {
  return `${POLICY_IN_CONTAINER}:${lineOf(line)}  ${line.trim()}`;
}

/** Decisions of a ladder, each with the line of its rule. */
function stepsOf(ladder: string): readonly string[] {
  return ladder
    .split('\n')
    .map((line) => line.replace(/^ +(?:[\d.]+ s +)?/, ''))
    .filter((line) => line.startsWith('-> dial') || line.startsWith(POLICY_IN_CONTAINER));
}

function tally(statuses: readonly number[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** `47<digit of a, b, c><three digits>`. */
function numberOf(digits: string, index: number): string {
  return `47${digits}${String(index).padStart(3, '0')}`;
}

/** A call of an earlier test may still be retransmitted. */
function isOurs({ user }: WireCall): boolean {
  return /^47\d{6}$/.test(user);
}

function digitOf(carrier: (typeof ORDER)[number]): string {
  const before = ORDER.indexOf(carrier);
  return `47${before > 0 ? `[0-9]{${before}}` : ''}([0-9])`;
}
