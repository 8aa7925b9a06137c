import { isMap, isSeq, parseDocument } from 'yaml';
import type { Suggestion } from './suggestions';

/** A suggestion that changes how calls go: what it writes can be replayed. */
export type Change = Extract<Suggestion, { kind: 'retry' }>;

/** The lines of a policy file that a suggestion adds or replaces, from the top of the file on. */
export function linesOf(suggestion: Suggestion): readonly string[] {
  switch (suggestion.kind) {
    case 'retry': {
      const { trunk, when } = suggestion.rule;
      const [[key, value] = ['', '']] = Object.entries(when);
      return [
        ...['trunks:', `  ${nameText(trunk)}:`, '    rules:'],
        `      - { when: { ${key}: ${value} }, do: { retry: next-trunk } }`,
      ];
    }
    case 'first-response':
      return [
        ...['trunks:', `  ${nameText(suggestion.silence.trunk)}:`],
        `    first_response: ${suggestion.ms}ms`,
      ];
    case 'trunk-unused':
    case 'rule-unused':
      return [];
  }
}

/**
 * The policy file's text with the rule in it, first of its trunk's: those behind it are tried later.
 * @returns undefined where the file is written so that no rule can be put there (an alias, a merged map)
 */
export function draftOf(text: string, { rule }: Change): string | undefined {
  const document = parseDocument(text);
  const trunk = document.getIn(['trunks', rule.trunk], true);
  if (document.errors.length > 0 || !isMap(trunk)) return undefined;
  const added = document.createNode({ when: rule.when, do: rule.do }, { flow: true });
  const rules = trunk.get('rules', true);
  if (isSeq(rules)) rules.items.unshift(added);
  else if (rules === undefined) trunk.set('rules', document.createNode([added], { flow: trunk.flow === true }));
  else return undefined;
  return document.toString({ lineWidth: 0 });
}

/** A name that YAML would take for something else. */
function nameText(name: string): string {
  return /^[A-Za-z][\w-]*$/.test(name) && !/^(?:true|false|null|yes|no|on|off)$/i.test(name)
    ? name
    : JSON.stringify(name);
}
