import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { problemsOf } from '../../../src/policy-file/problems/schema-problems';
import {
  byPosition,
  renderProblem,
  type Problem,
} from '../../../src/policy-file/problems/problems';
import { readYaml, type ReadYaml, type YamlTree } from '../../../src/policy-file/yaml/source';
import { atThisPlace } from '../../provision/place';
import { ownScenarios } from '../layout';
import { travelling } from '../travelling';
import type { PbxName } from '../pbx/name';
import {
  expectedOn,
  scenarioSchema,
  type Expectation,
  type Scenario,
  type Vocabulary,
} from './schema';

/** A scenario with everything needed to play it. */
export interface LoadedScenario extends Omit<Scenario, 'expect'> {
  /** The file's name without `.yaml`. */
  readonly name: string;
  /** The PBX it is played with, and the expectations there. */
  readonly on: PbxName;
  readonly expect: Expectation;
  /** The policy as crankback gets it; its line is inverted if the scenario asks for it. */
  readonly policyText: string;
  /** Texts of the policies saved during the call, by name. */
  readonly laterPolicies: ReadonlyMap<string, string>;
}

export interface ScenarioFolder {
  /** In playing order: scenarios with one policy are together, those with a stopped crankback are last. */
  readonly scenarios: readonly LoadedScenario[];
  readonly pbxes: readonly PbxName[];
  /** Names of scenarios about another PBX. */
  readonly leftOut: readonly string[];
  /** SIPp scenario files by name, `uas-503.xml`; the folder's own override the lab's. */
  readonly sippFiles: ReadonlyMap<string, string>;
}

/** All faults of all scenario files, each with file, line and column. */
export class ScenarioFault extends Error {
  override readonly name = 'ScenarioFault';
}

/**
 * Reads and checks a folder of scenarios: `*.yaml`, and if present `policies/*.yaml` and `sipp/*.xml`, in
 * addition to the lab's own.
 * @param pbxes each scenario is played with each of them, unless it is about one PBX
 * @param travel every policy travels to the PBX, unless its scenario is about asking
 * @throws ScenarioFault
 */
export function readScenarioFolder(
  folder: string,
  pbxes: readonly PbxName[] = ['asterisk'],
  { travel = false }: { readonly travel?: boolean } = {},
): ScenarioFolder {
  const places = [...new Set([ownScenarios, folder])];
  const sippFiles = filesByName(places, 'sipp', '.xml');
  const policies = filesByName(places, 'policies', '.yaml');
  const known: Vocabulary = {
    behaviours: namesOf(sippFiles, 'uas-'),
    callers: namesOf(sippFiles, 'uac-'),
    policies: namesOf(policies, ''),
  };
  const files = listFiles(folder, '.yaml');
  if (files.length === 0) throw new ScenarioFault(`no scenario: ${folder} has no .yaml file`);

  const faults: string[] = [];
  const scenarios: LoadedScenario[] = [];
  const leftOut: string[] = [];
  for (const file of files) {
    const label = relative(process.cwd(), file);
    const checked = checkScenario(
      { file: label, text: atThisPlace(readFileSync(file, 'utf8')) },
      known,
    );
    if ('problems' in checked) {
      faults.push(...checked.problems.map(renderProblem));
      continue;
    }
    const { scenario, tree, written: writtenOut } = checked;
    const written = readFileSync(policies.get(`${scenario.policy}.yaml`) ?? '', 'utf8');
    const inverted = applyInversion(written, scenario.invert);
    if (inverted === undefined) {
      const path = ['invert', 'line'];
      const message = `not exactly one line of policies/${scenario.policy}.yaml`;
      const finding = { ...tree.positionOf(path), path, complaint: () => ({ message }) };
      faults.push(renderProblem(writtenOut(finding)));
      continue;
    }
    const policyText = travel && scenario.travels ? travelling(inverted) : inverted;
    const laterPolicies = new Map(
      scenario.during_call.flatMap(({ do: action }) =>
        typeof action === 'object' && 'policy' in action
          ? [[action.policy, readFileSync(policies.get(`${action.policy}.yaml`) ?? '', 'utf8')]]
          : [],
      ),
    );
    const name = basename(file, '.yaml');
    const here = pbxes.filter((pbx) => scenario.pbx === undefined || scenario.pbx === pbx);
    if (here.length === 0) leftOut.push(name);
    for (const on of here) {
      const expect = expectedOn(on, scenario);
      scenarios.push({ ...scenario, name, on, expect, policyText, laterPolicies });
    }
  }
  if (faults.length > 0) throw new ScenarioFault(faults.join('\n'));
  return { scenarios: inPlayingOrder(scenarios), sippFiles, pbxes, leftOut };
}

/** Checks the text of one scenario file. */
export function checkScenario(
  source: { readonly file: string; readonly text: string },
  known: Vocabulary,
):
  | { scenario: Scenario; tree: YamlTree; written: ReadYaml['written'] }
  | { problems: readonly Problem[] } {
  const { tree, findings, written } = readYaml(source);
  if (!tree) return { problems: findings.map(written) };
  const result = scenarioSchema(known).safeParse(tree.value);
  if (result.success && findings.length === 0) return { scenario: result.data, tree, written };
  const found = result.success ? [] : problemsOf(result.error, tree);
  return { problems: [...findings, ...found].sort(byPosition).map(written) };
}

/** The policy with one line replaced; undefined unless exactly one line matches. */
export function applyInversion(policy: string, invert: Scenario['invert']): string | undefined {
  if (!invert) return policy;
  const lines = policy.split('\n');
  const places = lines.flatMap((line, index) =>
    line.trim() === invert.line.trim() ? [index] : [],
  );
  const [place, another] = places;
  if (place === undefined || another !== undefined) return undefined;
  const indent = /^\s*/.exec(lines[place] ?? '')?.[0] ?? '';
  lines[place] = indent + invert.to.trim();
  return lines.join('\n');
}

/**
 * A change of policy must be loaded, and a disturbance restarts crankback. So all scenarios of one policy
 * are played together, with the disturbances at the end.
 */
function inPlayingOrder(scenarios: readonly LoadedScenario[]): LoadedScenario[] {
  const policies = [...new Set(scenarios.map(({ policyText }) => policyText))];
  const group = ({ crankback, invert, during_call }: LoadedScenario): number => {
    if (crankback === 'stopped') return 3;
    if (crankback === 'frozen' || during_call.length > 0) return 2;
    return invert ? 1 : 0;
  };
  const rank = (one: LoadedScenario): number => group(one) * 1e6 + policies.indexOf(one.policyText);
  return [...scenarios].sort((a, b) => rank(a) - rank(b));
}

function filesByName(
  places: readonly string[],
  folder: string,
  ending: string,
): Map<string, string> {
  const files = places.flatMap((place) => listFiles(join(place, folder), ending));
  return new Map(files.map((file) => [basename(file), file]));
}

/** Empty if there is no such folder. */
function listFiles(folder: string, ending: string): string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => join(folder, name));
}

function namesOf(files: ReadonlyMap<string, string>, prefix: string): string[] {
  const names = [...files.keys()].filter((name) => name.startsWith(prefix));
  return names.map((name) => name.slice(prefix.length).replace(/\.\w+$/, ''));
}
