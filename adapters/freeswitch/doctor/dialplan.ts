import { allOf, type Element } from './xml';

/** One action of an extension. */
export interface Action {
  readonly application: string;
  readonly data: string;
}

export interface Extension {
  readonly name: string;
  /** Patterns on the dialled number, all of which have to match. */
  readonly numbers: readonly string[];
  readonly actions: readonly Action[];
  /** All that is in it, to be compared. */
  readonly text: string;
}

export interface Context {
  readonly name: string;
  readonly extensions: readonly Extension[];
}

/** The contexts of a document, in its order; a name may be there twice. FreeSWITCH finds none that is inside of another one. */
export function contextsOf(root: Element): readonly Context[] {
  return outermost(root, 'context').map((context) => ({
    name: context.attributes['name'] ?? '',
    extensions: extensionsOf(context),
  }));
}

function outermost(element: Element, tag: string): readonly Element[] {
  return element.children.flatMap((child) => (child.tag === tag ? [child] : outermost(child, tag)));
}

/** The extensions below, in their order. */
export function extensionsOf(element: Element): readonly Extension[] {
  return allOf(element, 'extension').map(extensionOf);
}

function extensionOf(extension: Element): Extension {
  const actions = [...allOf(extension, 'action'), ...allOf(extension, 'anti-action')];
  return {
    name: extension.attributes['name'] ?? '',
    numbers: allOf(extension, 'condition').flatMap(({ attributes: { field, expression } }) =>
      field === 'destination_number' && expression !== undefined ? [expression] : [],
    ),
    actions: actions.map(({ attributes }) => ({
      application: attributes['application'] ?? '',
      data: attributes['data'] ?? '',
    })),
    text: JSON.stringify(extension),
  };
}

/** Whether an extension may take this number; other conditions count as met. */
export function mayTake({ numbers }: Extension, number: string): boolean {
  return numbers.length > 0 && numbers.every((expression) => matches(expression, number));
}

function matches(expression: string, number: string): boolean {
  try {
    // PCRE's ends of the text, which JavaScript does not have.
    return new RegExp(expression.replaceAll('\\z', '$').replaceAll('\\A', '^')).test(number);
  } catch {
    // Written for PCRE alone: whoever wrote it knows.
    return true;
  }
}

/** Contexts to which the actions lead: `transfer 123 XML name`. */
export function leadsTo(extensions: readonly Extension[]): readonly string[] {
  return extensions.flatMap(({ actions }) =>
    actions.flatMap(({ application, data }) => {
      const [, context] = /\sXML\s+([\w.-]+)\s*$/i.exec(data) ?? [];
      const goes = ['transfer', 'execute_extension'].includes(application);
      return goes && context !== undefined ? [context] : [];
    }),
  );
}

/** Our own contexts. The fallback is the user's. */
export const OURS = ['crankback', 'crankback_failed', 'crankback_steps'];

/** With which a call begins without asking; further ones of travel.xml have its name in front of their own. */
export const TRAVEL = 'crankback-travel';

/** Whether an extension of the context `crankback` is ours; others are the user's, for emergency numbers. */
export function isOurs({ name }: Extension): boolean {
  return ['invalid', 'crankback'].includes(name) || name.startsWith(TRAVEL);
}

/** Whether a context leads to ours, by others of the user's. */
export function leadsBack(contexts: readonly Context[], from: string): boolean {
  const seen = new Set<string>();
  const waiting = [from];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (OURS.includes(name)) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    waiting.push(
      ...contexts.filter((one) => one.name === name).flatMap((one) => leadsTo(one.extensions)),
    );
  }
  return false;
}

/** Names of gateways in dial strings. */
export function gatewaysIn(extensions: readonly Extension[]): readonly string[] {
  const data = extensions.flatMap(({ actions }) =>
    actions.flatMap((one) => (one.application === 'bridge' ? [one.data] : [])),
  );
  const named = data.flatMap((one) => [...one.matchAll(/sofia\/gateway\/([^/,|$]+)\//g)]);
  return [...new Set(named.flatMap(([, name]) => name ?? []))];
}
