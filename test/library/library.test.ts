import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectWithLibrary, type Project } from '../doubles/library';
import { ofLibraryPage } from '../doubles/library-page';

/** Every value that the library exports. A name that goes or changes needs a new major version. */
const VALUES = [
  'FAILURE_CLASSES',
  'InProcessTrunks',
  'REFUSALS',
  'SayError',
  'UnknownTrunkError',
  'answerOf',
  'decide',
  'decideAndReserve',
  'diagnose',
  'drawFrom',
  'explain',
  'failureOf',
  'isDialable',
  'isNeeds',
  'ladderText',
  'loadPolicy',
  'normalize',
  'outcomeText',
  'parseSdp',
  'policyFromText',
  'readPolicyLine',
  'refuseNumber',
  'renderProblem',
  'route',
  'simulate',
];

/** Every type beside those values. */
const TYPES = [
  'Action',
  'Advice',
  'Announce',
  'Announcement',
  'CallerIdRule',
  'CarrierPhrase',
  'Codec',
  'CodecFormat',
  'CodecMismatch',
  'Condition',
  'ConfigurationDialect',
  'Contact',
  'Decision',
  'DecisionInputs',
  'Dial',
  'DialStatus',
  'DialplanLocation',
  'Evidence',
  'Explanation',
  'Fact',
  'Failure',
  'FailureClass',
  'Fault',
  'FinalStatus',
  'FormatParameter',
  'HealthSettings',
  'Hunt',
  'LadderOptions',
  'Leg',
  'Limits',
  'LimitsLeft',
  'LoadedPolicy',
  'LogLevel',
  'Lost',
  'MediaDescription',
  'MediaDisagreement',
  'MediaEncryption',
  'MediaRefusal',
  'MediaStream',
  'Mismatch',
  'MismatchCause',
  'Needs',
  'NextTrunk',
  'NumberFormat',
  'Numbering',
  'Obstacle',
  'Outcome',
  'PartialFailure',
  'PassedOver',
  'PastAttempt',
  'PhraseBook',
  'PlannableTrunks',
  'Policy',
  'PolicyData',
  'Position',
  'Problem',
  'Provisional',
  'Ranking',
  'Reason',
  'Redirect',
  'Redirection',
  'Refusal',
  'RelayTreatment',
  'Remedy',
  'Reoffer',
  'Reservation',
  'RetryBudget',
  'Route',
  'Rule',
  'RuleHold',
  'Rung',
  'SameTrunk',
  'SentBody',
  'SimulatedCall',
  'Simulation',
  'Statement',
  'Strategy',
  'SubAttempt',
  'TakenBodies',
  'Treatment',
  'TriedRule',
  'Trunk',
  'TrunkLimits',
  'TrunkSnapshot',
  'TrunkState',
  'TrunkStore',
  'Voicemail',
  'VoicemailTreatment',
  'Warning',
  'WholePolicy',
];

/** What an application that only wants decisions must not be made to load. */
const HEAVY = ['winston', 'fastify', 'ioredis', 'ari-client', 'modesl', 'commander', 'prom-client'];

/** Fails to compile where the declaration files let any word be a failure class. */
const MISSPELT = `import type { FailureClass } from 'crankback';
// @ts-expect-error no such class
export const misspelt: FailureClass = 'bussy';
`;

let project: Project;

beforeAll(() => {
  project = projectWithLibrary();
}, 120_000);

afterAll(() => rmSync(project.folder, { recursive: true, force: true }));

describe('the example of docs/library.md', () => {
  it('compiles with strict types and runs as CommonJS and as an ES module', () => {
    const { folder } = project;
    writeFileSync(join(folder, 'policy.yaml'), ofLibraryPage('yaml'));
    for (const file of ['commonjs.cts', 'module.mts'])
      writeFileSync(join(folder, file), ofLibraryPage('ts'));
    const compilerOptions = {
      target: 'es2022',
      module: 'node16',
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      // The library's own declaration files are checked as well.
      skipLibCheck: false,
      types: ['node'],
    };
    writeFileSync(join(folder, 'misspelt.mts'), MISSPELT);
    const files = ['commonjs.cts', 'module.mts', 'misspelt.mts'];
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    expect(project.tsc('-p', '.')).toEqual({ code: 0, out: '' });
    expect(readFileSync(join(folder, 'commonjs.cjs'), 'utf8')).toContain('require("crankback")');
    expect(readFileSync(join(folder, 'module.mjs'), 'utf8')).toContain("from 'crankback'");
    for (const program of ['commonjs.cjs', 'module.mjs']) {
      expect(project.run(program)).toEqual({ code: 0, out: ofLibraryPage('text') });
    }
  }, 120_000);
});

describe('what the library exports', () => {
  it('is these values, to require() and to import', () => {
    const print =
      'console.log(Object.keys(it).filter((name)=>!/^(default|module.exports|__esModule)$/.test(name)).sort().join())';
    const required = project.run('-e', `const it=require('crankback');${print}`);
    const imported = project.run(
      '--input-type=module',
      '-e',
      `import * as it from 'crankback';${print}`,
    );
    expect(required.out.trim().split(',')).toEqual(VALUES);
    expect(imported.out.trim().split(',')).toEqual(VALUES);
  });

  it('is these types', () => {
    const declared = readFileSync(join(project.installed, 'dist/src/index.d.ts'), 'utf8');
    const names = [...declared.matchAll(/export type \{([^}]*)\}/g)]
      .flatMap(([, list = '']) => list.split(','))
      .map((name) => name.replace(/^.* as /s, '').trim())
      .filter((name) => name !== '');
    expect(names.sort()).toEqual(TYPES);
  });

  it('is no module below it', () => {
    const { code, out } = project.run('-e', `require('crankback/dist/src/policy/decide')`);
    expect(code).toBe(1);
    expect(out).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });
});

describe('importing the library', () => {
  it('loads no client of a PBX, no logger and no server, and leaves nothing running', () => {
    const program = `
      // zod keeps its registry there, so that two copies of it share one.
      const globals = () => Object.keys(globalThis).filter((name) => !name.startsWith('__zod_'));
      const before = [process.eventNames(), globals()].map(String);
      require('crankback');
      const after = [process.eventNames(), globals()].map(String);
      const packages = Object.keys(require.cache)
        .map((file) => /.*node_modules[/\\\\]((?:@[^/\\\\]+[/\\\\])?[^/\\\\]+)/.exec(file)?.[1]);
      console.log(JSON.stringify({
        packages: [...new Set(packages)],
        running: process.getActiveResourcesInfo().filter((kind) => !/^(Pipe|TTY|FSReq)/.test(kind)),
        changed: before.filter((text, index) => text !== after[index]),
      }));`;
    const { code, out } = project.run('-e', program);
    expect(code).toBe(0);
    const { packages, ...rest } = JSON.parse(out) as { packages: string[] };
    expect(rest).toEqual({ running: [], changed: [] });
    expect(packages).toEqual(expect.arrayContaining(['crankback', 'yaml', 'zod']));
    expect(packages.filter((name) => HEAVY.includes(name))).toEqual([]);
  });
});
