import type { z } from 'zod';
import { isMap, legalKeysIn, unknown } from '../schema/parts';
import type { IssueParams } from '../schema/parts';
import { describe } from './problems';
import type { Path, Problem } from './problems';
import { closest } from './suggest';
import type { YamlTree } from '../yaml/source';

type Issue = z.core.$ZodIssue;

/** All problems that the schema found in a file, each with its place, in no particular order. */
export function problemsOf(error: z.ZodError, tree: YamlTree): readonly Problem[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, [], tree));
}

function problemsOfIssue(issue: Issue, above: Path, tree: YamlTree): readonly Problem[] {
  const path = [...above, ...issue.path.map((step) => (typeof step === 'symbol' ? '' : step))];
  const problem = (message: string, params: IssueParams = {}, keyPath: Path = path): Problem => {
    const { atKey, ...more } = params;
    const place = atKey ? tree.keyPositionOf(keyPath) : tree.positionOf(keyPath);
    return tree.problem(path, place, { message, ...more });
  };

  if (issue.code === 'unrecognized_keys') {
    const legal = legalKeysIn(issue.message);
    return issue.keys.map((key) => {
      const suggestion = closest(key, legal);
      const params = { expected: issue.message, atKey: true, ...(suggestion && { suggestion }) };
      return problem(unknown('key', key), params, [...path, key]);
    });
  }
  if (issue.code === 'custom') return [problem(issue.message, issue.params)];
  if (issue.code === 'invalid_union') {
    const branch = intended(issue);
    if (branch) return branch.flatMap((inner) => problemsOfIssue(inner, path, tree));
  }

  const parent = path.slice(0, -1);
  const key = path.at(-1);
  const siblings = valueAt(tree.value, parent);
  if (typeof key === 'string' && isMap(siblings) && !Object.hasOwn(siblings, key)) {
    const complaint = { message: `missing key "${key}"`, expected: issue.message };
    return [tree.problem(parent, tree.keyPositionOf(parent), complaint)];
  }
  const value = valueAt(tree.value, path);
  const words = issue.code === 'invalid_value' ? issue.values.map(String) : [];
  const suggestion = typeof value === 'string' ? closest(value, words) : undefined;
  const params = { expected: issue.message, ...(suggestion !== undefined && { suggestion }) };
  return [problem(`unexpected ${describe(value)}`, params)];
}

/** Codes of issues that mean that this form of the value was not intended. */
const WRONG_KIND = ['invalid_type', 'invalid_union', 'invalid_value'];

/** Of several forms of a value, the one whose kind fits; undefined if none fits. */
function intended(issue: z.core.$ZodIssueInvalidUnion): readonly Issue[] | undefined {
  const isWrongKind = ({ code, path }: Issue) =>
    path.length === 0 && WRONG_KIND.includes(code ?? '');
  const fitting = issue.errors.find((branch) => !branch.some(isWrongKind));
  if (fitting) return fitting;
  // If a single value is as good as a list or a map, the message about the single value is clearer.
  const single = ['invalid_union', 'invalid_value'];
  const simple = issue.errors.find((branch) => single.includes(branch[0]?.code ?? ''));
  return simple ?? (issue.message === NO_MESSAGE ? issue.errors[0] : undefined);
}

/** zod's message where the schema has none. */
const NO_MESSAGE = 'Invalid input';

function valueAt(top: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)];
    return isMap(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }, top);
}
