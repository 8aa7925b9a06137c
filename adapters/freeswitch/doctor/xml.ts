import { parseStringPromise } from 'xml2js';

/** An element: its attributes, and its children in their order. */
export interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
}

export interface Parsed {
  readonly '#name': string;
  readonly $?: Readonly<Record<string, string>>;
  readonly $$?: readonly Parsed[];
}

/** Reads XML; undefined where it is none. */
export async function readXml(text: string): Promise<Element | undefined> {
  const options = { explicitChildren: true, preserveChildrenOrder: true, explicitRoot: false };
  const parsed = (await parseStringPromise(text, options).catch(() => undefined)) as
    Parsed | null | undefined;
  return parsed ? elementOf(parsed) : undefined;
}

/** Of what xml2js has read with children in their order. */
export function elementOf({ '#name': tag, $ = {}, $$ = [] }: Parsed): Element {
  return { tag, attributes: $, children: $$.map(elementOf) };
}

/** Every element of this tag below, in document order. */
export function allOf(element: Element, tag: string): readonly Element[] {
  return element.children.flatMap((child) => [
    ...(child.tag === tag ? [child] : []),
    ...allOf(child, tag),
  ]);
}

/** `param` elements as name and value, the last one of a name. */
export function paramsOf(element: Element): ReadonlyMap<string, string> {
  return new Map(
    allOf(element, 'param').map(({ attributes }) => [
      attributes['name'] ?? '',
      attributes['value'] ?? '',
    ]),
  );
}
