import type * as z from 'zod';
import { printable } from '../model/printable';

type Issue = Parameters<z.core.$ZodErrorMap>[0];

/** Of a name that a client made up. Characters. */
const LONGEST_NAME = 64;
/** So many of them are told. */
const MOST_NAMES = 5;

/**
 * What is wrong with a value of a request, where its schema has no words of its own: what it must be. For `safeParse` of
 * whatever a client sends.
 */
export const IN_OUR_WORDS = { error: wordsOf } as const;

function wordsOf(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `is missing: must be ${typeText(issue.expected)}`
        : `must be ${typeText(issue.expected)}`;
    case 'unrecognized_keys':
      return unknownText(issue.keys, knownKeys(issue.inst));
    case 'invalid_value':
      return `must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `must ${sizeText(issue.origin, 'at least', Number(issue.minimum))}`;
    case 'too_big':
      return `must ${sizeText(issue.origin, 'at most', Number(issue.maximum))}`;
    case 'invalid_union':
      return 'has a form that is not read here';
    default:
      return 'is not as the document of this API has it';
  }
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  int: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  object: 'an object of JSON',
  array: 'a list',
};

function typeText(expected: string): string {
  return TYPES[expected] ?? expected;
}

function sizeText(origin: string, bound: 'at least' | 'at most', size: number): string {
  if (origin === 'string')
    return `have ${bound} ${size} ${size === 1 ? 'character' : 'characters'}`;
  if (origin === 'array') return `have ${bound} ${size} ${size === 1 ? 'item' : 'items'}`;
  return `be ${bound} ${size}`;
}

function unknownText(keys: readonly string[], known: readonly string[]): string {
  const named = keys
    .slice(0, MOST_NAMES)
    .map((key) => printable(key.length > LONGEST_NAME ? `${key.slice(0, LONGEST_NAME)}…` : key));
  const more = keys.length > MOST_NAMES ? ` and ${keys.length - MOST_NAMES} more` : '';
  const may = known.length === 0 ? 'nothing is read here' : `must be of ${known.join(', ')}`;
  return `${named.join(', ')}${more}: unknown, ${may}`;
}

/** Of the object that was asked for. */
function knownKeys(inst: unknown): readonly string[] {
  const { shape } =
    (inst as { readonly _zod?: { readonly def?: { shape?: object } } })._zod?.def ?? {};
  return Object.keys(shape ?? {});
}
