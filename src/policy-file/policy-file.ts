import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { indexed } from '../policy/assembly';
import type { PolicyData } from '../policy/policy-data';
import type { WholePolicy } from '../policy/policy';
import { compile, compileRules } from './compile/compile';
import { DEFAULTS_FILE } from './defaults-file';
import { NoPlainFile, readPlainFile } from './plain-file';
import { problemsOf } from './problems/schema-problems';
import { byPosition, fileProblem, MOST_PROBLEMS } from './problems/problems';
import type { Finding, Problem, ProblemsOfFile } from './problems/problems';
import { defaultsSchema, policySchema } from './schema/policy-schema';
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

/** Hex digits in a policy's hash. */
const HASH_LENGTH = 12;

/**
 * Reads and checks a policy file together with the shipped rules. Never throws because of the file or the
 * file system; an unreadable file is one problem.
 */
export function loadPolicy(file: string): LoadedPolicy {
  const sources = readSources(file);
  return 'ok' in sources ? sources : parsePolicy(sources.policy, sources.defaults);
}

/**
 * Checks the text of a policy file together with the shipped rules. Never throws because of the text.
 * @param name file name in decisions and problems
 */
export function policyFromText(text: string, name = 'policy.yaml'): LoadedPolicy {
  const defaults = readText(DEFAULTS_FILE, DEFAULTS_LABEL);
  if ('message' in defaults) return refused([defaults]);
  return parsePolicy({ file: name, text }, defaults);
}

/** Checks a policy without a file system. Problems of the file come before those of the defaults. */
export function parsePolicy(source: Source, defaults: Source): LoadedPolicy {
  const compiled = compileFile({ policy: source, defaults });
  return compiled.ok ? { ok: true, policy: indexed(compiled.data) } : compiled;
}

/** A policy file and the shipped rules, as text. */
export interface Sources {
  readonly policy: Source;
  readonly defaults: Source;
}

/** Reads both; what cannot be read is one problem each. */
export function readSources(file: string): Sources | Refused {
  const policy = readText(file, file);
  const defaults = readText(DEFAULTS_FILE, DEFAULTS_LABEL);
  const unreadable = [policy, defaults].filter((result) => 'message' in result);
  if ('message' in policy || 'message' in defaults) return refused(unreadable);
  return { policy, defaults };
}

/** The shipped rules; undefined where they cannot be read. */
export function readDefaults(): Source | undefined {
  const defaults = readText(DEFAULTS_FILE, DEFAULTS_LABEL);
  return 'message' in defaults ? undefined : defaults;
}

/** The hash that the policy of these texts goes by. */
export function hashOf({ policy, defaults }: Sources): string {
  const hash = createHash('sha256').update(policy.text).update(defaults.text).digest('hex');
  return hash.slice(0, HASH_LENGTH);
}

/** Checks both texts, and makes of them what a policy is made of. */
export function compileFile(sources: Sources): CompiledFile {
  const own = check(sources.policy, policySchema);
  const builtIn = check(sources.defaults, defaultsSchema);
  if (!own.ok || !builtIn.ok) {
    const broken = [own, builtIn].filter((it) => !it.ok);
    const count = broken.reduce((sum, it) => sum + it.count, 0);
    return { ok: false, problems: broken.flatMap(({ problems }) => problems), count };
  }
  return {
    ok: true,
    data: {
      ...compile(own.value, own.tree),
      hash: hashOf(sources),
      defaults: compileRules(builtIn.value.rules, ['rules'], builtIn.tree),
    },
  };
}

function refused(problems: readonly Problem[]): Refused {
  return { ok: false, problems, count: problems.length };
}

type Checked<T> = { readonly ok: true; readonly value: T; readonly tree: YamlTree } | Refused;

function check<T>(source: Source, schema: z.ZodType<T>): Checked<T> {
  const read = readYaml(source);
  const { tree, findings } = read;
  if (!tree) return firstOf(findings, read);
  const result = schema.safeParse(tree.value);
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
  let bytes: Buffer;
  try {
    bytes = readPlainFile(path);
  } catch (error) {
    const { message } = error as Error;
    // Node's message has errno, its meaning and the path.
    return fileProblem(
      label,
      'CB1001',
      error instanceof NoPlainFile ? message : `cannot be read: ${message}`,
    );
  }
  return isUtf8(bytes)
    ? { file: label, text: bytes.toString('utf8') }
    : fileProblem(label, 'CB1002', 'not UTF-8 text');
}
