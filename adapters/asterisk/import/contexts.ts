import type { ConfSection } from '../init/conf-file';
import { stepsOf, type Step } from '../init/steps';
import { orderOf } from './pattern-order';

/** A context of all files, with its extensions in the order in which Asterisk tries them. */
export interface Context {
  readonly name: string;
  /** By extension, each in the order of its priorities. */
  readonly extensions: ReadonlyMap<string, readonly Step[]>;
  /** Names of other contexts, in their order. */
  readonly includes: readonly string[];
  /** When contexts are included that are not always: `9:00-17:00,mon-fri,*,*`. */
  readonly timed: readonly {
    readonly name: string;
    readonly time: string;
    readonly where: string;
  }[];
  /** Lines that are neither. */
  readonly others: ConfSection['lines'];
}

/** Sections of one name are one context. */
export function contextsOf(sections: readonly ConfSection[]): ReadonlyMap<string, Context> {
  const lines = new Map<string, ConfSection['lines'][number][]>();
  for (const section of sections) {
    if (section.name === 'general' || section.name === 'globals' || section.isTemplate) continue;
    const known = lines.get(section.name);
    if (known) known.push(...section.lines);
    else lines.set(section.name, [...section.lines]);
  }
  return new Map([...lines].map(([name, own]) => [name, contextOf(name, own)]));
}

function contextOf(name: string, lines: ConfSection['lines']): Context {
  const extensions = new Map<string, Step[]>();
  for (const step of stepsOf(lines)) {
    const steps = extensions.get(step.extension);
    if (steps) steps.push(step);
    else extensions.set(step.extension, [step]);
  }
  for (const steps of extensions.values()) steps.sort((a, b) => a.priority - b.priority);
  const included = lines.filter((line) => line.name === 'include');
  const known = /^(?:exten|same|include|ignorepat|hint|autohints)$/;
  return {
    name,
    extensions: new Map([...extensions].sort(([a], [b]) => orderOf(a, b))),
    includes: [...new Set(included.map(({ value }) => (value.split(/[,|]/)[0] ?? '').trim()))],
    timed: included.flatMap(({ value, where }) => {
      const [, target = '', time] = /^([^,|]+)[,|](.*)$/.exec(value) ?? [];
      return time === undefined ? [] : [{ name: target.trim(), time, where }];
    }),
    others: lines.filter((line) => !known.test(line.name)),
  };
}

/** Asterisk looks no further (main/pbx.c, AST_PBX_MAX_STACK). */
const MOST_INCLUDED = 128;

/** A context and all that it includes, in the order in which Asterisk looks; each once. */
export function reachOf(name: string, contexts: ReadonlyMap<string, Context>): readonly string[] {
  const seen = new Set<string>();
  const next = [name];
  while (next.length > 0 && seen.size < MOST_INCLUDED) {
    const one = next.pop() ?? '';
    const context = contexts.get(one);
    if (!context || seen.has(one)) continue;
    seen.add(one);
    next.push(...[...context.includes].reverse());
  }
  return [...seen];
}

/** A context's extensions, for calls from these contexts. */
export interface Block {
  readonly context: Context;
  /** Absent: from all that lead anywhere. */
  readonly from?: readonly string[];
}

/**
 * Contexts in one order in which each call finds what Asterisk would find. Where two contexts include the same ones in
 * different orders, the latter has blocks of its own.
 * @param leads whether an extension of this context dials
 * @param isEntry whether calls may begin in this context
 */
export function blocksOf(
  contexts: ReadonlyMap<string, Context>,
  leads: (name: string) => boolean,
  isEntry: (name: string) => boolean,
): readonly Block[] {
  const names = [...contexts.keys()];
  const reach = new Map(
    names
      .filter(isEntry)
      .map((name) => [name, reachOf(name, contexts).filter(leads)] as const)
      .filter(([, found]) => found.length > 0),
  );
  const included = new Set([...contexts.values()].flatMap(({ includes }) => includes));
  const roots = [...reach.keys()].sort((a, b) => Number(included.has(a)) - Number(included.has(b)));
  const order = [...new Set(roots.flatMap((name) => reach.get(name) ?? []))];
  const places = new Map(order.map((name, place) => [name, place]));
  const placeOf = (name = '') => places.get(name) ?? 0;
  const agrees = ([, own]: readonly [string, readonly string[]]) =>
    own.every((name, at) => at === 0 || placeOf(own[at - 1]) < placeOf(name));
  const apart = [...reach].filter((one) => !agrees(one));
  const entries = new Map<string, string[]>(order.map((name) => [name, []]));
  for (const [entry, own] of reach)
    if (agrees([entry, own])) for (const name of own) entries.get(name)?.push(entry);
  const blocks = order.flatMap((name): readonly Block[] => {
    const context = contexts.get(name);
    const from = entries.get(name) ?? [];
    if (!context || from.length === 0) return [];
    return [from.length === reach.size ? { context } : { context, from }];
  });
  const own = apart.flatMap(([entry, found]) =>
    found.flatMap((name) => {
      const context = contexts.get(name);
      return context ? [{ context, from: [entry] }] : [];
    }),
  );
  return [...blocks, ...own];
}
