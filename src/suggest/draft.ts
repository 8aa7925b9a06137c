import { isMap, isSeq, parseDocument, type Document } from 'yaml';
import type { LimitChange, SuggestedRule, Suggestion } from './suggestions';

/** A suggestion that changes how recorded calls are decided: what it writes can be replayed. */
export type Change = Extract<Suggestion, { kind: 'retry' | 'stop' | 'limit' }>;

export function isChange(suggestion: Suggestion): suggestion is Change {
  return ['retry', 'stop', 'limit'].includes(suggestion.kind);
}

/** The lines of a policy file that a suggestion adds or replaces, with the keys above them. */
export function linesOf(suggestion: Suggestion): readonly string[] {
  switch (suggestion.kind) {
    case 'retry':
    case 'stop': {
      const { trunk, when, do: then } = suggestion.rule;
      return [
        ...['trunks:', `  ${nameText(trunk)}:`, '    rules:'],
        `      - { when: { ${entriesText(when)} }, do: { ${entriesText(then)} } }`,
      ];
    }
    case 'limit':
      return ['limits:', `  ${suggestion.change.limit}: ${suggestion.change.value}`];
    case 'timeout': {
      const { trunk, key, ms } = suggestion.change;
      return ['trunks:', `  ${nameText(trunk)}:`, `    ${key}: ${durationText(ms)}`];
    }
    case 'phrase':
      return ['phrases:', `  ${suggestion.line}`];
    case 'trunk-unused':
    case 'rule-unused':
      return [];
  }
}

/**
 * The policy file's text with the change in it; a rule becomes the first of its trunk's, so that none before it
 * matches. For a replay, never for the file: its layout may change.
 * @returns undefined where the file is written so that nothing can be put there (an alias, a merged map)
 */
export function draftOf(text: string, change: Change): string | undefined {
  // Without a schema every value stays as it is written: digits keep their zeros.
  const document = parseDocument(text, { schema: 'failsafe', stringKeys: true, logLevel: 'error' });
  if (document.errors.length > 0 || !isMap(document.contents)) return undefined;
  const isDone =
    change.kind === 'limit' ? setLimit(document, change.change) : addRule(document, change.rule);
  return isDone ? document.toString({ lineWidth: 0 }) : undefined;
}

function setLimit(document: Document, { limit, value }: LimitChange): boolean {
  const limits = document.get('limits', true);
  if (limits !== undefined && !isMap(limits)) return false;
  document.setIn(['limits', limit], value);
  return true;
}

function addRule(document: Document, { trunk: name, when, do: then }: SuggestedRule): boolean {
  const trunk = document.getIn(['trunks', name], true);
  if (!isMap(trunk)) return false;
  const rule = { when: asWritten(when), do: asWritten(then) };
  const rules = trunk.get('rules', true);
  if (isSeq(rules)) rules.items.unshift(document.createNode(rule, { flow: true }));
  else if (rules === undefined) trunk.set('rules', document.createNode([rule], { flow: true }));
  else return false;
  return true;
}

function asWritten(entries: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, String(value)]));
}

function entriesText(entries: object): string {
  return Object.entries(entries)
    .map(([key, value]) => `${key}: ${String(value)}`)
    .join(', ');
}

function durationText(ms: number): string {
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}

/** A name that YAML would take for something else is quoted. */
function nameText(name: string): string {
  return /^[a-z][a-z0-9-]*$/.test(name) && !/^(?:true|false|null|yes|no|on|off)$/.test(name)
    ? name
    : JSON.stringify(name);
}
