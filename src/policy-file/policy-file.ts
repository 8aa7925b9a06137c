import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import type { Policy } from '../policy/policy';
import { indexed } from '../policy/policy';
import { compile, compileRules } from './compile/compile';
import { problemsOf } from './problems/schema-problems';
import { byPosition } from './problems/problems';
import type { Problem } from './problems/problems';
import { defaultsSchema, policySchema } from './schema/policy-schema';
import { readYaml } from './yaml/source';
import type { Source, YamlTree } from './yaml/source';

/** A usable policy, or all problems of its file. */
export type LoadedPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The build copies this file beside the compiled code. */
export const DEFAULTS_FILE = join(__dirname, 'defaults.yaml');
/** Name of the shipped rules in decisions and messages, wherever they are installed. */
export const DEFAULTS_LABEL = 'built-in/defaults.yaml';

/** Hex digits in a policy's hash. */
const HASH_LENGTH = 12;

/**
 * Reads and checks a policy file together with the shipped rules. Never throws because of the file or the
 * file system; an unreadable file is one problem.
 */
export function loadPolicy(file: string): LoadedPolicy {
  const policy = readText(file, file);
  const defaults = readText(DEFAULTS_FILE, DEFAULTS_LABEL);
  const unreadable = [policy, defaults].filter((result) => 'message' in result);
  if ('message' in policy || 'message' in defaults) return { ok: false, problems: unreadable };
  return parsePolicy(policy, defaults);
}

/**
 * Checks the text of a policy file together with the shipped rules. Never throws because of the text.
 * @param name file name in decisions and problems
 */
export function policyFromText(text: string, name = 'policy.yaml'): LoadedPolicy {
  const defaults = readText(DEFAULTS_FILE, DEFAULTS_LABEL);
  if ('message' in defaults) return { ok: false, problems: [defaults] };
  return parsePolicy({ file: name, text }, defaults);
}

/** Checks a policy without a file system. Problems of the file come before those of the defaults. */
export function parsePolicy(source: Source, defaults: Source): LoadedPolicy {
  const own = check(source, policySchema);
  const builtIn = check(defaults, defaultsSchema);
  if (!own.ok || !builtIn.ok) {
    return { ok: false, problems: [own, builtIn].flatMap((it) => (it.ok ? [] : it.problems)) };
  }
  const hash = createHash('sha256').update(source.text).update(defaults.text).digest('hex');
  return {
    ok: true,
    policy: indexed({
      ...compile(own.value, own.tree),
      hash: hash.slice(0, HASH_LENGTH),
      defaults: compileRules(builtIn.value.rules, ['rules'], builtIn.tree),
    }),
  };
}

type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly tree: YamlTree }
  | { readonly ok: false; readonly problems: readonly Problem[] };

function check<T>(source: Source, schema: z.ZodType<T>): Checked<T> {
  const { tree, problems } = readYaml(source);
  if (!tree) return { ok: false, problems };
  const result = schema.safeParse(tree.value);
  const all = result.success ? problems : [...problems, ...problemsOf(result.error, tree)];
  if (result.success && all.length === 0) return { ok: true, value: result.data, tree };
  return { ok: false, problems: [...all].sort(byPosition) };
}

/** Text of a UTF-8 file with its name in messages, or why it cannot be read. */
function readText(path: string, label: string): Source | Problem {
  const broken = (message: string): Problem => {
    return { file: label, line: 1, column: 1, path: '', message, sourceLine: '' };
  };
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    // Node's message has errno, its meaning and the path.
    return broken(`cannot be read: ${(error as Error).message}`);
  }
  return isUtf8(bytes) ? { file: label, text: bytes.toString('utf8') } : broken('not UTF-8 text');
}
