import * as z from 'zod';
import { isPbxName, PBX_NAME_EXPECTED } from '../model/pbx-name';
import { list, map, type IssueParams } from '../policy-file/schema/parts';
import { byPosition, pathText, type Finding, type Path } from '../policy-file/problems/problems';
import { problemsOf } from '../policy-file/problems/schema-problems';
import { readYaml, type YamlTree } from '../policy-file/yaml/source';
import type { Position } from '../policy/policy-data';
import { SECRET_FILES } from './secrets';
import type { SettingProblem } from './setting-problem';
import { PREFIX, VARIABLES } from './settings-schema';

/** The kinds of PBX, each with the beginning of the variables that it shares its keys with. */
export const PBX_KINDS = { asterisk: 'CRANKBACK_ARI_', freeswitch: 'CRANKBACK_ESL_' } as const;
export type PbxKind = keyof typeof PBX_KINDS;
const KINDS = Object.keys(PBX_KINDS) as readonly PbxKind[];

/** What the file says, as the variables that would say the same. */
export interface SettingsFile {
  readonly variables: ReadonlyMap<string, string>;
  /** In the order of the file. */
  readonly pbxes: readonly PbxOfFile[];
  readonly problems: readonly SettingProblem[];
  /** Where a variable's value stands. */
  readonly placeOf: (variable: string) => Position | undefined;
}

/** One PBX of the file. */
export interface PbxOfFile {
  readonly name: string;
  readonly kind: PbxKind;
  /** By the variables that would describe it if it were the only one of its kind. */
  readonly variables: ReadonlyMap<string, string>;
  /** Key and place of what such a variable says; of what is missing those of the PBX. */
  readonly about: (variable: string) => { readonly variable: string; readonly place: Position };
}

export const NO_FILE: SettingsFile = {
  ...{ variables: new Map(), pbxes: [], problems: [] },
  placeOf: () => undefined,
};

/** The file may not name itself, and of PBXes it has a list. */
const OF_FILE = [...VARIABLES, ...SECRET_FILES].filter(
  (name) =>
    name !== 'CRANKBACK_CONFIG' &&
    !Object.values(PBX_KINDS).some((begin) => name.startsWith(begin)),
);

const VALUE = 'Expected what the variable of this name takes';
const value = z.union([z.string(), z.number(), z.boolean(), list(z.string(), VALUE)], {
  error: VALUE,
});

const connection = (kind: PbxKind) =>
  map(
    Object.fromEntries(
      [...VARIABLES, ...SECRET_FILES]
        .filter((name) => name.startsWith(PBX_KINDS[kind]))
        .map((name) => [name.slice(PBX_KINDS[kind].length).toLowerCase(), value.exactOptional()]),
    ),
  );

const ONE_KIND = `Expected one of ${KINDS.join(', ')}`;
const pbx = map({
  asterisk: connection('asterisk').exactOptional(),
  freeswitch: connection('freeswitch').exactOptional(),
}).superRefine((written, context) => {
  if (Object.keys(written).length !== 1)
    context.addIssue({ code: 'custom', message: 'not one kind of PBX', params: says(ONE_KIND) });
});

const pbxes = z
  .record(z.string(), pbx, { error: 'Expected a map of PBXes by name' })
  .superRefine((written, context) => {
    const wrong = (name: string, message: string, expected: string) => {
      const params = { ...says(expected), atKey: true };
      context.addIssue({ code: 'custom', path: [name], message, params });
    };
    for (const [name, one] of Object.entries(written)) {
      if (!isPbxName(name)) wrong(name, 'not a name for a PBX', PBX_NAME_EXPECTED);
      const other = KINDS.find((kind) => kind !== name && kind in one);
      if (other !== undefined && KINDS.some((kind) => kind === name))
        wrong(name, `the name of another kind of PBX than ${other}`, PBX_NAME_EXPECTED);
    }
  });

const schema = map({
  pbxes: pbxes.exactOptional(),
  ...Object.fromEntries(
    OF_FILE.map((name) => [name.slice(PREFIX.length).toLowerCase(), value.exactOptional()]),
  ),
});

function says(expected: string): IssueParams {
  return { expected };
}

/**
 * Reads `crankback.yaml`: any setting by the name of its variable, and PBXes by name.
 * @param path of the file; a problem names it as it was given
 * @param readFile throws where it cannot read
 */
export function readSettingsFile(path: string, readFile: (path: string) => string): SettingsFile {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return { ...NO_FILE, problems: [{ variable: 'CRANKBACK_CONFIG', finding: 'CB2008', message }] };
  }
  const { tree, findings } = readYaml({ file: path, text });
  if (!tree) return { ...NO_FILE, problems: written(findings) };
  const result = schema.safeParse(tree.value);
  const wrong = result.success ? findings : [...findings, ...problemsOf(result.error, tree)];
  if (!result.success || wrong.length > 0) return { ...NO_FILE, problems: written(wrong) };
  const { pbxes: byName = {}, ...rest } = result.data;
  const settings = textsOf(rest, PREFIX);
  return {
    variables: settings,
    pbxes: Object.entries(byName).map(([name, one]) => pbxOf(name, one, tree)),
    problems: [],
    placeOf: (variable) =>
      settings.has(variable)
        ? tree.positionOf([variable.slice(PREFIX.length).toLowerCase()])
        : undefined,
  };
}

/** The environment, filled up with what the file says of what it is silent about. */
export function withFile(
  env: Readonly<Record<string, string | undefined>>,
  { variables, pbxes }: SettingsFile,
): Readonly<Record<string, string | undefined>> {
  const ofKinds = pbxes.filter(({ name }) => isKind(name)).map((one) => one.variables);
  const said = [variables, ...ofKinds].flatMap((one) => [...one]);
  // A secret and the path of its file are two names of one setting.
  const isSaid = (name: string) =>
    [name, `${name}_FILE`, name.replace(/_FILE$/, '')].some((one) => Boolean(env[one]));
  return { ...env, ...Object.fromEntries(said.filter(([name]) => !isSaid(name))) };
}

/** A PBX of the file that is called by its kind is the one that the variables describe. */
export function isKind(name: string): boolean {
  return Object.hasOwn(PBX_KINDS, name);
}

function pbxOf(name: string, one: z.output<typeof pbx>, tree: YamlTree): PbxOfFile {
  const kind = KINDS.find((known) => one[known] !== undefined) ?? 'asterisk';
  const variables = textsOf(one[kind] ?? {}, PBX_KINDS[kind]);
  const about = (variable: string) => {
    const path: Path = ['pbxes', name, kind, variable.slice(PBX_KINDS[kind].length).toLowerCase()];
    return { variable: pathText(path), place: tree.positionOf(path) };
  };
  return { name, kind, variables, about };
}

function textsOf(
  values: Readonly<Record<string, z.output<typeof value> | undefined>>,
  prefix: string,
): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(values).flatMap(([key, one]) =>
      one === undefined ? [] : [[prefix + key.toUpperCase(), [one].flat().join(',')]],
    ),
  );
}

function written(findings: readonly Finding[]): readonly SettingProblem[] {
  return [...findings].sort(byPosition).map(({ path, complaint, ...place }) => ({
    variable: pathText(path),
    place,
    finding: 'CB2002',
    ...complaint(),
  }));
}
