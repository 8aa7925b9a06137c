import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { indexed } from '../policy/assembly';
import type { PolicyData, RouteTable } from '../policy/policy-data';
import type { WholePolicy } from '../policy/policy';

import { compile, compileRules, compileTables } from './compile/compile';
import { DEFAULTS_FILE } from './defaults-file';
import { LARGEST_TABLE, NoPlainFile, readPlainFile } from './plain-file';
import { problemsOf } from './problems/schema-problems';
import { byPosition, fileProblem, MOST_PROBLEMS, quote } from './problems/problems';
import type { Finding, Problem, ProblemsOfFile } from './problems/problems';
import { defaultsSchema, policySchemaFor, type PolicyText } from './schema/policy-schema';
import { mayNameTables, namedTables, tableReader } from './tables/table-files';
import { readYaml } from './yaml/source';
import type { ReadYaml, Source, YamlTree } from './yaml/source';

/** The problems of a policy file. */
export interface Refused extends ProblemsOfFile {
  readonly ok: false;
}

/** A usable policy, or the problems of its file. */
export type LoadedPolicy = { readonly ok: true; readonly policy: WholePolicy } | Refused;

/** The same without look-up tables, as plain data. */
export type CompiledFile = { readonly ok: true; readonly data: PolicyData } | Refused;

/** Name of the shipped rules in decisions and messages, wherever they are installed. */
export const DEFAULTS_LABEL = 'built-in/defaults.yaml';

/** To compile the checks of a schema takes longer than to interpret them, for a file that is read once. */
const INTERPRETED = { jitless: true };

/** Hex digits in a policy's hash. */
const HASH_LENGTH = 12;

/**
 * Reads and checks a policy file together with the shipped rules. Never throws because of the file or the
 * file system; an unreadable file is one problem.
 */
export function loadPolicy(file: string): LoadedPolicy {
  const sources = readSources(file);
  return 'ok' in sources ? sources : loaded(sources);
}

/**
 * Checks the text of a policy file together with the shipped rules. Never throws because of the text. Its route tables
 * are not read: of them it has the rows that calls bring along.
 * @param name file name in decisions and problems
 */
export function policyFromText(text: string, name = 'policy.yaml'): LoadedPolicy {
  const defaults = readText(DEFAULTS_FILE, DEFAULTS_LABEL);
  if ('message' in defaults) return refused([defaults]);
  return parsePolicy({ file: name, text }, defaults);
}

/** Checks a policy without a file system. Problems of the file come before those of the defaults. */
export function parsePolicy(source: Source, defaults: Source): LoadedPolicy {
  return loaded({ policy: source, defaults });
}

function loaded(sources: Sources): LoadedPolicy {
  const compiled = compileFile(sources);
  return compiled.ok ? { ok: true, policy: indexed(compiled.data) } : compiled;
}

/** A policy file and the shipped rules, as text, and the route tables that it names. */
export interface Sources {
  readonly policy: Source;
  readonly defaults: Source;
  /** By path; absent: only the rows that calls have brought along are known. */
  readonly tables?: ReadonlyMap<string, Buffer>;
  /** The policy file, where it had to be read to know its tables. */
  readonly read?: ReadYaml;
}

/** Problems of files that could not be read, and which tables there are beside them. */
export interface Unreadable extends Refused {
  /** Paths of the tables that the policy file names. */
  readonly tables: readonly string[];
}

/** Reads all; what cannot be read is one problem each. */
export function readSources(file: string): Sources | Unreadable {
  const policy = readText(file, file);
  const defaults = readText(DEFAULTS_FILE, DEFAULTS_LABEL);
  const unreadable = [policy, defaults].filter((result) => 'message' in result);
  if ('message' in policy || 'message' in defaults) return { ...refused(unreadable), tables: [] };
  if (!mayNameTables(policy)) return { policy, defaults };
  const read = readYaml(policy);
  const named = read.tree ? namedTables(policy, read.tree) : [];
  const tables = new Map<string, Buffer>();
  const findings: Finding[] = [];
  for (const { file: path, path: at } of named) {
    const bytes = readBytes(path, LARGEST_TABLE);
    if (typeof bytes !== 'string') tables.set(path, bytes);
    else if (read.tree) {
      const complaint = () => ({
        finding: 'CB1001' as const,
        message: `table ${quote(path)}: ${bytes}`,
      });
      findings.push({ ...read.tree.positionOf(at), path: at, complaint });
    }
  }
  if (findings.length > 0)
    return { ...firstOf(findings, read), tables: named.map((one) => one.file) };
  return { policy, defaults, tables, read };
}

/** The shipped rules; undefined where they cannot be read. */
export function readDefaults(): Source | undefined {
  const defaults = readText(DEFAULTS_FILE, DEFAULTS_LABEL);
  return 'message' in defaults ? undefined : defaults;
}

/** The hash that the policy of these texts and tables goes by. */
export function hashOf({ policy, defaults, tables }: Sources): string {
  const hash = createHash('sha256').update(policy.text).update(defaults.text);
  for (const bytes of tables?.values() ?? []) hash.update(bytes);
  return hash.digest('hex').slice(0, HASH_LENGTH);
}

/** Checks both texts, and makes of them what a policy is made of. */
export function compileFile(sources: Sources): CompiledFile {
  const own = check(sources.policy, policySchemaFor, sources.read);
  const builtIn = check(sources.defaults, () => defaultsSchema);
  if (!own.ok || !builtIn.ok) {
    const broken = [own, builtIn].filter((it) => !it.ok);
    const count = broken.reduce((sum, it) => sum + it.count, 0);
    return { ok: false, problems: broken.flatMap(({ problems }) => problems), count };
  }
  const tables = tablesOf(own.value, own.tree, sources.tables);
  if ('ok' in tables) return tables;
  return {
    ok: true,
    data: {
      ...compile(own.value, own.tree),
      ...(tables.length > 0 && { tables }),
      hash: hashOf(sources),
      defaults: compileRules(builtIn.value.rules, ['rules'], builtIn.tree),
    },
  };
}

/** The policy's route tables with their rows, or what is wrong with them. */
function tablesOf(
  text: PolicyText,
  tree: YamlTree,
  bytes: Sources['tables'],
): readonly RouteTable[] | Refused {
  const trunks = Object.keys(text.trunks);
  const problems: Problem[] = [];
  let count = 0;
  const tables = compileTables(text, tree).map((spec): RouteTable => {
    const { file, shared } = spec;
    const content = bytes?.get(file);
    if (!content) return { file, shared };
    const read = tableReader().readTable(spec, content, trunks);
    if ('rows' in read) return { file, shared, rows: read.rows };
    problems.push(...read.problems.slice(0, MOST_PROBLEMS - problems.length));
    count += read.count;
    return { file, shared };
  });
  return count > 0 ? { ok: false, problems, count } : tables;
}

function refused(problems: readonly Problem[]): Refused {
  return { ok: false, problems, count: problems.length };
}

type Checked<T> = { readonly ok: true; readonly value: T; readonly tree: YamlTree } | Refused;

function check<T>(
  source: Source,
  schemaFor: (contents: unknown) => z.ZodType<T>,
  read = readYaml(source),
): Checked<T> {
  const { tree, findings } = read;
  if (!tree) return firstOf(findings, read);
  const result = schemaFor(tree.value).safeParse(tree.value, INTERPRETED);
  if (result.success && findings.length === 0) return { ok: true, value: result.data, tree };
  const all = result.success ? findings : findings.concat(problemsOf(result.error, tree));
  return firstOf(all, read);
}

function firstOf(findings: readonly Finding[], { written }: ReadYaml): Refused {
  const first = [...findings].sort(byPosition).slice(0, MOST_PROBLEMS);
  return { ok: false, problems: first.map(written), count: findings.length };
}

/** Text of a UTF-8 file with its name in messages, or why it cannot be read. */
function readText(path: string, label: string): Source | Problem {
  const bytes = readBytes(path);
  if (typeof bytes === 'string') return fileProblem(label, 'CB1001', bytes);
  return isUtf8(bytes)
    ? { file: label, text: bytes.toString('utf8') }
    : fileProblem(label, 'CB1002', 'not UTF-8 text');
}

/** The bytes of a file, or why they cannot be read, as a sentence without its full stop. */
function readBytes(path: string, largest?: number): Buffer | string {
  try {
    return readPlainFile(path, largest);
  } catch (error) {
    const { message } = error as Error;
    // Node's message has errno, its meaning and the path.
    return error instanceof NoPlainFile ? message : `cannot be read: ${message}`;
  }
}
