import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { DEFAULTS_FILE } from '../../../../src/policy-file/defaults-file';
import {
  compileFile,
  loadPolicy,
  policyFromText,
  type LoadedPolicy,
} from '../../../../src/policy-file/policy-file';
import { renderProblem } from '../../../../src/policy-file/problems/problems';
import { warningsOf } from '../../../../src/policy-file/warnings';
import { FileLook } from '../../../../src/policy-file/watch/file-look';
import { piecesOf, transferOf, Unpacking } from '../../../../src/policy-file/watch/parcel';
import { indexed } from '../../../../src/policy/assembly';
import type { Policy, WholePolicy } from '../../../../src/policy/policy';
import { route } from '../../../../src/policy/routes/route';
import { huntOf, IDLE } from '../../../doubles/policies';

const DEFAULTS = { file: 'built-in/defaults.yaml', text: readFileSync(DEFAULTS_FILE, 'utf8') };
const NAMES = ['a', 'b', 'c'];
const policyText = (more: string) => `version: 1
emergency: [112]
${more}
trunks:
${NAMES.map((name) => `  ${name}: { dial: { asterisk: "PJSIP/{number}@${name}" } }`).join('\n')}
`;

interface Row {
  readonly prefix: string;
  readonly trunks: readonly string[];
}
const asCsv = (rows: readonly Row[]) =>
  ['prefix,trunks', ...rows.map(({ prefix, trunks }) => `${prefix},${trunks.join(' ')}`)].join(
    '\n',
  );
const asYaml = (rows: readonly Row[]) =>
  rows.map(({ prefix, trunks }) => `  - { digits: "${prefix}*", trunks: [${trunks.join(', ')}] }`);

function compiled(text: string, csv?: string) {
  const tables = csv === undefined ? {} : { tables: new Map([['rates.csv', Buffer.from(csv)]]) };
  const made = compileFile({
    policy: { file: 'policy.yaml', text },
    defaults: DEFAULTS,
    ...tables,
  });
  if (!made.ok) throw new Error(made.problems.map(renderProblem).join('\n'));
  return made.data;
}

/** The policy after it has crossed from one thread to another. */
function crossed(data: ReturnType<typeof compiled>): Policy {
  const unpacking = new Unpacking();
  let policy: Policy | undefined;
  for (const piece of piecesOf(data))
    policy = unpacking.add(structuredClone(piece, { transfer: transferOf(piece) }));
  if (!policy) throw new Error('no policy');
  return policy;
}

const row = fc.record({
  prefix: fc.stringMatching(/^\+?[0-2]{1,4}$/),
  trunks: fc.shuffledSubarray(NAMES, { minLength: 1 }),
});
const routes = [
  '  - { digits: "112", trunks: [a, b] }',
  '  - { digits: "[01]2", trunks: [c] }',
  '  - { digits: "20*", refuse: 403 }',
];

describe('a table', () => {
  it.each(['first', 'longest'])('decides as the same routes do, match: %s', (match) => {
    const call = fc.stringMatching(/^\+?[0-3]{1,6}$/);
    let taken = 0;
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), call, (rows, number) => {
        const head = policyText(`match: ${match}\nroutes_from: rates.csv`);
        const text = `${head}routes:\n${routes.join('\n')}\n`;
        const inYaml = policyText(
          `match: ${match}\nroutes:\n${[...routes, ...asYaml(rows)].join('\n')}`,
        );
        const hunt = huntOf([], { number });
        const csv = compiled(text, asCsv(rows));
        const decided = route(indexed(csv), hunt, IDLE, 0);
        const other = route(indexed(compiled(inYaml)), hunt, IDLE, 0);
        expect({ ...decided, rule: undefined }).toEqual({ ...other, rule: undefined });
        const there = crossed(compiled(text, asCsv(rows)));
        expect(route(there, hunt, IDLE, 0)).toEqual(decided);
        if (decided.rule?.file !== 'rates.csv') return;
        taken += 1;
        expect(decided.rule.line).toBe((other.rule?.line ?? 0) - 3 - routes.length);
        // Of a policy of then only its text is kept; the call brings its row along.
        const brought = there.index.routes.rowOf(hunt);
        const then = policyFromText(text);
        if (!then.ok || !brought) throw new Error('no row');
        const recorded = JSON.parse(JSON.stringify({ ...hunt, row: brought })) as typeof hunt;
        expect(route(then.policy, recorded, IDLE, 0)).toEqual(decided);
      }),
    );
    expect(taken).toBeGreaterThan(0);
  });

  it('takes no emergency call: its route stands in the policy file', () => {
    const text = `${policyText('match: longest\nroutes_from: rates.csv')}routes: [{ digits: "*", trunks: [a] }]\n`;
    const policy = indexed(compiled(text, 'prefix,trunks\n112,b\n113,b\n'));
    const trunkOf = (number: string) => route(policy, huntOf([], { number }), IDLE, 0).outcome;
    expect(trunkOf('112')).toMatchObject({ trunk: 'a' });
    expect(trunkOf('113')).toMatchObject({ trunk: 'b' });
  });

  it('shares what stands beside it in the policy file', () => {
    const table =
      '{ file: rates.csv, context: sales, number: { strip: "4" }, mailbox: "1@vm", rules: [{ do: { relay: true } }] }';
    const text = `${policyText(`routes_from: [${table}]`)}routes: [{ digits: "112", trunks: [a] }]\n`;
    const { index } = indexed(compiled(text, 'prefix,trunks\n49,b c\n'));
    const call = { number: '4930', startedAt: 0 };
    expect(index.routes.find(call)).toBeUndefined();
    expect(index.routes.find({ ...call, context: 'sales' })).toMatchObject({
      at: { file: 'rates.csv', line: 2 },
      digits: ['49*'],
      trunks: ['b', 'c'],
      number: { strip: '4' },
      mailbox: '1@vm',
      rules: [{ do: { treatment: { kind: 'relay' } } }],
    });
  });
});

describe('the files of a policy', () => {
  let folder: string;
  let file: string;
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'crankback-tables-'));
    file = join(folder, 'policy.yaml');
    write(
      'policy.yaml',
      `${policyText('routes_from: rates.csv')}routes: [{ digits: "112", trunks: [a] }]\n`,
    );
    write('rates.csv', 'prefix,trunks\n49,a b\n');
  });
  afterEach(() => {
    jest.restoreAllMocks();
    rmSync(folder, { recursive: true });
  });
  const policyOf = (loaded: LoadedPolicy): WholePolicy => {
    if (!loaded.ok) throw new Error(loaded.problems.map(renderProblem).join('\n'));
    return loaded.policy;
  };

  it('are read together; the hash is of all', () => {
    const before = policyOf(loadPolicy(file));
    write('rates.csv', 'prefix,trunks\n49,b a\n');
    const after = policyOf(loadPolicy(file));
    expect(after.hash).not.toBe(before.hash);
    expect(after.index.routes.find({ number: '491', startedAt: 0 })?.at.file).toBe(
      join(folder, 'rates.csv'),
    );
  });

  it('are refused where a table is not there, or wrong, with its place', () => {
    write('rates.csv', 'prefix,trunks\n49,a\n50,x\n');
    const wrong = loadPolicy(file);
    expect(wrong.ok ? [] : wrong.problems).toMatchObject([
      { file: join(folder, 'rates.csv'), line: 3, column: 4, message: 'unknown trunk "x"' },
    ]);
    rmSync(join(folder, 'rates.csv'));
    const missing = loadPolicy(file);
    expect(missing.ok ? [] : missing.problems).toMatchObject([
      { file, line: 3, column: 14, path: 'routes_from' },
    ]);
  });

  it('are all watched: a changed table is a changed policy, a missing one is read when it comes', () => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
    const hashes: string[] = [];
    const look = new FileLook(file, (hash) => hashes.push(hash));
    const kind = (known?: string) =>
      look.look({ atOnce: false, ...(known !== undefined && { known }) }).kind;
    const kinds = (known?: string) => Array.from({ length: 4 }, () => kind(known));
    expect(kinds()).toContain('compiled');
    const known = hashes.at(-1);
    expect(kinds(known)).toEqual(['same', 'same', 'same', 'same']);
    write('rates.csv', 'prefix,trunks\n49,a\n50,b\n');
    expect(kinds(known)).toContain('compiled');
    rmSync(join(folder, 'rates.csv'));
    expect(kinds(hashes.at(-1))).toContain('refused');
    write('rates.csv', 'prefix,trunks\n51,a\n');
    expect(kinds(undefined)).toContain('compiled');
  });

  it('of rows that no call takes, or with one trunk, there is one warning for all', () => {
    write('rates.csv', 'prefix,trunks\n49,a b\n4930,a c\n49,b\n50,c\n');
    const text = readFileSync(file, 'utf8');
    const warnings = warningsOf(policyOf(loadPolicy(file)), text);
    expect(warnings.map(({ line, message }) => `${line}: ${message}`)).toEqual([
      '3: no call takes this row (4930*), nor 1 more: a route or row before it takes all of its numbers',
      '4: 2 rows have one trunk only, this is the first: when it fails, the call fails',
      '8: this route has one trunk only: when a fails, the call fails',
    ]);
  });
});
