import type * as z from 'zod';
import { isMap, legalKeysIn, unknown } from '../schema/parts';
import type { IssueParams } from '../schema/parts';
import { describe } from './problems';
import type { Complaint, Finding, Path } from './problems';
import { closest } from './suggest';
import type { YamlTree } from '../yaml/source';

type Issue = z.core.$ZodIssue;

/** All problems that the schema found in a file, each with its place, in no particular order. */
export function problemsOf(error: z.ZodError, tree: YamlTree): readonly Finding[] {
  return error.issues.flatMap((issue) => problemsOfIssue(issue, [], tree));
}

function problemsOfIssue(issue: Issue, above: Path, tree: YamlTree): readonly Finding[] {
  const path = [...above, ...issue.path.map((step) => (typeof step === 'symbol' ? '' : step))];
  const finding = (complaint: () => Complaint, atKey = false, place = path): Finding => {
    const position = atKey ? tree.keyPositionOf(place) : tree.positionOf(place);
    return { ...position, path, complaint };
  };

  if (issue.code === 'unrecognized_keys') {
    const legal = legalKeysIn(issue.message);
    return issue.keys.map((key) => {
      const complaint = () => {
        const about = {
          finding: 'CB1101',
          message: unknown('key', key),
          expected: issue.message,
        } as const;
        return withSuggestion(about, closest(key, legal));
      };
      return finding(complaint, true, [...path, key]);
    });
  }
  if (issue.code === 'custom') {
    const { message, params = {} } = issue as typeof issue & { params?: IssueParams };
    const { atKey, suggest, suggestion, ...more } = params;
    const about = { message, ...more };
    return [finding(() => withSuggestion(about, suggestion ?? suggest?.()), atKey)];
  }
  if (issue.code === 'invalid_union') {
    const branch = intended(issue);
    if (branch) return branch.flatMap((inner) => problemsOfIssue(inner, path, tree));
  }

  const parent = path.slice(0, -1);
  const key = path.at(-1);
  const siblings = valueAt(tree.value, parent);
  if (typeof key === 'string' && isMap(siblings) && !Object.hasOwn(siblings, key)) {
    const complaint = {
      finding: 'CB1102',
      message: `missing key "${key}"`,
      expected: issue.message,
    } as const;
    return [{ ...tree.keyPositionOf(parent), path: parent, complaint: () => complaint }];
  }
  const value = valueAt(tree.value, path);
  const complaint = () => {
    const words = issue.code === 'invalid_value' ? issue.values.map(String) : [];
    const suggestion = typeof value === 'string' ? closest(value, words) : undefined;
    const about = { message: `unexpected ${describe(value)}`, expected: issue.message };
    return withSuggestion(about, suggestion);
  };
  return [finding(complaint)];
}

function withSuggestion(about: Complaint, suggestion: string | undefined): Complaint {
  return suggestion === undefined ? about : { ...about, suggestion };
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
