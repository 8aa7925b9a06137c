import * as z from 'zod';
import { listed, quote } from '../problems/problems';
import type { Complaint } from '../problems/problems';

/**
 * Building blocks of the schema that determine its messages: the message of each of our own zod issues says
 * what is expected there; `schema-problems.ts` adds the rest.
 */

const LEGAL_KEYS = 'Legal keys: ';

/** A map with exactly these keys; `example` shows one. `legal`: keys for messages, where a schema leaves some of them out. */
export function map<Shape extends z.ZodRawShape>(
  shape: Shape,
  example?: string,
  legal: readonly string[] = Object.keys(shape),
) {
  const keys = listed(legal);
  const expected = `Expected a map with the keys ${keys}${example ? `, such as ${example}` : ''}`;
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? LEGAL_KEYS + keys : expected),
  });
}

/** The legal keys in the message about a `map`'s unknown key. */
export function legalKeysIn(message: string): readonly string[] {
  return message.startsWith(LEGAL_KEYS) ? message.slice(LEGAL_KEYS.length).split(', ') : [];
}

/** A list that may be empty. */
export function list<Item extends z.ZodType>(item: Item, expected: string) {
  return z.array(item, { error: expected });
}

/** One value, or a list of at least one. */
export function oneOrMore<Item extends z.ZodType>(item: Item) {
  return z.union([item, z.array(item).min(1, { error: 'Expected at least one value' })]);
}

/**
 * A key that may be left out, for `apply`. zod's own exactOptional tries every form of a value on a key that is not there,
 * and drops what it found; no value of YAML is undefined, so that both accept the same.
 */
export function optional<Schema extends z.ZodType>(schema: Schema): z.ZodExactOptional<Schema> {
  return z.optional(schema) as unknown as z.ZodExactOptional<Schema>;
}

/** Parameters of a custom issue, for `schema-problems.ts`. */
export interface IssueParams extends Pick<Complaint, 'expected' | 'suggestion' | 'finding'> {
  /** Point at the key instead of at the value. */
  readonly atKey?: boolean;
  /** Finds `suggestion` when the problem is shown, where looking for it takes long. */
  readonly suggest?: () => string | undefined;
}

/** Runs also after another problem, so that all problems are reported together. */
export const ALWAYS = { when: () => true };

/** Whether the value is a plain object, as far as a check that always runs can know. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `unknown trunk "carrier-x"` */
export function unknown(kind: string, word: string): string {
  return `unknown ${kind} ${quote(word)}`;
}
