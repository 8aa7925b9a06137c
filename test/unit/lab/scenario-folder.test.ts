import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderProblem } from '../../../src/policy-file/problems/problems';
import { ownScenarios } from '../../../lab/runner/layout';
import {
  applyInversion,
  checkScenario,
  readScenarioFolder,
} from '../../../lab/runner/scenario/folder';

const KNOWN = { behaviours: ['503', 'answer'], callers: ['call'], policies: ['lab'] };
const VALID = `about: A 503
number: 200
carriers: { carrier-a: 503, carrier-b: answer }
expect: { caller: 200, invites: { carrier-a: 1 } }
`;

function complaints(text: string): string {
  const checked = checkScenario({ file: 'mine.yaml', text }, KNOWN);
  return 'problems' in checked ? checked.problems.map(renderProblem).join('\n') : '';
}

test('a scenario may be short: the rest has defaults', () => {
  const checked = checkScenario({ file: 'mine.yaml', text: VALID }, KNOWN);
  expect(checked).toMatchObject({
    scenario: {
      number: '200',
      caller: 'call',
      policy: 'lab',
      crankback: 'running',
      carriers: { 'carrier-a': '503' },
      calls: 1,
      during_call: [],
      expect: { caller: [200], log: [], pbx_log: [] },
    },
  });
});

test.each([
  ['an unknown behaviour', VALID.replace('a: 503', 'a: 599'), 'mine.yaml:3:24', '"599"'],
  ['an unknown trunk', VALID.replace('carrier-b:', 'carrier-x:'), 'mine.yaml:3:29', 'carrier-x'],
  ['an unknown key', `${VALID}colour: red\n`, 'mine.yaml:5:1', 'colour'],
  ['a status that is none', VALID.replace('caller: 200', 'caller: 99'), 'mine.yaml:4:19', '99'],
  ['a missing key', VALID.replace('about: A 503\n', ''), 'mine.yaml:1:1', 'about'],
  [
    'INVITEs counted where nothing listens',
    VALID.replace('a: 503', 'a: nothing-listening'),
    'mine.yaml:4:46',
    'nothing listens',
  ],
  [
    'a decision with two outcomes',
    VALID.replace('200, inv', '200, decisions: [{ dial: carrier-a, relay: 503 }], inv'),
    'mine.yaml:4:36',
    'exactly one of dial, voicemail, relay',
  ],
  [
    'decisions of a stopped crankback',
    VALID.replace('200, inv', '200, decisions: [], inv') + 'crankback: stopped\n',
    'mine.yaml:4:35',
    'decides nothing',
  ],
])('%s is named with its place', (_what, text, place, words) => {
  const message = complaints(text);
  expect(message).toContain(place);
  expect(message).toContain(words);
});

describe('inverting a line of a policy', () => {
  const policy = 'rules:\n  - { one: 1 }\n  - { two: 2 }\n  - { two: 2 }\n';

  test('replaces exactly that line and keeps its place', () => {
    expect(applyInversion(policy, { line: '- { one: 1 }', to: '- { one: 0 }' })).toBe(
      policy.replace('one: 1', 'one: 0'),
    );
  });

  test.each(['- { two: 2 }', '- { three: 3 }'])('refuses %s', (line) => {
    expect(applyInversion(policy, { line, to: '- {}' })).toBeUndefined();
  });
});

describe('a folder of scenarios', () => {
  test('the lab’s own is valid, and restarts crankback as seldom as possible', () => {
    const { scenarios } = readScenarioFolder(ownScenarios);
    const running = scenarios.filter(
      ({ crankback, during_call }) => crankback === 'running' && during_call.length === 0,
    );
    const changes = running.filter(
      (one, index) => index > 0 && one.policyText !== running[index - 1]?.policyText,
    );
    const policies = new Set(running.map(({ policyText }) => policyText));
    expect(changes.length).toBe(policies.size - 1);
    expect(scenarios.slice(running.length).some((one) => running.includes(one))).toBe(false);
    expect(scenarios.at(-1)?.crankback).toBe('stopped');
  });

  test('where nothing listens, nobody else may have the number: its INVITEs come late', () => {
    const { scenarios } = readScenarioFolder(ownScenarios);
    const deaf = scenarios.filter((one) =>
      Object.values(one.carriers).includes('nothing-listening'),
    );
    for (const { number } of deaf) {
      expect(scenarios.filter((one) => one.number === number)).toHaveLength(1);
    }
  });

  test('its policies travel where that is wanted, but not those of scenarios about asking', () => {
    const of = (travel: boolean) =>
      new Map(
        readScenarioFolder(ownScenarios, ['asterisk'], { travel }).scenarios.map(
          ({ name, policyText }) => [name, /^travel: on$/m.test(policyText)] as const,
        ),
      );
    const names = ['503-next-trunk', 'planned-other-phrase', 'travel-503'];
    expect(names.map((name) => of(true).get(name))).toEqual([true, false, true]);
    expect(names.map((name) => of(false).get(name))).toEqual([false, false, true]);
  });

  test('somebody else’s brings its own policies and carriers, and may use the lab’s', () => {
    const folder = mkdtempSync(join(tmpdir(), 'crankback-scenarios-'));
    try {
      for (const name of ['sipp', 'policies']) mkdirSync(join(folder, name));
      writeFileSync(join(folder, 'sipp', 'uas-odd.xml'), '<scenario/>');
      writeFileSync(join(folder, 'policies', 'mine.yaml'), 'version: 1\n');
      writeFileSync(join(folder, 'odd.yaml'), VALID.replace('a: 503', 'a: odd') + 'policy: mine\n');
      const { scenarios, sippFiles } = readScenarioFolder(folder);
      expect(scenarios).toMatchObject([{ name: 'odd', policyText: 'version: 1\n' }]);
      expect(sippFiles.get('uas-odd.xml')).toBe(join(folder, 'sipp', 'uas-odd.xml'));
      expect(sippFiles.has('uas-answer.xml')).toBe(true);

      writeFileSync(join(folder, 'broken.yaml'), VALID.replace('number', 'numbr'));
      expect(() => readScenarioFolder(folder)).toThrow(/broken\.yaml:2:1.*numbr/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('an empty one is an error', () => {
    expect(() => readScenarioFolder(__dirname)).toThrow(/no scenario/);
  });
});
