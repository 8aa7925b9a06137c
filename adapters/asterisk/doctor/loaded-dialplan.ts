// Own parser: the CLI's list is for people, and ARI has none.
import type { Context, Dialplan, Step } from './dialplan';

const CONTEXT = /^\[ Context '([^']+)' created by '([^']+)' \]/;
/**
 * `  'exten' =>   1. App(data)   [file:line]`; a later step has a label, or nothing, in place of the extension. One for some
 * callers alone: `  'exten' (CID match 'caller') =>  …`.
 */
const STEP =
  /^ {2}(?:'([^']*)'(?: \(CID match '([^']*)'\))? =>)?\s+(?:\[([\w-]+)\]\s+)?(\d+|hint)\.\s?(.*?)\s+\[([^\]]+)\]\s*$/;
const INCLUDE = /^ {2}Include =>\s+'([^']+)'/;

/** The output of `dialplan show`. */
export function readLoaded(text: string): Dialplan {
  const contexts = new Map<string, { name: string; steps: Step[]; includes: string[] }>();
  let context: { name: string; steps: Step[]; includes: string[] } | undefined;
  let extension = '';
  for (const line of text.split(/\r?\n/)) {
    const [, name] = CONTEXT.exec(line) ?? [];
    if (name !== undefined) {
      context = contexts.get(name) ?? { name, steps: [], includes: [] };
      contexts.set(name, context);
      continue;
    }
    if (!context) continue;
    const [, included] = INCLUDE.exec(line) ?? [];
    if (included !== undefined) {
      context.includes.push(included.split(/[|,]/)[0] ?? included);
      continue;
    }
    const [, begun, caller, , priority = '', does = '', where = ''] = STEP.exec(line) ?? [];
    // As extensions.conf writes it.
    if (begun !== undefined) extension = caller === undefined ? begun : `${begun}/${caller}`;
    if (priority !== '') context.steps.push({ extension, priority, does, where });
  }
  return contexts satisfies ReadonlyMap<string, Context>;
}
