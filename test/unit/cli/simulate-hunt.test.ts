import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { simulate } from '../../../src/cli/simulate';
import { huntAgain, huntAgainText, Unrepeatable } from '../../../src/cli/simulate-hunt';
import { ladderText } from '../../../src/simulate/ladder';
import { policyFromText } from '../../../src/policy-file/policy-file';
import type { Decision } from '../../../src/policy/decision/decision';

/** What the journal said of calls of the lab. */
const RECORDED = join(__dirname, '../scenario/recorded');

interface Recorded {
  readonly hunt: string;
  readonly decisions: readonly {
    readonly detail: { readonly decision: Decision; readonly passedOver?: readonly unknown[] };
  }[];
  readonly policies: readonly { readonly file: string; readonly lines: readonly string[] }[];
}

function recorded(name: string): Recorded {
  return JSON.parse(readFileSync(join(RECORDED, `${name}.json`), 'utf8')) as Recorded;
}

const names = readdirSync(RECORDED).map((file) => file.replace(/\.json$/, ''));

/** The call's policy with one text replaced. */
function draftOf({ policies: [first] }: Recorded, from: string, to: string) {
  const text = first?.lines.join('\n') ?? '';
  expect(text).toContain(from);
  const loaded = policyFromText(text.replace(from, to), 'draft.yaml');
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return { file: 'draft.yaml', policy: loaded.policy };
}

/** The rungs of a call, each in a few words. */
function rungsOf(call: object, draft?: ReturnType<typeof draftOf>): readonly string[] {
  const { rungs } = huntAgain(call, draft);
  const text = ladderText(rungs, { lineAt: () => '', explained: false });
  return text
    .split('\n')
    .filter((line) => /^ +\d+\.\d{3} s/.test(line))
    .map((line) => line.replace(/^ +[\d.]+ s +/, ''));
}

describe('a recorded call that is played again', () => {
  it.each(names)('%s: each decision comes out as it did', (name) => {
    const call = recorded(name);
    const again = huntAgain(call).rungs.flatMap((rung) => (rung.kind === 'decision' ? [rung] : []));
    expect(again.map(({ decision }) => decision)).toEqual(
      call.decisions.map(({ detail }) => detail.decision),
    );
    expect(again.map(({ explanation }) => explanation?.passedOver ?? [])).toEqual(
      call.decisions.map(({ detail }) => detail.passedOver ?? []),
    );
  });

  it('shows what the trunks said then', () => {
    expect(rungsOf(recorded('503-next-trunk'))).toEqual([
      '-> dial carrier-a: 201',
      '<- carrier-a: 503 Service Unavailable',
      '-> dial carrier-b: 201',
      '<- carrier-b: answers',
    ]);
  });

  it('ends as it ended where the caller had hung up', () => {
    expect(rungsOf(recorded('cancel-while-ringing')).at(-1)).toMatch(/^<- carrier-a: /);
  });

  it('names the policies that decided, and tells lines as they were', () => {
    const call = recorded('503-next-trunk');
    const text = huntAgainText(call, { explained: true });
    const [{ file, hash }] = call.policies as unknown as [{ file: string; hash: string }];
    expect(text.split('\n')[0]).toBe(
      `call to 201 from caller, hunt ${call.hunt} again, policy ${file} (${hash})`,
    );
    expect(text).toContain('{ when: { sip: 503 }, do: { retry: next-trunk } }  (general rule)');
  });
});

describe('a recorded call under a draft', () => {
  const RETRY = '{ when: { sip: 503 }, do: { retry: next-trunk } }';

  it.each<[string, string, string, string, readonly string[]]>([
    [
      'goes back to the caller',
      '503-next-trunk',
      RETRY,
      '{ when: { sip: 503 }, do: { relay: true } }',
      ['-> dial carrier-a: 201', '<- carrier-a: 503 Service Unavailable', '-> the caller gets 503'],
    ],
    [
      'begins elsewhere, where the end is known',
      '503-next-trunk',
      "digits: '*', trunks: [carrier-a, carrier-b]",
      "digits: '*', trunks: [carrier-b, carrier-a]",
      ['-> dial carrier-b: 201', '<- carrier-b: answers'],
    ],
    [
      'ends where nobody tried',
      '503-next-trunk',
      "digits: '*', trunks: [carrier-a, carrier-b]",
      "digits: '*', trunks: [carrier-c, carrier-b]",
      [
        '-> dial carrier-c: 201',
        '?? carrier-c: the call was not tried there, so its end is unknown',
      ],
    ],
  ])('%s', (_, name, from, to, expected) => {
    const call = recorded(name);
    expect(rungsOf(call, draftOf(call, from, to))).toEqual(expected);
  });
});

describe('what cannot be played again', () => {
  const call = recorded('503-next-trunk');
  const [first, ...others] = call.decisions;
  const detail = (change: object) => ({
    ...call,
    decisions: [{ ...first, detail: { ...first?.detail, ...change } }, ...others],
  });
  const inputs = (first?.detail as unknown as { inputs: { hunt: object } }).inputs;

  it.each<[string, object, string]>([
    ['no decision', { ...call, decisions: [] }, 'no decision was recorded'],
    ['no inputs', detail({ inputs: undefined }), 'the inputs of a decision were not kept'],
    [
      'a masked number',
      detail({ inputs: { ...inputs, hunt: { ...inputs.hunt, number: '03****67' } } }),
      'its numbers are masked',
    ],
    [
      'a policy without its text',
      { ...call, policies: call.policies.map(({ lines: _, ...rest }) => rest) },
      'the text of the policy that was in force then was not kept',
    ],
    [
      'a policy that cannot be read',
      { ...call, policies: call.policies.map((one) => ({ ...one, lines: ['version: 99'] })) },
      'this crankback cannot read the policy that was in force then',
    ],
  ])('is a call with %s', (_, changed, why) => {
    expect(() => huntAgain(changed)).toThrow(Unrepeatable);
    expect(() => huntAgain(changed)).toThrow(why);
  });

  it('is a number that is refused before any policy: it is refused again', () => {
    const decision = { outcome: { kind: 'relay', sip: 484 } };
    const refused = { ...call, decisions: [{ on: 'invalid-number', detail: { decision } }] };
    expect(rungsOf(refused)).toEqual(['-> the caller gets 484']);
  });
});

describe('crankback simulate --hunt', () => {
  let told: string[];
  beforeEach(() => {
    told = [];
    jest.spyOn(console, 'error').mockImplementation((line: string) => void told.push(line));
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = 0;
  });
  const flags = { say: [], hold: [] };

  it.each([
    [{ to: '030' }, '--hunt: the record has it: leave out --to'],
    [{ say: ['a: 503'], from: '1' }, '--hunt: the record has it: leave out --from, --say'],
    [{ policy: '/no/such/file.yaml' }, '/no/such/file.yaml'],
  ])('refuses %j', async (more, expected) => {
    await simulate({ ...flags, hunt: 'h', ...more });
    expect(told.join()).toContain(expected);
    expect(process.exitCode).toBe(2);
  });

  it('needs a hunt or a number', async () => {
    await simulate({ ...flags, policy: 'p.yaml' });
    expect(told.join()).toContain('name a number by --to, or a recorded hunt by --hunt');
    expect(process.exitCode).toBe(2);
  });
});
